"""`factcheck search`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.output import said
from factcheck.cli.run import Output, Run
from factcheck.text import isolate

if TYPE_CHECKING:
    from factcheck.pipeline.search import Found


@verb(example='factcheck search "exports rose by 14 percent"')
def search(
    run: Run,
    question: Annotated[str, typer.Argument(help="The claim, or some words of it, in any spelling.")],
    *,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1, max=1000)] = 10,
    lang: Annotated[str | None, typer.Option(help="Only claims in this language, as fa or ar.")] = None,
) -> Output:
    """Find what was decided before about a claim, by the desk's votes or in what was imported."""
    from factcheck.pipeline import search as pipeline

    with run.working("reading claims") as progress:
        found = pipeline.search(run.settings, question, limit=limit, lang=lang, progress=progress)
    lines = [line for row in found.rows for line in _lines(row, run)] or [_nothing(found, lang)]
    data = {"question": question, "searched": found.searched, "version": found.version, "found": found.rows}
    return Output(data=data, lines=lines, next_steps=["factcheck show CLAIM"] if found.rows else _next(found))


def _lines(row: dict[str, Any], run: Run) -> list[str]:
    decided, said_on = (_day(row[name], row, run) for name in ("decided_at", "published_at"))
    day = decided or (f"claimed on {said_on}" if said_on else "no date")
    outlet = isolate(row["outlet"]) if row["outlet"] else "outlet unknown"
    return [
        f"{said(row['verdict'], row['reason'])}  {day}  {outlet}  score {row['score']:.2f}  {row['claim_id']}",
        f"  {isolate(' '.join(row['quote'].split()))}",
        *([f"  {isolate(row['url'])}"] if row["url"] else []),
    ]


def _day(moment: datetime | None, row: dict[str, Any], run: Run) -> str:
    from factcheck.days import is_bare

    bare = row["origin"] == "import" and is_bare(moment, None)
    return run.settings.desk.clock.day(moment, bare=bare) if moment else ""


def _nothing(found: Found, lang: str | None) -> str:
    if not found.searched:
        return "no claim of this desk has a verdict yet, and none was imported"
    where = f" in the language {lang}" if lang else ""
    return f"nothing like it{where} among the {found.searched:,} claims that have or had a verdict"


def _next(found: Found) -> list[str]:
    if found.searched:
        return []
    return ['factcheck import FILE --source "WHO DECIDED"   (verdicts from elsewhere)', "factcheck pull"]
