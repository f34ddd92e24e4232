"""Edge: files and folders of the disk, bounded, and only regular files that lie where they seem to lie."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from factcheck.articles.draft import Limits, reject
from factcheck.errors import Rejected
from factcheck.models import Rejection


class Walked(NamedTuple):
    """The regular files under the path in sorted order, what was refused, and how many hidden files were passed."""

    files: list[Path]
    refused: list[Rejection]
    hidden: int


def walk(path: Path, limits: Limits) -> Walked:
    """The files that a path names: itself, or all files under the folder, in the order of their names."""
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError) as error:
        return Walked([], [_unreadable(path, error)], 0)
    if not stat.S_ISDIR(kind):
        return Walked([path], [], 0)
    walked = Walked([], [], 0)
    try:
        root = path.resolve(strict=True)
        for entry, hidden in _entries(path, root, walked.refused):
            if hidden:
                walked = walked._replace(hidden=walked.hidden + 1)
            elif len(walked.files) >= limits.max_files:
                walked.refused.append(reject("TOO_LARGE", str(path), f"holds more than {limits.max_files} files"))
                break
            else:
                walked.files.append(entry)
    except OSError as error:
        walked.refused.append(_unreadable(path, error))
    if not walked.files and not walked.refused:
        walked.refused.append(reject("EMPTY", str(path), "is a folder without files: add files to it"))
    return walked


def _entries(folder: Path, root: Path, refused: list[Rejection]) -> Iterator[tuple[Path, bool]]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            yield entry, True
        elif entry.is_symlink() and not _stays(entry, root):
            refused.append(
                reject("LINK", str(entry), "is a link to a file outside the folder: copy the file here instead")
            )
        elif entry.is_dir():
            if entry.is_symlink():  # its files are met where they lie
                refused.append(reject("LINK", str(entry), "is a link to a folder: name that folder itself"))
            else:
                yield from _entries(entry, root, refused)
        else:
            yield entry, False


def _stays(entry: Path, root: Path) -> bool:
    try:
        return entry.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The regular file, open to be read. Raises Rejected: NOT_A_FILE, UNREADABLE, NOT_FOUND.

    Opened without blocking and looked at through the open descriptor, so that a FIFO cannot hold the run and a file
    cannot be exchanged between the look and the read.
    """
    try:
        with open(_descriptor(path), "rb") as file:
            kind = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(kind):
                raise Rejected("NOT_A_FILE", f"is {_kind(kind)}, not a file", hint="save its contents as a file")
            yield file
    except OSError as error:
        refused = _unreadable(path, error)
        raise Rejected(refused.code, refused.reason) from error


def _descriptor(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:  # NUL in the name
        raise OSError(errno.EINVAL, str(error)) from error


def whole(file: BinaryIO, limits: Limits, *, most: int | None = None) -> bytes:
    """The bytes of an open file from where it stands, `most` of them (default max_bytes); raises Rejected TOO_LARGE."""
    most = limits.max_bytes if most is None else most
    data = file.read(most + 1)
    if len(data) > most:
        raise Rejected("TOO_LARGE", f"is larger than {most} bytes", hint="split it into smaller files")
    return data


def load(path: Path, limits: Limits) -> bytes:
    """The bytes of a regular file. Raises Rejected: NOT_A_FILE, TOO_LARGE, UNREADABLE, NOT_FOUND."""
    with opened(path) as file:
        return whole(file, limits)


def _unreadable(path: Path, error: OSError | ValueError) -> Rejection:
    if isinstance(error, FileNotFoundError):
        return reject("NOT_FOUND", str(path), "does not exist: check the spelling")
    if stat.S_ISSOCK(_mode(path)):
        return reject("NOT_A_FILE", str(path), "is a socket, not a file")
    return reject("UNREADABLE", str(path), f"cannot be read: {getattr(error, 'strerror', '') or error}")


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except (OSError, ValueError):
        return 0


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a device"
