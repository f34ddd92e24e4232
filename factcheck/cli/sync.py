"""`factcheck push` and `factcheck pull`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.run import Output, Run, verb

Project = Annotated[
    str | None,
    typer.Option(help="Name of one project of factcheck.toml; without it, all of them."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck push --dry-run")
    def push(
        run: Run,
        *,
        project: Project = None,
        queue: Annotated[bool, typer.Option(help="Send the contested claims to the leads' project instead.")] = False,
        dry_run: Annotated[bool, typer.Option(help="Show what would be done; write nothing.")] = False,
    ) -> Output:
        """Send the claims worth checking to Label Studio; a second push sends only what differs."""
        from factcheck import pipeline
        from factcheck.cli.output import of_report

        return of_report(
            pipeline.push(run.settings, project=project, queue=queue, dry_run=dry_run, now=run.now, say=run.say)
        )

    @verb(app, example="factcheck pull")
    def pull(
        run: Run,
        *,
        project: Project = None,
        full: Annotated[bool, typer.Option(help="Read every task again instead of what changed.")] = False,
    ) -> Output:
        """Bring the annotators' work home, decide verdicts, and commit a version where something changed."""
        from factcheck import pipeline
        from factcheck.cli.output import of_report

        return of_report(pipeline.pull(run.settings, project=project, full=full, now=run.now, say=run.say))
