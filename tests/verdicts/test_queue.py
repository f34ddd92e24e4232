from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from factcheck.verdicts import QUEUE, Majority, decide, queue, votes
from tests.verdicts.histories import claim, event, frame, histories, person, shuffled_with_repeats

IDS = pl.Series([claim(number) for number in range(1, 5)])
SPLIT = frame(
    event(
        1, claim_number=1, who=8, choice="disputed", minute=1, rationale="no such law", evidence=["https://a.example"]
    ),
    event(2, claim_number=1, who=3, choice="verified", minute=2, rationale="seen"),
    event(3, claim_number=2, who=8, choice="verified"),
    event(4, claim_number=2, who=3, choice="verified"),
    event(5, claim_number=3, who=8, choice="verified"),
    event(6, claim_number=3, who=3, choice="opinion"),
    event(7, claim_number=3, who=4, choice="disputed", edited_by=3),
    event(8, claim_number=4, who=4),
)


def test_contested_claims_alone_are_queued_the_most_voted_first_among_equals() -> None:
    said = votes(SPLIT)
    found = queue(decide(IDS, said, Majority()), said)
    assert found.schema == QUEUE
    assert found.select("claim_id", "n_votes", "agreement").rows() == [(claim(3), 3, 0.0), (claim(1), 2, 0.0)]


def test_votes_stand_side_by_side_with_reasons_and_without_names() -> None:
    said = votes(SPLIT)
    found = queue(decide(IDS, said, Majority()), said)
    assert found.filter(claim_id=claim(1))["votes"].item().to_list() == [
        {"voter": "A", "choice": "verified", "reason": None, "confidence": None, "rationale": "seen"}
        | {"evidence": []},
        {
            "voter": "B",
            "choice": "disputed",
            "reason": None,
            "confidence": None,
            "rationale": "no such law",
            "evidence": ["https://a.example"],
        },
    ]
    text = found.write_json()
    assert not any(person(who) in text for who in (3, 4, 8))


def test_more_than_twenty_six_votes_still_have_letters_of_their_own() -> None:
    events = [event(who, who=who, choice="verified" if who % 2 else "disputed") for who in range(1, 61)]
    said = votes(frame(*events))
    letters = [vote["voter"] for vote in queue(decide(IDS.head(1), said, Majority()), said)["votes"].item()]
    assert letters[:2] == ["A", "B"]
    assert letters[26:28] == ["A2", "B2"]
    assert len(set(letters)) == 60


@given(st.data())
def test_the_queue_does_not_depend_on_order_and_shows_every_vote(data: st.DataObject) -> None:
    events = data.draw(histories())
    said, again = votes(frame(*events)), votes(frame(*data.draw(shuffled_with_repeats(events))))
    verdicts = decide(IDS, said, Majority())
    found = queue(verdicts, said)
    assert found.equals(queue(verdicts, again))
    assert found["votes"].list.len().to_list() == found["n_votes"].to_list()
    assert set(found["claim_id"]) == set(verdicts.filter(status="contested")["claim_id"])


def test_a_contested_claim_on_which_nobody_of_the_roster_voted_has_no_votes_to_show() -> None:
    events = [event(1, who=1, choice="verified"), event(2, who=2, choice="disputed")]
    verdicts = decide(IDS.head(1), votes(frame(*events)), Majority())
    found = queue(verdicts, votes(frame(*events)).clear())
    assert found["votes"].to_list() == [[]]
