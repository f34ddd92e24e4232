"""`factcheck push` and `factcheck pull`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.run import Output, Run, verb

if TYPE_CHECKING:
    from factcheck.pipeline import Planned

Project = Annotated[
    str | None,
    typer.Option(help="Name of one project of factcheck.toml; without it, all of them."),
]


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


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck push --dry-run")
    def push(
        run: Run,
        *,
        project: Project = None,
        queue: Annotated[bool, typer.Option(help="Send the contested claims to the leads' project instead.")] = False,
        dry_run: Annotated[bool, typer.Option(help="Show what would be done; write nothing.")] = False,
        replace_config: Annotated[
            bool, typer.Option("--replace-config", help="Put our labeling config back where somebody changed it.")
        ] = False,
    ) -> Output:
        """Send the claims worth checking to Label Studio; a second push sends only what differs."""
        from factcheck import pipeline
        from factcheck.cli.output import of_report

        if dry_run:
            return _planned(
                pipeline.plan_push(
                    run.settings, project=project, queue=queue, replace_config=replace_config, now=run.now, say=run.say
                )
            )
        return of_report(
            pipeline.push(
                run.settings, project=project, queue=queue, replace_config=replace_config, now=run.now, say=run.say
            )
        )

    @verb(app, example="factcheck pull")
    def pull(
        run: Run,
        *,
        project: Project = None,
        full: Annotated[bool, typer.Option(help="Read every task again instead of what changed.")] = False,
        keep: Annotated[
            bool, typer.Option(help="Votes that Label Studio has lost stay, with a mark that says so.")
        ] = False,
        accept_loss: Annotated[bool, typer.Option(help="Votes that Label Studio has lost are withdrawn.")] = False,
        accept_put_aside: Annotated[
            bool, typer.Option(help="Answers that were put aside, such as imported ones, count.")
        ] = False,
    ) -> Output:
        """Bring the annotators' work home, decide verdicts, and commit a version where something changed.

        Votes that are gone although nobody took them back wait for --keep or --accept-loss; until then they count,
        and the exit code is 9.
        """
        from factcheck import pipeline
        from factcheck.cli.output import of_report
        from factcheck.errors import UsageError, VotesMissing
        from factcheck.studio.sync.forgetting import CODE, Consent

        if keep and accept_loss:
            raise UsageError("--keep and --accept-loss say the opposite", hint="choose one of them")
        consent = Consent(keep, accept_loss, accept_put_aside)
        report = pipeline.pull(run.settings, project=project, full=full, now=run.now, say=run.say, consent=consent)
        missing = any(item.code == CODE for item in report.rejections)
        told = of_report(report)
        return replace(told, exit_code=VotesMissing.exit_code) if missing else told
