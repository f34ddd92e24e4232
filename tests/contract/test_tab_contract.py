"""The Data Manager's tab of a push, and the order in which its label stream gives claims to checkers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from factcheck.studio.api.client import Client
from factcheck.studio.page.tasks import tasks
from factcheck.studio.sync.push import push
from factcheck.studio.sync.tab import ensure_tab, tab
from tests.contract.conftest import Studio
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.member import Member
from tests.fake_studio.props import claim_id, make_articles, make_claims, make_contexts


@pytest.fixture
def member(studio: Studio) -> Iterator[Member]:
    found = members(studio)[0]
    yield found
    found.close()


def members(studio: Studio) -> list[Member]:
    people = [studio.admin, *studio.checkers]
    return [Member(studio.client.url, person.token, transport_of(person), name="", number=0) for person in people]


def transport_of(person: Any) -> Any:
    inside = person._http._transport
    return inside if isinstance(inside, FakeStudio) else None


def ensure(studio: Studio, said: list[str] | None = None) -> int | None:
    heard = [] if said is None else said
    return ensure_tab(studio.client, studio.project, language="en", say=heard.append)


def test_the_tab_is_made_once_and_shows_no_markup(studio: Studio, member: Member) -> None:
    studio.push([1, 2, 3])
    first = ensure(studio)
    before = member.tabs(studio.project)
    assert ensure(studio) == first
    assert member.tabs(studio.project) == before
    assert [row["id"] for row in before] == [first]
    shown = {f"tasks:data.{name}" for name in member.rows(studio.project)[0]["data"]}
    left = shown - set(before[0]["data"]["hiddenColumns"]["explore"])
    assert left == {"tasks:data.claim", "tasks:data.lang", "tasks:data.score", "tasks:data.state"}


def test_a_tab_that_is_gone_comes_back_and_other_tabs_are_left_alone(studio: Studio, member: Member) -> None:
    ensure(studio)
    own = member.make_tab(studio.project, {"title": "Mine", "ordering": ["tasks:id"]})
    theirs = next(row for row in member.tabs(studio.project) if row["id"] == own)
    member.delete_tab(next(row["id"] for row in member.tabs(studio.project) if row["id"] != own))
    again = ensure(studio)
    assert {row["id"] for row in member.tabs(studio.project)} == {own, again}
    assert next(row for row in member.tabs(studio.project) if row["id"] == own) == theirs


def test_its_order_is_put_right_and_what_a_member_hid_stays(studio: Studio, member: Member) -> None:
    made, said = ensure(studio), list[str]()
    assert made is not None
    hidden = {"explore": ["tasks:data.lang"], "labeling": []}
    member.change_tab(made, studio.project, tab("en") | {"ordering": ["tasks:id"], "hiddenColumns": hidden})
    assert ensure(studio, said) == made
    data = member.tabs(studio.project)[0]["data"]
    assert (data["ordering"], data["hiddenColumns"]) == (["-tasks:data.order"], hidden)
    assert said == ["the tab 'By worth' had another order; corrected"]


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "502_before", "502_after", "late"])
def test_a_lost_answer_makes_no_second_tab(fault: str) -> None:
    fake = FakeStudio()
    fake.store.add_project({"title": "p"})
    client = Client("http://127.0.0.1:9", ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    said: list[str] = []
    fake.faults = iter([None, fault])
    ensure_tab(client, 1, language="en", say=said.append)
    for _ in range(3):
        assert ensure_tab(client, 1, language="en", say=said.append) is not None
    assert len(fake.store.tabs) == 1
    client.close()


def three_pushes() -> Iterator[tuple[pl.DataFrame, dict[str, float]]]:
    """What each push wants: of six articles four claims each more than the one before, the later ones better."""
    dice = random.Random(5)
    numbers, scores, articles = list[int](), list[float](), list[str]()
    for batch in range(3):
        for place in range(24):
            numbers.append(24 * batch + place + 1)
            scores.append(round(dice.uniform(0.5, 0.8) + 0.07 * batch, 2))
            articles.append(f"art_{10 * batch + place // 4:020x}")
        claims = make_claims(numbers).with_columns(check_worthiness=pl.Series(scores), article_id=pl.Series(articles))
        wanted = tasks(
            claims, make_contexts(claims), make_articles(), project="main", language="en", overlap=2,
        )  # fmt: skip
        yield wanted, dict(zip(map(claim_id, numbers), scores, strict=True))


def test_the_first_ten_of_two_checkers_are_the_best_of_three_pushes(studio: Studio) -> None:
    pushes = list(three_pushes())
    for wanted, _ in pushes:
        push(studio.client, studio.project, wanted)
        ensure(studio)
    worth = pushes[-1][1]
    best = set(sorted(worth, key=lambda claim: -worth[claim])[:20])
    people = members(studio)[1:3]
    shared = people[0].tabs(studio.project)[0]
    got: list[list[str]] = [[], []]
    for _ in range(10):
        for person, claims in zip(people, got, strict=True):
            task = person.take(studio.project, shared)
            person.submit(task["id"], "verified")
            claims.append(task["data"]["claim_id"])
            assert task["predictions"] == []
    article = {claim: (int(claim[4:], 16) - 1) // 4 for claim in worth}
    for person, claims in zip(people, got, strict=True):
        person.close()
        assert len(set(claims)) == 10
        assert set(claims) <= best
        assert len({article[claim] for claim in claims}) >= 4
