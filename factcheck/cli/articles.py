"""`factcheck ingest` and `factcheck claims`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.run import Output, Run, verb


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck ingest articles/ https://example.org/news/1.html")
    def ingest(
        run: Run,
        *,
        sources: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, archives or URLs.")],
    ) -> Output:
        """Read articles: text files, HTML pages, feeds; from files, folders, archives (zip, tar, WARC) or URLs."""
        from factcheck import pipeline
        from factcheck.cli.output import of_report

        return of_report(pipeline.ingest(run.settings, sources, now=run.now))

    @verb(app, example="factcheck claims --show 10")
    def claims(
        run: Run,
        *,
        show: Annotated[int, typer.Option(help="Print this many claims, the most check-worthy first.", min=0)] = 5,
    ) -> Output:
        """Cut the claims out of the articles that were read, with claimant and check-worthiness."""
        from factcheck import pipeline
        from factcheck.cli.output import of_report
        from factcheck.text import isolate

        report, best = pipeline.claims(run.settings, show=show, now=run.now)
        lines = [
            f"  {row['check_worthiness']:.2f}  {row['claim_id'][:12]}  "
            f"{isolate(row['claimant'] or '–')}: {isolate(row['quote'])}"
            for row in best.iter_rows(named=True)
        ]
        return of_report(report, *lines)
