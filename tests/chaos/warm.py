"""Commands of ours in a second less each: one process loads the SDK and forks a child for every command.

The child is a process like any other, with its own memory, locks and end; only the two seconds in which Python reads
the SDK's modules are gone, in which nothing of ours would run that a kill could harm.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple


class Ended(NamedTuple):
    """How a command ended: exit code, or minus the signal."""

    code: int
    out: str
    err: str


class Running:
    """A command that was started; `pid` is what to kill."""

    def __init__(self, pid: int, out: Path, err: Path) -> None:
        self.pid, self._out, self._err = pid, out, err

    def wait(self, nursery: Nursery, timeout: float) -> Ended:
        """How it ended; killed when it takes longer than that."""
        deadline = time.monotonic() + timeout
        while (code := nursery.code(self.pid)) is None:
            if time.monotonic() > deadline:
                os.kill(self.pid, 9)
            time.sleep(0.02)
        return Ended(code, self._out.read_text("utf-8"), self._err.read_text("utf-8"))


class Nursery:
    """The process with the SDK in memory, and the commands it started."""

    def __init__(self, environment: dict[str, str]) -> None:
        # One thread only: a fork of a process with threads may inherit their locks.
        calm = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.warm"],
            env={**os.environ, **environment, **calm},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._folder = tempfile.TemporaryDirectory(prefix="factcheck-warm-")
        self._count = 0
        self._codes: dict[int, int] = {}

    def start(self, *arguments: str) -> Running:
        """A child that runs `factcheck` with these arguments."""
        self._count += 1
        out, err = (Path(self._folder.name) / f"{self._count}.{kind}" for kind in ("out", "err"))
        pid = self._ask({"arguments": arguments, "out": str(out), "err": str(err)})
        return Running(int(pid), out, err)

    def code(self, pid: int) -> int | None:
        """The exit code of a child, None while it runs."""
        if pid not in self._codes and (found := self._ask({"pid": pid})) is not None:
            self._codes[pid] = int(found)
        return self._codes.get(pid)

    def close(self) -> None:
        """End the process; its children have ended."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def serve() -> None:
    """Fork for every line on standard input, or tell how a child ended."""
    from label_studio_sdk import LabelStudio

    import factcheck.studio.api.client

    made: Any = LabelStudio
    sdk = made(base_url="http://127.0.0.1:9", api_key="0" * 40)
    _ = sdk.projects, sdk.tasks, sdk.versions, sdk.users, factcheck.studio.api.client
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a process with threads cannot be forked safely"
    for line in sys.stdin:
        question = json.loads(line)
        answer = _ended(question["pid"]) if "pid" in question else _fork(question)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _fork(question: dict[str, Any]) -> int:
    if pid := os.fork():
        return pid
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(question[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        sys.argv = ["factcheck", *question["arguments"]]
        from factcheck.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


if __name__ == "__main__":
    serve()
