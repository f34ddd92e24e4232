"""Policies that measure reliability: weighted, Dawid-Skene, one-coin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from factcheck.models import digest
from factcheck.verdicts import DawidSkene, Majority, OneCoin, Policy, Weighted, decide, reliability
from factcheck.verdicts.dawid_skene import Model, fit
from factcheck.verdicts.encoding import code
from factcheck.verdicts.tally import CHOICES
from tests.verdicts.histories import START, claim, person

MEASURED = [Weighted(), DawidSkene(), OneCoin()]
CROWD = Path(__file__).parents[3] / "shared" / "data" / "crowd"


def table(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    empty = pl.lit(None, dtype=pl.String)
    return pl.DataFrame(
        [(claim(unit), person(who), choice) for unit, who, choice in rows],
        schema={"claim_id": pl.String, "annotator_id": pl.String, "choice": pl.String},
        orient="row",
    ).with_columns(
        reason=empty,
        rationale=empty,
        evidence=pl.lit([], dtype=pl.List(pl.String)),
        confidence=empty,
        voted_at=pl.lit(START),
        edited_by=empty,
    )


def simulated(accuracies: list[float], claims: int, seed: int = 11) -> tuple[pl.DataFrame, pl.Series]:
    """Votes of everybody on every claim, and the truth by claim id."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, len(CHOICES), claims)
    rows = []
    for who, accuracy in enumerate(accuracies):
        other = (truth + rng.integers(1, len(CHOICES), claims)) % len(CHOICES)
        said = np.where(rng.random(claims) < accuracy, truth, other)
        rows += [(unit, who, CHOICES[choice]) for unit, choice in enumerate(said)]
    return table(rows), pl.Series([CHOICES[place] for place in truth])


UNEVEN = [0.95, 0.95, 0.3, 0.3, 0.3]


def right(votes: pl.DataFrame, truth: pl.Series, policy: Policy) -> int:
    """How many claims the policy decides as the truth is."""
    found = decide(votes["claim_id"], votes, policy)
    said = pl.when(pl.col("status") == "not_a_claim").then(pl.lit("not_a_claim")).otherwise(pl.col("verdict"))
    return int((found.select(said).to_series() == truth).fill_null(value=False).sum())


@pytest.mark.parametrize("policy", MEASURED, ids=lambda policy: policy.kind)
def test_measured_reliability_beats_counting_where_people_differ(policy: Policy) -> None:
    votes, truth = simulated(UNEVEN, 400)
    assert right(votes, truth, policy) > right(votes, truth, Majority()) + 20


@pytest.mark.parametrize("policy", MEASURED, ids=lambda policy: policy.kind)
def test_two_who_disagree_about_the_only_claim_are_never_settled_by_the_alphabet(policy: Policy) -> None:
    votes = table([(1, 1, "verified"), (1, 2, "disputed")])
    assert decide(votes["claim_id"], votes, policy)["status"].to_list() == ["contested"]


@pytest.mark.parametrize("policy", MEASURED, ids=lambda policy: policy.kind)
def test_two_who_always_agree_decide_and_min_votes_still_holds(policy: Policy) -> None:
    votes = table([(unit, who, CHOICES[unit % 3]) for unit in range(9) for who in (1, 2)] + [(9, 1, "opinion")])
    found = decide(votes["claim_id"], votes, policy)
    assert found["status"].to_list() == ["decided"] * 9 + ["single"]


@pytest.mark.parametrize("policy", MEASURED, ids=lambda policy: policy.kind)
def test_without_votes_everything_is_unreviewed(policy: Policy) -> None:
    assert decide(pl.Series([claim(1)]), table([]), policy)["status"].to_list() == ["unreviewed"]


def test_reliability_is_agreement_with_the_winner_of_the_others() -> None:
    votes = table(
        [
            (1, 1, "verified"), (1, 2, "verified"), (1, 3, "opinion"),
            (2, 1, "disputed"), (2, 2, "verified"), (2, 3, "opinion"),
            (3, 1, "disputed"),
        ]
    )  # fmt: skip
    found = reliability(votes)
    # On claim 1 the others of 1 and of 2 are split; those of 3 agree, and not with 3. On claim 2 all others are split.
    assert found["n_compared"].to_list() == [0, 0, 1]
    assert found["n_agreed"].to_list() == [0, 0, 0]
    assert found["n_votes"].to_list() == [3, 2, 2]


def test_the_more_reliable_weigh_more_and_newcomers_start_at_the_mean() -> None:
    votes, _ = simulated([0.95, 0.9, 0.85, 0.4], 300)
    found = reliability(pl.concat([votes, table([(999, 77, "verified")])]))
    weight = dict(found.select("annotator_id", "weight").rows())
    assert weight[person(0)] > weight[person(2)] > weight[person(77)] > weight[person(3)] > 0


@pytest.mark.parametrize("model", ["dawid_skene", "one_coin"])
def test_em_finds_the_accuracies_that_made_the_votes(model: Model) -> None:
    accuracies = [0.9, 0.8, 0.7, 0.6]
    votes, _ = simulated(accuracies, 3000)
    found = fit(code(votes), model=model)
    assert np.abs(found.confusion.sum(axis=2) - 1).max() < 1e-9
    diagonal = np.einsum("att->at", found.confusion).mean(axis=1)
    assert diagonal == pytest.approx(accuracies, abs=0.04)


@pytest.mark.data
@pytest.mark.skipif(not CROWD.is_dir(), reason="the evaluation data ../shared/data/crowd is not there")
@pytest.mark.parametrize(("name", "majority", "dawid_skene"), [("product", 0.896, 0.940), ("face", 0.630, 0.640)])
def test_accuracy_on_crowds_with_known_truth(name: str, majority: float, dawid_skene: float) -> None:
    answers = pl.read_csv(CROWD / f"{name}_answer.csv", infer_schema=False)
    truth = pl.read_csv(CROWD / f"{name}_truth.csv", infer_schema=False)
    labels = sorted(answers["answer"].unique())
    votes = answers.select(
        claim_id="question",
        annotator_id="worker",
        choice=pl.col("answer").replace_strict(labels, CHOICES[: len(labels)], return_dtype=pl.String),
    )
    coded = code(votes)
    known = coded.claims.to_frame("question").join(truth, on="question", how="left", maintain_order="left")["truth"]
    expected = known.replace_strict(labels, range(len(labels)), default=None, return_dtype=pl.Int64).to_numpy()
    assert (coded.counts().argmax(axis=1) == expected).mean() > majority
    assert (fit(coded).posterior.argmax(axis=1) == expected).mean() >= dawid_skene


def test_ids_that_share_a_hash_keep_their_own_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = table([(1, 1, "verified"), (2, 1, "disputed"), (3, 2, "opinion")])
    expected = code(votes)
    monkeypatch.setattr(pl.Series, "hash", lambda ids, _seed=0: pl.Series([8] * len(ids), dtype=pl.UInt64))
    found = code(votes)
    assert found.claims.equals(expected.claims)
    assert found.counts().tolist() == expected.counts().tolist() == np.eye(len(CHOICES), dtype=int)[:3].tolist()


@pytest.mark.parametrize("model", ["full", "one_coin"])
def test_a_claim_with_very_many_votes_has_a_probability_like_any_other(model: Model) -> None:
    # The likelihood of 2,000 votes is smaller than any number a computer has; only its logarithm can be worked with.
    votes = table([(unit, who, CHOICES[(unit + (who % 10 == 0)) % 3]) for unit in range(3) for who in range(2000)])
    found = fit(code(votes), model=model).posterior
    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1)
    assert (found.max(axis=1) > 0.99).all()


FORMER = [choice for choice in CHOICES if choice != "unproven"]
"""What people could say up to format 3."""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Weighted(), (78, "8b48")),
        (DawidSkene(), (88, "21e2")),
        (OneCoin(), (70, "b195")),
    ],
)
def test_votes_cast_before_there_was_unproven_are_judged_as_they_were(
    policy: Policy, expected: tuple[int, str]
) -> None:
    """The outcomes were recorded with the code of format 3: one more choice must not move a published verdict."""
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 4, 150)
    rows = []
    for who, accuracy in enumerate([0.9, 0.7, 0.55, 0.45]):
        other = (truth + rng.integers(1, 4, 150)) % 4
        right = rng.random(150) < accuracy
        rows += [(unit, who, FORMER[int(truth[unit] if right[unit] else other[unit])]) for unit in range(150)]
    votes = table(rows)
    found = decide(votes["claim_id"].unique().sort(), votes, policy).select("claim_id", "status", "verdict")
    outcomes = [[status, verdict] for _, status, verdict in found.rows()]
    decided = found["verdict"].drop_nulls().len()
    assert (decided, digest(outcomes)[:4]) == expected


@pytest.mark.parametrize("model", ["dawid_skene", "one_coin"])
def test_a_choice_nobody_made_has_no_probability_and_one_that_was_made_counts(model: Model) -> None:
    without = fit(code(table([(unit, who, "verified") for unit in range(5) for who in range(3)])), model=model)
    place = CHOICES.index("unproven")
    assert without.posterior[:, place].max() == without.confusion[:, place].max() == without.prior[place] == 0
    rows = [(unit, who, "unproven" if unit else "verified") for unit in range(5) for who in range(3)]
    found = fit(code(table(rows)), model=model)
    assert found.posterior.argmax(axis=1).tolist() == [0, *[place] * 4]
    assert np.allclose(found.confusion.sum(axis=2), 1)
