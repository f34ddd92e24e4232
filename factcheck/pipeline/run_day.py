"""`run`: a desk's day in one command: sources in, claims, tasks out, answers in, exports; each step can be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from factcheck import exporters
from factcheck.errors import (
    AccessError,
    Busy,
    FactcheckError,
    Interrupted,
    OutputExists,
    Rejected,
    SystemRefused,
    Unavailable,
    UsageError,
    VotesMissing,
)
from factcheck.models import Report
from factcheck.pipeline import receipts
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import asks_since, export
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.progress import Working
from factcheck.pipeline.pull import pull
from factcheck.pipeline.pull_report import contested
from factcheck.pipeline.push import plan_push, push
from factcheck.pipeline.sources import inputs
from factcheck.settings import Settings, Source
from factcheck.studio.sync.forgetting import CODE

STEPS = ("ingest", "claims", "push", "pull", "export")
"""The steps of a day, in the order in which they are done; verdicts are decided by `pull`."""

_ON_THE_SERVER = {"push", "pull"}
Say = Callable[[str], None]


class Step(NamedTuple):
    """One step of a day, of one source or export where there are several (`of`); `report` where it was done."""

    name: str
    of: str
    state: Literal["done", "planned", "failed", "not tried"]
    report: Report | None = None
    error: FactcheckError | None = None
    told: str = ""
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The step for --json."""
        return {
            "step": self.name,
            "of": self.of or None,
            "state": self.state,
            "told": self.told or None,
            "report": self.report.model_dump(mode="json") if self.report else None,
            "error": self.error and self.error.as_dict(),
            "seconds": round(self.seconds, 3),
        }


class Day(NamedTuple):
    """What came of every step; `exit_code` is that of the first one that failed."""

    steps: list[Step]
    next_steps: list[str]

    @property
    def exit_code(self) -> int:
        """0 where every step was done."""
        return next((step.error.exit_code for step in self.steps if step.error is not None), 0)

    def as_dict(self) -> dict[str, Any]:
        """The day for --json."""
        return {
            "steps": [step.as_dict() for step in self.steps],
            "failed": [" ".join(filter(None, (step.name, step.of))) for step in self.steps if step.error is not None],
        }


def chosen(only: Collection[str], skip: Collection[str]) -> list[str]:
    """The steps to do, in their order; raises UsageError for a step that there is not, and where none is left."""
    if unknown := [name for name in (*only, *skip) if name not in STEPS]:
        raise UsageError("no such step", subject=unknown[0], hint=f"use one of: {', '.join(STEPS)}")
    steps = [name for name in STEPS if (not only or name in only) and name not in skip]
    if not steps:
        raise UsageError("no step is left to do", subject="--only, --skip", hint="leave one of them out")
    return steps


def run_day(
    settings: Settings, *, steps: Collection[str], clock: Callable[[], datetime], say: Say, working: Working
) -> Day:
    """The day, done: what it leaves is what the steps' own commands leave one after the other.

    A step that fails is kept with its error and the others are done, but for those that need the same server. Every
    step may be killed and done again. Raises Busy where another `run` of this desk is at work.
    """
    done: list[Step] = []
    with Desk(settings).workspace.whole_day(now=clock()):
        for job in _jobs(settings, steps):
            if job.name in _ON_THE_SERVER and (lost := _server_lost(done)) is not None:
                done.append(Step(job.name, job.of, "not tried", told=f"{lost.name} failed on the same server"))
                continue
            with working(" ".join(filter(None, (job.name, job.of)))) as progress:
                done.append(_try(job, settings, clock=clock, say=say, progress=progress))
    return Day(done, _next_steps(settings, done))


def plan_day(settings: Settings, *, steps: Collection[str], clock: Callable[[], datetime], say: Say) -> Day:
    """What `run_day` would do, and nothing of it done: no source is read, nothing is sent or committed."""
    planned = []
    for job in _jobs(settings, steps):
        try:
            planned.append(Step(job.name, job.of, "planned", told=_plan(job, settings, now=clock(), say=say)))
        except FactcheckError as error:
            planned.append(Step(job.name, job.of, "failed", error=error))
    return Day(planned, [*_hints(planned), "factcheck run"])


class _Job(NamedTuple):
    name: str
    of: str = ""
    source: Source | None = None


def _jobs(settings: Settings, steps: Collection[str]) -> Iterator[_Job]:
    for name in STEPS:
        if name not in steps:
            continue
        if name == "ingest":
            yield from (_Job(name, source, about) for source, about in settings.sources.items())
        elif name == "export":
            yield from (_Job(name, what) for what in settings.exports.daily)
        else:
            yield _Job(name)


def _try(job: _Job, settings: Settings, *, clock: Callable[[], datetime], say: Say, progress: Any) -> Step:
    began = time.monotonic()
    report: Report | None = None
    error: FactcheckError | None
    try:
        report = _do(job, settings, now=clock(), say=say, progress=progress)
        error = _failure(job, report)
    except Interrupted:
        raise
    except FactcheckError as raised:
        error = raised
    except OSError as raised:
        hint = "fix that and run the command again"
        error = SystemRefused(raised.strerror or str(raised), subject=str(raised.filename or ""), hint=hint)
    seconds = time.monotonic() - began
    return Step(job.name, job.of, "failed" if error else "done", report=report, error=error, seconds=seconds)


def _do(job: _Job, settings: Settings, *, now: datetime, say: Say, progress: Any) -> Report:
    match job.name:
        case "ingest":
            assert job.source is not None
            given = inputs(settings, job.of, job.source)
            languages = [job.source.lang] if job.source.lang else None
            return ingest(
                settings,
                given.sources,
                now=now,
                addresses=given.addresses,
                publisher=job.source.publisher,
                languages=languages,
                progress=progress,
            )
        case "claims":
            return claims(settings, show=0, now=now, progress=progress)[0]
        case "push":
            return push(settings, project=None, now=now, say=say, progress=progress)
        case "pull":
            return pull(settings, project=None, full=False, now=now, say=say)
    return _export(settings, job.of)


def _since(settings: Settings, what: str) -> str | None:
    """Since when an export tells what changed that says nothing otherwise: the last day, the first time everything."""
    if not asks_since(settings, what):
        return None
    profile = exporters.find(what, settings.root).name
    return receipts.LAST if receipts.given(settings.state, profile=profile, reader=None) else receipts.BEGINNING


def _export(settings: Settings, what: str) -> Report:
    """The report of one export: what is there already stays, also where a person has edited it."""
    data = Desk(settings).committed()
    if data is None or not data.head:
        nothing = ["there is no version yet: nothing to export"]
        return Report(stage="export", seen=0, accepted=0, rejected=0, warnings=nothing)
    try:
        written = export(settings, what, as_of=None, out=None, force=False, since=_since(settings, what))
    except OutputExists as error:
        kept = f"{error.subject}: {error.what} with other content and was left alone; to replace it, run "
        again = f"`factcheck export {what} --force`"
        return Report(stage="export", seen=0, accepted=0, rejected=0, warnings=[kept + again])
    return Report(
        stage="export",
        seen=written.seen,
        accepted=written.rows,
        rejected=written.seen - written.rows,
        counts={"files": len(written.files), **{code.lower(): count for code, count in written.left_out.items()}},
        warnings=written.notes,
    )


def _failure(job: _Job, report: Report) -> FactcheckError | None:
    """Why a step that ended counts as failed: a source of which nothing could be read, votes that are gone."""
    if job.name == "pull" and any(item.code == CODE for item in report.rejections):
        hint = "`factcheck pull --keep` or `factcheck pull --accept-loss`"
        return VotesMissing("votes that the dataset has are gone from Label Studio and wait", hint=hint)
    bad = [item for item in report.rejections if item.code != "EMPTY"]
    if job.name == "ingest" and not report.accepted and bad:
        return Rejected(
            bad[0].code,
            f"nothing could be read: [{bad[0].code}] {bad[0].reason}",
            subject=bad[0].subject,
            hint=f"`factcheck run --only ingest` tries again; [sources.{job.of}] in factcheck.toml names it",
        )
    return None


def _server_lost(done: list[Step]) -> Step | None:
    """The step before which found that the server does not answer or does not let us in."""
    return next((step for step in done if step.name in _ON_THE_SERVER and _is_lost(step.error)), None)


def _is_lost(error: FactcheckError | None) -> bool:
    return isinstance(error, Unavailable | AccessError) and not isinstance(error, Busy)


def _plan(job: _Job, settings: Settings, *, now: datetime, say: Say) -> str:
    desk = Desk(settings)
    match job.name:
        case "ingest":
            assert job.source is not None
            given = inputs(settings, job.of, job.source)
            every = [*given.sources, *given.addresses]
            return f"would read {every[0]}" if len(every) == 1 else f"would read {len(every):,} addresses"
        case "claims":
            return f"would extract the claims of {desk.staging.article_count():,} staged articles and the new ones"
        case "push":
            counts = plan_push(settings, project=None, now=now, say=say).report.counts
            return "would push: " + (", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing")
        case "pull":
            last = desk.workspace.last_pull()
            since = f"what was answered since {settings.desk.clock.time(last)}" if last else "all answers"
            return f"would read {since}"
    head = desk.committed()
    return f"would write {job.of} of version {head.head}" if head and head.head else "would write nothing: no version"


def _hints(steps: list[Step]) -> list[str]:
    """What the errors of the steps say to do next."""
    return [step.error.hint for step in steps if step.error is not None and step.error.hint]


def _next_steps(settings: Settings, done: list[Step]) -> list[str]:
    """What a person may do after this day."""
    steps = _hints(done)
    if any(step.error is not None for step in done):
        steps.append("factcheck run   (does what is not done yet)")
    if not settings.sources and not steps:
        steps.append("name what is to be read every day under [sources] in factcheck.toml")
    if version := next((step.report.version for step in done if step.report and step.report.version), None):
        steps.append(f"factcheck diff {version - 1} {version}")
    if waiting := contested(Desk(settings)):
        steps.append(f"factcheck queue   ({waiting:,} contested {'claim waits' if waiting == 1 else 'claims wait'})")
    return list(dict.fromkeys(steps)) or ["factcheck work", "factcheck status"]
