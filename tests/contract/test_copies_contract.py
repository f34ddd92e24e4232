"""Claims on several tasks are named; only a copy that nobody answered is too many, and advice ends in peace."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factcheck.pipeline.desk import Desk
from factcheck.pipeline.push import push as pipeline_push
from factcheck.studio.api.client import Client
from factcheck.studio.sync import push_cache as room
from factcheck.studio.sync.push import push
from factcheck.studio.sync.standing import counts
from tests.contract.conftest import NAMES, Studio
from tests.contract.test_queue_contract import ARTICLES, Office
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import Checker, claim_id, make_tasks
from tests.fake_studio.rows import Store

URL = "http://127.0.0.1:9"
DONE = {"create": "created", "update": "updated", "retire": "retired", "remove": "removed", "unchanged": "unchanged"}


def connect(patch: pytest.MonkeyPatch, client: Client) -> None:
    @contextmanager
    def own(_desk: Desk, **_patience: Any) -> Iterator[Client]:
        yield client

    patch.setattr(Desk, "client", own)


@pytest.fixture
def office(tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Office:
    connect(monkeypatch, studio.client)
    return Office(tmp_path, studio)


def heard(office: Office) -> list[str]:
    """What a push says of copies."""
    said: list[str] = []
    pipeline_push(office.settings, project=None, now=office.tick(), say=said.append)
    return [text for text in said if "is on tasks" in text]


def copy(office: Office, claim: str) -> int:
    known = Desk(office.settings).known_project("main")
    assert known is not None
    data = office.task("main", claim)["data"]
    return office.studio.client.import_tasks(known.project_id, [json.dumps(data)])[0]


def test_copies_are_named_and_answered_ones_are_left_in_peace(office: Office) -> None:
    office.push()
    claim, first = min(office.tasks("main").items())
    second = copy(office, claim)
    office.plan()
    (told,) = [text for text in office.said if "is on tasks" in text]
    assert f"tasks {first}, {second}: push removes the tasks without answers" in told
    assert "210" in told or "41,000" in told or "۷٫۶" in told, "the claim is told in its own words"
    assert [f"{first}, {second}: removed" in text for text in heard(office)] == [True]
    assert heard(office) == []
    third = copy(office, claim)
    office.studio.checkers[0].submit(first, "verified")
    office.studio.checkers[1].submit(third, "disputed")
    for _ in range(2):
        (told,) = heard(office)
        assert f"{first} (1 answer), {third} (1 answer): nothing to do" in told
    assert office.plan().report.counts == {"unchanged": 3}


def test_a_copy_answered_since_the_plan_is_not_deleted(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.push([1, 2])
    studio.checkers[0].submit(studio.task[0], "verified")
    spare = studio.client.import_tasks(studio.project, make_tasks([1])["data"].to_list())[0]
    looked = Client.unanswered

    def answered_first(client: Client, project_id: int, task_id: int) -> bool:
        studio.checkers[1].submit(task_id, "disputed")
        return looked(client, project_id, task_id)

    monkeypatch.setattr(Client, "unanswered", answered_first)
    done = studio.push([1, 2])
    assert done.plan.filter(action="remove")["task_id"].to_list() == [spare]
    assert done.removed == 0
    assert studio.admin.task(studio.project, spare)["annotations"]


class Mischief:
    """Members who do what Label Studio lets them do."""

    def __init__(self, store: Store, client: Client, people: list[Checker], seed: int) -> None:
        self.store, self.client, self.people, self.dice = store, client, people, random.Random(seed)

    def act(self) -> None:
        """One thing, at random."""
        tasks = [task for task in self.store.tasks if task not in self.store.unreadable]
        deeds: list[Callable[[int], object]] = [
            lambda task: self.dice.choice(self.people).submit(task, self.dice.choice(["verified", "disputed"])),
            lambda task: self.dice.choice(self.people).skip(task),
            lambda task: self._write(task, claim="Other words."),
            lambda task: self._write(task, claim_id=self.store.tasks[self.dice.choice(tasks)]["data"]["claim_id"]),
            lambda task: self._write(task, claim_id="junk", cache="x"),
            lambda task: self._write(task, content_hash="0"),
            lambda task: self.client.update_task(task, overlap=self.dice.choice([1, 3])),
            lambda task: self.client.update_task(task, is_labeled=self.dice.random() < 0.5),
            lambda task: self.store.import_tasks(1, [{"data": dict(self.store.tasks[task]["data"])}]),
            lambda task: self.store.delete_task(task) if len(tasks) > 2 else None,
            lambda _: self.store.change_project(1, {"maximum_annotations": self.dice.choice([1, 4])}),
            lambda _: self.store.change_project(1, {"overlap_cohort_percentage": self.dice.choice([40, 100])}),
            lambda _: self.store.change_project(1, {"show_annotation_history": True, "skip_queue": "IGNORE_SKIPPED"}),
            lambda _: self.store.change_project(1, {"description": "ours"}),
        ]
        self.dice.choice(deeds)(self.dice.choice(tasks))

    def _write(self, task: int, **fields: str) -> None:
        """With an update time, or as the hidden bulk action does, without."""
        if self.dice.random() < 0.5:
            self.client.update_task(task, data=self.store.tasks[task]["data"] | fields)
        else:
            self.store.tasks[task]["data"] = self.store.tasks[task]["data"] | fields


def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeStudio, *, read_all: int) -> tuple[Office, Client]:
    """A desk on the fake whose pushes read all tasks up to `read_all` of them, and go by the cache above."""
    monkeypatch.setattr(room, "READ_ALL", read_all)
    ticks = itertools.count()
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None, clock=lambda: float(next(ticks)))
    connect(monkeypatch, client)
    more = "\n".join(f"The mayor said that {n}0,000 people left in 201{n}." for n in range(1, 9))
    monkeypatch.setitem(ARTICLES, "more.txt", more)
    office = Office(tmp_path, Studio.__new__(Studio))
    office.studio.client = client
    return office, client


def an_hour_later(fake: FakeStudio, client: Client) -> None:
    """One task moves, long after all others."""
    fake.store.now += timedelta(hours=1)
    last = max(fake.store.tasks)
    client.update_task(last, overlap=fake.store.tasks[last]["overlap"])


def test_a_plan_sees_no_more_than_the_push_will(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStudio()
    office, client = large(tmp_path, monkeypatch, fake, read_all=0)
    office.push()
    an_hour_later(fake, client)
    office.push()
    task = next(iter(fake.store.tasks.values()))
    task["data"] = task["data"] | {"claim": "Other words."}  # as the hidden bulk action writes: nothing moves
    everything = {"unchanged": len(fake.store.tasks)}
    assert office.plan().report.counts == everything, "within a day a large project is believed"
    assert office.push().counts["updated"] == 0
    monkeypatch.setattr(room, "READ_ALL", 2000)
    assert office.plan().report.counts["update"] == 1
    assert office.push().counts["updated"] == 1
    client.close()


def test_after_a_setting_gave_every_task_another_overlap_all_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeStudio()
    office, client = large(tmp_path, monkeypatch, fake, read_all=0)
    office.push()
    office.configure("main", languages=["en"])
    assert office.push().counts["retired"] == 1
    an_hour_later(fake, client)
    office.push()
    fake.store.change_project(1, {"overlap_cohort_percentage": 40})
    assert office.plan().report.counts.get("retire") == 1, "putting it right brings a withdrawn claim back"
    assert office.push().counts["retired"] == 1
    assert office.plan().report.counts == {"unchanged": len(fake.store.tasks)}
    client.close()


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.chaos) for seed in range(2, 30))])
@pytest.mark.parametrize("read_all", [0, 2000])
def test_a_plan_says_what_a_push_does_whatever_members_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, read_all: int
) -> None:
    fake = FakeStudio()
    for number, name in enumerate(NAMES, start=1):
        fake.store.add_user(name, f"{number}" * 40)
    people = [Checker(URL, f"{number}" * 40, fake) for number, _ in enumerate(NAMES, start=1)]
    office, client = large(tmp_path, monkeypatch, fake, read_all=read_all)
    office.push()
    claims = {task["data"]["claim_id"] for task in fake.store.tasks.values()}
    shown = {task["data"]["claim_id"]: dict(task["data"]) for task in fake.store.tasks.values()}
    members = Mischief(fake.store, client, people, seed)
    for _ in range(6):
        for _ in range(members.dice.randint(1, 4)):
            members.act()
        planned, done = office.plan().report.counts, office.push().counts
        assert {DONE[name]: count for name, count in planned.items()} == {k: v for k, v in done.items() if v}
        if read_all:
            for task in fake.store.tasks.values():
                ours = shown[task["data"]["claim_id"]]
                assert {key: task["data"].get(key) for key in ours} == ours
            assert {task["data"]["claim_id"] for task in fake.store.tasks.values()} == claims
            assert set(office.push().counts) == {"created", "updated", "retired", "removed", "unchanged"}
            assert office.plan().report.counts == {"unchanged": len(claims)}
    client.close()


def test_a_claim_whose_task_cannot_be_shown_is_not_sent_again() -> None:
    fake = FakeStudio()
    fake.store.add_project({"maximum_annotations": 2})
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    desired = make_tasks(list(range(1, 30)))
    cache = push(client, 1, desired).cache
    fake.store.unreadable = {7, 8}
    for known in (None, cache):
        done = push(client, 1, desired, cache=known)
        assert (done.created, done.removed, done.unchanged) == (0, 0, 29)
        told = done.plan.filter(change="Label Studio cannot show this task (500)")
        assert told.select("claim_id", "task_id").rows() == [(claim_id(7), 7), (claim_id(8), 8)]
        assert done.cache is None, "what was not seen is not remembered"
    fake.store.import_tasks(1, [{"data": fake.store.tasks[7]["data"]}])
    assert push(client, 1, desired).removed == 0, "a second task may be all that checkers can open"
    fake.store.unreadable = set()
    assert push(client, 1, desired).removed == 1
    client.close()


def test_two_writers_make_every_task_once() -> None:
    fake = FakeStudio()
    fake.store.add_project({"maximum_annotations": 2})
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    desired = make_tasks(list(range(1, 2102)))
    done = push(client, 1, desired, writers=2)
    imports = [name for name in fake.requests if name.endswith("/import")]
    assert (done.created, len(imports)) == (2101, 4), "two halves, each in batches of a thousand"
    assert done.cache is not None
    known = dict(done.cache.rows.select("task_id", "claim_id").iter_rows())
    assert known == {task["id"]: task["data"]["claim_id"] for task in fake.store.tasks.values()}
    fake.requests.clear()
    assert push(client, 1, desired, writers=1, cache=done.cache).unchanged == 2101
    assert "POST /api/projects/1/import" not in fake.requests
    client.close()


def test_a_task_without_an_overlap_is_for_one_person() -> None:
    assert counts({"overlap": None, "is_labeled": None}) == (1, False, 0, 0)
    full = {"overlap": 3, "is_labeled": True, "total_annotations": 2, "cancelled_annotations": 1}
    assert counts(full) == (3, True, 2, 1)
