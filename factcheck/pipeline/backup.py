"""A desk in one folder, to be put back on another machine: settings, dataset, state, secrets, the local server.

The dataset and the state are copied while no other run of the desk writes; the server comes last. So the server may
have votes that the dataset lacks, which the next pull takes in; the other way round they would look deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from factcheck import __version__, fs
from factcheck.errors import Corrupt, NewerFormat, OutputExists, UsageError
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.studio.local import backup as of_server

FORMAT = 1
_ABOUT, _DESK, _DATASET, _SERVER = "backup.json", "desk", "dataset", "studio"
_LEFT_OUT = {"studio", "label-studio", "backups", "lock", "lock.json", "run.lock", "run.json", "parts"}
"""In the state folder: the server's live files, its program, other backups, who holds a lock now, an export's parts."""


class About(BaseModel):
    """What backup.json says: `files` are digests (SHA-256) by path, `dataset` where the dataset was."""

    format: int
    factcheck: str
    made: datetime
    version: int | None
    dataset: str
    files: dict[str, str]


class Made(NamedTuple):
    """A backup: how many files and bytes, the newest version in it, and what it does not hold."""

    folder: Path
    files: int
    size: int
    version: int | None
    missing: list[str]


def backup(settings: Settings, target: Path, *, now: datetime) -> Made:
    """The new folder `target`, which only its owner can read.

    Raises OutputExists where it is there, UsageError where the server's data are in PostgreSQL, Busy where another run
    writes.
    """
    if os.path.lexists(target):
        raise OutputExists("is already there", subject=str(target), hint="name a new folder")
    desk = Desk(settings)
    # Of a name that nobody has: what is there under any other is not ours to take away.
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(8)}.unfinished")
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        return _made(settings, desk, target, unfinished, now=now)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)  # it holds secrets
        raise


def _made(settings: Settings, desk: Desk, target: Path, unfinished: Path, *, now: datetime) -> Made:
    own = Path(settings.dataset_uri) if "://" not in settings.dataset_uri else None
    missing = [] if own else [f"the dataset, which is in the object store: {settings.dataset_uri}"]
    with desk.workspace.writing("backup", now=now):
        found = desk.committed()
        version = found.head if found is not None else None
        skip = {target, unfinished, own, *(settings.state / name for name in _LEFT_OUT)}
        skip.add(settings.root / settings.studio.environment)
        _copy(settings.root, unfinished / _DESK, skip)
        if own is not None and own.is_dir():
            _copy(own, unfinished / _DATASET, {target, unfinished})
    if (desk.studio_folder / "data").is_dir():
        of_server.save(desk.studio_folder, unfinished / _SERVER)
    elif settings.studio.url:
        missing.append(f"the server at {settings.studio.url}")
    files = dict(_digests(unfinished))
    size = sum((unfinished / name).stat().st_size for name in files)
    about = About(
        format=FORMAT, factcheck=__version__, made=now, version=version, dataset=settings.dataset.path, files=files
    )
    fs.write_private(unfinished / _ABOUT, about.model_dump_json(indent=1).encode())
    fs.sync_tree(unfinished)
    fs.move(unfinished, target)
    return Made(target, len(files), size, version, missing)


def restore(source: Path, folder: Path) -> About:
    """What the backup says of itself, after it was put into `folder`, which is empty or not there yet.

    Raises UsageError for what is no backup, NewerFormat for one of a newer release, OutputExists where anything is
    there, Corrupt naming the first file that is not as it was saved; nothing is put in place then.
    """
    about = _read(source)
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputExists("is not empty", subject=str(folder), hint="name an empty folder with --desk")
    dataset = folder / about.dataset  # itself, where it is an absolute path
    if (source / _DATASET).is_dir() and dataset.exists():
        hint = "move it away; the backup was made of a desk whose dataset lay there"
        raise OutputExists("is already there", subject=str(dataset), hint=hint)
    there = dict(_digests(source))
    for name, digest in about.files.items():
        if there.get(name) != digest:
            what = "does not hold what was saved" if name in there else "is missing"
            raise Corrupt(what, subject=str(source / name), hint="use another backup; nothing was put in place")
    _copy(source / _DESK, folder, set())
    if (source / _DATASET).is_dir():
        _copy(source / _DATASET, dataset, set())
    if (source / _SERVER).is_dir():
        of_server.restore(folder / ".factcheck" / "studio", source / _SERVER)
    fs.sync_tree(folder)
    return about


def _read(source: Path) -> About:
    hint = "give a folder made by `factcheck backup`"
    try:
        text = (source / _ABOUT).read_text("utf-8")
        form = json.loads(text).get("format")
        if isinstance(form, int) and form > FORMAT:
            what = f"was made in format {form}; this factcheck knows up to {FORMAT}"
            raise NewerFormat(what, subject=str(source), hint="upgrade factcheck")
        about = About.model_validate_json(text)
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        raise UsageError("is not a backup", subject=str(source), hint=hint) from error
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in [*about.files]):
        raise UsageError("is not a backup", subject=str(source), hint=hint)
    return about


def _copy(source: Path, target: Path, skip: set[Path | None]) -> None:
    """The files of a folder, closed to others; locks of the moment, pipes and sockets are none."""
    left_out = {path.resolve() for path in skip if path is not None}

    def ignored(folder: str, names: list[str]) -> set[str]:
        paths = {name: Path(folder, name) for name in names}
        return {
            name
            for name, path in paths.items()
            if path.resolve() in left_out or path.name.endswith(".tmp") or (fs.is_special(path))
        }

    shutil.copytree(source, target, symlinks=True, ignore=ignored, dirs_exist_ok=True)
    fs.tighten(target)


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path != folder / _ABOUT:
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()
