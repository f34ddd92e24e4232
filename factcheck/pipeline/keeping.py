"""`verify`, `compact`, `vacuum`, `fork`, `restore`, `forget`, `release`: the dataset kept whole, and given away."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from factcheck import names
from factcheck.dataset import annotators, maintenance, private, release_check, signing
from factcheck.dataset.fork import fork as make_fork
from factcheck.dataset.release import Released
from factcheck.dataset.release import release as make_release
from factcheck.dataset.release_check import CheckedRelease
from factcheck.dataset.verify import Verified
from factcheck.dataset.verify import verify as verify_dataset
from factcheck.errors import ConfigError
from factcheck.models import Version
from factcheck.pipeline.deciding import RULE
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.judging import agreement
from factcheck.settings import Settings

_LARGEST_KEY_FILE = 1 << 20


def verify(settings: Settings) -> Verified:
    """What is wrong with the dataset, every byte and every version's rows compared with what was committed."""
    return verify_dataset(settings.dataset_uri)


def exposed(settings: Settings) -> list[str]:
    """What is to be said where others of this machine can read the dataset; nothing where they cannot."""
    if "://" in settings.dataset_uri:
        return []
    found = private.exposed(Path(settings.dataset_uri))
    return [] if found is None else [f"warning: {found}"]


def check_release(folder: Path, *, key_files: Sequence[Path]) -> CheckedRelease:
    """What is wrong with a release folder; needs nothing but the folder and the keys that may have signed it.

    Raises ConfigError where a key file holds anything but public Ed25519 keys, Corrupt where nothing can be checked.
    """
    keys = [key for path in key_files for key in signing.public_keys(_key_file(path), subject=str(path))]
    return release_check.check_release(folder, keys=keys)


def release(
    settings: Settings, name: str, *, as_of: str | None, out: Path | None, signing_key: Path | None, now: datetime
) -> Released:
    """The release folder of a version, tagged with its name, with how far the annotators agreed."""
    name = names.check("release", name)
    key = None if signing_key is None else _private_key(signing_key)
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
            signing_key=key,
            now=now,
        )


def _private_key(path: Path) -> bytes:
    pem = _key_file(path)
    if path.stat().st_mode & 0o077:
        raise ConfigError("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    signing.private_key(pem, subject=str(path))  # said before anything is looked at
    return pem


def _key_file(path: Path) -> bytes:
    hint = "name a file with an Ed25519 key in PEM"
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise ConfigError("is no file", subject=str(path), hint=hint)
        if kind.st_size > _LARGEST_KEY_FILE:
            raise ConfigError("is too large for a key", subject=str(path), hint=hint)
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path), hint=hint) from None


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
        data = desk.readable()
        then, head = data.version(as_of), data.version()
        # With the verdicts comes the rule they were decided by, and whose answers counted.
        rule = {key: value for key, value in (then.cursor if then else {}).items() if key == RULE}
        cursor = {key: value for key, value in (head.cursor if head else {}).items() if key != RULE}
        return maintenance.restore(data, as_of, cursor=cursor | rule, now=now)


def forget(settings: Settings, checker: str, *, now: datetime) -> int:
    """How many events keep the opaque id of the person whose name, e-mail and user number were erased."""
    desk = Desk(settings)
    with desk.workspace.writing("forget", now=now):
        events = annotators.forget(desk.readable(), checker, servers=[desk.server_name])
        desk.workspace.strip_quarantine("pull")  # what Label Studio sent says whose it was
        return events
