"""Edge: files and folders of the disk, bounded, and only regular files that lie where they seem to lie."""

from __future__ import annotations

import errno
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from factcheck.articles.draft import Limits, reject
from factcheck.articles.files_read import FileRead
from factcheck.errors import Rejected
from factcheck.models import Rejection


class Walked(NamedTuple):
    """The regular files under the path in sorted order, what was refused, and how many hidden files were passed."""

    files: Iterable[Path]
    refused: list[Rejection]
    hidden: int


def walk(path: Path, *, most: int | None = None) -> Walked:
    """The files that a path names: itself, or all files under the folder, in the order of their names.

    They are found as they are asked for, so that a folder may hold any number of them; what is refused is known before.
    Of a folder with more than `most` these are found, and the rest is refused at once.
    """
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError) as error:
        return Walked([], [_unreadable(path, error)], 0)
    if not stat.S_ISDIR(kind):
        return Walked([path], [], 0)
    refused: list[Rejection] = []
    files = hidden = 0
    try:
        root = path.resolve(strict=True)
        for _, is_hidden in _entries(path, root, refused):
            if files == most and not is_hidden:
                refused.append(reject("TOO_LARGE", str(path), f"holds more than {most} files"))
                break
            hidden, files = hidden + is_hidden, files + (not is_hidden)
    except OSError as error:
        refused.append(_unreadable(path, error))
    if not files and not refused:
        refused.append(reject("EMPTY", str(path), "is a folder without files: add files to it"))
    return Walked(itertools.islice(_files(path), files), refused, hidden)


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):  # where a folder could not be looked into, the walk before has said so
        for entry, is_hidden in _entries(folder, folder.resolve(strict=True), []):
            if not is_hidden:
                yield entry


def _entries(folder: Path, root: Path, refused: list[Rejection]) -> Iterator[tuple[Path, bool]]:
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - a folder may hold millions: no Path for each at once
        entry = folder / name
        if name.startswith("."):
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


def read_as(path: Path) -> FileRead | None:
    """The file as it is now, by which a later run knows it again; None where it cannot be looked at."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return FileRead(str(path.absolute()), found.st_size, found.st_mtime_ns)


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
