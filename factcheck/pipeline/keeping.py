"""`verify`, `compact`, `vacuum`, `fork`, `restore`, `forget`: keeping the dataset whole."""

from __future__ import annotations

from datetime import datetime, timedelta

from factcheck.dataset import annotators, maintenance
from factcheck.dataset.verify import Verified
from factcheck.dataset.verify import verify as verify_dataset
from factcheck.models import Version
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


def verify(settings: Settings) -> Verified:
    """What is wrong with the dataset, every byte and every version's rows compared with what was committed."""
    return verify_dataset(settings.dataset_uri)


def compact(settings: Settings, *, now: datetime) -> dict[str, tuple[int, int]]:
    """How many files each table had and has; no version changes."""
    desk = Desk(settings)
    with desk.workspace.writing("compact", now=now):
        return maintenance.compact(desk.readable())


def vacuum(settings: Settings, *, days: float, dry_run: bool, now: datetime) -> list[str]:
    """The files older than `days` that no version needs; deleted unless `dry_run`."""
    desk = Desk(settings)
    with desk.workspace.writing("vacuum", now=now):
        return maintenance.vacuum(desk.readable(), now=now, retention=timedelta(days=days), dry_run=dry_run)


def fork(settings: Settings, uri: str, *, as_of: str | None) -> int:
    """The newest version of the dataset that was made at `uri` from this one's versions."""
    return maintenance.fork(Desk(settings).readable(), uri, as_of=as_of).head


def restore(settings: Settings, as_of: str, *, now: datetime) -> Version | None:
    """The new version that reads as an earlier one did; None where it already does."""
    desk = Desk(settings)
    with desk.workspace.writing("restore", now=now):
        return maintenance.restore(desk.readable(), as_of, now=now)


def forget(settings: Settings, checker: str, *, now: datetime) -> int:
    """How many events keep the opaque id of the person whose name, e-mail and user number were erased."""
    desk = Desk(settings)
    with desk.workspace.writing("forget", now=now):
        return annotators.forget(desk.readable(), checker)
