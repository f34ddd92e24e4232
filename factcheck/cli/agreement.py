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
    by: Annotated[
        Literal["lang", "week", "earlier"] | None,
        typer.Option(help="One row for each language or week, or by whether the task showed an earlier verdict."),
    ] = None,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)] = 0,
) -> Output:
    """Show how far the annotators agree: Krippendorff's alpha, kappa, with intervals; pairs; questions."""
    from factcheck.cli.output import per_cent, table
    from factcheck.pipeline import agreement as pipeline

    found = pipeline.agreement(run.settings, by=by, as_of=as_of, seed=seed)
    figures = ["n_claims", "n_votes", "alpha", "alpha_low", "alpha_high", "kappa", "raw"]
    # Alpha and kappa are coefficients, as the papers print them; what is a share of votes is read as per cent.
    lines = table([found.overall | {"raw": per_cent(found.overall["raw"])}], figures, right=figures)
    if by:
        groups = [row | {"raw": per_cent(row["raw"])} for row in found.groups]
        shown = ["votes", *figures] if by == "earlier" else figures
        lines += table(groups, [by, *shown], right=shown)
    people = ["annotator_id", "n_votes", "n_shared", "agreement", "low", "high"]
    shares = ("agreement", "low", "high")
    rows = [row | {name: per_cent(row[name]) for name in shares} for row in found.annotators]
    lines += table(rows, people, right=people[1:])
    lines += [f"question: {row['question']}" for row in found.annotators if row["question"]]
    if found.edited_by_others:
        lines.append(f"{found.edited_by_others} votes were last changed by someone other than their author")
    return Output(data=found.as_dict(), lines=lines)
