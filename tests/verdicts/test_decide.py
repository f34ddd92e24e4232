from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.frames import empty, schema, to_records
from factcheck.models import AnnotationEvent, VerdictChange
from factcheck.verdicts import (
    Adjudicator,
    DawidSkene,
    Majority,
    OneCoin,
    Policy,
    Unanimous,
    Weighted,
    changes,
    decide,
    votes,
)
from tests.verdicts.histories import START, claim, event, frame, histories, person, shuffled_with_repeats

POLICIES: list[Policy] = [
    Majority(),
    Majority(min_votes=1),
    Unanimous(),
    Weighted(),
    DawidSkene(),
    OneCoin(min_votes=1),
]
IDS = pl.Series([claim(number) for number in range(1, 5)])


def one(policy: Policy, *choices: str) -> VerdictChange:
    events = [event(number, who=number, choice=choice) for number, choice in enumerate(choices, 1)]
    found = decide(IDS.head(1), votes(frame(*events)), policy)
    (record,) = to_records(VerdictChange, found)
    return record


@pytest.mark.parametrize(
    ("choices", "status", "verdict"),
    [
        ([], "unreviewed", None),
        (["verified"], "single", None),
        (["verified", "verified"], "decided", "verified"),
        (["verified", "disputed"], "contested", None),
        (["disputed", "disputed", "verified"], "decided", "disputed"),
        (["opinion", "opinion", "verified", "disputed"], "decided", "opinion"),
        (["opinion", "opinion", "verified", "verified"], "contested", None),
        (["not_a_claim", "not_a_claim", "verified"], "not_a_claim", None),
        (["not_a_claim", "verified"], "contested", None),
        (["verified", "disputed", "opinion", "not_a_claim"], "contested", None),
    ],
)
def test_majority(choices: list[str], status: str, verdict: str | None) -> None:
    found = one(Majority(min_votes=2, margin=1), *choices)
    assert (found.status, found.verdict, found.n_votes) == (status, verdict, len(choices))


def test_a_larger_margin_leaves_a_narrow_lead_contested() -> None:
    narrow, wide = ["verified", "verified", "disputed"], ["verified", "verified", "verified", "disputed"]
    assert one(Majority(margin=2), *narrow).status == "contested"
    assert one(Majority(margin=2), *wide).status == "decided"


@pytest.mark.parametrize(
    ("choices", "status"),
    [
        (["verified"], "single"),
        (["verified", "verified"], "decided"),
        (["verified", "verified", "disputed"], "contested"),
        (["not_a_claim", "not_a_claim"], "not_a_claim"),
    ],
)
def test_unanimous(choices: list[str], status: str) -> None:
    assert one(Unanimous(), *choices).status == status


def test_counts_and_agreement() -> None:
    found = one(Majority(), "verified", "verified", "verified", "disputed")
    assert (found.n_verified, found.n_disputed, found.n_opinion, found.n_not_a_claim) == (3, 1, 0, 0)
    assert found.agreement == 0.5  # 3 of 6 pairs
    assert one(Majority(), "verified").agreement is None
    assert one(Majority(), "verified").policy == "majority(min_votes=2,margin=1)"


def test_only_the_votes_that_carry_the_verdict_give_their_reasons() -> None:
    events = frame(
        event(1, who=1, minute=5, rationale=" دوم ", evidence=["https://b.example", " https://a.example ", ""]),
        event(2, who=2, minute=1, rationale="first", evidence=["https://a.example"]),
        event(3, who=3, minute=9, choice="disputed", rationale="no", evidence=["https://c.example"]),
        event(4, who=4, minute=2, rationale="  "),
    )
    (found,) = to_records(VerdictChange, decide(IDS.head(1), votes(events), Majority()))
    assert found.rationales == ["first", "دوم"]
    assert found.evidence == ["https://a.example", "https://b.example"]
    assert found.decided_at is not None
    assert (found.decided_at - START).seconds == 9 * 60


def test_every_claim_asked_for_has_one_row_and_no_other_has() -> None:
    found = decide(pl.DataFrame({"claim_id": [claim(2), claim(1), claim(2)]}), votes(frame(event(1))), Majority())
    assert found["claim_id"].to_list() == [claim(1), claim(2)]
    only = decide(pl.Series([claim(7)]), votes(frame(event(1))), Majority())
    assert only.select("claim_id", "status").rows() == [(claim(7), "unreviewed")]
    assert decide(pl.Series([], dtype=pl.String), votes(frame(event(1))), Majority()).is_empty()


def test_a_leads_decision_stands_over_the_votes_and_says_whose_it_is() -> None:
    said = votes(frame(event(1, who=1), event(2, who=2, choice="disputed")))
    decision = votes(frame(event(3, who=9, choice="opinion", minute=8, rationale="a forecast", evidence=["x"])))
    (found,) = to_records(VerdictChange, decide(IDS.head(1), said, Adjudicator(Majority()), decisions=decision))
    assert (found.status, found.verdict, found.adjudicator) == ("decided", "opinion", person(9))
    assert (found.rationales, found.evidence, found.n_votes) == (["a forecast"], ["x"], 2)
    assert found.policy == "majority(min_votes=2,margin=1)+adjudicator"
    undecided = decide(IDS.head(1), said, Adjudicator(Majority()), decisions=decision.clear())
    assert undecided["status"].to_list() == ["contested"]
    plain = decide(IDS.head(1), said, Majority(), decisions=decision)
    assert plain["status"].to_list() == ["contested"]


def test_changes_are_the_rows_that_differ() -> None:
    first = decide(IDS, votes(frame(event(1))), Majority())
    assert changes(empty(VerdictChange), first).equals(first)
    assert changes(first, first).is_empty()
    second = decide(IDS, votes(frame(event(1), event(2, who=2, claim_number=3))), Majority())
    assert changes(first.with_columns(version=pl.lit(1)), second)["claim_id"].to_list() == [claim(3)]
    assert changes(first, decide(IDS, votes(frame(event(1))), Unanimous())).height == IDS.len()


def test_a_new_reason_alone_is_a_change() -> None:
    before = decide(IDS, votes(frame(event(1), event(2, who=2))), Majority())
    after = decide(IDS, votes(frame(event(1, evidence=["https://a.example"]), event(2, who=2))), Majority())
    assert changes(before, after)["claim_id"].to_list() == [claim(1)]


def by_hand(events: list[AnnotationEvent]) -> list[tuple[str, str, str | None]]:
    said = votes(frame(*events))
    rows: list[tuple[str, str, str | None]] = []
    for claim_id in IDS:
        choices = said.filter(pl.col("claim_id") == claim_id)["choice"].to_list()
        top = Counter(choices).most_common(2)
        if len(choices) < 2:
            rows.append((claim_id, "single" if choices else "unreviewed", None))
        elif len(top) == 2 and top[0][1] == top[1][1]:
            rows.append((claim_id, "contested", None))
        elif top[0][0] == "not_a_claim":
            rows.append((claim_id, "not_a_claim", None))
        else:
            rows.append((claim_id, "decided", top[0][0]))
    return rows


@given(histories())
def test_verdicts_are_valid_records_and_what_counting_by_hand_says(events: list[AnnotationEvent]) -> None:
    found = decide(IDS, votes(frame(*events)), Majority())
    assert found.schema == schema(VerdictChange)
    assert len(to_records(VerdictChange, found)) == IDS.len()
    assert found.select("claim_id", "status", "verdict").rows() == by_hand(events)


@pytest.mark.slow
@given(st.data())
def test_any_order_repeats_and_split_into_pulls_give_the_same_verdicts(data: st.DataObject) -> None:
    events = data.draw(histories())
    policy: Policy = data.draw(st.sampled_from(POLICIES))
    whole = decide(IDS, votes(frame(*events)), policy)
    mixed = data.draw(shuffled_with_repeats(events))
    ids = data.draw(st.permutations(IDS.to_list()))
    assert decide(pl.Series(ids), votes(frame(*mixed)), policy).equals(whole)

    # Pulled in pieces, each adding its changes: the last row of each claim is what one pull of everything gives.
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=3)))
    as_of = empty(VerdictChange)
    for end in [*cuts, len(events)]:
        new = changes(as_of, decide(IDS, votes(frame(*events[:end])), policy))
        as_of = pl.concat([as_of.join(new, on="claim_id", how="anti"), new])
    assert as_of.sort("claim_id").equals(whole)


@given(histories(), st.sampled_from([policy for policy in POLICIES if policy.local]), st.integers(1, 4))
def test_a_local_policy_needs_the_events_of_the_claim_alone(
    events: list[AnnotationEvent], policy: Policy, number: int
) -> None:
    whole = decide(IDS, votes(frame(*events)), policy).filter(claim_id=claim(number))
    own = [one for one in events if one.claim_id == claim(number)]
    assert decide(pl.Series([claim(number)]), votes(frame(*own)), policy).equals(whole)


def test_policies_that_learn_about_voters_say_that_they_are_not_local() -> None:
    assert [policy.kind for policy in POLICIES if not policy.local] == ["weighted", "dawid_skene", "one_coin"]
    assert Adjudicator(Majority()).local
    assert not Adjudicator(DawidSkene()).local
