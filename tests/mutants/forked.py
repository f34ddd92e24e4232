"""pytest in a forked process, over a copy of the repository: the heavy libraries are imported once, here.

A fork is safe because importing them starts no pool of threads: polars and delta-rs make theirs at the first query.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

PRELOADED = (
    "pytest", "hypothesis", "polars", "numpy", "pydantic", "deltalake", "httpx", "label_studio_sdk.client",
    "lxml.etree", "simplemma", "typer", "rich", "jsonschema", "coverage",
)  # fmt: skip
FAST = "not slow and not chaos and not live and not browser"
OPTIONS = [
    "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", FAST,
    "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
]  # fmt: skip
TIMED_OUT = -1000


class Ended(NamedTuple):
    """How a run of pytest ended: its exit code, or TIMED_OUT; and after how many seconds."""

    code: int
    seconds: float


def preload() -> None:
    """Import what every test needs and no mutant changes."""
    for name in PRELOADED:
        importlib.import_module(name)


def pytest_in(
    tree: Path,
    arguments: Sequence[str],
    *,
    log: Path,
    timeout: float,
    plugins: Callable[[], list[object]],
    compiled: bool = False,
) -> Ended:
    """Run pytest over the copy in `tree` and wait for it; everything it started is ended with it.

    With `compiled` Python keeps what it compiles, for the runs that follow.
    """
    started = time.monotonic()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _child(tree, arguments, log, plugins, compiled=compiled)
    deadline = started + timeout
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            break
        if time.monotonic() > deadline:
            _end(pid)
            os.waitpid(pid, 0)
            code = TIMED_OUT
            break
        time.sleep(0.05)
    _end(pid)  # what the tests left behind
    return Ended(code, time.monotonic() - started)


def _end(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _child(
    tree: Path, arguments: Sequence[str], log: Path, plugins: Callable[[], list[object]], *, compiled: bool
) -> NoReturn:
    code = 99
    try:
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        here = str(Path.cwd())
        os.chdir(tree)
        sys.path[:] = [str(tree), *(path for path in sys.path if path not in {"", here})]
        os.environ |= {"PYTHONPATH": str(tree)} | ({} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"})
        sys.dont_write_bytecode = not compiled
        added = plugins()
        for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "factcheck"}]:
            del sys.modules[name]
        import pytest

        code = int(pytest.main([*OPTIONS, *arguments], added))
        for plugin in added:
            getattr(plugin, "save", lambda: None)()
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
