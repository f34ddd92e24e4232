"""`factcheck decide`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck decide", commits=True)
def decide(
    run: Run,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Go ahead even if many verdicts would change or be withdrawn.")
    ] = False,
) -> Output:
    """Decide every claim again with the policy and roster of the settings; changes are committed as a version."""
    from factcheck.cli.history import change_lines
    from factcheck.cli.output import announced, counted
    from factcheck.pipeline import decide as pipeline

    with run.working("decide"):
        decided = pipeline.decide(run.settings, yes=yes, now=run.now)
    counts = {"new": decided.new, "changed": decided.changed, "withdrawn": decided.withdrawn}
    fell = decided.fell.to_dicts()
    told = {"verdicts": counts, "changes": fell, "warnings": decided.warnings}
    warned = [f"  warning: {warning}" for warning in decided.warnings]
    if decided.version is None:
        return Output(data={"version": None} | told, lines=["no verdict changed: no version committed", *warned])
    number = decided.version.version
    return Output(
        data={"version": decided.version.model_dump(mode="json", exclude={"cursor"})} | told,
        lines=[
            announced(number, f"{decided.version.message}; verdicts: {counted(counts)}"),
            *warned,
            *(line for row in fell for line in change_lines(row)),
        ],
        next_steps=[f"factcheck diff {number - 1} {number}" if any(counts.values()) else "factcheck status"],
    )
