"""`factcheck import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck import reviews.csv feed.jsonld --source 'Desk X, 2019'", commits=True)
def import_(
    run: Run,
    *,
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV with a header, ClaimReview (JSON-LD), JSON Lines.")
    ],
    source: Annotated[str, typer.Option(help="Who decided; shown with each verdict and in the log.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="WORD=VERDICT", help="What a rating means, e.g. 'Unproven=disputed'; repeat."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be imported.")] = False,
) -> Output:
    """Import earlier or outside verdicts as a version that names their source."""
    from factcheck.cli.output import of_report
    from factcheck.pipeline.import_ import import_earlier

    with run.working("import"):
        report = import_earlier(run.settings, paths, source=source, own=mapping or [], dry_run=dry_run, now=run.now)
    return of_report(report)
