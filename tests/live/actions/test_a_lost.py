"""Table A: what lost or turned votes for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_studio.props import claim_id
from tests.live.actions.case import Case
from tests.machine import Machine


def test_a1_duplicates_removed_by_their_button(case: Case) -> None:
    """The answers of the copies go to the first task; its updated_at does not move."""
    copies = case.chris.import_tasks(case.project, [{"data": case.data(1)}, {"data": case.data(4)}])
    moved = [case.vote(1, "chris", "disputed", copies[0]), case.vote(4, "anahita", "opinion", copies[1])]
    case.old()
    case.chris.press("remove_duplicates", case.project)
    assert len(case.machine.owner.rows(case.project)) == 4
    case.settle()
    states = case.states()
    assert states.filter(state="deleted").is_empty()
    assert set(states.filter(state="submitted")["annotation_id"]) >= set(moved)
    case.anahita.edit(case.number[4, "anahita"], "verified")
    case.votes[4, "anahita"] = "verified"
    case.ok("pull")
    case.same("after its author has edited a moved answer")


def test_a1_duplicates_of_a_desk_that_was_pulled_in_between(case: Case) -> None:
    """Case B01: all tasks imported again, answered by another person, then merged: twice."""
    for choice in ("disputed", "opinion"):
        copies = case.chris.import_tasks(case.project, [{"data": case.data(claim)} for claim in (1, 2)])
        for claim, task in zip((1, 2), copies, strict=True):
            case.vote(claim, "chris", choice, task)
        case.pull()
        case.same("with copies")
        case.chris.press("remove_duplicates", case.project)
        case.settle()


def test_a2_an_answer_moved_to_another_task(case: Case) -> None:
    number, there = case.number[1, "basma"], case.task(4)
    case.chris.change(number, {"task": there})
    case.pull()
    case.pull("--full")
    moved = case.states().filter(annotation_id=number)
    assert moved["state"].to_list() == ["submitted"], case.story()
    assert moved["task_id"].to_list() == [there]
    assert moved["claim_id"][0] in {claim_id(1), claim_id(4)}
    if moved["claim_id"][0] == claim_id(4):  # given to another claim: not without a word
        case.votes[4, "basma"] = case.votes.pop((1, "basma"))
        case.named(4)
    case.settle()


def test_a2_an_answer_moved_to_another_task_of_the_same_claim(case: Case) -> None:
    copy = case.chris.copy_task(case.project, case.data(1))
    case.old()
    case.chris.change(case.number[1, "basma"], {"task": copy})
    case.settle()
    assert case.states().filter(state="deleted").is_empty()


def test_a3_the_mark_taken_out_of_the_description(case: Case) -> None:
    before = case.machine.owner.project(case.project)["description"]
    case.chris.set_project(case.project, description="Claims of the month")
    case.vote(4, "chris", "opinion")
    del case.votes[4, "chris"]  # not before the project is found again
    pulled = case.pull()
    assert pulled.code != 0 or pulled.data["warnings"] or pulled.data["rejections"], case.story()
    if case.counted().get((4, "chris")):  # it was found by its number
        case.votes[4, "chris"] = "opinion"
    case.same("after a pull")
    case.unsettled()
    pushed = case.run("push")
    rows = case.machine.owner.ask("GET", "/api/projects/?page_size=1000")["results"]
    new = [item["id"] for item in rows if item["id"] > case.project]
    assert not new, f"a second project beside one with live votes\n{case.story()}"
    if case.projects() != [case.project]:  # push did not put the mark back itself
        assert pushed.code != 0
        case.chris.set_project(case.project, description=before)
    case.votes[4, "chris"] = "opinion"
    case.pull("--full")
    case.same("after the mark is there again")
    case.settle()


def test_a4_a_deleted_project(case: Case) -> None:
    case.chris.delete_project(case.project)
    for options in ((), ("--full",), ()):
        pulled = case.pull(*options)
        assert pulled.code == 9, case.story()
        assert "VOTES_MISSING" in pulled.codes
        case.same("while nobody has said what becomes of the votes")
    case.named(1, 2, 3)
    verdicts = [case.verdict(claim) for claim in (1, 2)]
    assert verdicts == [("decided", "verified"), ("decided", "disputed")]
    assert case.run("push").code != 0, case.story()
    assert case.projects() == []
    case.unsettled()
    case.ok("pull", "--keep")
    case.same("after --keep")
    assert len(case.kept()) == 6
    assert [case.verdict(claim) for claim in (1, 2)] == verdicts
    case.ok("push")
    (case.project,) = case.projects()
    case.vote(4, "chris", "opinion")
    case.settle()
    assert len(case.kept()) == 6


def test_a4_a_deleted_project_whose_votes_are_let_go(case: Case) -> None:
    case.chris.delete_project(case.project)
    assert case.pull().code == 9
    case.ok("pull", "--accept-loss")
    case.votes.clear()
    case.same("after --accept-loss")
    assert case.verdict(1) == ("unreviewed", None)
    case.peace()


def test_a4_a_project_deleted_and_made_anew_by_hand(case: Case) -> None:
    """Another project with our mark: new votes are taken in, the old ones wait for a word."""
    old = case.machine.owner.project(case.project)
    file = case.machine.owner.file(case.project)
    case.chris.delete_project(case.project)
    kept = ("title", "description", "label_config", "maximum_annotations")
    case.project = case.chris.make_project(**{name: old[name] for name in kept})
    case.chris.import_tasks(case.project, [{"data": task["data"]} for task in file])
    case.vote(4, "chris", "opinion")
    pulled = case.pull()
    assert pulled.code == 9, case.story()
    assert "VOTES_MISSING" in pulled.codes
    case.same("new votes are in, old ones stay")
    case.named(1, 2, 3)
    case.unsettled()
    case.ok("pull", "--keep")
    case.settle()


def test_a5_the_claim_of_a_task_exchanged_for_another(case: Case) -> None:
    case.chris.set_task(case.task(1), data=case.data(1) | {"claim_id": claim_id(4)})
    case.pull()
    case.same("after a pull")
    case.named(1)
    assert case.verdict(1) == ("decided", "verified")
    assert case.verdict(4)[0] == "unreviewed"
    case.settle()
    assert [len(case.tasks(claim)) for claim in (1, 2, 3, 4)] == [1] * 4


def test_a5_votes_cast_while_a_task_bore_another_claim(case: Case) -> None:
    """Words of claim 3, the id of claim 4: a vote on it is of neither without a word."""
    task = case.task(3)
    case.chris.set_task(task, data=case.data(3) | {"claim_id": claim_id(4)})
    case.anahita.submit(task, "verified")
    case.pull("--full")
    case.same_or_named("after a full pull")
    case.named(3)
    case.peace()
    case.same_or_named("in the end")


def test_a6_the_claim_of_tasks_exchanged_by_a_data_field(case: Case) -> None:
    """No task moves: only a full reading can see it."""
    tasks = [case.task(1), case.task(2)]
    case.chris.press(
        "add_data_field", case.project, tasks, value_name="claim_id", value_type="String", value=claim_id(4)
    )
    case.settle(peace=False)
    case.named(1, 2)
    assert case.verdict(4)[0] == "unreviewed"
    case.peace()
    case.same("in the end")
    assert [len(case.tasks(claim)) for claim in (1, 2, 3, 4)] == [1] * 4


def test_a7_a_person_deleted_before_and_after_their_votes_were_pulled(machine: Machine, tmp_path: Path) -> None:
    case = Case(machine, tmp_path / "desk")
    name = f"leaver{case.project}"
    leaver = case.people[name] = machine.member(name)
    case.names[leaver.number] = name
    case.vote(2, name, "disputed")
    case.begin()
    unread = leaver.submit(case.task(1), "opinion")
    case.machine.owner.ask("DELETE", f"/api/users/{leaver.number}/")
    for options in ((), ("--full",)):
        case.pull(*options)
        extra = {key: choice for key, choice in case.counted().items() if key not in case.votes}
        assert set(extra.values()) <= {"opinion"}, "an unknown person at most"
        case.votes |= extra
        case.same("votes that were pulled stay with their person")
        if not extra:
            case.named(annotations=[unread])
            case.heard.clear()
    if not extra:
        case.unsettled()
        case.named(annotations=[unread])
    case.settle(peace=False)


@pytest.mark.parametrize("count", [2, 20])
def test_a8_a_person_who_takes_back_their_newest_votes_raises_no_alarm(case: Case, count: int) -> None:
    """The other side of A3 and A4: honest deletions, of answers and of a whole task."""
    for claim in (4, 3)[:count]:
        case.vote(claim, "anahita", "verified")
    case.ok("pull")
    for claim in (4, 3)[:count]:
        case.anahita.delete(case.number[claim, "anahita"])
        del case.votes[claim, "anahita"]
        pulled = case.ok("pull")
        assert (pulled.codes, pulled.data["warnings"]) == ([], []), case.story()
        case.same("after an honest deletion")
    case.basma.delete_task(case.task(2))
    for name in ("anahita", "chris"):
        del case.votes[2, name]
    pulled = case.ok("pull")
    assert pulled.codes == [], case.story()
    (fell,) = pulled.data["warnings"]  # no alarm: what became of the verdict
    assert fell.endswith("was disputed and is unreviewed now"), case.story()
    case.settle()
