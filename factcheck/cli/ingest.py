"""`factcheck ingest`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck ingest articles/ https://example.org/news/1.html")
def ingest(
    run: Run,
    *,
    sources: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, archives or URLs.")],
) -> Output:
    """Read articles (text, HTML pages, feeds) from files, folders, archives (zip, tar, WARC) or URLs."""
    from factcheck.cli.output import of_report
    from factcheck.pipeline import ingest as pipeline

    return of_report(pipeline.ingest(run.settings, sources, now=run.now))
