"""Standard output that takes no more: a full disk, a reader that has gone, a stream that was closed from the start."""

from __future__ import annotations

import functools
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app, streams, watch
from factcheck.cli.run import Run
from factcheck.cli.streams import OutputLost

OUTPUTS = {
    "full": (">/dev/full", 1, "No space left on device"),
    "closed": (">&-", 1, "it is closed"),
    "gone": ("", 141, ""),
}
COMMANDS = ("--help", "--version", "status", "status --json", "init --force", "ingest a.txt --json", "show --help")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    assert CliRunner().invoke(app, ["--desk", str(folder), "init"]).exit_code == 0
    (folder / "a.txt").write_text("The minister said that unemployment fell to 4 percent last year.", "utf-8")
    return folder


@pytest.mark.parametrize("where", OUTPUTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written_is_one_sentence_and_the_right_code(desk: Path, command: str, where: str) -> None:
    to, code, said = OUTPUTS[where]
    reader, writer = os.pipe()
    os.close(reader)  # before it starts: the first byte meets a closed pipe
    line = f"exec {sys.executable} -m factcheck {command} {to}"
    ended = subprocess.run(["sh", "-c", line], cwd=desk, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert said in ended.stderr
    assert bool(ended.stderr) == bool(said), "a reader that has gone is no news"


@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-"])
def test_what_cannot_be_said_on_standard_error_stops_no_work(desk: Path, to: str) -> None:
    line = f"exec {sys.executable} -m factcheck status {to}"
    ended = subprocess.run(["sh", "-c", line], cwd=desk, stdout=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 0
    assert "next:\n  factcheck " in ended.stdout, "the next step"


def test_a_failed_command_keeps_its_own_code_where_its_output_is_lost(tmp_path: Path) -> None:
    line = f"exec {sys.executable} -m factcheck status --json >/dev/full"
    ended = subprocess.run(["sh", "-c", line], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 2
    assert "No space left on device" in ended.stderr


def test_closed_streams_leave_their_numbers_to_nobody_else() -> None:
    script = "import os\nfrom factcheck.cli.streams import prepare_streams\nprepare_streams()\n"
    script += "assert os.open('/etc/hostname', os.O_RDONLY) > 2\n"
    script += "assert {os.readlink(f'/proc/self/fd/{number}') for number in range(3)} == {'/dev/null'}"
    line = f'exec {sys.executable} -c "$0" <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", line, script], check=False).returncode == 0


class Full(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


RUN = Run(Path(), json=True, command="watch", streams=True)


@pytest.mark.parametrize("tell", [functools.partial(line, RUN) for line in (watch._line, watch._sentence)])
def test_a_watch_whose_reader_has_gone_ends_instead_of_trying_again(tell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputLost) as raised:
        tell({"event": "commit", "version": 1, "counts": {"events": 1}, "rejected": 0, "seconds": 0.1})
    assert not isinstance(raised.value, OSError), "the watch takes an OSError for trouble that passes"


def test_progress_that_cannot_be_told_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    streams.tell("half of it is done")
