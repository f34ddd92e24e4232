from __future__ import annotations

from collections.abc import Iterator

import pytest

from factcheck import frames
from factcheck.errors import ProtocolError
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.api.snapshot import snapshot
from factcheck.studio.sync import pull as room
from tests.contract.conftest import Studio
from tests.fake_studio.answers import FakeStudio


@pytest.fixture
def worked(studio: Studio) -> Studio:
    """Every kind of state an annotation can be in."""
    studio.push([1, 2, 3, 4])
    anahita, basma, chris = studio.checkers
    one, two, three, _ = studio.task
    first = anahita.submit(one, "verified", rationale="دیده‌ام", evidence="https://example.org/a", confidence="high")
    basma.edit(first, "disputed")
    basma.submit(one, "opinion")
    chris.skip(two)
    chris.submit(three, "wahr")
    return studio


def exports(studio: Studio) -> list[str]:
    listed = studio.client.ask("GET", f"/api/projects/{studio.project}/exports/")
    return [found["title"] for found in listed]


def test_an_export_says_what_the_pages_say(worked: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    worked.client.ask("POST", f"/api/projects/{worked.project}/exports/", content=b'{"title": "mine"}')
    empty = frames.empty(AnnotationEvent)
    by_pages = worked.observe(empty, {}, full=True)
    monkeypatch.setattr(room, "_FEW_TASKS", 0)
    by_export = worked.observe(empty, {}, full=True)
    assert by_export.events.equals(by_pages.events)
    assert by_export.events.height == 3
    assert by_export.rejected.select("code", "subject").equals(by_pages.rejected.select("code", "subject"))
    assert (by_export.seen, by_export.cursor["tasks"]) == (by_pages.seen, 4)
    assert exports(worked) == ["mine"], "ours is gone, a person's own stays"
    pages = [len(page) for page in snapshot(worked.client, worked.project, size=3)]
    assert pages == [3, 1]


def test_where_most_tasks_moved_one_export_is_read(worked: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def noted(client: Client, project_id: int, *, size: int) -> Iterator[list[dict[str, object]]]:
        taken.append(project_id)
        return snapshot(client, project_id, size=size)

    worked.pull()
    monkeypatch.setattr(room, "snapshot", noted)
    monkeypatch.setattr(room, "_FEW_TASKS", 2)
    worked.checkers[1].submit(worked.task[3], "opinion")
    assert worked.pull(page_size=1).events.height == 1
    assert taken == [worked.project]
    worked.checkers[2].delete_task(worked.task[3])
    assert worked.pull(page_size=1).events["state"].to_list() == ["deleted"]
    assert len(taken) == 2
    monkeypatch.setattr(room, "_EXPORT_PACE", 0)
    worked.checkers[1].submit(worked.task[1], "opinion")
    assert worked.pull(page_size=1).events.height == 1
    assert len(taken) == 2, "an export would not be faster: pages"


def test_a_task_that_the_export_lacks_is_read_and_not_deleted(worked: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    worked.pull()

    def partial(client: Client, project_id: int, *, size: int) -> Iterator[list[dict[str, object]]]:
        for page in snapshot(client, project_id, size=size):
            yield page[1:]

    monkeypatch.setattr(room, "_FEW_TASKS", 0)
    monkeypatch.setattr(room, "snapshot", partial)
    assert worked.pull(full=True).events.is_empty()
    assert worked.cursor["tasks"] == 4


def test_an_export_that_was_changed_on_the_way_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStudio()
    client = Client("http://127.0.0.1:9", "a" * 40, transport=fake, sleep=lambda _: None)
    fake.store.add_project({})
    fake.store.import_tasks(1, [{"data": {}}])
    fake.mangle = lambda path, content: content.replace(b"1", b"2") if path.endswith("/download") else content
    with pytest.raises(ProtocolError, match="damaged on the way"):
        list(snapshot(client, 1))
    assert fake.store.exports == {}
    client.close()
