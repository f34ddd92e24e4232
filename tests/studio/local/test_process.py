from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck.errors import Busy, ServerError
from factcheck.studio.local import process

WRITE_ID = "import os, sys, time; os.pwrite(int(sys.argv[1]), str(os.getpid()).encode(), 0);"
SLEEP = f"{WRITE_ID} print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "lock"
    if (pid := process.running(tmp_path / "lock")) is not None:
        os.kill(pid, signal.SIGKILL)


def start(lock: Path, program: str = SLEEP) -> int:
    log = lock.with_name("log")
    command = [sys.executable, "-c", program, process.LOCK]
    pid = process.start(command, lock=lock, log=log, environment={"PATH": os.environ["PATH"]}, folder=lock.parent)
    deadline = time.monotonic() + 10
    while b"up" not in log.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return pid


def test_it_is_found_by_its_lock_and_stopped(lock: Path) -> None:
    assert process.running(lock) is None
    pid = start(lock)
    assert process.running(lock) == pid
    assert os.getsid(pid) == pid, "its own session: closing the terminal does not stop it"
    assert lock.stat().st_mode & 0o077 == 0
    assert lock.with_name("log").stat().st_mode & 0o077 == 0
    assert process.stop(lock)
    assert process.running(lock) is None
    assert not Path(f"/proc/{pid}").exists(), "no zombie stays"
    assert not process.stop(lock)


def test_a_second_one_is_refused(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PROBE_SECONDS", 0.1)
    pid = start(lock)
    with pytest.raises(Busy):
        start(lock)
    assert process.running(lock) == pid


def test_kill_9_frees_the_lock(lock: Path) -> None:
    os.kill(start(lock), signal.SIGKILL)
    deadline = time.monotonic() + 5
    while process.running(lock) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = start(lock)
    assert process.running(lock) == second


def test_a_reused_process_id_is_not_ours(lock: Path) -> None:
    lock.write_text(f"{os.getpid()}\n", "ascii")  # as a crash leaves it, with the number given away since
    assert process.running(lock) is None
    assert not process.stop(lock)


def test_what_does_not_end_when_asked_is_killed(lock: Path) -> None:
    pid = start(lock, STUBBORN)
    assert process.stop(lock, patience=0.3)
    assert not Path(f"/proc/{pid}").exists()


def test_a_holder_without_an_id_is_named_not_guessed(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PROBE_SECONDS", 0.1)
    pid = start(lock, "print('up', flush=True); import time; time.sleep(60)")
    try:
        with pytest.raises(ServerError, match="not written its id"):
            process.running(lock)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
