"""Consistent copies of the local server's data, taken while people work, and their way back."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from factcheck import fs
from factcheck.errors import Corrupt, OutputExists, UsageError
from factcheck.notation import json_value
from factcheck.studio.local import postgres, process
from factcheck.studio.local.empty_database import DATABASE
from factcheck.studio.local.server_files import State, read_state, write_state

_DESCRIPTION = "backup.json"
_SECRET = ".env"  # the key with which Label Studio signs sessions and tokens  # noqa: S105


def save(folder: Path, target: Path) -> Path:
    """The folder `target` with everything the server needs to begin again elsewhere; only its owner can read it.

    That is the database, the uploads, the administrator's credentials, the signing key and the version. Raises
    UsageError where there is nothing to save or the data lie in PostgreSQL, OutputExists where `target` is there.
    """
    if address := postgres.remembered(folder):
        raise UsageError("its data are in PostgreSQL", subject=address, hint="back it up with pg_dump")
    _check_target(folder, target)
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    backup(folder, unfinished / DATABASE)
    with suppress(FileNotFoundError):  # there are uploads only after somebody uploaded something
        shutil.copytree(folder / "data" / "media", unfinished / "media")
    for name, source in (("credentials.json", folder), (_SECRET, folder / "data")):
        fs.copy_private(source / name, unfinished / name)
    state = read_state(folder)
    description = json.dumps({"version": state.version if state else None})
    fs.write_private(unfinished / _DESCRIPTION, description.encode())
    fs.sync_tree(unfinished)
    fs.move(unfinished, target)
    return target


def restore(folder: Path, source: Path) -> Path | None:
    """Put the backup in place; the path of what was there before, which is moved aside and not removed.

    Raises UsageError where the server runs or `source` is no backup.
    """
    try:
        version = json_value((source / _DESCRIPTION).read_text("utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "give a folder made by `factcheck studio backup`"
        raise UsageError("is not a backup", subject=str(source), hint=hint) from error
    if process.running(folder / "lock") is not None:
        raise UsageError("is running", subject=str(folder), hint="factcheck studio down")
    fs.make_folder(folder, mode=0o700)
    coming, data, before = folder / "data.restored", folder / "data", None
    shutil.rmtree(coming, ignore_errors=True)
    coming.mkdir(mode=0o700)
    for name in (DATABASE, _SECRET):
        fs.copy_private(source / name, coming / name)
    if (source / "media").is_dir():
        shutil.copytree(source / "media", coming / "media")
    fs.sync_tree(coming)
    if data.exists():
        number = next(number for number in range(1, 10_000) if not (folder / f"data.before-{number}").exists())
        before = data.rename(folder / f"data.before-{number}")
        with suppress(FileNotFoundError):
            fs.copy_private(folder / "credentials.json", before / "credentials.json")
    fs.move(coming, data)
    fs.copy_private(source / "credentials.json", folder / "credentials.json")
    state = read_state(folder)
    write_state(folder, State(url=state.url if state else "http://127.0.0.1:0", wanted=False, version=version))
    return before


class Saved(NamedTuple):
    """An annotation in a backup; the times are those of the server."""

    annotation_id: int
    created_at: datetime
    updated_at: datetime


def saved_annotations(source: Path) -> list[Saved]:
    """The annotations that the backup holds; raises UsageError where it is none, or has none to be read."""
    database = source / DATABASE
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as saved:
            rows = saved.execute("SELECT id, created_at, updated_at FROM task_completion").fetchall()
        return [Saved(number, _time(created), _time(updated)) for number, created, updated in rows]
    except (sqlite3.Error, TypeError, ValueError) as error:
        hint = "give a folder made by `factcheck studio backup`"
        raise UsageError(f"holds no annotations that can be read: {error}", subject=str(source), hint=hint) from error


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def backup(folder: Path, target: Path) -> Path:
    """The path of a copy of the database: every change committed before the call is in it, none is there in part.

    SQLite's own backup interface is used because a copied file may hold half of a transaction. The copy holds
    password hashes and tokens, so only its owner can read it. Raises UsageError where there is no server folder,
    OutputExists where `target` is there, Corrupt where the copy does not pass SQLite's integrity check.
    """
    _check_target(folder, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    source = folder / "data" / DATABASE
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as live,
            closing(sqlite3.connect(unfinished)) as copy,
        ):
            live.backup(copy)
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        hint = "the disk may be failing: restore an earlier backup with `factcheck studio restore`"
        raise Corrupt(f"SQLite says: {verdict}", subject=str(source), hint=hint)
    fs.sync([unfinished])
    fs.move(unfinished, target)
    return target


def _check_target(folder: Path, target: Path) -> None:
    if not (folder / "data" / DATABASE).is_file():
        raise UsageError("has no database to copy", subject=str(folder), hint="run `factcheck studio up` first")
    if target.exists() or target.is_symlink():
        raise OutputExists("already exists", subject=str(target), hint="choose another name")
