"""`compact`, `vacuum`, `fork`, `restore`, `forget`: the dataset kept small, copied, put back, and people erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from factcheck.dataset import annotators, maintenance
from factcheck.dataset.fork import fork as make_fork
from factcheck.errors import UsageError
from factcheck.models import ClaimState, Version
from factcheck.pipeline import consents
from factcheck.pipeline.desk import Desk
from factcheck.reading.standing import RULE
from factcheck.settings import Settings

MOST_DAYS = 36_500
"""Days of which a time can still be told."""


def compact(settings: Settings, *, now: datetime) -> dict[str, tuple[int, int]]:
    """How many files each table had and has; no version changes."""
    desk = Desk(settings)
    with desk.workspace.writing("compact", now=now):
        return maintenance.compact(desk.readable())


def vacuum(settings: Settings, *, days: float, dry_run: bool, now: datetime) -> list[str]:
    """The files older than `days` that no version needs; deleted unless `dry_run`.

    Raises UsageError for days that are no length of time.
    """
    if not 0 <= days <= MOST_DAYS:
        raise UsageError(
            f"must be between 0 and {MOST_DAYS:,}",
            subject=f"--days {days:g}",
            hint="7 is what it is without the option",
        )
    desk = Desk(settings)
    with desk.workspace.writing("vacuum", now=now):
        return maintenance.vacuum(desk.readable(), now=now, retention=timedelta(days=days), dry_run=dry_run)


def fork(settings: Settings, uri: str, *, as_of: str | None, now: datetime) -> int:
    """The newest version of the dataset that was made at `uri` from this one's versions."""
    desk = Desk(settings)
    with desk.workspace.writing("fork", now=now):
        return make_fork(desk.readable(as_of), uri, as_of=as_of).head


def restore(settings: Settings, as_of: str, *, now: datetime) -> Version | None:
    """The new version that reads as an earlier one did; None where it already does."""
    desk = Desk(settings)
    with desk.workspace.writing("restore", now=now):
        data = desk.readable()
        then, head = data.version(as_of), data.version()
        # With the verdicts comes the rule they were decided by, and whose answers counted.
        rule = {key: value for key, value in (then.cursor if then else {}).items() if key == RULE}
        cursor = {key: value for key, value in (head.cursor if head else {}).items() if key != RULE}
        return maintenance.restore(data, as_of, cursor=cursor | rule, now=now)


def plan_restore(settings: Settings, as_of: str, *, now: datetime) -> dict[str, int]:
    """How much a restore would change: claims, of these withdrawn ones, answers kept or put aside, verdicts."""
    data = Desk(settings).readable()
    found = maintenance.restoring(data, as_of, now=now)
    active = found.late.filter(pl.col("state") == str(ClaimState.ACTIVE)).height
    return {
        "claims": found.claims.height,
        "withdrawn": active,
        "answers": found.events.height,
        "verdicts": found.verdicts.height,
    }


class Forgotten(NamedTuple):
    """How many events keep the opaque id of who was forgotten, and whether readers were shown the person's name."""

    events: int
    was_named: bool


def forget(settings: Settings, checker: str, *, now: datetime) -> Forgotten:
    """What is left of the person whose name, e-mail, user number and consent to be named were erased."""
    desk = Desk(settings)
    with desk.workspace.writing("forget", now=now):
        # First, while the address still leads to the ids: who is half forgotten is not named any more.
        was_named = consents.erase(settings.state, annotators.meant(desk.readable(), checker))
        events = annotators.forget(desk.readable(), checker, servers=[desk.server_name])
        desk.workspace.strip_quarantine("pull")  # what Label Studio sent says whose it was
        return Forgotten(events, was_named)
