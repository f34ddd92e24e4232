"""Locks on files and folders, between processes: each dies with who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from factcheck.errors import Busy


@contextlib.contextmanager
def lock(path: Path, *, busy: Callable[[], Busy], seconds: float = 0.0) -> Iterator[None]:
    """A context that holds the lock file; raises what `busy` makes where others hold it for so many seconds."""
    from filelock import FileLock, Timeout

    held = FileLock(path)
    try:
        held.acquire(timeout=seconds)
    except Timeout as error:
        raise busy() from error
    try:
        yield
    finally:
        held.release()


@contextlib.contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """A context that holds a lock on the folder itself, waited for as long as it takes; it leaves no file behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hold(descriptor: int, *, shared: bool = False) -> bool:
    """Whether we have the lock on an open file or folder now; it ends with the descriptor, at the latest with us.

    Raises OSError where the file system knows no locks.
    """
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def held(path: Path, *, unknown: bool) -> Iterator[bool]:
    """Whether nobody else holds the file or folder, which is held until the end; a lock dies with its process.

    Where the file system has no locks nobody can tell, and the answer is `unknown`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            ours = hold(descriptor)
        except OSError:
            ours = unknown
        yield ours
    finally:
        os.close(descriptor)
