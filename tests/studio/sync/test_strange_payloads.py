"""One broken annotation is put aside by its id; the pull of all others goes on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

import polars as pl
import pytest

from factcheck import frames
from factcheck.errors import ProtocolError
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.sync import pull as room
from factcheck.studio.sync.pull import Pulled, pull
from factcheck.studio.sync.push import push
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import NOW, Checker, make_tasks

URL = "http://127.0.0.1:9"


@pytest.fixture
def fake() -> FakeStudio:
    """Three tasks; one answer each on the first two."""
    made = FakeStudio()
    project = made.store.add_project({})["id"]
    made.store.add_user("basma", "b" * 40)
    client = Client(URL, ADMIN_TOKEN, transport=made)
    client.import_tasks(project, make_tasks([1, 2, 3])["data"].to_list())
    client.close()
    for task, token in ((1, ADMIN_TOKEN), (2, "b" * 40)):
        checker = Checker(URL, token, made)
        checker.submit(task, "verified", rationale=f"rationale {task}")
        checker.close()
    return made


def observe(fake: FakeStudio, known: pl.DataFrame | None = None) -> Pulled:
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    before = frames.empty(AnnotationEvent) if known is None else known
    found = pull(client, 1, before, {}, project="main", now=NOW, annotator_id=lambda user: f"ant_{user:020x}")
    client.close()
    return found


@pytest.mark.parametrize(
    "poison",
    [
        lambda content: content.replace(b'"lead_time": 0.25', b'"lead_time": NaN', 1),
        lambda content: content.replace(b'"lead_time": 0.25', b'"lead_time": ' + b"7" * 5000, 1),
        lambda content: content.replace(b'"was_cancelled": false', b'"was_cancelled": false, "was_cancelled": true', 1),
        lambda content: content.replace(b'"rationale 1"', rb'"\ud800"', 1),
    ],
    ids=["nan", "huge", "twice", "surrogate"],
)
def test_a_poisoned_annotation_stops_nobody(fake: FakeStudio, poison: Callable[[bytes], bytes]) -> None:
    fake.mangle = lambda path, content: poison(content) if path == "/api/tasks/" else content
    found = observe(fake)
    assert found.rejected.height == 1
    assert found.rejected["code"][0] in {"BAD_PAYLOAD", "SURROGATE"}
    assert "task 1" in found.rejected["subject"][0]
    assert found.events["rationale"].to_list() == ["rationale 2"]
    found.rejected.write_json()  # whatever came, the quarantine can be written


def test_an_answer_that_is_nothing_at_all_is_not_taken_for_a_task_that_cannot_be_read(fake: FakeStudio) -> None:
    fake.mangle = lambda path, content: content.replace(b'"annotations": [', b'"annotations": [null, ', 1)
    found = observe(fake)
    assert [(about.task_id, about.whole_task) for about in found.about] == [(1, False)]
    fake.mangle = lambda path, content: content.replace(b'"annotations": [', b'"annotations": null, "others": [', 1)
    assert [(about.task_id, about.whole_task) for about in observe(fake).about] == [(1, True)]


@pytest.mark.parametrize("few", [1000, 0], ids=["pages", "export"])
def test_a_poisoned_task_is_put_aside_and_loses_no_answer(
    fake: FakeStudio, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = observe(fake).events
    monkeypatch.setattr(room, "_FEW_TASKS", few)
    twice = (b'"project": 1,', b'"project": 1, "project": 1,', 1)

    def mangle(path: str, content: bytes) -> bytes:
        if path.endswith(("/api/tasks/", "/download")):
            return content.replace(*twice)
        for export in fake.store.exports.values():  # the server's digest is that of the file as it is
            file = json.dumps(export["file"]).encode().replace(*twice)
            content = content.replace(export["md5"].encode(), hashlib.md5(file).hexdigest().encode())
        return content

    fake.mangle = mangle
    found = observe(fake, known)
    assert found.rejected.select("code", "reason").rows() == [
        ("BAD_PAYLOAD", "the task holds the key 'project' stands twice; its 1 known answers are kept")
    ]
    assert "task 1" in found.rejected["subject"][0]
    assert found.events.is_empty(), "its answer is not taken for deleted"
    twice = (b'"data": {', b'"data": {"lang": "", "lang": "", ', 1)
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    with pytest.raises(ProtocolError, match="task 1: a task holds"):
        push(client, 1, make_tasks([1, 2, 3]))
    assert len(fake.store.tasks) == 3
    client.close()


def test_the_answers_of_a_deleted_user_stay(fake: FakeStudio) -> None:
    known = observe(fake).events
    fake.store.delete_user(2)
    assert observe(fake, known).events.is_empty()
    stranger = observe(fake)
    assert stranger.rejected["code"].to_list() == ["NO_ANNOTATOR"]
    assert stranger.events.height == 1


def test_another_project_of_the_same_server_is_not_read(fake: FakeStudio) -> None:
    fake.mangle = lambda path, content: content.replace(b'"project": 1', b'"project": 2')
    found = observe(fake)
    assert set(found.rejected["code"]) == {"FOREIGN_TASK"}
    assert found.events.is_empty()


@pytest.mark.parametrize(
    "damage", [(b'"project": 1,', b'"project": 1, "project": 1,'), (b'"claim_id": "', b'"claim_id": "x')]
)
def test_a_damaged_task_of_another_project_hides_no_answer_of_the_last_one(
    fake: FakeStudio, damage: tuple[bytes, bytes]
) -> None:
    """Its number says nothing: where that was taken for the same task, a later pull withdrew the vote unasked."""
    first = _of_project(fake, frames.empty(AnnotationEvent), {}, "2026-11-01T08:00:00Z")
    anew = FakeStudio()
    anew.store.add_project({})
    client = Client(URL, ADMIN_TOKEN, transport=anew)
    client.import_tasks(1, make_tasks([1, 2, 3])["data"].to_list())
    client.close()
    anew.mangle = lambda path, content: content.replace(*damage, 1) if path == "/api/tasks/" else content
    found = _of_project(anew, first.events, first.cursor, "2026-11-02T08:00:00Z")
    missing = found.rejected.filter(pl.col("code") == "VOTES_MISSING")
    assert (missing.height, found.events.height, bool(found.waits)) == (2, 0, True)
    again = _of_project(anew, first.events, found.cursor, "2026-11-02T08:00:00Z")
    assert again.events.is_empty(), again.events.select("state", "mark", "mark_reason", "task_id").rows()
    assert again.rejected.filter(pl.col("code") == "VOTES_MISSING").height == 2
    assert again.events.is_empty()


def _of_project(fake: FakeStudio, known: pl.DataFrame, cursor: dict[str, object], created_at: str) -> Pulled:
    client = Client(URL, ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    try:
        return pull(
            client,
            1,
            known,
            cursor,
            project="main",
            now=NOW,
            annotator_id=lambda user: f"ant_{user:020x}",
            created_at=created_at,
            full=True,
        )
    finally:
        client.close()


def test_a_number_of_ours_that_another_answer_has_tells_that_the_server_went_back(fake: FakeStudio) -> None:
    """Also where that answer cannot be read: as after a backup of another course of things was put in place."""
    first = _of_project(fake, frames.empty(AnnotationEvent), {}, "2026-11-01T08:00:00Z")
    born = pl.col("created_at").dt.offset_by("1h")
    iso = born.map_elements(lambda moment: moment.isoformat(), pl.String)
    # What we know was said later, on tasks that are not there any more; the server has other answers of these numbers.
    known = first.events.with_columns(
        created_at=born, task_id=pl.col("task_id") + 100, updated_at=pl.col("updated_at").dt.offset_by("1h")
    ).with_columns(annotation_key=pl.concat_str(pl.lit("main:"), "annotation_id", pl.lit(":"), iso))
    newest = known.sort("created_at").row(-1, named=True)
    cursor = first.cursor | {"newest_answer": [newest["annotation_id"] + 2, newest["created_at"].isoformat()]}
    fake.mangle = lambda _path, content: re.sub(rb'"(?:verified|disputed|opinion)"', b'"nonsense"', content)
    found = _of_project(fake, known, cursor, "2026-11-01T08:00:00Z")
    assert "UNKNOWN_CHOICE" in set(found.rejected["code"])
    missing = found.rejected.filter(pl.col("code") == "VOTES_MISSING")
    assert (missing.height, found.events.height) == (known.height, 0)
    assert "numbers answers" in missing["reason"][0]
    taken_back = known.with_columns(state=pl.lit("deleted"))
    later = _of_project(fake, taken_back, cursor, "2026-11-01T08:00:00Z")
    assert not later.waits, "once a word was spoken the same numbers say nothing new"
