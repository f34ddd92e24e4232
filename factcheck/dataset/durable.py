"""Files that survive a power cut: written, fsynced, and their folder fsynced, before anyone is told."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from factcheck.errors import DatasetError, naming

_HINTS = {
    errno.ENOSPC: "free some space and run the same command again; nothing that was committed is lost",
    errno.EDQUOT: "raise the quota and run the same command again; nothing that was committed is lost",
    errno.EROFS: "make the folder writable, or name another one under [dataset] in factcheck.toml",
    errno.EACCES: "make the folder writable, or name another one under [dataset] in factcheck.toml",
    errno.EIO: "the disk reports a fault: look at the system's log; `factcheck verify` says what is damaged",
}


_COLOURS = re.compile(r"\x1b\[[0-9;]*m|↳")
_DRAFT = re.compile(r"\..+\.\d+\.tmp")


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The bytes as a new file, on disk when this returns; raises FileExistsError where it exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        _share(descriptor, path)
        with naming(path):
            _write_all(descriptor, data)
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def replace(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The bytes as the file's whole content: a reader sees the old content or the new, also after a power cut."""
    temporary, descriptor = _draft(path, mode)
    try:
        try:
            with naming(path):
                _write_all(descriptor, data)
                os.fsync(descriptor)
            temporary.replace(path)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync([path.parent])


def sweep(folder: Path) -> None:
    """Takes away what `replace` left in the folder when it was killed; a draft that is being written stays."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - asked at every command, so without a Path for each
    except OSError:
        return
    for name in names:
        if _DRAFT.fullmatch(name):
            with contextlib.suppress(OSError):
                _remove_dead(folder / name)


def _draft(path: Path, mode: int) -> tuple[Path, int]:
    """A new empty file beside the path, locked by this process for as long as it is open."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    while True:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        _share(descriptor, path)
        with contextlib.suppress(OSError):  # a file system without locks: then nothing is swept either
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:  # it may have been swept before it was locked
            return temporary, descriptor
        os.close(descriptor)


def _share(descriptor: int, path: Path) -> None:
    """Lets the group read and write the file where it may write in the folder: that was shared on purpose."""
    if path.parent.stat().st_mode & stat.S_IWGRP:
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) | stat.S_IRGRP | stat.S_IWGRP)


def _remove_dead(draft: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.unlink()
    finally:
        os.close(descriptor)


def sync(paths: Iterable[Path]) -> None:
    """Returns when the files and folders are on disk; each is synced once."""
    for path in dict.fromkeys(paths):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            with naming(path):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """The folder and its parents, on disk when this returns; `mode` is the folder's own where it is new."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(mode, parents=True, exist_ok=True)
    sync(folder.parent for folder in missing)


@contextlib.contextmanager
def explained(subject: object) -> Iterator[None]:
    """Turns an operating-system error into a DatasetError that says what to do."""
    try:
        yield
    except OSError as error:
        number = error.errno or next(
            # Libraries in Rust carry the number only in the message.
            (known for known in _HINTS if f"os error {known}" in str(error)),
            0,
        )
        # What the object store's library says goes over several lines, with colours and arrows.
        reason = os.strerror(number) if number else " ".join(_COLOURS.sub("", str(error)).split())
        raise DatasetError(
            f"cannot be read or written: {reason}",
            subject=str(subject),
            hint=_HINTS.get(number, "see the message; run the same command again when it is mended"),
        ) from error


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
