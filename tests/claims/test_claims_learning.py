"""Amounts learnt from labelled sentences: near what was given, and as many claims are pushed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.fitting import average_precision, fit
from factcheck.claims.learning import LEAST, learn
from factcheck.claims.worthiness import Amounts, score, shipped

FACT = "The council spent {n} million on roads in {n}."
OPINION = "I think that road number {n} is a beautiful one."


def claims(facts: int, opinions: int, undecided: int = 0) -> pl.DataFrame:
    quotes = [FACT.format(n=n) for n in range(facts)] + [OPINION.format(n=n) for n in range(opinions + undecided)]
    labels = [True] * facts + [False] * opinions + [None] * undecided
    return pl.DataFrame(
        {
            "group_id": [str(n) for n in range(len(quotes))],
            "quote": quotes,
            "lang": "en",
            "reporting_verb": pl.Series([None] * len(quotes), dtype=pl.String),
            "is_fact": labels,
        },
        {
            "group_id": pl.String,
            "quote": pl.String,
            "lang": pl.String,
            "reporting_verb": pl.String,
            "is_fact": pl.Boolean,
        },
    )


def test_amounts_follow_what_checkers_found_and_the_unread_keep_theirs() -> None:
    wrong = Amounts(base={"other": 0.0}, amounts={"quantity": -1.0, "opinion": 1.0, "health": 0.7})
    found = learn(claims(60, 60), wrong, name="0001", seed=0)
    assert found is not None
    assert (found.facts, found.opinions, found.amounts.name) == (60, 60, "0001")
    assert found.amounts.amounts["quantity"] > 0 > found.amounts.amounts["opinion"]
    assert found.amounts.amounts["health"] == 0.7
    assert found.before < 0.6
    assert found.after > 0.95
    assert set(found.changes) == {"quantity", "opinion"}
    assert found.changes["quantity"] == (-1.0, found.amounts.amounts["quantity"])


def test_as_many_claims_are_pushed_as_before() -> None:
    rows = claims(50, 40, undecided=30)
    found = learn(rows, shipped(), name="0001", seed=0)
    assert found is not None

    def pushed(amounts: Amounts) -> int:
        frame = rows.with_columns(folded=pl.col("quote"), lexicon=pl.lit("en"))
        return int((score(frame, amounts)["check_worthiness"] >= 0.5).sum())

    assert 0 < pushed(shipped()) < rows.height
    assert abs(pushed(found.amounts) - pushed(shipped())) <= 1


@pytest.mark.parametrize(("facts", "opinions"), [(LEAST - 1, 90), (90, LEAST - 1), (0, 0)])
def test_too_few_of_a_kind_teach_nothing(facts: int, opinions: int) -> None:
    assert learn(claims(facts, opinions), shipped(), name="0001", seed=0) is None


def test_copies_of_one_claim_count_once() -> None:
    rows = claims(LEAST, LEAST)
    copies = pl.concat([rows, rows.head(20)])
    assert learn(copies, shipped(), name="a", seed=0) == learn(rows, shipped(), name="a", seed=0)
    assert learn(copies.with_columns(group_id=pl.lit("0")), shipped(), name="a", seed=0) is None


def test_a_fit_is_where_the_slope_is_zero() -> None:
    random = np.random.default_rng(1)
    features = random.integers(0, 2, (400, 3)).astype(float)
    chance = 1 / (1 + np.exp(-(features @ np.array([2.0, -1.0, 0.0]) - 0.5)))
    labels = (random.random(400) < chance).astype(float)
    prior = np.array([0.5, 0.5, 0.5])
    base, amounts = fit(features, labels, prior=prior, strength=2.0)
    missed = 1 / (1 + np.exp(-(base + features @ amounts))) - labels
    assert np.allclose(features.T @ missed + 2.0 * (amounts - prior), 0, atol=1e-6)
    assert abs(missed.sum()) < 1e-3
    strong = fit(features, labels, prior=prior, strength=1e6)[1]
    assert np.allclose(strong, prior, atol=1e-3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30))
def test_average_precision_is_the_sum_over_recalls(rows: list[tuple[bool, int]]) -> None:
    labels = np.array([label for label, _ in rows], float)
    scores = np.array([value for _, value in rows], float)
    found = average_precision(labels, scores)
    if not labels.sum():
        assert np.isnan(found)
        return
    total, recall = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        taken = scores >= threshold
        now = labels[taken].sum() / labels.sum()
        total += (now - recall) * labels[taken].mean()
        recall = now
    assert found == pytest.approx(total)
