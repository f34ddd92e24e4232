"""`factcheck ingest`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.mending import system_user
from factcheck.cli.run import Output, Run


@verb(example="factcheck ingest articles/ https://example.org/news/1.html")
def ingest(
    run: Run,
    *,
    sources: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, archives or URLs.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Withdraw the claims of an older text even if people voted on them.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep both texts and say nothing.")] = False,
) -> Output:
    """Read articles (text, HTML pages, feeds) from files, folders, archives (zip, tar, WARC) or URLs."""
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError
    from factcheck.pipeline import ingest as pipeline
    from factcheck.pipeline.changed_texts import Choice

    if replace and keep:
        raise UsageError("--replace and --keep contradict each other", subject="ingest", hint="give one of them")
    choice = Choice(replace if replace or keep else None, system_user())
    with run.working("ingest") as progress:
        report = pipeline.ingest(run.settings, sources, now=run.now, changed=choice, progress=progress)
    return of_report(report)
