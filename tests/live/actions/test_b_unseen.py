"""Table B: real changes that no incremental pull can see."""

from __future__ import annotations

import pytest

from tests.fake_studio.props import claim_id
from tests.live.actions.case import Case, Votes

ALL: Votes = {(1, "anahita"): "opinion", (1, "basma"): "opinion"}


def rewritten(case: Case, before: Votes) -> None:
    """Taken in as what the server says, marked as no edit of the authors', and named."""
    case.pull()
    assert case.wrong() == {} or case.wrong(before) == {}, case.story()
    case.pull("--full")
    case.same("after a full pull")
    rows = case.states().filter(annotation_id=case.number[1, "anahita"])
    assert rows.select("mark", "edited_by").rows() == [("rewritten", None)]
    case.named(1)
    case.settle()


@pytest.mark.parametrize("everywhere", [False, True], ids=["b1_in_the_project", "b2_in_every_project"])
def test_labels_rewritten_in_bulk(case: Case, everywhere: bool) -> None:
    before = dict(case.votes)
    case.chris.labels_bulk("verified", "opinion", None if everywhere else case.project)
    case.votes |= ALL
    rewritten(case, before)


def test_b3_labels_rewritten_in_bulk_to_a_word_that_is_no_verdict(case: Case) -> None:
    case.chris.labels_bulk("verified", "wahr", case.project)
    case.pull()
    case.doctor()
    case.pull("--full")
    case.same_or_named("after a full pull")
    case.named(1)
    before = case.counted()
    case.push()
    case.pull()
    assert case.counted() == before
    if (1, "anahita") in before:
        case.unsettled()
    else:
        case.peace()


def test_b4_answers_propagated_to_other_tasks(case: Case) -> None:
    """In the name of who clicked, without a person having read the claims."""
    tasks = [case.task(claim) for claim in (1, 2, 3, 4)]
    case.chris.press("propagate_annotations", case.project, tasks, source_annotation_id=case.number[1, "anahita"])
    case.settle()
    case.named(2, 3, 4)
    assert len(case.put_aside()) == 3
    assert case.verdict(4)[0] == "unreviewed"
    case.ok("pull", "--accept-put-aside")
    case.votes |= {(claim, "chris"): "verified" for claim in (2, 3, 4)}
    case.same("after a person's consent")
    case.peace()
    case.same("in the end")


def test_b5_answers_deleted_on_djangos_pages(case: Case) -> None:
    """No task moves. Whether a person took them back nobody can see: they go, or they wait and are named."""
    before = dict(case.votes)
    case.machine.admin_delete([case.number[1, "basma"], case.number[2, "chris"]])
    for key in ((1, "basma"), (2, "chris")):
        del case.votes[key]
    case.pull()
    assert case.wrong() == {} or case.wrong(before) == {}, case.story()
    pulled = case.pull("--full")
    if case.wrong():
        assert (pulled.code, set(pulled.codes)) == (9, {"VOTES_MISSING"}), case.story()
        assert case.wrong(before) == {}
        case.named(1, 2)
        case.unsettled()
        case.ok("pull", "--accept-loss")
    case.settle()


def test_b6_an_answer_linked_to_another_project_that_is_deleted(case: Case) -> None:
    other = case.chris.make_project(title="Another", description="of somebody else")
    case.chris.change(case.number[1, "basma"], {"project": other})
    case.pull()
    case.same("while both projects are there")
    case.machine.set_back(case.project)
    before = dict(case.votes)
    case.chris.delete_project(other)
    del case.votes[1, "basma"]
    case.pull()
    assert case.wrong() == {} or case.wrong(before) == {}, case.story()
    pulled = case.pull("--full")
    if case.wrong():
        assert (pulled.code, set(pulled.codes)) == (9, {"VOTES_MISSING"}), case.story()
        case.named(1)
        case.ok("pull", "--accept-loss")
    case.settle()


@pytest.mark.parametrize("consent", ["--keep", "--accept-loss"])
def test_b7_a_database_put_back_from_a_backup(case: Case, consent: str) -> None:
    """Two votes and an edit after the backup are pulled and gone; a new vote gets the number of one of them."""
    backup = case.machine.backup()
    before = dict(case.votes)
    case.vote(4, "anahita", "verified")
    case.vote(4, "basma", "verified")
    case.anahita.edit(case.number[2, "anahita"], "opinion")
    case.votes[2, "anahita"] = "opinion"
    case.ok("pull")
    case.same("before the backup is put back")
    case.machine.put_back(backup)
    case.vote(3, "anahita", "opinion")
    before[3, "anahita"] = "opinion"
    case.pull()
    case.same("the new vote is in, the old ones stay")
    for _ in range(2):
        pulled = case.pull("--full")
        assert (pulled.code, set(pulled.codes)) == (9, {"VOTES_MISSING"}), case.story()
        case.same("until somebody says what becomes of them")
    case.named(2, 4)
    case.unsettled()
    assert case.verdict(4) == ("decided", "verified")
    case.ok("pull", consent)
    if consent == "--keep":
        assert len(case.kept()) >= 3
    else:
        case.votes = before
    case.settle()


def test_b7_a_database_put_back_whose_tasks_are_worked_on_before_we_look(case: Case) -> None:
    """The task moved since, as by a person who takes a vote back; but the new answers bear the numbers of others."""
    backup = case.machine.backup()
    case.vote(4, "anahita", "verified")
    case.vote(4, "basma", "verified")
    case.ok("pull")
    case.machine.put_back(backup)
    case.vote(4, "chris", "verified")
    case.vote(3, "chris", "opinion")
    for options in ((), (), ("--full",)):
        pulled = case.pull(*options)
        assert (pulled.code, set(pulled.codes)) == (9, {"VOTES_MISSING"}), case.story()
        case.same("until somebody says what becomes of them")
    case.ok("pull", "--keep")
    assert len(case.kept()) == 2
    case.anahita.delete(case.number[2, "anahita"])
    del case.votes[2, "anahita"]
    case.vote(1, "chris", "verified")
    assert case.ok("pull").codes == [], "an honest deletion afterwards raises no alarm"
    case.settle()


def test_b7_a_database_put_back_to_before_the_last_push(case: Case) -> None:
    """The tasks are gone without a trace, as when a person deletes them: the stamp of the last pull tells."""
    backup = case.machine.backup()
    case.stage(5, 6)
    case.ok("push")
    case.vote(5, "anahita", "verified")
    case.vote(6, "basma", "disputed")
    case.ok("pull")
    case.machine.put_back(backup)
    for command in ("pull", "push", "pull"):
        done = case.run(command)
        if command == "pull":
            assert (done.code, set(done.codes)) == (9, {"VOTES_MISSING"}), case.story()
        case.same("until somebody says what becomes of them")
    case.ok("pull", "--keep")
    assert len(case.kept()) == 2
    case.chris.delete_task(case.task(3))
    case.votes = {key: said for key, said in case.votes.items() if key[0] != 3}
    assert case.ok("pull").codes == [], "an honest deletion afterwards raises no alarm"
    case.settle()


def test_b8_the_claim_of_tasks_made_junk_by_a_data_field(case: Case) -> None:
    tasks = [case.task(1), case.task(2)]
    case.chris.press("add_data_field", case.project, tasks, value_name="claim_id", value_type="String", value="junk")
    case.settle()
    for task in tasks:
        assert any(f"task {task}" in said for said in case.heard), f"nothing names task {task}"
    rows = case.machine.tasks(case.project)
    assert sorted(data["claim_id"] for data in rows.values()) == [claim_id(claim) for claim in (1, 2, 3, 4)]
