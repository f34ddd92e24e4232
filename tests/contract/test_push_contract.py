from __future__ import annotations

from factcheck.models import ClaimState
from factcheck.studio.sync.project import ensure_project
from factcheck.studio.sync.push import plan, remote_tasks
from tests.contract.conftest import CONFIG, Studio
from tests.fake_studio.props import claim_id, make_tasks


def test_pushing_twice_is_pushing_once(studio: Studio) -> None:
    assert studio.push([1, 2, 3]).created == 3
    again = studio.push([1, 2, 3])
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert sorted(studio.admin.task_ids(studio.project)) == [claim_id(n) for n in (1, 2, 3)]


def test_the_project_is_found_again_and_never_made_twice(studio: Studio) -> None:
    again = ensure_project(studio.client, mark=studio.mark, title="Another title", config=CONFIG, overlap=2)
    assert again is not None
    assert again.project_id == studio.project
    assert ensure_project(studio.client, mark="factcheck:none", title="", config="", overlap=1, create=False) is None


def test_a_project_whose_name_begins_like_another_is_another(studio: Studio) -> None:
    longer = ensure_project(studio.client, mark=f"{studio.mark}-sport", title="Sport", config=CONFIG, overlap=2)
    assert longer is not None
    assert longer.project_id != studio.project
    for mark, project in ((studio.mark, studio.project), (f"{studio.mark}-sport", longer.project_id)):
        found = ensure_project(studio.client, mark=mark, title="Desk", config=CONFIG, overlap=2)
        assert found is not None
        assert found.project_id == project


def test_more_claims_add_only_what_is_missing(studio: Studio) -> None:
    studio.push([1, 2])
    assert (studio.push([2, 3, 1]).created, len(studio.task)) == (1, 3)


def test_a_changed_text_is_changed_in_place_and_keeps_its_annotations(studio: Studio) -> None:
    studio.push([1])
    studio.checkers[0].submit(studio.task[0], "verified")
    before = studio.task
    assert studio.push([1], salt=" corrected").updated == 1
    assert studio.task == before
    task = studio.admin.task(studio.project, before[0])
    assert "corrected" in task["data"]["claim"]
    assert len(task["annotations"]) == 1
    assert studio.push([1], salt=" corrected").unchanged == 1


def test_raised_overlap_brings_a_finished_task_back_to_the_queue(studio: Studio) -> None:
    studio.push([1])
    for checker in studio.checkers[:2]:
        checker.submit(studio.task[0], "verified")
    assert studio.admin.task(studio.project, studio.task[0])["is_labeled"] is True
    pushed = studio.push([1], overlap=3)
    assert pushed.plan["change"].to_list() == ["overlap 2 -> 3"]
    task = studio.admin.task(studio.project, studio.task[0])
    assert (task["overlap"], task["is_labeled"]) == (3, False)
    assert studio.push([1], overlap=2).unchanged == 1, "overlap is never lowered"


def test_a_project_with_more_annotators_a_claim_raises_every_task(studio: Studio) -> None:
    studio.push([1, 2])
    raised = ensure_project(studio.client, mark=studio.mark, title="", config=CONFIG, overlap=3)
    assert raised is not None
    assert raised.overlap == 3
    assert studio.push([1, 2], overlap=3).unchanged == 2


def test_a_withdrawn_claim_leaves_the_queue_and_keeps_its_answers(studio: Studio) -> None:
    studio.push([1, 2])
    studio.checkers[0].submit(studio.task[0], "disputed")
    pushed = studio.push([1], state=ClaimState.WITHDRAWN)
    assert pushed.retired == 1
    task = studio.admin.task(studio.project, studio.task[0])
    assert task["is_labeled"] is True
    assert len(task["annotations"]) == 1
    assert task["data"]["notice"]
    assert studio.push([1], state=ClaimState.WITHDRAWN).unchanged == 1
    assert studio.push([1]).updated == 1
    assert studio.admin.task(studio.project, studio.task[0])["is_labeled"] is False


def test_a_withdrawn_claim_is_not_sent(studio: Studio) -> None:
    assert studio.push([1], state=ClaimState.WITHDRAWN).created == 0
    assert studio.task == []


def test_a_second_task_of_a_claim_goes_unless_it_is_answered(studio: Studio) -> None:
    desired = make_tasks([1, 2])
    studio.push([1, 2])
    first, other = studio.task
    studio.client.import_tasks(studio.project, desired["data"].to_list())
    remote = remote_tasks(studio.client, studio.project, desired["claim_id"].to_list())
    spare = remote.filter(remote["task_id"] > other).sort("claim_id")["task_id"].to_list()
    studio.checkers[0].submit(spare[0], "verified")  # on the copy, not on the first task
    studio.checkers[0].submit(other, "verified")
    assert plan(desired, remote_tasks(studio.client, studio.project, desired["claim_id"].to_list()))[
        "task_id"
    ].to_list() == [spare[0], other, first, spare[1]]
    assert studio.push([1, 2]).removed == 2
    assert studio.task == [spare[0], other]


def test_nothing_is_told_about_other_answers(studio: Studio) -> None:
    project = studio.client._call(lambda sdk: sdk.projects.get(studio.project))
    assert project.show_annotation_history is False
    assert project.show_collab_predictions is False
    assert project.enable_empty_annotation is False
    assert project.maximum_annotations == 2
