"""Table F: what was handled right, and stays so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fake_studio.props import claim_id
from tests.live.actions.case import FIRST, Case
from tests.machine import Machine, Real


def without(case: Case, *claims: int) -> None:
    case.votes = {key: choice for key, choice in case.votes.items() if key[0] not in claims}


@pytest.mark.parametrize("how", ["f1_some", "f1_all", "f1_one", "f2_all_of_the_project"])
def test_tasks_deleted_by_a_person(case: Case, how: str) -> None:
    """Few votes, so no alarm: they are gone, the claims get new tasks, and are answered again."""
    if how == "f1_one":
        case.chris.delete_task(case.task(1))
        without(case, 1)
    elif how == "f1_some":
        case.chris.press("delete_tasks", case.project, [case.task(1), case.task(4)])
        without(case, 1)
    else:
        if how == "f1_all":
            case.chris.press("delete_tasks", case.project)
        else:
            case.chris.ask("DELETE", f"/api/projects/{case.project}/tasks/")
        case.votes.clear()
    case.settle()
    assert [len(case.tasks(claim)) for claim in (1, 2, 3, 4)] == [1] * 4
    case.vote(1, "chris", "opinion")
    case.settle()


@pytest.mark.parametrize("person", [None, "anahita"])
def test_f3_answers_deleted_in_the_list(case: Case, person: str | None) -> None:
    fields: dict[str, Any] = {"annotator": str(case.people[person].number)} if person else {}
    case.chris.press("delete_tasks_annotations", case.project, **fields)
    case.votes = {key: choice for key, choice in case.votes.items() if person not in {None, key[1]}}
    case.settle()


def test_f4_a_task_moved_to_another_project_and_back(case: Case) -> None:
    other = case.chris.make_project(title="Another", description="of somebody else")
    task = case.task(1)
    case.chris.move_task(task, case.project, other)
    before = dict(case.votes)
    without(case, 1)
    pulled = case.pull()
    if case.wrong():
        assert pulled.code == 9, case.story()
    case.chris.move_task(task, other, case.project)
    case.votes = before
    case.settle()


def test_f5_an_answer_moved_to_a_task_of_another_project(case: Case) -> None:
    config = case.machine.owner.project(case.project)["label_config"]
    other = case.chris.make_project(title="Another", description="of somebody else", label_config=config)
    (task,) = case.chris.import_tasks(other, [{"data": case.data(4)}])
    case.chris.change(case.number[1, "basma"], {"task": task})
    del case.votes[1, "basma"]
    pulled = case.pull()
    if case.wrong():
        assert pulled.code == 9, case.story()
        case.ok("pull", "--accept-loss")
    case.settle()


def test_f6_tasks_deleted_and_imported_again(case: Case) -> None:
    data = [{"data": case.data(claim)} for claim in (1, 2, 3, 4)]
    for claim in (1, 2, 3, 4):
        case.chris.delete_task(case.task(claim))
    case.chris.import_tasks(case.project, data)
    case.votes.clear()
    case.settle()
    case.vote(1, "chris", "opinion")
    case.settle()


def test_f7_duplicates_removed_that_nobody_answered(case: Case) -> None:
    case.chris.import_tasks(case.project, [{"data": case.data(claim)} for claim in (1, 4)])
    case.pull()
    case.chris.press("remove_duplicates", case.project)
    case.settle()
    assert case.states().filter(state="deleted").is_empty()


def test_f8_own_edits_second_answers_and_an_empty_one(case: Case) -> None:
    case.basma.edit(case.number[3, "basma"], "verified")
    case.votes[3, "basma"] = "verified"
    case.vote(1, "anahita", "disputed")  # twice: the last one counts
    case.chris.delete(case.number[2, "chris"])
    case.vote(2, "chris", "opinion")
    empty = case.chris.send(case.task(4), {"result": []})
    pulled = case.pull()
    assert pulled.codes == ["NO_CHOICE"]
    case.named(annotations=[empty])
    case.settle()


def test_f9_a_star(case: Case) -> None:
    case.chris.change(case.number[1, "basma"], {"ground_truth": True})
    pulled = case.ok("pull")
    assert pulled.data["counts"]["events"] == 0
    case.settle()


def test_f10_numbers_given_again(machine: Machine, tmp_path: Path) -> None:
    """The last tasks go, a push gives their numbers to other claims."""
    case = Case(machine, tmp_path / "desk", claims=2)
    case.begin({key: choice for key, choice in FIRST.items() if key[0] < 3})
    gone = case.task(2)
    case.chris.delete_task(gone)
    without(case, 2)
    case.stage(3, 4)
    case.ok("push")
    assert gone in {case.task(claim) for claim in (2, 3, 4)} or isinstance(machine, Real)
    case.vote(4, "chris", "opinion")
    case.settle()


def test_f11_a_member_removed(machine: Machine, tmp_path: Path) -> None:
    if not isinstance(machine, Real):
        pytest.skip("the fake has no memberships")
    case = Case(machine, tmp_path / "desk")
    name = f"member{case.project}"
    person = case.people[name] = machine.member(name)
    case.names[person.number] = name
    case.vote(4, name, "opinion")
    case.begin()
    machine.owner.ask("DELETE", f"/api/organizations/1/memberships/{person.number}/")
    assert person.try_to("GET", f"/api/tasks/?project={case.project}") in {401, 403, 404}
    case.settle()


def test_f12_a_person_renamed_by_another(case: Case) -> None:
    case.chris.ask("PATCH", f"/api/users/{case.basma.number}/", {"first_name": "Somebody", "username": "somebody"})
    try:
        case.settle()
    finally:
        case.chris.ask("PATCH", f"/api/users/{case.basma.number}/", {"first_name": "basma", "username": "basma"})


def test_f13_title_and_color(case: Case) -> None:
    case.chris.set_project(case.project, title="Another title", color="#FF0000", is_published=True)
    case.settle()
    assert claim_id(1) in str(case.states()["claim_id"].to_list())
