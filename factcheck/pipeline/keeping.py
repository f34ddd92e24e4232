"""`verify`, `compact`, `vacuum`, `fork`, `restore`, `forget`, `release`: the dataset kept whole, and given away."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from factcheck import names
from factcheck.dataset import annotators, maintenance
from factcheck.dataset.fork import fork as make_fork
from factcheck.dataset.release import Released, verify_release
from factcheck.dataset.release import release as make_release
from factcheck.dataset.verify import Verified
from factcheck.dataset.verify import verify as verify_dataset
from factcheck.errors import ConfigError
from factcheck.models import Version
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.judging import agreement
from factcheck.settings import Settings


def verify(settings: Settings) -> Verified:
    """What is wrong with the dataset, every byte and every version's rows compared with what was committed."""
    return verify_dataset(settings.dataset_uri)


def check_release(folder: Path, *, public_key: Path | None) -> list[str]:
    """What is wrong with a release folder, a sentence each; needs nothing but the folder."""
    return verify_release(folder, public_key=None if public_key is None else public_key.read_bytes())


def release(
    settings: Settings, name: str, *, as_of: str | None, out: Path | None, signing_key: Path | None, now: datetime
) -> Released:
    """The release folder of a version, tagged with its name, with how far the annotators agreed."""
    name = names.check("release", name)
    desk = Desk(settings)
    with desk.workspace.writing("release", now=now):
        data = desk.readable(as_of)
        measured = agreement(settings, by=None, as_of=as_of, seed=0).overall
        figures = {f"krippendorff_{name}": measured[name] for name in ("alpha", "alpha_low", "alpha_high")}
        return make_release(
            data,
            name,
            out or settings.root / "releases",
            as_of=as_of,
            publisher=settings.desk.name,
            licence=settings.desk.licence,
            agreement={key: round(value, 4) for key, value in figures.items() if value is not None},
            signing_key=_private_key(signing_key),
            now=now,
        )


def _private_key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    if path.stat().st_mode & 0o077:
        raise ConfigError("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    return path.read_bytes()


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


def fork(settings: Settings, uri: str, *, as_of: str | None, now: datetime) -> int:
    """The newest version of the dataset that was made at `uri` from this one's versions."""
    desk = Desk(settings)
    with desk.workspace.writing("fork", now=now):
        return make_fork(desk.readable(as_of), uri, as_of=as_of).head


def restore(settings: Settings, as_of: str, *, now: datetime) -> Version | None:
    """The new version that reads as an earlier one did; None where it already does."""
    desk = Desk(settings)
    with desk.workspace.writing("restore", now=now):
        return maintenance.restore(desk.readable(), as_of, now=now)


def forget(settings: Settings, checker: str, *, now: datetime) -> int:
    """How many events keep the opaque id of the person whose name, e-mail and user number were erased."""
    desk = Desk(settings)
    with desk.workspace.writing("forget", now=now):
        events = annotators.forget(desk.readable(), checker, servers=[desk.server_name])
        desk.workspace.strip_quarantine("pull")  # what Label Studio sent says whose it was
        return events
