"""`factcheck import`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

SHOWN_DIFFERENCES = 50


@verb(example="factcheck import reviews.csv feed.jsonld --source 'Desk X, 2019'")
def import_(
    run: Run,
    *,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="CSV with a header, ClaimReview (JSON-LD), JSON Lines; our workbook."),
    ],
    source: Annotated[str | None, typer.Option(help="Who decided; shown with each verdict and in the log.")] = None,
    editor: Annotated[
        str | None, typer.Option(help="Who filled in the workbook that `factcheck export newsroom-xlsx` made.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="WORD=VERDICT", help="What a rating means, e.g. 'Unproven=disputed'; repeat."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be imported.")] = False,
) -> Output:
    """Import earlier or outside verdicts with their source, or what an editor wrote in our workbook, as a version."""
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError
    from factcheck.pipeline.import_ import import_earlier

    if (source is None) == (editor is None):
        raise UsageError(
            "give either --source or --editor" if source is None else "--source and --editor do not go together",
            subject=", ".join(map(str, paths[:3])),
            hint="--source 'Desk X, 2019' for decisions made elsewhere; --editor NAME for our own workbook, filled in",
        )
    if editor is not None:
        return _of_editor(run, paths, editor, dry_run=dry_run)
    assert source is not None
    with run.working("import"):
        report = import_earlier(run.settings, paths, source=source, own=mapping or [], dry_run=dry_run, now=run.now)
    return of_report(report)


def _of_editor(run: Run, paths: list[Path], editor: str, *, dry_run: bool) -> Output:
    from factcheck.cli.output import of_report
    from factcheck.cli.write import differences
    from factcheck.pipeline.import_workbook import import_workbook

    with run.working("import"):
        done = import_workbook(run.settings, paths, editor=editor, dry_run=dry_run, now=run.now)
    lines = differences(done.words[:SHOWN_DIFFERENCES])
    if more := len(done.words) - len(lines):
        lines.append(f"... and {more:,} more; --json lists all")
    output = of_report(done.report, *lines)
    return replace(output, data=output.data | {"words": [word._asdict() for word in done.words]})
