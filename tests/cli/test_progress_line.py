"""That a person sees within two seconds how far a long command is, on a terminal; a log has it now and then."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app, progress
from factcheck.cli.run import Run
from tests.chaos.whole_desk import news
from tests.measures import Measure, emit

SLOW = """
import sys, time
import factcheck.articles.ingest as stage
finish = stage.finish
def slowly(*given, **named):
    time.sleep(0.25)
    return finish(*given, **named)
stage.finish = slowly
from factcheck.cli.process import run
import factcheck.cli.commands, factcheck.pipeline.ingest
sys.argv[1:] = {arguments!r}
open({moment!r}, "w").write(str(time.monotonic()))
run()
"""


def on_a_terminal(*arguments: str, until: bytes, then: signal.Signals) -> tuple[float, bytes, int]:
    """The command with slow reading and a terminal for its standard error.

    Seconds from its first line of work (when Python has our modules) to the first line of progress; all it said
    there; its exit code. `then` is sent to it once it says `until`.
    """
    ours, theirs = pty.openpty()
    moment = Path(arguments[1]).parent / "moment"
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(arguments=list(arguments), moment=str(moment))],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said, first, sent = b"", 0.0, False
    os.set_blocking(ours, False)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            part = os.read(ours, 4096)
        except BlockingIOError:
            time.sleep(0.02)
            continue
        except OSError:  # closed
            break
        if not part:
            break
        said += part
        first = first or (time.monotonic() if b"ingest: " in said else 0.0)
        if not sent and until in said:
            sent = True
            process.send_signal(then)
    code = process.wait(60)
    os.close(ours)
    return first - float(moment.read_text("ascii")), said, code


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    assert CliRunner().invoke(app, ["--desk", str(folder), "init"]).exit_code == 0
    news(tmp_path / "news", range(40))
    return folder


def test_the_first_line_comes_within_two_seconds_and_an_interrupt_keeps_what_was_read(desk: Path) -> None:
    arguments = ("--desk", str(desk), "ingest", str(desk.parent / "news"))
    seconds, said, code = on_a_terminal(*arguments, until=b"so far", then=signal.SIGINT)
    emit([Measure("progress.first_line", seconds, "s", 2.0)])
    assert seconds < 2.0
    assert code == 130
    assert b"interrupted; finished work is kept" in said
    from factcheck import settings
    from factcheck.pipeline.desk import Desk

    staged = Desk(settings.load(desk, {})).staging.articles().height
    assert 0 < staged < 40, "what was read until then"
    done = CliRunner().invoke(app, [*arguments])
    assert f"{staged} unchanged" in done.stdout


class Stream:
    """A standard error that keeps what is written, and is a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal, self.parts, self.times = terminal, list[str](), list[float]()

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.parts.append(text)
        self.times.append(time.monotonic())
        return len(text)

    def flush(self) -> None:
        pass


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(progress, "FIRST_SECONDS", 0.05)
    monkeypatch.setattr(progress, "AGAIN_SECONDS", 0.1)

    def stream(*, terminal: bool) -> Stream:
        made = Stream(terminal=terminal)
        monkeypatch.setattr(sys, "stderr", made)
        return made

    return stream


def test_the_line_changes_at_most_twice_a_second_and_goes(quick: Any) -> None:
    assert progress.FIRST_SECONDS <= 0.1  # of this test
    stream = quick(terminal=True)
    run = Run(Path())
    with run.working("push") as advance:
        for step in range(40):
            advance(step, 40)
            time.sleep(0.01)
        run.say("main: http://127.0.0.1:8080")
        time.sleep(0.2)
    drawn = [part for part in stream.parts if "push: " in part]
    assert 2 <= len(drawn) <= 8
    assert all(part.startswith("\r\x1b[K") for part in drawn)
    place = stream.parts.index("main: http://127.0.0.1:8080\n")
    assert stream.parts[place - 1] == "\r\x1b[K", "the line makes room for what is said"
    assert stream.parts[-1] == "\r\x1b[K"
    assert not any(part.startswith("push") for part in stream.parts)


def test_a_log_has_a_line_every_half_minute_and_no_control_characters(quick: Any, monkeypatch: Any) -> None:
    stream = quick(terminal=False)
    with Run(Path()).working("verify"):
        time.sleep(0.2)
    assert stream.parts == [], "a short command has none"
    assert progress.LOG_SECONDS == 30.0
    monkeypatch.setattr(progress, "LOG_SECONDS", 0.05)
    with Run(Path()).working("verify"):
        time.sleep(0.2)
    assert stream.parts
    assert all(re.fullmatch(r"verify: working, 0 s\n", part) for part in stream.parts)


def test_json_has_no_progress(quick: Any) -> None:
    stream = quick(terminal=True)
    with Run(Path(), json=True).working("pull") as advance:
        advance(1, 2)
        time.sleep(0.2)
    assert stream.parts == []


def test_the_constants_keep_the_promise() -> None:
    assert progress.FIRST_SECONDS + progress.AGAIN_SECONDS < 2.0
    assert progress.AGAIN_SECONDS >= 0.5
