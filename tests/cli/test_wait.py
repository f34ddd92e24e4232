"""A command that meets another run waits as long as it was told to, and no longer."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.workspace import Workspace
from tests.dataset import desks

SECONDS = 1.0


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    assert desks.run(tmp_path, "init").code == 0
    (tmp_path / "a.txt").write_text("The bridge cost four million, the mayor said on Monday.\n", "utf-8")
    return tmp_path


def _busy_for(desk: Path, seconds: float) -> threading.Thread:
    held = threading.Event()

    def hold() -> None:
        with Workspace(desk / ".factcheck").writing("pull", now=datetime.now(UTC)):
            held.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    return thread


@pytest.mark.parametrize(
    ("option", "variable", "code"),
    [
        ((), None, 8),
        (("--wait", "0.2"), None, 8),
        (("--wait", "30"), None, 0),
        ((), "30", 0),
        (("--wait", "0"), "30", 8),
    ],
)
def test_it_waits_as_long_as_it_is_told(
    desk: Path, option: tuple[str, ...], variable: str | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("FACTCHECK_DESK_WAIT", variable)
    other = _busy_for(desk, SECONDS)
    try:
        done = CliRunner().invoke(app, ["--desk", str(desk), *option, "ingest", str(desk / "a.txt")])
        assert done.exit_code == code, done.output
        assert not other.is_alive() or code
    finally:
        other.join()
    assert ("factcheck pull" in done.output) == bool(code)
