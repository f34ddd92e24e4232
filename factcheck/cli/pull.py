"""`factcheck pull`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run


@verb(example="factcheck pull")
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
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError, VotesMissing
    from factcheck.pipeline import pull as pipeline
    from factcheck.studio.sync.forgetting import CODE, Consent

    if keep and accept_loss:
        raise UsageError("--keep and --accept-loss say the opposite", hint="choose one of them")
    consent = Consent(keep, accept_loss, accept_put_aside)
    report = pipeline.pull(run.settings, project=project, full=full, now=run.now, say=run.say, consent=consent)
    missing = any(item.code == CODE for item in report.rejections)
    told = of_report(report)
    return replace(told, exit_code=VotesMissing.exit_code) if missing else told
