"""`factcheck claims`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck claims --show 10")
def claims(
    run: Run,
    *,
    show: Annotated[int, typer.Option(help="Print this many claims, the most check-worthy first.", min=0)] = 5,
) -> Output:
    """Cut the claims out of the articles that were read, with claimant and check-worthiness."""
    from factcheck.cli.output import of_report
    from factcheck.pipeline import claims as pipeline
    from factcheck.text import isolate

    report, best = pipeline.claims(run.settings, show=show, now=run.now)
    lines = [
        f"  {row['check_worthiness']:.2f}  {row['claim_id'][:12]}  "
        f"{isolate(row['claimant'] or '–')}: {isolate(row['quote'])}"
        for row in best.iter_rows(named=True)
    ]
    return of_report(report, *lines)
