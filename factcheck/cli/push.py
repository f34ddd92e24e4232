"""`factcheck push`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.push import Planned


SHOWN_STEPS = 50


def _planned(planned: Planned) -> Output:
    """The plan as a table; with --json as `steps`, all of them."""
    from factcheck.cli.output import of_report, table
    from factcheck.text import isolate

    rows = planned.steps.head(SHOWN_STEPS).to_dicts()
    lines = table([row | {"claim": isolate(row["claim"])} for row in rows], planned.steps.columns) if rows else []
    if more := planned.steps.height - len(rows):
        lines.append(f"... and {more:,} more; --json lists all")
    told = of_report(planned.report)
    return replace(told, data=told.data | {"steps": planned.steps.to_dicts()}, lines=[*lines, *told.lines])


@verb(example="factcheck push --dry-run", commits=True)
def push(
    run: Run,
    *,
    project: Project = None,
    queue: Annotated[bool, typer.Option(help="Send the contested claims to the leads' project instead.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Show what would be done; change nothing.")] = False,
    replace_config: Annotated[
        bool, typer.Option("--replace-config", help="Restore our labeling config if somebody changed it.")
    ] = False,
) -> Output:
    """Send the claims worth checking to Label Studio; a second push sends only what changed."""
    from factcheck.cli.output import of_report
    from factcheck.pipeline import push as pipeline

    if dry_run:
        with run.working("push"):
            planned = pipeline.plan_push(
                run.settings, project=project, queue=queue, replace_config=replace_config, now=run.now, say=run.say
            )
        return _planned(planned)
    with run.working("push") as progress:
        report = pipeline.push(
            run.settings,
            project=project,
            queue=queue,
            replace_config=replace_config,
            now=run.now,
            say=run.say,
            progress=progress,
        )
    return of_report(report)
