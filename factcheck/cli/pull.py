"""`factcheck pull`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run


@verb(example="factcheck pull", commits=True)
def pull(
    run: Run,
    *,
    project: Project = None,
    full: Annotated[bool, typer.Option(help="Read every task again, not only what changed.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep votes that Label Studio has lost, marked as kept.")] = False,
    accept_loss: Annotated[bool, typer.Option(help="Withdraw votes that Label Studio has lost.")] = False,
    accept_put_aside: Annotated[bool, typer.Option(help="Count quarantined answers, such as imported ones.")] = False,
) -> Output:
    """Fetch the annotators' answers, decide verdicts, and commit a version if anything changed.

    Votes that disappeared without being deleted by anyone wait for --keep or --accept-loss; until then they count
    and the exit code is 9.
    """
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError, VotesMissing
    from factcheck.pipeline import pull as pipeline
    from factcheck.studio.sync.forgetting import CODE, Consent

    if keep and accept_loss:
        raise UsageError("--keep and --accept-loss contradict each other", hint="use only one of them")
    consent = Consent(keep, accept_loss, accept_put_aside)
    with run.working("pull"):
        report = pipeline.pull(run.settings, project=project, full=full, now=run.now, say=run.say, consent=consent)
    missing = any(item.code == CODE for item in report.rejections)
    told = of_report(report)
    return replace(told, exit_code=VotesMissing.exit_code) if missing else told
