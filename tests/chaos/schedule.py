"""Plans of a few days' work drawn from a seed, and how they are played: in calm, or with faults and deaths.

A plan fixes every action and the server's clock of it, so that the same plan gives the same dataset whatever goes
wrong. For that each task is touched at most once between two pulls that end well: Label Studio has no history, and of
two actions on one annotation only the last could be seen by a pull that comes after both.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.dataset.verify import verify
from factcheck.errors import ProtocolError, Unavailable
from factcheck.models import AnnotationEvent, digest
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.settings import Settings
from factcheck.studio.sync.windows import WIDE_EVERY
from tests.chaos.newsroom import copy_desk, stage
from tests.chaos.storm import CUTS, KINDS, URL, StormyStudio, Weather, weathered
from tests.failing import Killed
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.props import NOW, Checker, claim_id, result
from tests.fake_studio.rows import Store

MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAMES = ("Anahita", "Basma", "Chris")
_FIRST = ("submit", "submit", "submit", "skip", "nonsense", "delete_task")
_AGAIN = ("edit", "edit", "unskip", "delete", "delete", "delete_task", "submit")
_TRIES = 60


class Action(NamedTuple):
    """What a checker does to a claim's task, when by the server's clock."""

    what: str
    who: int
    claim: int
    choice: str
    at: datetime


class Day(NamedTuple):
    """New claims, new appearances of older ones, and what checkers do: early on tasks that are there, then on any."""

    claims: range
    copies: list[int]
    early: list[Action]
    late: list[Action]


class Outcome(NamedTuple):
    """What a play left, and how often each claim stands in Label Studio.

    `fingerprint` is the dataset's own digest of all it knows, `said` one of what checkers said and what was decided:
    without task ids, and without the times at which we looked.
    """

    fingerprint: str
    said: str
    versions: list[str]
    tasks: dict[str, int]
    events: int
    states: dict[str, int]


def plan(seed: int, *, first: int, days: int = 3) -> list[Day]:
    """A few days' work: about `first` claims on the first one, fewer later."""
    dice = random.Random(seed)
    known: list[int] = []
    there: set[int] = set()
    copied: set[int] = set()
    made: list[Day] = []
    equal_times = dice.random() < 0.3
    for number in range(days):
        count = first if number == 0 else dice.randint(0, max(1, first // 4))
        fresh = range(len(known) + 1, len(known) + 1 + count)
        # Each at most once: two appearances of a claim would have one id here, which true ids never have.
        single = [claim for claim in known if claim not in copied]
        copies = dice.sample(single, min(len(single), dice.randint(0, 3)))
        copied |= {*copies}
        known += fresh
        free = [claim for claim in known if claim not in copies]
        start = MORNING + timedelta(hours=number)
        actions = []
        answered = [action.claim for day in made for action in (*day.early, *day.late) if action.claim in free]
        chosen = dice.sample(answered, min(len(answered), dice.randint(0, 6)))
        chosen += dice.sample(free, min(len(free), dice.randint(0 if made else 4, 8)))
        for step, claim in enumerate(dict.fromkeys(chosen)):
            # Clocks step back and forth by minutes; the odd microseconds keep births apart where ids are used again.
            at = start + timedelta(seconds=dice.randint(-240, 240), microseconds=1007 * (step + 1))
            what = dice.choice(_AGAIN if claim in answered else _FIRST) if made or step else "submit"
            if equal_times and what == "submit":
                at = start
            choice = dice.choice(["verified", "disputed", "opinion", "not_a_claim"])
            actions.append(Action(what, dice.randrange(len(NAMES)), claim, choice, at))
        early = [action for action in actions if action.claim in there]
        there = there | {*fresh} - {action.claim for action in actions if action.what == "delete_task"}
        made.append(Day(fresh, copies, early, [action for action in actions if action not in early]))
    return made


class Players:
    """Checkers at the fake's quiet door: nothing goes wrong for them, they only do what the plan says."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.quiet = FakeStudio(store)
        tokens = [f"{index}" * 40 for index, _ in enumerate(NAMES, start=1)]
        for name, token in zip(NAMES, tokens, strict=True):
            store.add_user(name, token)
        self.people = [Checker(URL, token, self.quiet) for token in tokens]

    def do(self, action: Action) -> None:
        """One action on the oldest task of the claim; what has no object there is left out."""
        tasks = [row["id"] for row in self.store.tasks.values() if row["data"]["claim_id"] == claim_id(action.claim)]
        task, who = min(tasks, default=None), self.people[action.who]
        if task is None:
            return
        back = self.store.now
        self.store.now = action.at
        mine = [row for row in self.store.annotations.values() if row["task"] == task]
        first = min((row["id"] for row in mine), default=None)
        match action.what:
            case "submit":
                who.submit(task, action.choice, rationale=f"{action.claim}", confidence="low")
            case "skip":
                who.skip(task)
            case "nonsense":
                who.submit(task, "wahr")
            case "edit" if first:
                who.edit(first, action.choice, rationale="On second thought.")
            case "unskip" if first:
                who.change(first, {"was_cancelled": False, "result": result(action.choice)})
            case "delete" if first:
                who.delete(first)
            case "delete_task":
                who.delete_task(task)
        self.store.now = max(back, self.store.now) if action.at < back else self.store.now

    def close(self) -> None:
        for person in self.people:
            person.close()


def calm(days: list[Day], template: Path, folder: Path) -> Outcome:
    """The plan without any fault."""
    return _play(days, copy_desk(template, folder, URL), None, moving=False)


def stormy(days: list[Day], template: Path, folder: Path, seed: int) -> tuple[Outcome, Weather, bool]:
    """The plan with faults and deaths drawn from the seed, what they were, and whether others worked meanwhile."""
    dice = random.Random(seed)
    kinds = tuple(dice.sample(KINDS, dice.randint(2, len(KINDS))))
    late = ("late",) if dice.random() < 0.15 else ()
    cuts = {
        cut: sorted(dice.sample(range(1, 40 if cut in {"request", "answer"} else 5), dice.randint(1, 3)))
        for cut in dice.sample(CUTS, dice.randint(0, 4))
    }
    share = dice.choice([0.05, 0.2, 0.6])
    weather = Weather(seed, kinds=(*kinds, *late), share=share, most=dice.choice([10, 60]), cuts=cuts)
    moving = dice.random() < 0.4
    return _play(days, copy_desk(template, folder, URL), weather, moving=moving), weather, moving


def _play(days: list[Day], settings: Settings, weather: Weather | None, *, moving: bool) -> Outcome:
    store = Store()
    players = Players(store)
    waiting: list[Action] = []
    dice = random.Random(len(days))

    def meanwhile() -> None:
        if waiting and dice.random() < 0.2:
            players.do(waiting.pop(0))

    studio = StormyStudio(store, weather, meanwhile)
    with weathered(studio):
        for number, day in enumerate(days):
            # Nine hours apart, so that the third day's pull compares all ids as it does once a day.
            now = NOW + timedelta(hours=9 * number)
            store.now = MORNING + timedelta(hours=number)
            stage(settings, day.claims, copies=day.copies)
            if moving:
                waiting[:] = day.early
            for run in (_push, _pull) if moving else (_push,):
                insist(functools.partial(run, settings, now))
            for action in [*(waiting if moving else day.early), *day.late]:
                players.do(action)
            waiting.clear()
            # A clock that stepped back for a moment hides what happened then from the pulls in between, not from this.
            insist(functools.partial(_pull, settings, now + WIDE_EVERY))
        if weather:
            weather.clear_up()
        # An import that was stored after its push had ended is found, and taken back, by the next one.
        for _ in range(3 if weather and "late" in weather.happened else 1):
            _push(settings, NOW + timedelta(days=2))
        _pull(settings, NOW + timedelta(days=2))
        diagnosis = doctor(settings, project=None, now=NOW)
    players.close()
    assert diagnosis.equal, diagnosis.differences
    checked = verify(settings.dataset_uri)
    assert checked.ok, checked.findings
    return _outcome(settings, store)


def _push(settings: Settings, now: datetime) -> None:
    done = push(settings, project=None, now=now, say=_silent)
    assert done.accepted + done.rejected == done.seen


def _pull(settings: Settings, now: datetime) -> None:
    pull(settings, project=None, full=False, now=now, say=_silent)


def _silent(_: str) -> None:
    """Progress is for people."""


def insist(run: Callable[[], Any]) -> Any:
    """Run the command again until it ends well, as a person would; after a death, as another process would."""
    last: BaseException | None = None
    for _ in range(_TRIES):
        try:
            return run()
        except (Unavailable, ProtocolError, Killed) as error:
            last = error
    raise AssertionError(f"{_TRIES} tries did not do it: {last}")


def _outcome(settings: Settings, store: Store) -> Outcome:
    data = dataset_package.open(settings.dataset_uri)
    events = data.annotations().select(frames.schema(AnnotationEvent).names()).collect()
    assert events["event_id"].is_unique().all(), "an event twice"
    counted = events.group_by("annotation_key").agg(last=pl.col("seq").max(), n=pl.len())
    assert counted["last"].equals(counted["n"]), "a state lost or doubled"
    assert _held(data) == _there(store), "the dataset's last states are not what the server's store holds"
    tasks: dict[str, int] = {}
    for row in store.tasks.values():
        tasks[row["data"]["claim_id"]] = tasks.get(row["data"]["claim_id"], 0) + 1
    return Outcome(
        data.fingerprint(),
        digest(
            events.drop("task_id", "observed_at")
            .with_columns(updated_at=pl.when(pl.col("state") != "deleted").then("updated_at"))
            .sort("event_id")
            .to_dicts(),
            data.verdicts().drop("version").sort("claim_id").collect().to_dicts(),
        ),
        data.versions()["content_hash"].to_list(),
        tasks,
        events.height,
        dict(events["state"].value_counts().iter_rows()),
    )


def _held(data: dataset_package.Dataset) -> dict[str, str]:
    """What each annotation that is not deleted says, as the dataset has it."""
    last = data.last_states().filter(pl.col("state") != "deleted")
    said = pl.coalesce("choice", "state")
    return dict(last.select("annotation_key", said).iter_rows())


def _there(store: Store) -> dict[str, str]:
    """The same from the fake's own store, without any code of ours in between; what is no answer is left out."""
    found = {}
    for row in store.annotations.values():
        choices = [item["value"]["choices"][0] for item in row["result"] if item["from_name"] == "verdict"]
        if row["was_cancelled"] or choices != ["wahr"]:
            born = datetime.fromisoformat(row["created_at"]).isoformat()
            found[f"main:{row['id']}:{born}"] = "skipped" if row["was_cancelled"] else choices[0]
    return found
