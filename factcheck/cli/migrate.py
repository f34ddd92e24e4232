"""`factcheck studio migrate`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run
from factcheck.errors import UsageError


@verb(example="factcheck studio migrate --map false=disputed --dry-run", commits=True)
def migrate(
    run: Run,
    *,
    project: Project = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="OLD=NEW: the new name of an old choice; may be repeated.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what would be done; change nothing.")] = False,
) -> Output:
    """Convert answers given under an old labeling config to ours, then apply our config."""
    from factcheck.cli.output import of_report
    from factcheck.pipeline import migrate as pipeline

    mapping = dict(map(_pair, map_ or []))
    with run.working("studio migrate"):
        report = pipeline.migrate(
            run.settings, project=project, mapping=mapping, dry_run=dry_run, now=run.now, say=run.say
        )
    return of_report(report)


def _pair(given: str) -> tuple[str, str]:
    old, found, new = given.partition("=")
    if not (old and found and new):
        raise UsageError("is not OLD=NEW", subject=f"--map {given}", hint="as in --map false=disputed")
    return old, new
