"""A disk that takes no more: every message names the path, also where the system call knows only a number."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.dataset import durable
from factcheck.studio.local import server_files


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


WRITERS: dict[str, Callable[[Path], object]] = {
    "write_new": lambda path: durable.write_new(path, b"x"),
    "replace": lambda path: durable.replace(path, b"x"),
    "write_private": lambda path: server_files.write_private(path, "x"),
}


@pytest.mark.parametrize(
    ("writer", "call"), [*((writer, "fsync") for writer in WRITERS), ("write_new", "write"), ("replace", "write")]
)
def test_a_writer_names_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str, call: str) -> None:
    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left") as raised:
        WRITERS[writer](tmp_path / "file")
    assert raised.value.filename == str(tmp_path / "file")


def test_the_command_line_says_which_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["--desk", str(tmp_path), "init"]).exit_code == 0
    (tmp_path / "a.txt").write_text("Prices rose by 5 percent in 2024, the minister said.\n", "utf-8")
    monkeypatch.setattr(os, "fsync", full)
    ended = runner.invoke(app, ["--desk", str(tmp_path), "ingest", str(tmp_path / "a.txt")])
    assert ended.exit_code == 1
    assert f"error [OS] {tmp_path}/.factcheck/lock.json: No space left on device" in ended.stderr


def test_what_holds_a_secret_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    synced, renamed = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        order.append("fsync")
        synced(handle)

    def replace(path: Path, target: Path) -> Path:
        order.append("rename")
        return renamed(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    server_files.write_private(tmp_path / "credentials.json", "{}")
    assert order == ["fsync", "rename"]
    assert (tmp_path / "credentials.json").stat().st_mode & 0o777 == 0o600
