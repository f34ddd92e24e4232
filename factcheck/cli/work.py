"""`factcheck work`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factcheck.days import Clock
    from factcheck.pipeline.work import Work

_COLUMNS = ["checker", "done", "skipped", "open", "median_time", "agreement", "last_answer"]
_RIGHT = _COLUMNS[1:-1]


@verb(example="factcheck work")
def work(run: Run, *, project: Project = None) -> Output:
    """Show what each checker has done, what is open, and how long it takes at the present pace.

    Names are shown on a terminal only; in a pipe, a log and --json people are opaque ids.
    """
    from factcheck.cli.streams import on_terminal
    from factcheck.pipeline import work as pipeline

    found = pipeline.work(run.settings, project=project, now=run.now)
    lines = _lines(found, found.names if on_terminal() else {}, run.settings.desk.clock)
    steps = [] if found.last_pull else ["factcheck pull"]
    if found.missing_answers and not steps:
        steps = ["factcheck pull   (as of the last pull; answers given since are not counted)"]
    return Output(data=found.as_dict(), lines=lines, next_steps=steps)


def _lines(found: Work, names: Mapping[str, str], clock: Clock) -> list[str]:
    from factcheck.text import isolate

    lines = [f"as of the last pull, {clock.time(found.last_pull)}"] if found.last_pull else []
    lines += _table(found.checkers, names, clock)
    for one in found.projects:
        lines.append(
            f"{one['project']}: {one['tasks']:,} tasks, {one['finished']:,} finished, {one['open']:,} open, "
            f"{one['missing_answers']:,} answers missing"
        )
        lines += _table(one["checkers"], names, clock) if len(found.projects) > 1 else []
    if (oldest := found.oldest_open) is not None:
        since = clock.time(oldest["since"])
        lines.append(f"oldest open claim: {oldest['claim_id'][:12]}, read {since}  {isolate(oldest['quote'])}")
    if found.days_left is not None and found.answers_per_day is not None and found.missing_answers:
        lines.append(
            f"at {found.answers_per_day:,.1f} answers a day, as in the last 7 days, "
            f"everything is answered in {_days(found.days_left)}"
        )
    return lines + [f"unknown: {sentence}" for sentence in found.unknown]


def _table(checkers: list[dict[str, Any]], names: Mapping[str, str], clock: Clock) -> list[str]:
    from factcheck.cli.output import per_cent, table
    from factcheck.text import isolate

    rows = [
        row
        | {
            "checker": isolate(names[row["annotator_id"]]) if row["annotator_id"] in names else row["annotator_id"],
            "median_time": _seconds(row["median_seconds"]),
            "agreement": f"{per_cent(row['agreement'])} of {row['shared']:,}" if row["shared"] else None,
            "last_answer": clock.time(row["last_answer"]),
        }
        for row in checkers
    ]
    return table(rows, _COLUMNS, right=_RIGHT) if rows else []


def _seconds(value: float | None) -> str | None:
    if value is None:
        return None
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes:,}:{seconds:02}"


def _days(days: float) -> str:
    return "less than a day" if days < 1 else f"about {days:,.0f} {'day' if round(days) == 1 else 'days'}"
