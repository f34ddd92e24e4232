"""Table C: what is on the server, and is not what the named person said in answer to our question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fake_studio.props import claim_id, result
from tests.live.actions.case import Case
from tests.machine import Real


def aside(case: Case, *claims: int, count: int | None = None) -> None:
    """Votes are as they were; what is not one is put aside and named."""
    case.settle()
    assert len(case.put_aside()) == (len(claims) if count is None else count), case.story()
    case.named(*claims[:3])  # of many the first three are named, and how many more


def test_c1_answers_made_from_predictions(case: Case) -> None:
    for claim in (1, 2, 3, 4):
        case.chris.predict(case.task(claim), "not_a_claim")
    case.old()
    case.chris.press("predictions_to_annotations", case.project)
    aside(case, 1, 2, 3, 4)
    assert case.verdict(4)[0] == "unreviewed"


def test_c2_an_answer_in_the_name_of_another(case: Case) -> None:
    body = {"result": result("verified"), "lead_time": 4.5, "completed_by": case.basma.number}
    case.chris.send(case.task(4), body)
    aside(case, 4)


def test_c3_the_author_of_an_answer_exchanged(case: Case) -> None:
    case.chris.change(case.number[3, "basma"], {"completed_by": case.anahita.number})
    case.settle()
    case.named(3)


def test_c4_tasks_imported_with_answers(case: Case) -> None:
    """In the names of two people, by number and by e-mail; votes that are there already are not doubled."""
    said = [
        {"result": result("opinion"), "completed_by": case.basma.number},
        {"result": result("opinion"), "completed_by": {"email": "anahita@desk.example"}},
    ]
    case.chris.import_tasks(case.project, [{"data": case.data(4), "annotations": said}])
    aside(case, 4, count=2)
    assert case.verdict(4)[0] == "unreviewed"


def test_c5_the_projects_own_export_imported_again(case: Case) -> None:
    case.chris.import_tasks(case.project, case.chris.file(case.project))
    case.pull()
    assert len(case.put_aside()) >= 5, "answers of the file bear the time they took, and are imported all the same"
    case.settle()
    case.named(1, 2, 3)


def test_c6_a_storage_synchronised(case: Case, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if not isinstance(case.machine, Real):
        pytest.skip("the fake has no storages")
    folder = tmp_path / "storage"
    folder.mkdir()
    said = [{"result": result("opinion"), "completed_by": case.basma.number}, {"result": result("disputed")}]
    (folder / "task.json").write_text(json.dumps({"data": case.data(4), "annotations": said}), "utf-8")
    environment = request.getfixturevalue("studio_environment")
    case.machine.sync_storage(environment, case.project, folder, case.chris.number)
    assert len(case.tasks(4)) == 2
    case.settle(peace=False)  # the one that names nobody stays to be told of, like one of a deleted person
    case.named(4)
    assert case.verdict(4)[0] == "unreviewed"


def test_c7_labels_renamed_to_another_verdict(case: Case) -> None:
    """In the whole project, whatever was selected; the tasks move, the answers do not."""
    case.chris.press(
        "rename_labels", case.project, [case.task(4)],
        old_label_name="disputed", new_label_name="opinion", control_tag="verdict",
    )  # fmt: skip
    case.votes |= {(2, "anahita"): "opinion", (2, "chris"): "opinion"}
    case.settle()
    marked = case.states().filter(claim_id=claim_id(2))["mark"].to_list()
    assert marked == ["rewritten"] * 2
    case.named(2)


def test_c8_labels_renamed_to_a_word_that_is_no_verdict(case: Case) -> None:
    case.chris.press(
        "rename_labels", case.project, old_label_name="disputed", new_label_name="falsch", control_tag="verdict"
    )
    case.pull()
    case.pull("--full")
    case.same_or_named("after a full pull")
    case.named(2)
    if (2, "chris") in case.counted():
        case.unsettled()
    else:
        case.peace()


@pytest.mark.parametrize("what", ["texts", "aliases"])
def test_c9_what_two_choices_mean_exchanged(case: Case, what: str) -> None:
    config = case.machine.owner.project(case.project)["label_config"]
    one, two = ('value="Verified"', 'value="False or misleading"') if what == "texts" else ('"verified"', '"disputed"')
    case.chris.configure(case.project, config.replace(one, "§").replace(two, one).replace("§", two))
    case.anahita.submit(case.task(4), "verified")  # what she read said the opposite
    for command in ("pull", "doctor"):
        done = case.run(command)
        assert done.code != 0, case.story()
        assert "LABEL_CONFIG" in done.text or "labeling config" in done.text or "choices" in done.text, case.story()
    case.same("while the config is wrong")
    pushed = case.run("push")
    if pushed.code:
        assert "LABEL_CONFIG" in pushed.codes, case.story()
        case.ok("push", "--replace-config")
    case.pull()
    case.same_or_named("after the config is ours again")
    assert (4, "anahita") not in case.counted(), "it was the answer to another question"
    case.named(4)
    case.machine.wait()
    case.vote(4, "basma", "opinion")
    case.settle()


def test_c10_the_answer_of_another_edited(case: Case) -> None:
    case.chris.edit(case.number[3, "basma"], "verified")
    case.votes[3, "basma"] = "verified"
    case.settle()
    (editor,) = case.states().filter(annotation_id=case.number[3, "basma"])["edited_by"].to_list()
    assert editor is not None


def test_c11_the_answer_of_another_skipped_and_back(case: Case) -> None:
    case.chris.change(case.number[3, "basma"], {"was_cancelled": True})
    opinion = case.votes.pop((3, "basma"))
    case.pull()
    case.same("skipped")
    case.chris.change(case.number[3, "basma"], {"was_cancelled": False})
    case.votes[3, "basma"] = opinion
    case.settle()


def test_c12_the_answer_of_another_made_a_draft(case: Case) -> None:
    case.chris.to_draft(case.number[3, "basma"])
    del case.votes[3, "basma"]
    case.settle()


def test_c13_the_answer_of_another_deleted(case: Case) -> None:
    case.chris.delete(case.number[3, "basma"])
    del case.votes[3, "basma"]
    case.settle()
