"""Table D: drift of words, settings, queue and counters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake_studio.props import result
from tests.live.actions.case import Case

WORDS = "Something else altogether was said, and it was false."


@pytest.mark.parametrize("moves", [True, False], ids=["patched", "by_a_data_field"])
def test_d1_other_words_on_the_task(case: Case, moves: bool) -> None:
    """Known votes were cast on our words and stay; one on the other words does not count without a word."""
    right = case.data(4)["claim"]
    if moves:
        case.chris.set_task(case.task(4), data=case.data(4) | {"claim": WORDS})
        case.chris.set_task(case.task(1), data=case.data(1) | {"claim": WORDS})
    else:
        tasks = [case.task(1), case.task(4)]
        case.chris.press("add_data_field", case.project, tasks, value_name="claim", value_type="String", value=WORDS)
    number = case.anahita.submit(case.task(4), "verified")
    case.pull()
    case.pull("--full")
    case.same("the vote on other words does not count")
    case.named(4)
    case.unsettled()
    case.settle()
    assert case.data(4)["claim"] == right, "push puts our words back"
    assert case.data(1)["claim"] != WORDS
    assert number not in case.states().filter(state="submitted")["annotation_id"]
    case.machine.wait()
    case.vote(4, "basma", "opinion")
    case.settle()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("show_annotation_history", True),
        ("enable_empty_annotation", True),
        ("show_skip_button", False),
        ("skip_queue", "IGNORE_SKIPPED"),
        ("show_collab_predictions", True),
    ],
)
def test_d2_settings_changed_by_a_member(case: Case, name: str, value: Any) -> None:
    before = case.machine.owner.project(case.project)[name]
    assert before != value
    case.settled_by_server = name == "skip_queue"
    case.chris.set_project(case.project, **{name: value})
    found = case.unsettled()
    assert name in found.text or name.replace("_", " ") in found.text or "setting" in found.text, case.story()
    assert name in (said := case.run("push", "--dry-run").text) or "would" in said, said
    case.settle()
    assert case.machine.owner.project(case.project)[name] == before


def test_d3_fewer_people_for_a_part_of_the_tasks(case: Case) -> None:
    case.chris.set_project(case.project, overlap_cohort_percentage=40)
    case.settle()
    assert {row["overlap"] for row in case.machine.owner.rows(case.project)} == {2}, case.story()


@pytest.mark.parametrize(("people", "after"), [(1, 2), (3, 3)], ids=["lowered", "raised"])
def test_d4_annotators_of_every_task(case: Case, people: int, after: int) -> None:
    case.chris.set_project(case.project, maximum_annotations=people)
    case.settle()
    assert {row["overlap"] for row in case.machine.owner.rows(case.project)} == {after}, case.story()


def test_d5_the_queue_and_the_counters_written_by_hand(case: Case) -> None:
    """Out of the queue although nobody answered, back in it although two did, and counters that lie."""
    case.chris.set_task(case.task(4), is_labeled=True)
    case.chris.set_task(case.task(3), total_annotations=7, cancelled_annotations=3)
    case.chris.set_task(case.task(1), overlap=1)
    case.settle()
    rows = {row["id"]: row for row in case.machine.owner.rows(case.project)}
    assert rows[case.task(1)]["overlap"] == 2
    assert rows[case.task(4)]["is_labeled"] is False, f"nobody can answer claim 4\n{case.story()}"


def test_d6_a_copied_task_that_got_a_vote(case: Case) -> None:
    copy = case.chris.copy_task(case.project, case.data(1))
    case.vote(1, "chris", "disputed", copy)
    case.settle()
    case.named(1)


@pytest.mark.parametrize("said", [[], result("verified") + result("disputed")], ids=["emptied", "two_choices"])
def test_d7_an_answer_edited_into_none(case: Case, said: list[Any]) -> None:
    """What it said before does not count any more, and that is said."""
    number = case.number[3, "basma"]
    case.basma.change(number, {"result": said})
    del case.votes[3, "basma"]
    case.settle()
    case.named(3)
    assert number in case.put_aside()
    case.basma.edit(number, "disputed")
    case.votes[3, "basma"] = "disputed"
    case.settle()


def test_d8_a_webhook_deleted_by_a_member(case: Case) -> None:
    """A pull does not need it. It is not active, so nothing is ever sent there."""
    hook = {"url": "http://1.1.1.1/", "is_active": False, "send_payload": True, "project": case.project}
    if case.machine.url.endswith(":9"):
        pytest.skip("the fake has no webhooks")
    made = case.chris.ask("POST", "/api/webhooks/", hook)["id"]
    case.vote(4, "anahita", "opinion")
    case.basma.ask("DELETE", f"/api/webhooks/{made}/")
    case.vote(4, "basma", "opinion")
    case.settle()
