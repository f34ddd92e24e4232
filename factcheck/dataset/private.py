"""Who else on this machine may read a folder: nobody, where it holds names or keys.

A group that may write was let in on purpose (a shared folder) and stays; what everybody may do is always taken away.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

_EVERYBODY: Final = stat.S_IRWXO
_GROUP: Final = stat.S_IRWXG


def tighten(folder: Path) -> bool:
    """Whether the folder is closed to others now, with all that is in it where it was not before."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    closed = _closed(mode)
    if mode == closed:
        return True
    with contextlib.suppress(OSError):  # not ours, or a file system that keeps no modes: `exposed` says so
        folder.chmod(closed)
    if stat.S_IMODE(folder.stat().st_mode) != closed:
        return False
    for path in folder.rglob("*"):
        close(path)
    return True


def close(path: Path) -> None:
    """Takes from others what they may do with one file or folder, as far as it is ours; a sharing group keeps it."""
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.lstat().st_mode)
        wanted = _closed(mode)
        if path.parent.stat().st_mode & stat.S_IWGRP:  # what another library wrote into a shared folder
            wanted = (mode & ~_EVERYBODY) | stat.S_IRGRP | stat.S_IWGRP
        if not path.is_symlink() and mode != wanted:
            path.chmod(wanted)


def exposed(folder: Path) -> str | None:
    """Who else may read the folder and what to do, as a sentence; None for nobody or where there is no folder."""
    try:
        found = folder.stat()
    except OSError:
        return None
    mode = stat.S_IMODE(found.st_mode)
    if mode == _closed(mode):
        return None
    who = "every user of this machine" if mode & _EVERYBODY else "its group"
    if found.st_uid != os.geteuid():
        return f"{folder} can be read by {who}, names and e-mails with it: its owner should run chmod 700 {folder}"
    todo = f"chmod 700 {folder}, or move it to a disk that keeps modes"
    return f"{folder} can be read by {who}, names and e-mails with it: {todo}"


def _closed(mode: int) -> int:
    shared = mode & stat.S_IWGRP
    return mode & ~_EVERYBODY & ~(0 if shared else _GROUP)
