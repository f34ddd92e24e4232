"""`factcheck match`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.errors import UsageError
from factcheck.text import isolate

_SAID = {"same": "facts agree", "compatible": "one tells more", "tension": "tension", "different": "facts differ"}


@verb(example="factcheck match --review")
def match(
    run: Run,
    *,
    review: Annotated[bool, typer.Option(help="List each pair, its reasons and the command that merges it.")] = False,
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 20,
    refuse: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Say that two claims are not one: nobody is asked about them again.", metavar="CLAIM CLAIM"),
    ] = None,
    ask_again: Annotated[tuple[str, str] | None, typer.Option(help="Take that back.", metavar="CLAIM CLAIM")] = None,
    reason: Annotated[str | None, typer.Option(help="Why the two are not one, for the desk's eyes.")] = None,
) -> Output:
    """Look for claims that may be one in other words; people decide, nothing is merged."""
    from factcheck.pipeline import match as pipeline

    if refuse and ask_again:
        raise UsageError("says two things at once", subject="--refuse, --ask-again", hint="give one of them")
    if refuse or ask_again:
        if review:
            raise UsageError("lists, and the other option decides", subject="--review", hint="give one of them")
        if refuse:
            (one, other), changed = pipeline.refuse(run.settings, refuse, why=reason, now=run.now)
            line = "will not be asked about again" if changed else "were refused before"
        else:
            assert ask_again is not None
            (one, other), changed = pipeline.ask_again(run.settings, ask_again, now=run.now)
            line = "may be asked about again" if changed else "were not refused"
        return Output(
            data={"one": one, "other": other, "changed": changed},
            lines=[f"{one} and {other} {line}"],
            next_steps=["factcheck match --review"],
        )
    found, refused = pipeline.match(run.settings)
    tension = sum(row["relation"] == "tension" for row in found)
    lines = [f"{len(found):,} pairs of claims may be one, {tension:,} of them with figures that contradict each other"]
    if review:
        lines += [line for row in found[:limit] for line in _lines(row)]
    if not found:
        lines = ["no two claims here are alike enough to ask about"]
    if refused:
        lines.append(f"{refused:,} pairs were refused or taken apart and are not asked about again")
    data = {"pairs": len(found), "tension": tension, "refused": refused, "found": found[:limit] if review else []}
    return Output(data=data, lines=lines, next_steps=["factcheck match --review"] if found and not review else [])


def _lines(row: dict[str, Any]) -> list[str]:
    reasons = "; ".join(isolate(reason) for reason in row["reasons"])
    score = "" if row["score"] is None else f"  score {row['score']:.2f}"
    return [
        f"{_SAID[row['relation']]}{score}  {reasons}",
        *(
            f"  {claim}  {isolate(' '.join(quote.split()))}"
            for claim, quote in zip((row["one"], row["other"]), row["quotes"], strict=True)
        ),
        f"  {row['command']}" if row["command"] else "  not to be merged: show both to who decides",
        f"  factcheck match --refuse {row['one']} {row['other']}",
    ]
