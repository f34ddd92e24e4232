"""What members can write into tasks: found by what a task shows, repaired in place, and never a second task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from factcheck.studio.sync import push_cache as room
from factcheck.studio.sync.push import Pushed, push, survey
from factcheck.studio.sync.push_cache import PushCache
from tests.contract.conftest import Studio
from tests.fake_studio.props import claim_id, make_tasks

Tamper = Callable[[Studio, int], object]
CLAIMS = [1, 2, 3]


def write(**fields: Any) -> Tamper:
    """Fields of the task's data, written by a member."""

    def act(studio: Studio, task: int) -> None:
        data = studio.admin.task(studio.project, task)["data"]
        studio.client.update_task(
            task, data={key: value for key, value in (data | fields).items() if value is not None}
        )

    return act


def change(**fields: Any) -> Tamper:
    return lambda studio, task: studio.client.update_task(task, **fields)


def fingerprint(studio: Studio) -> dict[str, Any]:
    """What a checker sees of each claim, and which claims are in the queue."""
    tasks = [studio.admin.task(studio.project, task) for task in studio.task]
    ours = {"claim_id", "content_hash", "claim", "context", "about", "notice", "lang", "project"}
    return {
        task["data"]["claim_id"]: (
            task["id"], {k: v for k, v in task["data"].items() if k in ours}, task["overlap"], task["is_labeled"]
        )
        for task in tasks
    }  # fmt: skip


TAMPERING: list[tuple[str, Tamper, str, bool]] = [
    ("other words", write(claim="Something else."), "words changed in Label Studio", True),
    ("a field less", write(about=None), "words changed in Label Studio", True),
    ("another kind of value", write(claim=7), "words changed in Label Studio", True),
    ("the claim id of another", write(claim_id=claim_id(3)), "claim id changed in Label Studio", False),
    ("the claim id of nobody", write(claim_id="junk"), "claim id changed in Label Studio", False),
    ("no claim id", write(claim_id=None), "claim id changed in Label Studio", False),
    ("words and claim id", write(claim="x", claim_id=claim_id(3)), "words and claim id changed in Label Studio", True),
    ("the hash", write(content_hash="0" * 64), "hash changed in Label Studio", False),
    ("taken out of the queue", change(is_labeled=True), "back into the queue", False),
    ("for one person only", change(overlap=1), "overlap 1 -> 2", False),
]


@pytest.mark.parametrize("read_all", [0, 2000])
@pytest.mark.parametrize(
    ("tamper", "change", "doubted"), [row[1:] for row in TAMPERING], ids=[row[0] for row in TAMPERING]
)
def test_a_changed_task_is_repaired_in_place(
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    tamper: Tamper,
    change: str,
    doubted: object,
    read_all: int,
) -> None:
    monkeypatch.setattr(room, "READ_ALL", read_all)
    cache = studio.push(CLAIMS).cache
    before = fingerprint(studio)
    tamper(studio, studio.task[1])
    found = _push_as_planned(studio, cache if read_all == 0 else None)
    assert found.plan.filter(action="update").select("claim_id", "change").rows() == [(claim_id(2), change)]
    assert [reason is not None for reason in found.plan.filter(action="update")["doubt"]] == [doubted]
    assert (found.created, found.updated, found.removed) == (0, 1, 0)
    assert fingerprint(studio) == before
    healed = _push_as_planned(studio, found.cache)
    assert healed.unchanged == len(CLAIMS)


def _push_as_planned(studio: Studio, cache: PushCache | None) -> Pushed:
    desired = make_tasks(CLAIMS)
    planned = survey(studio.client, studio.project, desired, cache=cache)
    done = push(studio.client, studio.project, desired, cache=cache)
    assert done.plan.equals(planned.steps), "a plan says what a push does"
    return done


def test_words_and_claim_id_gone_together_are_known_by_the_tasks_number(studio: Studio) -> None:
    cache = studio.push(CLAIMS).cache
    write(claim="x", claim_id="y", content_hash="z")(studio, studio.task[1])
    assert (_push_as_planned(studio, cache).created, len(studio.task)) == (0, 3)


def test_the_number_of_a_task_that_is_gone_is_not_the_task(studio: Studio) -> None:
    cache = studio.push(CLAIMS).cache
    studio.admin.delete_task(studio.task[2])
    studio.client.import_tasks(studio.project, make_tasks([9])["data"].to_list())  # on SQLite under the same number
    found = _push_as_planned(studio, cache)
    assert (found.created, found.updated) == (1, 0)
    assert claim_id(9) in studio.admin.task_ids(studio.project)


def test_what_others_keep_beside_our_data_is_no_change(studio: Studio) -> None:
    cache = studio.push(CLAIMS).cache
    write(cache_verdict="disputed", note=None)(studio, studio.task[1])
    assert _push_as_planned(studio, cache).unchanged == 3


def test_a_text_of_ours_from_before_is_no_tampering(studio: Studio) -> None:
    push(studio.client, studio.project, make_tasks(CLAIMS))
    done = push(studio.client, studio.project, make_tasks(CLAIMS, language="fa"))
    assert done.plan["change"].to_list() == ["text"] * 3
    assert done.plan["doubt"].null_count() == 3


def test_a_repair_is_announced_before_it_is_made(studio: Studio) -> None:
    studio.push(CLAIMS)
    task = studio.task[1]
    write(claim="Something else.")(studio, task)
    seen: list[Any] = []

    @contextmanager
    def mending(reasons: Mapping[int | None, str]) -> Iterator[None]:
        seen.append((dict(reasons), studio.admin.task(studio.project, task)["data"]["claim"]))
        yield
        seen.append(studio.admin.task(studio.project, task)["data"]["claim"])

    push(studio.client, studio.project, make_tasks(CLAIMS), mending=mending)
    (reasons, before), after = seen
    assert (list(reasons), before) == ([task], "Something else.")
    assert after == make_tasks([2])["data"].str.json_path_match("$.claim")[0]


def test_one_person_who_answered_twice_does_not_finish_a_claim(studio: Studio) -> None:
    cache = studio.push(CLAIMS).cache
    for choice in ("verified", "disputed"):
        studio.checkers[0].submit(studio.task[0], choice)
    assert studio.admin.task(studio.project, studio.task[0])["is_labeled"] is False
    assert _push_as_planned(studio, cache).unchanged == 3
    push(studio.client, studio.project, make_tasks(CLAIMS, salt="."))
    assert studio.admin.task(studio.project, studio.task[0])["is_labeled"] is False


def test_a_counter_that_lies_moves_nothing(studio: Studio) -> None:
    cache = studio.push(CLAIMS).cache
    studio.client.update_task(studio.task[0], total_annotations=7)
    assert _push_as_planned(studio, cache).unchanged == 3
