"""The examples that run a desk's day by themselves: their command is run as it stands, the units are checked."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck.cli import app

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
COMMAND = re.compile(r"/opt/factcheck/bin/factcheck (.+)")
CRON = re.compile(r"^\S+ \S+ \S+ \S+ \S+ factcheck (/opt/\S+ .+)$", re.MULTILINE)


def commands() -> set[str]:
    found = set()
    for name in ("factcheck-day.service", "factcheck-day.cron"):
        text = (EXAMPLES / name).read_text("utf-8")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        (command,) = [match[1] for line in lines if (match := COMMAND.search(line))]
        found.add(command)
    return found


def test_service_and_cron_run_the_same_command_and_it_runs(tmp_path: Path) -> None:
    (command,) = commands()
    assert command == "--desk /srv/factcheck run"
    arguments = shlex.split(command.replace("/srv/factcheck", str(tmp_path)))
    assert CliRunner().invoke(app, ["--desk", str(tmp_path), "init"]).exit_code == 0
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.txt").write_text("The minister said exports rose by 14 percent in 2024.\n", "utf-8")
    with (tmp_path / "factcheck.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sources.inbox]\nfolder = "inbox"\n')
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 5, "no Label Studio runs here, which is what it says"
    assert re.search(r"ingest inbox +done +1 +1 +0", done.stdout)
    assert "failed: push: [UNAVAILABLE]" in done.stdout
    assert "factcheck studio up" in done.stdout


def test_the_line_for_cron_has_five_times_and_a_user() -> None:
    assert CRON.search((EXAMPLES / "factcheck-day.cron").read_text("utf-8"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """As they stand, but for the program, which must be there to be accepted."""
    program = tmp_path / "factcheck"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    for name in ("factcheck-day.service", "factcheck-day.timer"):
        text = (EXAMPLES / name).read_text("utf-8").replace("/opt/factcheck/bin/factcheck", str(program))
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "factcheck-day.timer")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "factcheck-day" in line]
    assert ours == [], done.stderr
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_timer_means_the_hours_it_names() -> None:
    (calendar,) = re.findall(r"^OnCalendar=(.+)$", (EXAMPLES / "factcheck-day.timer").read_text("utf-8"), re.MULTILINE)
    done = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
