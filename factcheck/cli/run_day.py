"""`factcheck run`; the module beside it, `run`, runs every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.run_day import Day, Step

_COLUMNS = ["step", "state", "seen", "accepted", "rejected", "details"]


@verb(example="factcheck run --skip export", commits=True)
def run(
    run: Run,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="STEP", help="Do only this step: ingest, claims, push, pull or export; repeat."),
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="STEP", help="Leave this step out; repeat.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only say what would be done.")] = False,
) -> Output:
    """Do a desk's day: ingest every source of the settings, extract claims, push, pull, export; one report.

    A step that fails is named, the others are done, and the exit code is that of the first one that failed. Killed or
    interrupted, run it again: it ends as if nothing had happened.
    """
    from factcheck.pipeline import run_day as pipeline

    steps = pipeline.chosen(only or [], skip or [])
    if dry_run:
        day = pipeline.plan_day(run.settings, steps=steps, clock=lambda: run.now, say=run.say)
    else:
        day = pipeline.run_day(run.settings, steps=steps, clock=lambda: run.now, say=run.say, working=run.working)
    return Output(data=day.as_dict(), lines=_lines(day), next_steps=day.next_steps, exit_code=day.exit_code)


def _lines(day: Day) -> list[str]:
    """The table of the steps, then what each has to say."""
    from factcheck.cli.output import SHOWN_REJECTIONS, announced, table

    lines = table([_row(step) for step in day.steps], _COLUMNS, right=["seen", "accepted", "rejected"])
    for step in day.steps:
        name = _name(step)
        if step.error is not None:
            lines.append(f"failed: {name}: [{step.error.code}] {step.error}")
        if (report := step.report) is None:
            continue
        lines += [announced(report.version, report.counts)] if report.version else []
        lines += [f"  warning: {name}: {warning}" for warning in report.warnings]
        shown = report.rejections[:SHOWN_REJECTIONS]
        lines += [f"  rejected: {name}: [{item.code}] {item.subject}: {item.reason}" for item in shown]
        if more := len(report.rejections) - len(shown):
            lines.append(f"  ... and {more:,} more; --json lists all")
    return lines


def _name(step: Step) -> str:
    return f"{step.name} {step.of}".rstrip()


def _row(step: Step) -> dict[str, Any]:
    from factcheck.cli.output import counted

    report = step.report
    sums = {"seen": report.seen, "accepted": report.accepted, "rejected": report.rejected} if report else {}
    said = step.told or (counted(report.counts) if report else "")
    return {"step": _name(step), "state": step.state, "details": said} | sums
