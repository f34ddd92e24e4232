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
from tests.verdicts.histories import CHOICES, START, claim, event, frame, histories, person, shuffled_with_repeats

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
        (["unproven", "unproven", "verified"], "unproven", None),
        (["unproven", "not_a_claim"], "contested", None),
        (["unproven", "disputed", "disputed"], "decided", "disputed"),
        (["unproven"], "single", None),
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
        (["unproven", "unproven"], "unproven"),
        (["unproven", "unproven", "opinion"], "contested"),
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
        elif top[0][0] in {"unproven", "not_a_claim"}:
            rows.append((claim_id, top[0][0], None))
        else:
            rows.append((claim_id, "decided", top[0][0]))
    return rows


@given(histories(), st.sampled_from(POLICIES), st.sampled_from(POLICIES))
def test_another_policy_makes_rows_only_where_its_result_is_another(
    events: list[AnnotationEvent], one: Policy, other: Policy
) -> None:
    said = votes(frame(*events))
    before, after = decide(IDS, said, one), decide(IDS, said, other)
    differs = [
        old["claim_id"]
        for old, new in zip(before.drop("policy").to_dicts(), after.drop("policy").to_dicts(), strict=True)
        if old != new
    ]
    found = changes(before, after)
    assert found["claim_id"].to_list() == differs
    assert found["policy"].to_list() == [other.name] * len(differs)


@given(histories())
def test_verdicts_are_valid_records_and_what_counting_by_hand_says(events: list[AnnotationEvent]) -> None:
    found = decide(IDS, votes(frame(*events)), Majority())
    assert found.schema == schema(VerdictChange)
    assert len(to_records(VerdictChange, found)) == IDS.len()
    assert found.select("claim_id", "status", "verdict").rows() == by_hand(events)


def reasons_by_hand(events: list[AnnotationEvent]) -> list[str | None]:
    said = votes(frame(*events))
    found: list[str | None] = []
    for claim_id, status, verdict in by_hand(events):
        mine = said.filter(pl.col("claim_id") == claim_id, pl.col("choice") == "disputed")
        top = Counter(reason for reason in mine["reason"] if reason is not None).most_common(2)
        tied = len(top) == 2 and top[0][1] == top[1][1]
        found.append(top[0][0] if (status, verdict) == ("decided", "disputed") and top and not tied else None)
    return found


@given(histories())
def test_every_choice_is_counted_and_the_reason_is_that_of_most_who_say_disputed(events: list[AnnotationEvent]) -> None:
    found = decide(IDS, votes(frame(*events)), Majority())
    said = votes(frame(*events))
    for choice in CHOICES:
        naive = [said.filter(pl.col("claim_id") == one, pl.col("choice") == choice).height for one in IDS]
        assert found[f"n_{choice}"].to_list() == naive
    assert found["n_votes"].to_list() == [said.filter(pl.col("claim_id") == one).height for one in IDS]
    assert found["reason"].to_list() == reasons_by_hand(events)


def disputed(*reasons: str | None) -> list[AnnotationEvent]:
    return [event(number, who=number, choice="disputed", reason=reason) for number, reason in enumerate(reasons, 1)]


@pytest.mark.parametrize(
    ("given_reasons", "expected"),
    [
        (["misleading", None], "misleading"),
        (["misleading", "false"], None),
        (["misleading", "false", "false"], "false"),
        (["misleading", "misleading", "false", "false", "outdated"], None),
        ([None, None], None),
    ],
)
def test_the_reason_of_a_disputed_verdict(given_reasons: list[str | None], expected: str | None) -> None:
    (found,) = to_records(VerdictChange, decide(IDS.head(1), votes(frame(*disputed(*given_reasons))), Majority()))
    assert (found.verdict, found.reason) == ("disputed", expected)


def test_a_vote_that_does_not_carry_the_verdict_gives_no_reason() -> None:
    events = [*disputed("false"), *(event(number, who=number, choice="opinion") for number in (2, 3))]
    (found,) = to_records(VerdictChange, decide(IDS.head(1), votes(frame(*events)), Majority()))
    assert (found.verdict, found.reason) == ("opinion", None)


@pytest.mark.parametrize(
    ("choice", "reason", "outcome"),
    [
        ("disputed", "outdated", ("decided", "disputed", "outdated")),
        ("disputed", None, ("decided", "disputed", None)),
        ("unproven", None, ("unproven", None, None)),
        ("not_a_claim", None, ("not_a_claim", None, None)),
        ("verified", None, ("decided", "verified", None)),
    ],
)
def test_a_leads_reason_stands_and_not_that_of_the_votes(
    choice: str, reason: str | None, outcome: tuple[str, str | None, str | None]
) -> None:
    decision = votes(frame(event(3, who=9, choice=choice, reason=reason)))
    said = votes(frame(*disputed("false", "false")))
    (found,) = to_records(VerdictChange, decide(IDS.head(1), said, Adjudicator(Majority()), decisions=decision))
    assert (found.status, found.verdict, found.reason) == outcome
    assert (found.n_disputed, found.n_unproven) == (2, 0)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_agreement_on_unproven_is_a_status_under_every_policy_and_no_verdict(policy: Policy) -> None:
    # Ten claims on which three people agree that nothing settles them, and ten that they all find right.
    events = [
        event(10 * number + who, claim_number=number, who=who, choice="unproven" if number <= 10 else "verified")
        for number in range(1, 21)
        for who in (1, 2, 3)
    ]
    found = decide(pl.Series([claim(number) for number in range(1, 21)]), votes(frame(*events)), policy)
    assert found["status"].to_list() == ["unproven"] * 10 + ["decided"] * 10
    assert found["verdict"].to_list() == [None] * 10 + ["verified"] * 10
    assert found["n_unproven"].to_list() == [3] * 10 + [0] * 10


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
