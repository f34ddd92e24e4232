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
    from factcheck.cli.output import announced, counted
    from factcheck.pipeline import decide as pipeline

    with run.working("decide"):
        decided = pipeline.decide(run.settings, yes=yes, now=run.now)
    counts = {"new": decided.new, "changed": decided.changed, "withdrawn": decided.withdrawn}
    if decided.version is None:
        return Output(data={"version": None, "verdicts": counts}, lines=["no verdict changed: no version committed"])
    number = decided.version.version
    return Output(
        data={"version": decided.version.model_dump(mode="json", exclude={"cursor"}), "verdicts": counts},
        lines=[announced(number, f"{decided.version.message}; verdicts: {counted(counts)}")],
        next_steps=[f"factcheck diff {number - 1} {number}" if any(counts.values()) else "factcheck status"],
    )
