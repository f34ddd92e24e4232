"""`factcheck spread`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run
from factcheck.days import Clock, day_of
from factcheck.text import isolate

if TYPE_CHECKING:
    from factcheck.pipeline.spread import Travelled


@verb(example="factcheck spread clm_1a2b3c4d")
def spread(
    run: Run,
    *,
    claim: Annotated[str, typer.Argument(help="A claim id, or the start of one.")],
    svg: Annotated[Path | None, typer.Option(help="Write it as a picture to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="With --svg: replace an existing picture.")] = False,
    as_of: AsOf = None,
) -> Output:
    """Show how a claim travelled: who was first, who copied whom, which figures changed, and other figures of it."""
    from factcheck.errors import UsageError
    from factcheck.pipeline import spread as pipeline

    if force and svg is None:
        raise UsageError("works only with --svg", subject="--force", hint=f"factcheck spread {claim} --svg FILE")
    found = pipeline.spread(run.settings, claim, as_of=as_of)
    lines = _lines(found, run.settings.desk.clock)
    page = None
    if svg is not None:
        page = pipeline.write_picture(run.settings, found, svg, force=force)
        lines.append(f"wrote {page}")
    steps = [f"factcheck show {found.claim_id}"]
    return Output(data=found.as_dict() | {"picture": page and str(page)}, lines=lines, next_steps=steps)


def beside_lines(rows: list[dict[str, Any]], clock: Clock) -> list[str]:
    """What `tension_of` found: the words, where and when they stood first, what was decided, and why they are shown."""
    if not rows:
        return []
    lines = ["another figure is reported; the claims stay two"]
    for row in rows:
        decided = row["verdict"] or row["status"] or "unreviewed"
        lines += [
            f"  {row['claim_id']}  {decided}  {_where(row, clock)}",
            f"      {isolate(' '.join(row['quote'].split()))}",
            f"      {'; '.join(isolate(reason) for reason in row['reasons'])}",
        ]
    return lines


def _lines(found: Travelled, clock: Clock) -> list[str]:
    rows = found.appearances
    outlets = {row["publisher"] for row in rows if row["publisher"]}
    languages = {row["lang"] for row in rows if row["lang"]}
    copies = sum(row["copy_of"] is not None for row in rows)
    counted = [_many(len(rows), "appearance"), _many(len(outlets), "outlet"), _many(len(languages), "language")]
    first = " and ".join(isolate(name) for name in found.first) or "nobody knows, no date is given"
    return [
        f"{found.claim_id}  ({found.lang or 'language unknown'})",
        f"  {isolate(' '.join(found.quote.split()))}",
        f"{', '.join(counted)}, {copies} of them in copies; first: {first}",
        *(line for row in rows for line in _appearance(row, found, clock)),
        *beside_lines(found.tension, clock),
    ]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _appearance(row: dict[str, Any], found: Travelled, clock: Clock) -> list[str]:
    share = "" if row["share"] is None else f", {row['share']:.0%}"
    copied = isolate(row["copied_from"] or row["copy_of"] or "")
    how = f"copy of {copied} ({row['kind']}{share})" if row["copy_of"] else "own report"
    first = "  first" if row["first"] else ""
    words = [] if row["quote"] == found.quote else [f"      {isolate(' '.join(row['quote'].split()))}"]
    changed = "; ".join(isolate(f"{one['before']} → {one['now']}") for one in row["changed"])
    return [
        f"  {_where(row, clock)}  {row['lang'] or '–'}  {how}{first}",
        *words,
        *([f"      changed: {changed}"] if changed else []),
    ]


def _where(row: dict[str, Any], clock: Clock) -> str:
    moment, bare = day_of(row)
    day = clock.day(moment, bare=bare) if moment else "no date"
    return f"{day}  {isolate(row['publisher'] or 'outlet unknown')}  {isolate(row['url'] or row['article_id'])}"
