"""No vote lost: random histories on the fake wire in bad weather, and on a real Label Studio."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.chaos.histories import BUTTONS, FORGETTING, HONEST, History
from tests.chaos.mending_moves import MENDING
from tests.chaos.newsroom import copy_desk, make_desk
from tests.chaos.schedule import MORNING, insist
from tests.chaos.storm import KINDS, URL, StormyStudio, Weather, weathered
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.props import NOW
from tests.fake_studio.rows import Store
from tests.live_server import LabelStudio, say
from tests.machine import Fake, Machine, Real
from tests.measures import Measure, emit

HISTORIES = int(os.environ.get("HISTORIES", "1000"))
LIVE = int(os.environ.get("LIVE_HISTORIES", "50"))
FIRST = int(os.environ.get("FIRST_HISTORY", "0"))
STEPS = 25
LAWS = ("lost", "invented", "other", "alarms", "unrest")


class Told(NamedTuple):
    """How one history ended, for another process to count."""

    seed: int
    broken: dict[str, list[str]]
    happened: Counter[str]
    story: list[str]
    seconds: float


def on_the_fake(seed: int, template: Path, folder: Path) -> Told:
    """A history of that seed on the fake wire, two in three of them in bad weather."""
    dice, store = random.Random(seed), Store()
    store.now = MORNING
    quiet = Fake(FakeStudio(store))
    store.now = MORNING
    weather = None
    if dice.random() < 0.66:
        cuts = {cut: sorted(dice.sample(range(1, 60), 2)) for cut in ("request", "answer", "commit", "sealed")}
        share = dice.choice([0.02, 0.1])
        weather = Weather(seed, kinds=KINDS, share=share, most=30, cuts=cuts)
    studio = StormyStudio(store, weather)

    def tick(by: timedelta) -> None:
        store.now += by + timedelta(seconds=dice.choice([0, 0, 0, -90, 90]))

    settings = copy_desk(template, folder, URL)
    return _told(
        History(quiet, settings, seed, now=NOW, insist=insist, wire=lambda: weathered(studio), tick=tick), weather
    )


def _told(history: History, weather: Weather | None, *, steps: int = STEPS) -> Told:
    began = time.monotonic()
    broken = history.broken._asdict()
    try:
        history.live(steps)
        if weather is not None:
            weather.clear_up()
        history.end()
    except Exception as error:  # noqa: BLE001 - counted with the others, so that one does not hide the rest
        where = traceback.extract_tb(error.__traceback__)[-1]
        broken["unrest"].append(f"{type(error).__name__} at {where.name}: {error}"[:600])
    happened = history.happened + Counter(weather.happened if weather else [])
    found = {law: said for law, said in broken.items() if said}
    return Told(history.dice_seed, found, happened, history.story, time.monotonic() - began)


def play(seeds: list[int]) -> list[Told]:
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="factcheck-history-") as scratch:
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        template = Path(scratch) / "template"
        make_desk(template, URL)
        return [on_the_fake(seed, template, Path(scratch) / str(seed)) for seed in seeds]


def told_well(told: list[Told]) -> None:
    bad = [one for one in told if one.broken]
    for one in bad[:10]:
        say(f"history {one.seed}: {one.broken}, in {one.story}")
    assert not bad, f"{len(bad)} of {len(told)}: {[one.seed for one in bad]}\n{bad[0].broken}"


def test_a_sample_of_histories_loses_no_vote() -> None:
    told = play(list(range(FIRST, FIRST + int(os.environ.get("SAMPLE", "3")))))
    told_well(told)


@pytest.mark.chaos
@pytest.mark.timeout(10_000)
def test_many_histories_lose_no_vote() -> None:
    told: list[Told] = []
    began = time.monotonic()
    os.environ["POLARS_MAX_THREADS"] = "1"
    seeds = list(range(FIRST, FIRST + HISTORIES))
    with ProcessPoolExecutor(multiprocessing.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        plays = [pool.submit(play, seeds[start : start + 10]) for start in range(0, len(seeds), 10)]
        for done in as_completed(plays):
            told += done.result()
            bad = [(one.seed, one.broken) for one in told if one.broken]
            sys.stderr.write(f"[chaos] {len(told)} histories, {time.monotonic() - began:.0f} s, bad: {bad}\n")
    report("histories", told)
    told_well(told)
    happened = sum((one.happened for one in told), Counter[str]())
    assert {*HONEST, *BUTTONS, *FORGETTING, *MENDING} <= happened.keys()


@contextmanager
def _real_wire(machine: Machine) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACTCHECK_TOKEN", machine.token)
        yield


@pytest.mark.live
@pytest.mark.chaos
@pytest.mark.timeout(10_000)
def test_histories_on_a_real_label_studio(label_studio: LabelStudio, tmp_path: Path) -> None:
    told = []
    machine = Real(label_studio, tmp_path / "backups")
    machine.member("anahita"), machine.member("basma"), machine.member("chris")
    for seed in range(FIRST, FIRST + LIVE):
        settings = make_desk(tmp_path / f"desk-{seed}", machine.url)

        def wire() -> AbstractContextManager[None]:
            return _real_wire(machine)

        told.append(_told(History(machine, settings, seed, now=datetime.now(UTC), wire=wire), None))
        say(f"history {seed}: {told[-1].broken or 'well'}, {told[-1].seconds:.0f} s")
    report("live_histories", told)
    told_well(told)


def report(name: str, told: list[Told]) -> None:
    happened = sum((one.happened for one in told), Counter[str]())
    sys.stderr.write(f"[chaos] {name}: {dict(sorted(happened.items()))}\n")
    rows = [Measure(f"studio.{name}", len(told), "histories", better="higher", n=len(told))]
    rows += [
        Measure(f"studio.{name}_{law}", sum(len(one.broken.get(law, ())) for one in told), "votes", 0, n=len(told))
        for law in LAWS
    ]
    emit(rows)
