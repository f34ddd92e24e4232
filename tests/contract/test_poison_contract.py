"""Half a character in a rationale: Label Studio stores it and from then on falls over whatever shows it."""

from __future__ import annotations

from contextlib import suppress

from tests.contract.conftest import Studio
from tests.fake_studio.answers import FakeStudio

SAID = '{"from_name": "rationale", "to_name": "claim", "type": "textarea", "value": {"text": ["\\ud800"]}}'
HALF = f'{{"result": [{SAID}]}}'


def poison(studio: Studio, task: int) -> None:
    inner = studio.client.connection._wire._inner
    if isinstance(inner, FakeStudio):
        inner.store.poisoned.add(task)
        return
    http = studio.checkers[0]._http
    with suppress(Exception):
        http.post(f"/api/tasks/{task}/annotations/", content=HALF, headers={"content-type": "application/json"})


def test_the_task_is_named_the_others_are_read_and_a_push_goes_on(studio: Studio) -> None:
    studio.push([1, 2, 3, 4, 5])
    tasks = studio.task
    studio.checkers[1].submit(tasks[4], "verified")
    poison(studio, tasks[2])
    found = [task for page in studio.client.tasks(studio.project, size=500) for task in page]
    assert [task["id"] for task in found] == tasks
    assert [task["id"] for task in found if task.get("unreadable")] == [tasks[2]]
    assert len(found[4]["annotations"]) == 1
    again = studio.push([1, 2, 3, 4, 5, 6])
    assert (again.created, again.updated, again.removed, again.unchanged) == (1, 0, 0, 5)
    again = studio.push([1, 2, 3, 4, 5, 6], overlap=3)
    assert again.updated > 0, "the others get more people"
    assert again.cache is None, "nobody knows what became of the poisoned one"
    assert studio.push([1, 2, 3, 4, 5, 6], overlap=3).updated == 0, "it was changed all the same"
    studio.client.delete_task(tasks[2])  # so that other tests on this server are not disturbed


def test_a_vote_taken_back_before_its_task_became_unreadable_is_taken_back(studio: Studio) -> None:
    studio.push([1])
    (task,) = studio.task
    gone = studio.checkers[0].submit(task, "verified")
    studio.checkers[1].submit(task, "disputed")
    studio.pull()
    studio.checkers[0].delete(gone)
    poison(studio, task)
    assert studio.pull().events.select("annotation_id", "state").rows() == [(gone, "deleted")]
    studio.client.delete_task(task)
    last = studio.pull().events.select("state", "choice", "mark").rows()
    assert last == [("submitted", "disputed", "kept")], "what could not be seen when its task went is kept"
