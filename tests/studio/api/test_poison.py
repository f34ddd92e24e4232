"""A task over which the server falls whenever it is to show it: the others are read, and it is named."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import httpx
import pytest

from factcheck.errors import ServerError, Unavailable
from factcheck.studio.api.client import Client
from factcheck.studio.api.snapshot import snapshot
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import Checker, make_tasks

URL = "http://127.0.0.1:9"
CLAIMS = make_tasks(list(range(1, 101)))


class Naps(list[float]):
    """Instead of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def fake() -> FakeStudio:
    made = FakeStudio()
    made.store.add_project({})
    made.store.import_tasks(1, [{"data": json.loads(data)} for data in CLAIMS["data"]])
    return made


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def client(fake: FakeStudio, naps: Naps) -> Iterator[Client]:
    made = Client(URL, ADMIN_TOKEN, transport=fake, sleep=naps, clock=lambda: sum(naps))
    yield made
    made.close()


@pytest.mark.parametrize("poisoned", [{1}, {100}, {17, 18, 19, 64}, set(range(1, 101)), set()], ids=len)
@pytest.mark.parametrize("size", [1, 7, 500])
def test_all_others_are_read_and_the_poisoned_are_named(
    fake: FakeStudio, client: Client, poisoned: set[int], size: int
) -> None:
    fake.store.poisoned = poisoned
    found = [task for page in client.tasks(1, size=size) for task in page]
    assert [task["id"] for task in found] == list(range(1, 101))
    assert {task["id"] for task in found if task.get("unreadable")} == poisoned
    assert all("500" in task["broken"] for task in found if task["id"] in poisoned)
    assert all("data" in task for task in found if task["id"] not in poisoned)


def test_one_poisoned_task_costs_seconds_and_not_the_deadline(fake: FakeStudio, client: Client, naps: Naps) -> None:
    fake.store.poisoned = {64}
    assert len([*client.tasks(1, size=500)]) == 1
    assert sum(naps) < 10
    assert len(fake.requests) < 30


def test_what_does_not_show_the_poison_is_read_as_ever(fake: FakeStudio, client: Client) -> None:
    fake.store.poisoned = {64}
    assert len(client.lookup(1, CLAIMS["claim_id"].to_list(), include="id,data")) == 100
    assert not any(name != "GET /api/tasks/" for name in fake.requests)
    assert len(fake.requests) == 1


def test_a_lookup_goes_round_a_task_that_can_show_nothing(fake: FakeStudio, client: Client) -> None:
    fake.store.unreadable = {64}
    found = client.lookup(1, CLAIMS["claim_id"].to_list(), include="id,data")
    assert [task["id"] for task in found if "broken" in task] == [64]
    assert len(found) == 100


def test_a_server_that_stumbles_now_and_then_poisons_nothing(fake: FakeStudio) -> None:
    dice = random.Random(4)

    def stumbling(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, text="database is locked") if dice.random() < 0.2 else fake.handle_request(request)

    client = Client(URL, ADMIN_TOKEN, transport=httpx.MockTransport(stumbling), sleep=lambda _: None)
    for _ in range(20):
        found = [task for page in client.tasks(1, size=40) for task in page]
        assert not any("broken" in task for task in found)
        assert len(found) == 100
    client.close()


def test_a_server_that_falls_over_everything_is_away(naps: Naps) -> None:
    client = Client(
        URL,
        ADMIN_TOKEN,
        transport=httpx.MockTransport(lambda _: httpx.Response(500)),
        sleep=naps,
        clock=lambda: sum(naps),
    )
    with pytest.raises(Unavailable):
        next(client.tasks(1))
    assert sum(naps) > 60
    client.close()


def test_an_export_with_poison_in_it_is_none_at_once(fake: FakeStudio, client: Client, naps: Naps) -> None:
    fake.store.poisoned = {64}
    with pytest.raises(ServerError, match="export"):
        next(snapshot(client, 1))
    assert sum(naps) < 5
    fake.store.poisoned = set()
    assert len(next(snapshot(client, 1))) == 100


def test_a_copy_that_cannot_be_read_is_not_taken_for_unanswered(fake: FakeStudio, client: Client) -> None:
    checker = Checker(URL, ADMIN_TOKEN, fake)
    checker.submit(2, "verified")
    checker.close()
    fake.store.poisoned = {3}
    assert [client.unanswered(1, task) for task in (1, 2, 3, 4, 999)] == [True, False, False, True, False]
