from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.models import AnnotationEvent
from factcheck.verdicts import VOTES, decisions, edited_by_others, votes
from tests.verdicts.histories import claim, event, frame, histories, person, shuffled_with_repeats


def cast(*events: AnnotationEvent) -> list[tuple[str, str, str]]:
    return votes(frame(*events)).select("claim_id", "annotator_id", "choice").sort(pl.all()).rows()


def by_hand(events: list[AnnotationEvent]) -> set[tuple[str, str, str, object]]:
    """The definition in words of the data model, one annotation at a time."""
    states: dict[str, AnnotationEvent] = {}
    for one in sorted(events, key=lambda one: one.seq):
        states[one.annotation_key] = one
    last: dict[tuple[str, str], AnnotationEvent] = {}
    for one in sorted(states.values(), key=lambda one: (one.updated_at, one.annotation_key)):
        if one.state == "submitted":
            last[one.claim_id, one.annotator_id] = one
    return {(*key, str(one.choice), one.updated_at) for key, one in last.items()}


def test_an_empty_history_has_no_votes_and_all_columns() -> None:
    assert votes(frame()).schema == VOTES


def test_an_edit_replaces_what_was_said_before() -> None:
    first, edit = event(1, 1, choice="verified"), event(1, 2, choice="disputed", minute=1)
    assert cast(first, edit) == cast(edit, first) == [(claim(1), person(1), "disputed")]


def test_the_state_is_the_largest_seq_even_where_the_server_clock_went_back() -> None:
    assert cast(event(1, 1, minute=9), event(1, 2, choice="opinion", minute=1)) == [(claim(1), person(1), "opinion")]


@pytest.mark.parametrize("state", ["skipped", "deleted"])
def test_a_skip_and_a_deletion_take_the_vote_back(state: str) -> None:
    assert cast(event(1, 1), event(1, 2, state=state, minute=1)) == []


def test_a_person_who_annotates_twice_votes_once_and_last() -> None:
    early, late = event(1, choice="verified", minute=1), event(2, choice="opinion", minute=2)
    assert cast(late, early) == [(claim(1), person(1), "opinion")]


def test_when_the_later_annotation_is_deleted_the_earlier_one_speaks_again() -> None:
    early, late = event(1, choice="verified", minute=1), event(2, choice="opinion", minute=2)
    assert cast(early, late, event(2, 2, state="deleted", minute=3)) == [(claim(1), person(1), "verified")]


def test_equal_times_are_settled_by_the_annotation_key() -> None:
    one, two = event(1, choice="verified"), event(2, choice="opinion")
    assert cast(one, two) == cast(two, one) == [(claim(1), person(1), "opinion")]


def test_a_roster_limits_who_votes() -> None:
    events = frame(event(1, who=1), event(2, who=2))
    assert votes(events, roster=[person(2)])["annotator_id"].to_list() == [person(2)]
    assert votes(events, roster=[]).is_empty()


def test_an_edit_by_somebody_else_stays_the_authors_vote_and_is_flagged() -> None:
    found = votes(frame(event(1, who=1, edited_by=2), event(2, who=3, edited_by=3), event(3, who=4)))
    assert edited_by_others(found).select("annotator_id", "edited_by").rows() == [(person(1), person(2))]


def test_decisions_are_the_leads_in_the_queue_and_no_votes() -> None:
    events = frame(
        event(1, who=1),
        event(2, who=9, project="queue", choice="disputed", minute=1),
        event(3, who=9, project="queue", choice="opinion", minute=2),
        event(4, who=5, project="queue", choice="verified", minute=3),
    )
    assert votes(events, queue_projects=["queue"])["annotator_id"].to_list() == [person(1)]
    found = decisions(events, leads=[person(9)], queue_projects=["queue"])
    assert found.select("claim_id", "annotator_id", "choice").rows() == [(claim(1), person(9), "opinion")]


@given(st.data())
def test_votes_are_what_the_definition_says_in_any_order_and_with_repeats(data: st.DataObject) -> None:
    events = data.draw(histories())
    mixed = data.draw(shuffled_with_repeats(events))
    found = votes(frame(*mixed))
    assert found.schema == VOTES
    assert set(found.select("claim_id", "annotator_id", "choice", "voted_at").rows()) == by_hand(events)
    assert found.height == len(by_hand(events))
