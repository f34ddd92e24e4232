"""One background process per lock file: start it, find it again from any terminal, stop it by its process id.

The process holds an flock on the file and has written its id there. The kernel drops the lock when the process ends,
however it ends, so a stale id can never be mistaken for ours: reused process ids do not hold the lock.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from factcheck import locks
from factcheck.errors import Busy, ServerError

LOCK = "{lock}"
_PROBE_SECONDS = 2.0  # a look at the lock holds it for microseconds; a starter tries for this long
_PATIENCE_SECONDS = 10.0
_PRIVATE = 0o600


def start(command: Sequence[str], *, lock: Path, log: Path, environment: Mapping[str, str], folder: Path) -> int:
    """The id of the started process, in a session of its own so that it outlives the terminal.

    What it prints goes to `log`, fresh each time. The word LOCK in the command becomes the number of the
    inherited lock. Raises Busy where a process holds it already.
    """
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    try:
        _take(handle, lock)
        os.ftruncate(handle, 0)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE)
        try:
            child = subprocess.Popen(
                [str(handle) if part == LOCK else part for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                cwd=folder,
                pass_fds=(handle,),
                start_new_session=True,
                umask=0o077,
            )
        finally:
            os.close(output)
    finally:
        os.close(handle)  # the child's copy of the handle keeps the lock
    child.returncode = 0  # hands it over: from here on it is known by its lock, and `running` reaps it
    return child.pid


def running(lock: Path) -> int | None:
    """The id of the process that holds the lock, or None; raises ServerError where it holds it without an id."""
    deadline = time.monotonic() + _PROBE_SECONDS
    while True:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            held, written = not locks.hold(handle, shared=True), os.pread(handle, 32, 0).strip()
            if not held:
                _reap(written)
                return None
            if written.isdigit():
                return int(written)
        finally:
            os.close(handle)
        if time.monotonic() > deadline:
            raise ServerError(
                "is locked by a process that has not written its id",
                subject=str(lock),
                hint=f"run `fuser {lock}` to find the process",
            )
        time.sleep(0.05)  # it was started this very moment


def stop(lock: Path, *, patience: float = _PATIENCE_SECONDS) -> bool:
    """Whether a process was stopped: asked to end first, killed after `patience` seconds.

    Raises ServerError where it outlives even that.
    """
    if (pid := running(lock)) is None:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if running(lock) is None:
                return True
            time.sleep(0.05)
    raise ServerError("does not stop", subject=f"process {pid}", hint=f"inspect it with `ps -fp {pid}`")


def _reap(digits: bytes) -> None:
    # One that ended as our own child stays in the process table until we ask; anybody else's is init's business.
    if digits.isdigit():
        with suppress(ChildProcessError):
            os.waitpid(int(digits), os.WNOHANG)


def _take(handle: int, lock: Path) -> None:
    deadline = time.monotonic() + _PROBE_SECONDS
    while not locks.hold(handle):
        if time.monotonic() > deadline:
            raise Busy("is already running", subject=str(lock.parent), hint="run `factcheck studio status`")
        time.sleep(0.05)
