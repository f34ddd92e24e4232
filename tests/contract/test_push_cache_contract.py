"""A push that remembers the last one leaves alone what is unchanged, and finds whatever is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from factcheck.models import ClaimState
from factcheck.studio.sync import push_cache as room
from factcheck.studio.sync.push import Pushed, push
from factcheck.studio.sync.push_cache import BELIEVED, PushCache, recall
from tests.contract.conftest import Studio
from tests.fake_studio.props import claim_id, make_tasks


@pytest.fixture(autouse=True, params=["by the cache", "all of them"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether so few tasks as here are looked up by the cache, as those of a large project are."""
    by_cache = bool(request.param == "by the cache")
    if by_cache:
        monkeypatch.setattr(room, "READ_ALL", 0)
    return by_cache


def again(studio: Studio, cache: PushCache | None, numbers: list[int] | None = None, **how: Any) -> Pushed:
    return push(studio.client, studio.project, make_tasks(numbers or [1, 2, 3], **how), cache=cache)


def test_what_is_unchanged_is_not_read_again(studio: Studio, *, reading: bool) -> None:
    looked_at = 0 if reading else 3
    first = studio.push([1, 2, 3])
    assert first.cache is not None
    second = again(studio, first.cache)
    assert (second.unchanged, second.created, second.plan.height) == (3, 0, looked_at)
    studio.checkers[0].submit(studio.task[0], "verified")
    third = again(studio, second.cache, [1, 2, 3, 4])
    assert (third.unchanged, third.created, third.plan.height) == (3, 1, looked_at + 1)
    gone = again(studio, third.cache, [1, 2, 3, 4], state=ClaimState.WITHDRAWN)
    assert gone.retired == 4
    assert again(studio, gone.cache, [1, 2, 3, 4], state=ClaimState.WITHDRAWN).plan.is_empty() is reading


def by_hand(studio: Studio) -> None:
    task = studio.task[1]
    data = studio.admin.task(studio.project, task)["data"]
    studio.client.update_task(task, data=data | {"content_hash": "changed by hand"})


def copied(studio: Studio) -> None:
    studio.client.import_tasks(studio.project, make_tasks([2])["data"].to_list())


def one_gone_one_strange(studio: Studio) -> None:
    studio.admin.delete_task(studio.task[1])
    studio.admin.make_task(studio.project, {"claim": "", "context": "", "about": "", "notice": ""})


def one_gone_one_copied(studio: Studio) -> None:
    studio.admin.delete_task(studio.task[2])
    studio.client.import_tasks(studio.project, make_tasks([2])["data"].to_list())


def lowered(studio: Studio) -> None:
    studio.client.update_project(studio.project, maximum_annotations=1)


@pytest.mark.parametrize(
    ("disturb", "steps"),
    [
        (by_hand, {"updated": 1, "unchanged": 2}),
        (copied, {"removed": 1, "unchanged": 3}),
        (lambda studio: studio.admin.delete_task(studio.task[1]), {"created": 1, "unchanged": 2}),
        (one_gone_one_strange, {"created": 1, "unchanged": 2}),
        (one_gone_one_copied, {"created": 1, "removed": 1, "unchanged": 2}),
        (lowered, {"updated": 3}),
    ],
    ids=["changed", "copied", "deleted", "replaced", "replaced by a copy", "lowered"],
)
def test_what_others_did_is_found(studio: Studio, disturb: Callable[[Studio], Any], steps: dict[str, int]) -> None:
    cache = studio.push([1, 2, 3]).cache
    disturb(studio)
    found = again(studio, cache)
    assert {name: count for name, count in found._asdict().items() if isinstance(count, int) and count} == steps
    healed = again(studio, found.cache)
    assert (healed.unchanged, healed.created, healed.updated, healed.removed) == (3, 0, 0, 0)
    assert claim_id(2) in studio.admin.task_ids(studio.project)


def test_a_ledger_is_not_believed_for_ever_nor_by_a_server_set_back(studio: Studio, *, reading: bool) -> None:
    cache = studio.push([1, 2]).cache
    assert cache is not None
    assert (recall(studio.client, studio.project, cache) is not None) is reading
    old = cache._replace(read_at=cache.read_at - BELIEVED)
    ahead = cache._replace(newest="2099-01-01T00:00:00Z")
    late = cache._replace(read_at=cache.read_at + timedelta(hours=1))
    other = cache._replace(project_id=studio.project + 1)
    for doubtful in (old, ahead, late, other, None):
        assert recall(studio.client, studio.project, doubtful) is None
