from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from factcheck import frames
from factcheck.models import AnnotationEvent
from factcheck.studio.sync.doubts import Doubt
from factcheck.studio.sync.forgetting import Consent, Limits
from factcheck.studio.sync.pull import Pulled, pull
from tests.contract.conftest import Studio
from tests.fake_studio.props import NOW, claim_id, result


def told(events: pl.DataFrame) -> list[tuple[Any, ...]]:
    return events.sort("claim_id", "seq", "annotation_key").select("claim_id", "seq", "state", "choice").rows()


def test_every_action_is_seen_exactly_once(studio: Studio) -> None:
    studio.push([1, 2, 3])
    anahita, basma, chris = studio.checkers
    one, two, three = studio.task
    assert studio.pull().events.is_empty()

    first = anahita.submit(one, "verified", rationale="Seen it.", evidence="https://example.org/a\n\nhttps://b.example")
    second = basma.submit(one, "disputed", confidence="low")
    chris.skip(two)
    pulled = studio.pull()
    assert told(pulled.events) == [
        (claim_id(1), 1, "submitted", "verified"),
        (claim_id(1), 1, "submitted", "disputed"),
        (claim_id(2), 1, "skipped", None),
    ]
    said = pulled.events.row(by_predicate=pl.col("choice") == "verified", named=True)
    assert (said["rationale"], said["evidence"]) == ("Seen it.", ["https://example.org/a", "https://b.example"])
    assert said["lead_time"] == 0.25
    assert said["edited_by"] is None
    assert len(set(pulled.events["annotator_id"])) == 3
    assert {person.email for person in pulled.people} == {f"{n}@desk.example" for n in ("anahita", "basma", "chris")}
    assert studio.pull().events.is_empty()

    anahita.edit(first, "opinion")
    basma.delete(second)
    chris.submit(three, "not_a_claim")
    assert told(studio.pull().events) == [
        (claim_id(1), 2, "submitted", "opinion"),
        (claim_id(1), 2, "deleted", "disputed"),
        (claim_id(3), 1, "submitted", "not_a_claim"),
    ]
    assert studio.pull().events.is_empty()
    assert studio.pull(full=True).events.is_empty()


def test_full_equals_incremental(studio: Studio) -> None:
    studio.push([1, 2])
    anahita, basma, _ = studio.checkers
    one, two = studio.task
    first = anahita.submit(one, "verified")
    basma.skip(two)
    studio.pull()
    anahita.edit(first, "opinion", rationale="On second thought.")
    basma.submit(one, "opinion")
    studio.pull()
    full = studio.observe(frames.empty(AnnotationEvent), {}, full=True).events
    last = studio.known.sort("seq").unique("annotation_key", keep="last")
    columns = ["annotation_key", "state", "choice", "rationale", "content_hash"]
    assert full.select(columns).sort("annotation_key").equals(last.select(columns).sort("annotation_key"))


def test_an_edit_without_a_change_is_no_event(studio: Studio) -> None:
    studio.push([1])
    annotation = studio.checkers[0].submit(studio.task[0], "verified", rationale="Why")
    studio.pull()
    studio.checkers[0].edit(annotation, "verified", rationale="Why")
    assert studio.pull().events.is_empty()


def test_a_star_is_no_edit_and_takes_no_vote(studio: Studio) -> None:
    studio.push([1])
    anahita, basma, chris = studio.checkers
    annotation = anahita.submit(studio.task[0], "verified")
    assert told(studio.pull().events) == [(claim_id(1), 1, "submitted", "verified")]
    for star in (True, False, True):
        basma.change(annotation, {"ground_truth": star})
        assert studio.pull().events.is_empty(), "nothing that was said has changed"
    chris.edit(annotation, "disputed")
    after = studio.pull().events.row(0, named=True)
    assert (after["choice"], after["seq"]) == ("disputed", 2)
    assert after["edited_by"] not in {None, after["annotator_id"]}


def test_an_edit_by_another_person_names_both(studio: Studio) -> None:
    studio.push([1])
    annotation = studio.checkers[0].submit(studio.task[0], "verified")
    before = studio.pull().events.row(0, named=True)
    studio.checkers[1].edit(annotation, "disputed")
    after = studio.pull().events.row(0, named=True)
    assert after["annotator_id"] == before["annotator_id"]
    assert after["edited_by"] not in {None, before["annotator_id"]}


def test_a_deleted_task_deletes_its_annotations_once(studio: Studio) -> None:
    studio.push([1, 2])
    for task in studio.task:
        studio.checkers[0].submit(task, "verified")
    studio.pull()
    studio.admin.delete_task(studio.task[0])
    assert told(studio.pull().events) == [(claim_id(1), 2, "deleted", "verified")]
    assert studio.pull().events.is_empty()
    assert studio.pull(full=True).events.is_empty()


def test_a_task_id_used_again_is_another_task(studio: Studio) -> None:
    studio.push([1, 2])
    studio.checkers[0].submit(studio.task[1], "verified")
    studio.pull()
    studio.admin.delete_task(studio.task[1])
    studio.push([1, 3])
    studio.checkers[1].submit(studio.task[1], "opinion")
    assert told(studio.pull().events) == [
        (claim_id(2), 2, "deleted", "verified"),
        (claim_id(3), 1, "submitted", "opinion"),
    ]
    assert studio.pull().events.is_empty()


def test_nothing_moves_before_the_dataset_has_it(studio: Studio) -> None:
    studio.push([1])
    studio.checkers[0].submit(studio.task[0], "verified")
    lost = studio.observe(studio.known, studio.cursor, full=False)  # the commit failed
    again = studio.pull()
    assert again.events["event_id"].to_list() == lost.events["event_id"].to_list()


@pytest.mark.parametrize(
    ("code", "results"),
    [
        ("UNKNOWN_CHOICE", result("wahr")),
        ("NO_CHOICE", []),
        ("TWO_CHOICES", result("verified") + result("disputed")),
        (
            "UNKNOWN_CONTROL",
            [*result("verified"), *result("x")[:0], {"from_name": "mood", "value": {"choices": ["x"]}}],
        ),
    ],
)
def test_what_is_no_answer_is_put_aside_with_its_reason(studio: Studio, code: str, results: list[Any]) -> None:
    studio.push([1])
    studio.checkers[0].send(studio.task[0], {"result": results})
    studio.checkers[1].submit(studio.task[0], "verified")
    pulled = studio.pull()
    assert pulled.rejected["code"].to_list() == [code]
    assert pulled.events.height == 1
    assert f"task {studio.task[0]}" in pulled.rejected["subject"][0]


def test_an_answer_that_became_none_counts_no_more_and_is_not_deleted(studio: Studio) -> None:
    studio.push([1])
    annotation = studio.checkers[0].submit(studio.task[0], "verified")
    studio.pull()
    studio.checkers[0].edit(annotation, "wahr")
    pulled = studio.pull()
    assert told(pulled.events) == [(claim_id(1), 2, "put_aside", "verified")]
    assert "UNKNOWN_CHOICE" in pulled.events["mark_reason"][0]
    assert pulled.rejected["code"].to_list() == ["UNKNOWN_CHOICE"]
    assert studio.pull(full=True).events.is_empty()
    studio.checkers[0].edit(annotation, "opinion")
    back = studio.pull().events
    assert told(back) == [(claim_id(1), 3, "submitted", "opinion")]
    assert back["mark"].to_list() == [None]


def test_answers_on_tasks_that_are_not_ours_are_put_aside(studio: Studio) -> None:
    strange = {"claim": "by hand", "context": "", "about": "", "notice": ""}
    studio.admin.make_task(studio.project, strange)
    studio.admin.make_task(studio.project, strange | {"claim_id": "clm_1"})
    for task in studio.admin.task_ids(studio.project).values():
        studio.checkers[0].submit(task, "verified")
    pulled = studio.pull()
    assert pulled.rejected["code"].to_list() == ["FOREIGN_TASK"] * 2
    assert pulled.events.is_empty()


def test_known_annotations_stay_the_forgotten_persons_and_bring_nobody_back(studio: Studio) -> None:
    studio.push([1, 2])
    first, second = studio.task
    anahita, basma = studio.checkers[:2]
    theirs = anahita.submit(first, "verified")
    basma.submit(first, "verified")
    before = studio.pull()
    forgotten = next(person.user_id for person in before.people if person.email.startswith("anahita"))
    old = f"ant_{forgotten:020x}"

    def afterwards() -> Pulled:
        """As another pull would, now that this number gives another id."""
        return pull(
            studio.client, studio.project, studio.known, studio.cursor, project="main", now=NOW, full=True,
            forgotten=[old], annotator_id=lambda user: f"ant_{user + 10**9 * (user == forgotten):020x}",
        )  # fmt: skip

    again = afterwards()
    assert again.events.is_empty()
    assert forgotten not in {person.user_id for person in again.people}
    assert len(again.people) == 1
    anahita.edit(theirs, "disputed")
    edited = afterwards().events
    assert edited["annotator_id"].to_list() == [old]
    assert edited["seq"].to_list() == [2]
    anahita.submit(second, "opinion")  # who goes on working is somebody new
    after = afterwards()
    assert sorted(after.events["annotator_id"]) == sorted([old, f"ant_{forgotten + 10**9:020x}"])
    assert forgotten in {person.user_id for person in after.people}


def test_a_look_at_what_moved_withdraws_nothing_while_votes_wait(studio: Studio) -> None:
    studio.push([1, 2])
    one, two = studio.task
    first = studio.checkers[0].submit(one, "verified")
    studio.checkers[1].submit(two, "verified")
    studio.pull()
    studio.cursor |= {"waits": "Label Studio went back"}
    studio.checkers[0].delete(first)
    studio.checkers[2].submit(one, "disputed")
    look = studio.pull(since=NOW - timedelta(days=3650))
    assert told(look.events) == [(claim_id(1), 1, "submitted", "disputed")]
    assert look.rejected["code"].to_list() == ["VOTES_MISSING"]
    assert studio.cursor["waits"] == "Label Studio went back"
    whole = studio.pull()
    assert (whole.events.height, whole.rejected["code"].to_list()) == (0, ["VOTES_MISSING"]), "nobody has spoken yet"
    assert told(studio.pull(consent=Consent(accept_loss=True)).events) == [(claim_id(1), 2, "deleted", "verified")]
    assert "waits" not in studio.cursor


def test_votes_wait_no_longer_once_they_are_all_there(studio: Studio) -> None:
    studio.push([1, 2])
    one, two = studio.task
    studio.checkers[0].submit(one, "verified")
    second = studio.checkers[1].submit(two, "verified")
    studio.pull()
    studio.cursor |= {"waits": "Label Studio went back"}
    assert studio.pull().rejected.is_empty()
    assert "waits" not in studio.cursor
    studio.checkers[1].delete(second)
    assert told(studio.pull().events) == [(claim_id(2), 2, "deleted", "verified")]


def test_what_was_kept_stays_kept(studio: Studio) -> None:
    studio.push([1])
    (task,) = studio.task
    annotation = studio.checkers[0].submit(task, "verified")
    studio.pull()
    studio.checkers[0].edit(annotation, "wahr")
    nothing = Limits(votes=0, share=0.0)
    assert studio.pull(limits=nothing).rejected["code"].to_list() == ["UNKNOWN_CHOICE", "VOTES_MISSING"]
    kept = studio.pull(limits=nothing, consent=Consent(keep=True)).events
    assert kept.select("state", "choice", "mark").rows() == [("submitted", "verified", "kept")]
    for full in (False, True):
        assert studio.pull(full=full, limits=nothing).events.is_empty()
        assert "waits" not in studio.cursor
    studio.checkers[0].edit(annotation, "opinion")
    assert told(studio.pull().events) == [(claim_id(1), 3, "submitted", "opinion")]


def test_who_once_edited_an_answer_is_not_looked_up_again_without_news(studio: Studio) -> None:
    studio.push([1])
    annotation = studio.checkers[0].submit(studio.task[0], "verified")
    studio.pull()
    studio.checkers[1].change(annotation, {"ground_truth": True})
    again = studio.pull(full=True)
    assert again.events.is_empty()
    assert {person.email.split("@")[0] for person in again.people} == {"anahita"}


def test_what_a_lead_made_an_answer_again_counts_as_its_authors(studio: Studio) -> None:
    studio.push([1])
    annotation = studio.checkers[0].submit(studio.task[0], "verified")
    author = studio.pull().events["annotator_id"][0]
    studio.checkers[0].edit(annotation, "wahr")
    assert studio.pull().events["state"].to_list() == ["put_aside"]
    studio.checkers[1].edit(annotation, "disputed")
    again = studio.pull().events.row(0, named=True)
    assert (again["state"], again["choice"], again["annotator_id"]) == ("submitted", "disputed", author)


def test_an_answer_moved_to_a_task_that_shows_other_words_is_not_deleted(studio: Studio) -> None:
    studio.push([1, 2])
    first, second = studio.task
    annotation = studio.checkers[0].submit(first, "verified")
    studio.pull()
    studio.checkers[0].change(annotation, {"task": second})
    shown = {claim_id(1): {"The words of the first."}, claim_id(2): {"Not what the task shows."}}
    for full in (False, True):
        pulled = studio.pull(full=full, words=lambda claims: {claim: shown[claim] for claim in claims})
        assert pulled.events.is_empty()
        assert "OTHER_WORDS" in pulled.rejected["code"].to_list()
    moved = studio.pull(full=True).events
    assert told(moved) == [(claim_id(2), 2, "submitted", "verified")]
    assert moved["mark"].to_list() == ["moved"]


def test_what_was_pulled_before_a_repair_is_not_in_doubt_when_it_only_moves(studio: Studio) -> None:
    studio.push([1])
    (task,) = studio.task
    annotation = studio.checkers[0].submit(task, "verified")
    studio.pull()
    copy = studio.push_copy(task)
    studio.checkers[0].change(annotation, {"task": copy})
    doubt = Doubt("main", None, "2999-01-01T00:00:00+00:00", "its words were changed")
    moved = studio.pull(doubts=[doubt]).events
    assert told(moved) == [(claim_id(1), 2, "submitted", "verified")]
    studio.checkers[0].edit(annotation, "opinion")
    assert told(studio.pull(doubts=[doubt]).events) == [(claim_id(1), 3, "put_aside", "opinion")]
    assert told(studio.pull(doubts=[doubt], consent=Consent(accept_put_aside=True)).events) == [
        (claim_id(1), 4, "submitted", "opinion")
    ]
