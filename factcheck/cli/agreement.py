"""`factcheck agreement`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck agreement --by lang")
def agreement(
    run: Run,
    *,
    by: Annotated[Literal["lang", "week"] | None, typer.Option(help="One row for each language or week.")] = None,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)] = 0,
) -> Output:
    """Show how far the annotators agree: Krippendorff's alpha, kappa, with intervals; pairs; questions."""
    from factcheck.cli.output import table
    from factcheck.pipeline import agreement as pipeline

    found = pipeline.agreement(run.settings, by=by, as_of=as_of, seed=seed)
    figures = ["n_claims", "n_votes", "alpha", "alpha_low", "alpha_high", "kappa", "raw"]
    lines = table([found.overall], figures, right=figures)
    if by:
        lines += table(found.groups, [by, *figures], right=figures)
    people = ["annotator_id", "n_votes", "n_shared", "agreement", "low", "high"]
    lines += table(found.annotators, people, right=people[1:])
    lines += [f"question: {row['question']}" for row in found.annotators if row["question"]]
    if found.edited_by_others:
        lines.append(f"{found.edited_by_others} votes were last changed by someone other than their author")
    return Output(data=found.as_dict(), lines=lines)
