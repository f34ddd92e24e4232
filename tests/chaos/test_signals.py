"""SIGINT and SIGTERM at random moments of a command: 130 and 143, one sentence, and the command can be repeated.

Before the first line of `main` a signal is Python's own: then the process ends by it (-2, -15) and says nothing.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.answers import answer
from tests.chaos.whole_desk import WholeDesk, copied, news, whole_desk
from tests.measures import Measure, emit

MOMENTS = int(os.environ.get("MOMENTS", "200"))
ARTICLES = 150
_EXITING = 0x4  # PF_EXITING of Linux' sched.h
SEED = 20_261_126


class Ended(NamedTuple):
    """How a command ended that got a signal; `after` seconds after its start."""

    code: int
    out: bytes
    err: bytes
    after: float

    def verdict(self, number: int) -> str:
        """`right`, `before us` (Python was still starting), or what was wrong."""
        if b"Traceback" in self.err + self.out or b"Exception ignored" in self.err:
            # Python's own start-up (its `site` module) cannot be ours; no file of this package stands in what it says.
            return "before us" if b"factcheck/" not in self.err else "traceback"
        if self.code == -number:
            return "before us" if not self.out + self.err else "died with output"
        if self.code != 128 + number:
            return f"ended with {self.code}"
        return "right" if b"a bug in factcheck" not in self.err + self.out else "defect"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    with whole_desk(tmp_path_factory.mktemp("signals") / "desk") as made:
        news(made.folder / "news", range(ARTICLES))
        yield made


def interrupted(desk: WholeDesk, number: int, after: float, *arguments: str, script: bool = False) -> Ended | None:
    """How the command ended; None where it was over before the signal came."""
    process = desk.start(*arguments, script=script)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        over = _is_leaving(process.pid)
        out, err = process.communicate(timeout=120)
        return None if over and process.returncode == 0 else Ended(process.returncode, out, err, after)
    process.communicate()
    return None


def _is_leaving(pid: int) -> bool:
    """Whether the kernel has begun to take the process away: it has made its last call, and no signal reaches it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except FileNotFoundError:
        return False
    state, flags = fields[0], int(fields[6])
    return state in {b"Z", b"X"} or bool(flags & _EXITING)


def lasting(desk: WholeDesk, *arguments: str) -> float:
    began = time.monotonic()
    process = desk.start(*arguments)
    _, err = process.communicate(timeout=120)
    assert process.returncode in {0, 2}, err
    return time.monotonic() - began


def many(desk: WholeDesk, number: int, arguments: list[str], *, count: int, seed: int) -> Counter[str]:
    """What happened at `count` moments, spread over as long as the command takes."""
    dice, found = random.Random(seed), Counter[str]()
    longest = lasting(desk, *arguments)
    while found.total() < count:
        after, script = dice.uniform(0.0, longest), dice.random() < 0.5
        if (ended := interrupted(desk, number, after, *arguments, script=script)) is None:
            longest *= 0.95  # it was slow before, or others are gone from this machine
            continue
        verdict = ended.verdict(number)
        found[verdict] += 1
        if not found.total() % 20:
            sys.stderr.write(f"{signal.Signals(number).name}: {dict(found)}\n")
        if verdict not in {"right", "before us"}:
            sys.stderr.write(f"{arguments} {ended}\n")
    return found


def assert_whole(desk: WholeDesk) -> None:
    for arguments in (["verify", "--json"], ["ingest", str(desk.folder / "news"), "--json"]):
        process = desk.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert answer(out)["accepted"] == ARTICLES


COMMANDS = {
    "ingest": ["ingest", "{news}"],
    "claims": ["claims"],
    "export": ["export", "claimreview", "--out", "{out}", "--force"],
    "release": ["release", "one", "--out", "{out}"],
    "pull": ["pull", "--full"],
    "run": ["run"],
}


def filled(desk: WholeDesk, arguments: list[str]) -> list[str]:
    return [part.format(news=desk.folder / "news", out=desk.folder / "out") for part in arguments]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_some_moments_of_an_ingest(desk: WholeDesk, number: signal.Signals) -> None:
    found = many(desk, number, filled(desk, COMMANDS["ingest"]), count=4, seed=SEED + number)
    assert set(found) <= {"right", "before us"}, found


@pytest.mark.chaos
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_any_moment_of_an_ingest(desk: WholeDesk, tmp_path: Path, number: signal.Signals) -> None:
    mine = copied(desk, tmp_path / "desk")
    found = many(mine, number, filled(mine, COMMANDS["ingest"]), count=MOMENTS, seed=SEED + number)
    emit(
        [Measure(f"signals.{number.name}", found["right"] + found["before us"], "right", MOMENTS, "higher", n=MOMENTS)]
    )
    assert set(found) <= {"right", "before us"}, found
    assert found["before us"] <= MOMENTS // 10
    assert_whole(mine)


@pytest.mark.chaos
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("verb", [verb for verb in COMMANDS if verb != "ingest"])
def test_any_moment_of_other_commands(desk: WholeDesk, tmp_path: Path, verb: str, number: signal.Signals) -> None:
    mine = copied(desk, tmp_path / "desk")
    found = many(mine, number, filled(mine, COMMANDS[verb]), count=max(MOMENTS // 10, 2), seed=SEED + number)
    assert set(found) <= {"right", "before us"}, found
    assert_whole(mine)
