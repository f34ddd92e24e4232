"""`factcheck match`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.text import isolate

_SAID = {"same": "facts agree", "compatible": "one tells more", "tension": "tension"}


@verb(example="factcheck match --review")
def match(
    run: Run,
    *,
    review: Annotated[bool, typer.Option(help="List each pair, its reasons and the command that merges it.")] = False,
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 20,
) -> Output:
    """Look for claims that may be one in other words; people decide, nothing is merged."""
    from factcheck.pipeline import match as pipeline

    found = pipeline.match(run.settings)
    tension = sum(row["command"] is None for row in found)
    lines = [f"{len(found):,} pairs of claims may be one, {tension:,} of them with figures that contradict each other"]
    if review:
        lines += [line for row in found[:limit] for line in _lines(row)]
    if not found:
        lines = ["no two claims here are alike enough to ask about"]
    data = {"pairs": len(found), "tension": tension, "found": found[:limit] if review else []}
    return Output(data=data, lines=lines, next_steps=["factcheck match --review"] if found and not review else [])


def _lines(row: dict[str, Any]) -> list[str]:
    reasons = "; ".join(isolate(reason) for reason in row["reasons"])
    return [
        f"{_SAID[row['relation']]}  score {row['score']:.2f}  {reasons}",
        *(
            f"  {claim}  {isolate(' '.join(quote.split()))}"
            for claim, quote in zip((row["one"], row["other"]), row["quotes"], strict=True)
        ),
        f"  {row['command']}" if row["command"] else "  not to be merged: show both to who decides",
    ]
