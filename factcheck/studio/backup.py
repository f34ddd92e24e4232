"""A consistent copy of the local server's database, taken while people work."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from factcheck.errors import Corrupt, OutputExists, UsageError
from factcheck.studio.template import DATABASE


def backup(folder: Path, target: Path) -> Path:
    """The path of the copy: every change committed before the call is in it, none is there in part.

    SQLite's own backup interface is used because a copied file may hold half of a transaction. The copy holds
    password hashes and tokens, so only its owner can read it. Raises UsageError where there is no server folder,
    OutputExists where `target` is there, Corrupt where the copy does not pass SQLite's integrity check.
    """
    source = folder / "data" / DATABASE
    if not source.is_file():
        raise UsageError("has no database to copy", subject=str(folder), hint="start one with `factcheck studio up`")
    if target.exists() or target.is_symlink():
        raise OutputExists("is there already", subject=str(target), hint="name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        live.backup(copy)
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise Corrupt(
            f"SQLite says: {verdict}", subject=str(unfinished), hint="the disk may be failing: copy elsewhere"
        )
    return unfinished.rename(target)
