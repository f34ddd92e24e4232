"""The demo is the whole loop: what it says is there is there, nothing it started stays, a second run is safe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck.studio.local import server
from tests.answers import answer

pytestmark = pytest.mark.live


def start(folder: Path, environment: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "factcheck", "demo", "--folder", str(folder), "--json", *options],
        env=os.environ | {"FACTCHECK_STUDIO_ENVIRONMENT": str(environment)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(running: subprocess.Popen[str]) -> dict[str, Any]:
    stdout, stderr = running.communicate(timeout=400)
    assert running.returncode == 0, stderr
    done: dict[str, Any] = answer(stdout)
    return done


def test_the_demo_twice_in_one_folder(tmp_path: Path, studio_environment: Path) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        done = finished(start(folder, studio_environment))
        assert done["versions"] == [1, 2]
        assert any(row["change"] == "changed" for row in done["diff"])
        assert all(Path(path).is_file() and Path(path).stat().st_size for path in done["files"])
        assert {Path(path).suffix for path in done["files"]} >= {".csv", ".xlsx", ".parquet", ".jsonl", ".jsonld"}
        assert all(report["accepted"] + report["rejected"] == report["seen"] for report in done["reports"].values())
        assert server.status(folder / ".factcheck" / "studio").state == "stopped"
    exported = pl.read_parquet(next(folder.glob("exports/archive-parquet/*.parquet")))
    assert exported["dataset_version"].unique().to_list() == [2]
    assert exported.filter(pl.col("status") == "decided").height > 50


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path, studio_environment: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious", "utf-8")
    running = start(tmp_path, studio_environment)
    running.communicate(timeout=60)
    assert running.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_ctrl_c_stops_what_was_started(tmp_path: Path, studio_environment: Path) -> None:
    folder = tmp_path / "demo"
    running = start(folder, studio_environment)
    deadline = time.monotonic() + 120
    while server.status(folder / ".factcheck" / "studio").state != "running" and time.monotonic() < deadline:
        time.sleep(0.3)
    time.sleep(2)
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=60)
    assert running.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert server.status(folder / ".factcheck" / "studio").state == "stopped"
