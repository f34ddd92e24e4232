"""Laws 2, 3 and 4 together, from staged claims to the committed version, on the fake wire under random schedules."""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import pytest

from factcheck.errors import FactcheckError
from tests.chaos.newsroom import make_desk
from tests.chaos.schedule import Day, Outcome, calm, plan, stormy
from tests.chaos.storm import CUTS, KINDS, URL
from tests.measures import Measure, emit

SCHEDULES = int(os.environ.get("SCHEDULES", "1000"))
PER_PLAN = 20
SAMPLE = 0
LARGE = int(os.environ.get("LARGE_SCHEDULES", "8"))


class Told(NamedTuple):
    """How one schedule ended, for another process to count."""

    seed: int
    lost: int
    doubled: int
    differs: str
    happened: list[str]
    seconds: float


def compare(seed: int, quiet: Outcome, days: list[Day], template: Path, scratch: Path) -> Told:
    began = time.monotonic()
    try:
        storm, weather, moving = stormy(days, template, scratch / f"storm-{seed}", seed)
    except (FactcheckError, AssertionError) as error:  # counted with the others, so that one does not hide the rest
        return Told(seed, 0, 0, f"{type(error).__name__}: {error}"[:500], [], time.monotonic() - began)
    differs = []
    if storm.said != quiet.said:
        differs.append("what was said")
    # An import stored after we had given it up takes task ids that the calm run has not given away; and where checkers
    # work meanwhile, a pull more or less sees it in another version at another time.
    if not moving and "late" not in weather.happened:
        differs += ["fingerprint"] if storm.fingerprint != quiet.fingerprint else []
        differs += ["versions"] if storm.versions != quiet.versions else []
    return Told(
        seed,
        lost=len(quiet.tasks.keys() - storm.tasks.keys()) + max(0, quiet.events - storm.events),
        doubled=sum(count - 1 for count in storm.tasks.values()) + max(0, storm.events - quiet.events),
        differs=", ".join(differs),
        happened=weather.happened,
        seconds=time.monotonic() - began,
    )


def play(plan_seed: int, seeds: range, first: int, days: int) -> list[Told]:
    """One plan in calm, then in the weather of each seed."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="factcheck-chaos-") as folder:
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        scratch = Path(folder)
        template = scratch / "template"
        make_desk(template, URL)
        work = plan(plan_seed, first=first, days=days)
        quiet = calm(work, template, scratch / "calm")
        assert set(quiet.tasks.values()) == {1}
        assert quiet.states.keys() & {"submitted", "skipped"}
        return [compare(seed, quiet, work, template, scratch) for seed in seeds]


def told_well(told: list[Told]) -> None:
    bad = [one._replace(happened=one.happened[-30:]) for one in told if one.lost or one.doubled or one.differs]
    assert not bad, bad


def test_a_sample_of_schedules_gives_the_same_dataset_as_a_calm_run() -> None:
    kinds = {action.what for action in plan(SAMPLE, first=12, days=2)[1].early}
    assert kinds >= {"submit", "edit", "delete"}
    told = play(plan_seed=SAMPLE, seeds=range(6), first=12, days=2)
    told_well(told)
    happened = Counter(what for one in told for what in one.happened)
    assert sum(happened.values()) > 50
    assert sum(count for what, count in happened.items() if what.startswith("killed")) >= 5


@pytest.mark.chaos
def test_many_schedules_give_the_same_dataset_as_calm_runs() -> None:
    first = [5, 20, 60]
    jobs = [(number, range(number * PER_PLAN, (number + 1) * PER_PLAN)) for number in range(SCHEDULES // PER_PLAN)]
    told: list[Told] = []
    began = time.monotonic()
    # Each process speaks through a patched wire of its own; threads of one process could not.
    os.environ["POLARS_MAX_THREADS"] = "1"
    with ProcessPoolExecutor(multiprocessing.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        plays = [pool.submit(play, number, seeds, first[number % 3], 2 + number % 2) for number, seeds in jobs]
        for done in as_completed(plays):
            told += done.result()
            bad = sum(bool(one.lost or one.doubled or one.differs) for one in told)
            sys.stderr.write(f"[chaos] {len(told)} schedules, {bad} bad, {time.monotonic() - began:.0f} s\n")
    report("schedules", told)
    told_well(told)
    happened = Counter(what for one in told for what in one.happened)
    assert set(KINDS) <= happened.keys()
    assert {f"killed at {cut}" for cut in CUTS} <= happened.keys()


@pytest.mark.chaos
def test_schedules_of_ten_thousand_tasks() -> None:
    told = play(plan_seed=7, seeds=range(LARGE), first=10_000, days=2)
    report("schedules_10k_tasks", told)
    told_well(told)


def report(name: str, told: list[Told]) -> None:
    happened = Counter(what for one in told for what in one.happened)
    deaths = sum(count for what, count in happened.items() if what.startswith("killed"))
    sys.stderr.write(f"[chaos] {name}: {dict(sorted(happened.items()))}\n")
    measure = functools.partial(Measure, n=len(told))
    emit(
        [
            measure(f"studio.{name}", len(told), "schedules", better="higher"),
            measure(f"studio.{name}_faults", sum(happened.values()) - deaths, "faults", better="higher"),
            measure(f"studio.{name}_deaths", deaths, "deaths", better="higher"),
            measure(f"studio.{name}_lost", sum(one.lost for one in told), "tasks, events", 0),
            measure(f"studio.{name}_doubled", sum(one.doubled for one in told), "tasks, events", 0),
            measure(f"studio.{name}_other_dataset", sum(bool(one.differs) for one in told), "schedules", 0),
        ]
    )
