"""A disk that takes no more: every message names the path, also where the system call knows only a number."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_command_line_says_which_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["--desk", str(tmp_path), "init"]).exit_code == 0
    (tmp_path / "a.txt").write_text("Prices rose by 5 percent in 2024, the minister said.\n", "utf-8")
    monkeypatch.setattr(os, "fsync", full)
    ended = runner.invoke(app, ["--desk", str(tmp_path), "ingest", str(tmp_path / "a.txt")])
    assert ended.exit_code == 1
    assert f"error [OS] {tmp_path}/.factcheck/lock.json: No space left on device" in ended.stderr
