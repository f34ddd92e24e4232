"""Laws 2 and 3 under faults, with the real SDK on the fake wire."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.errors import ProtocolError, Unavailable
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.page.label_config import label_config
from factcheck.studio.sync import sending
from factcheck.studio.sync.project import ensure_project
from factcheck.studio.sync.pull import pull
from factcheck.studio.sync.push import Pushed, push
from factcheck.studio.sync.push_cache import PushCache
from tests.fake_studio.answers import ADMIN_TOKEN, FAULTS_OF_ANY, FAULTS_OF_LISTS, FakeStudio, seeded
from tests.fake_studio.props import NOW, Checker, make_tasks
from tests.fake_studio.rows import Store

URL = "http://127.0.0.1:9"
CONFIG = label_config("en")
# Odd microseconds, so that a clock set back by whole seconds never gives two annotations one id and one birth.
TICKS = (timedelta(0), timedelta(microseconds=1007), timedelta(seconds=30, microseconds=137))


def make_client(fake: FakeStudio) -> Client:
    ticks = itertools.count()
    return Client(URL, ADMIN_TOKEN, transport=fake, deadline=60, sleep=lambda _: None, clock=lambda: float(next(ticks)))


def insist(ask: Callable[[], Any]) -> Any:
    """Run the command again until it ends well, as a person would."""
    for _ in range(100):
        try:
            return ask()
        except (Unavailable, ProtocolError):
            continue
    raise AssertionError("100 tries did not do it")


def claims_of(store: Store) -> list[str]:
    return sorted(task["data"]["claim_id"] for task in store.tasks.values())


@pytest.mark.slow
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 120),
    share=st.sampled_from([0.1, 0.5, 0.9]),
    writers=st.sampled_from([1, 2]),
)
def test_push_under_any_faults_makes_every_task_once(seed: int, count: int, share: float, writers: int) -> None:
    kinds = (*FAULTS_OF_ANY, *FAULTS_OF_LISTS, "late")
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sending, "_FIRST_BATCH", 10)  # so that a few tasks are many batches
        small.setattr(sending, "_LARGEST_BATCH", 40)
        push_under_faults(FakeStudio(faults=seeded(seed, kinds, share=share, most=30)), count, writers)


def push_under_faults(fake: FakeStudio, count: int, writers: int) -> None:
    client = make_client(fake)
    desired = make_tasks(list(range(1, count + 1)))

    cache: PushCache | None = None

    def run() -> Pushed:
        project = ensure_project(client, mark="m", title="Faults", config=CONFIG, overlap=2)
        assert project is not None
        return push(client, project.project_id, desired, cache=cache, writers=writers)

    cache = insist(run).cache
    fake.faults = None
    healed = run()  # an import that was stored after its push had ended is found by the next one
    assert len(fake.store.projects) == 1
    assert claims_of(fake.store) == desired["claim_id"].to_list()
    assert (healed.created, healed.unchanged) == (0, count)
    assert run().removed == 0
    client.close()


def test_a_lost_answer_is_looked_up_and_not_sent_again() -> None:
    fake = FakeStudio(faults=iter([*[None] * 5, "reset_after"]))
    client = make_client(fake)
    project = ensure_project(client, mark="m", title="Lost", config=CONFIG, overlap=2)
    assert project is not None
    fake.faults = iter([None, None, "502_after"])
    pushed = push(client, project.project_id, make_tasks([1, 2, 3]))
    assert pushed.created == 3
    assert [name for name in fake.requests if name.endswith("/import")] == ["POST /api/projects/1/import"]
    client.close()


def test_an_import_stored_after_we_gave_it_up_is_taken_back() -> None:
    fake = FakeStudio()
    client = make_client(fake)
    project = ensure_project(client, mark="m", title="Late", config=CONFIG, overlap=2)
    assert project is not None
    fake.faults = iter([None, None, "late"])
    assert push(client, project.project_id, make_tasks([1, 2, 3])).removed == 3
    assert len(claims_of(fake.store)) == 3
    client.close()


class Desk:
    """Checkers work on a store at random; a pull follows now and then."""

    def __init__(self, seed: int, faults: Iterator[str | None] | None, *, tick: timedelta) -> None:
        self.store = Store()
        quiet = FakeStudio(self.store)
        self.store.tick = tick
        self.store.add_user("basma", "b" * 40)
        self.client = make_client(quiet)
        made = ensure_project(self.client, mark="m", title="Desk", config=CONFIG, overlap=2)
        assert made is not None
        self.project = made.project_id
        push(self.client, self.project, make_tasks(list(range(1, 13))))
        self.client.close()
        self.client = make_client(FakeStudio(self.store, faults))
        self.people = [Checker(URL, token, quiet) for token in (ADMIN_TOKEN, "b" * 40)]
        self.dice = random.Random(seed)
        self.known, self.cursor = frames.empty(AnnotationEvent), dict[str, Any]()
        self.started, self.jumps = self.store.now, timedelta(0)

    @property
    def now(self) -> datetime:
        """By our own clock, which goes on evenly while the server's is set; what takes it time takes us time."""
        return NOW + (self.store.now - self.started - self.jumps)

    def act(self) -> None:
        who = self.dice.choice(self.people)
        mine = sorted(self.store.annotations)
        what = self.dice.choice(["submit", "submit", "skip", "edit", "edit", "delete", "delete_task", "clock"])
        choice = self.dice.choice(["verified", "disputed", "opinion", "not_a_claim", "wahr"])
        if what in {"submit", "skip"} and self.store.tasks:
            task = self.dice.choice(sorted(self.store.tasks))
            who.submit(task, choice) if what == "submit" else who.skip(task)
        elif what == "edit" and mine:
            who.edit(self.dice.choice(mine), choice)
        elif what == "delete" and mine:
            who.delete(self.dice.choice(mine))
        elif what == "delete_task" and len(self.store.tasks) > 8:
            who.delete_task(self.dice.choice(sorted(self.store.tasks)))
        elif what == "clock":
            jump = timedelta(seconds=self.dice.choice([-240, 300]))
            self.store.now += jump
            self.jumps += jump

    def pull(self, *, full: bool = False) -> None:
        found = pull(
            self.client, self.project, self.known, self.cursor,
            project="main", now=self.now, annotator_id=lambda user: f"ant_{user:020x}", full=full, page_size=3,
        )  # fmt: skip
        assert found.seen == found.accepted + found.rejected.height
        self.known, self.cursor = pl.concat([self.known, found.events]), found.cursor

    def work(self) -> pl.DataFrame:
        for _ in range(self.dice.randint(4, 8)):
            for _ in range(self.dice.randint(0, 5)):
                self.act()
            insist(self.pull)
        self.client.close()
        return self.known.drop("observed_at")


@pytest.mark.slow
@given(seed=st.integers(0, 2**32), tick=st.sampled_from(TICKS))
def test_pull_under_any_faults_sees_what_a_quiet_one_sees(seed: int, tick: timedelta) -> None:
    faults = seeded(seed, (*FAULTS_OF_ANY, *FAULTS_OF_LISTS), share=0.3, most=200)
    shaken = Desk(seed, faults, tick=tick)
    assert shaken.work().equals(Desk(seed, None, tick=tick).work())


@pytest.mark.slow
@given(seed=st.integers(0, 2**32), tick=st.sampled_from(TICKS[1:]))
def test_incremental_pulls_know_what_a_full_one_knows(seed: int, tick: timedelta) -> None:
    desk = Desk(seed, None, tick=tick)
    events = desk.work()
    assert events["event_id"].is_unique().all()
    assert events.group_by("annotation_key").agg(gap=pl.col("seq").max() - pl.len())["gap"].eq(0).all()
    before = desk.known.height
    desk.client = make_client(FakeStudio(desk.store))
    desk.pull(full=True)
    assert desk.known.height == before, "a full pull found what the others had missed"
    desk.client.close()


def test_pages_that_never_add_up_stop_the_pull() -> None:
    desk = Desk(1, itertools.cycle([None, "short_page"]), tick=TICKS[1])
    desk.client = make_client(FakeStudio(desk.store, itertools.repeat("short_page")))
    with pytest.raises(ProtocolError, match="total"):
        desk.pull()
    assert desk.cursor == {}
    desk.client.close()
