from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from factcheck.verdicts import by_annotator, confusion, pairs
from factcheck.verdicts.tally import CHOICES
from tests.verdicts.histories import claim, person


def table(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(claim(unit), person(who), choice) for unit, who, choice in rows],
        schema={"claim_id": pl.String, "annotator_id": pl.String, "choice": pl.String},
        orient="row",
    )


def two_readers(counts: list[list[int]]) -> pl.DataFrame:
    """Votes of two people who shared claims as the square table says (rows: the first one's choice)."""
    rows = []
    cells = [(a, b) for a, row in enumerate(counts) for b, n in enumerate(row) for _ in range(n)]
    for unit, (a, b) in enumerate(cells):
        rows += [(unit, 1, CHOICES[a]), (unit, 2, CHOICES[b])]
    return table(rows).sample(fraction=1, shuffle=True, seed=1)


# Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (3rd ed.), table 18.1: kappa = .68.
FLEISS_LEVIN_PAIK = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


def test_kappa_of_the_published_example() -> None:
    (row,) = pairs(two_readers(FLEISS_LEVIN_PAIK)).rows(named=True)
    assert (row["annotator_a"], row["annotator_b"], row["n_claims"]) == (person(1), person(2), 100)
    assert row["raw"] == pytest.approx(0.89)
    assert row["kappa"] == pytest.approx(0.676, abs=0.0005)


def test_confusion_is_the_table_of_what_both_said() -> None:
    found = confusion(two_readers(FLEISS_LEVIN_PAIK))
    cells = {(row["choice_a"], row["choice_b"]): row["n"] for row in found.rows(named=True)}
    assert cells == {
        (CHOICES[a], CHOICES[b]): n for a, row in enumerate(FLEISS_LEVIN_PAIK) for b, n in enumerate(row) if n
    }


def test_who_only_ever_says_one_thing_has_no_kappa() -> None:
    (row,) = pairs(table([(1, 1, "verified"), (1, 2, "verified")])).rows(named=True)
    assert (row["raw"], row["kappa"]) == (1.0, None)


def test_everybody_is_paired_with_everybody_on_the_claim() -> None:
    rows = [(1, 3, "opinion"), (1, 1, "verified"), (1, 2, "verified"), (2, 3, "opinion"), (2, 1, "opinion")]
    found = pairs(table(rows)).select("annotator_a", "annotator_b", "n_claims", "raw").rows()
    assert found == [
        (person(1), person(2), 1, 1.0),
        (person(1), person(3), 2, 0.5),
        (person(2), person(3), 1, 0.0),
    ]


def test_agreement_of_an_annotator_is_the_share_of_the_others_who_say_the_same() -> None:
    rows = [(1, 1, "verified"), (1, 2, "verified"), (1, 3, "opinion"), (2, 1, "opinion"), (2, 2, "verified")]
    found = by_annotator(table([*rows, (3, 4, "opinion")]), seed=1)
    assert found["n_shared"].to_list() == [2, 2, 1, 0]
    assert found["agreement"].to_list() == [0.25, 0.25, 0.0, None]
    assert found["low"].to_list()[3] is None
    assert found["question"].is_null().all()


def team(accuracies: list[float], *, claims: int = 200) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    truth = rng.integers(0, len(CHOICES), claims)
    rows = []
    for who, accuracy in enumerate(accuracies):
        right = rng.random(claims) < accuracy
        others = (truth + rng.integers(1, len(CHOICES), claims)) % len(CHOICES)
        rows += [(unit, who, CHOICES[choice]) for unit, choice in enumerate(np.where(right, truth, others))]
    return table(rows)


def test_a_question_is_asked_of_the_one_who_differs_and_of_nobody_in_an_even_team() -> None:
    found = by_annotator(team([0.9, 0.88, 0.9, 0.86, 0.91, 0.4]), seed=1)
    asked = found.filter(pl.col("question").is_not_null())
    assert asked["annotator_id"].to_list() == [person(5)]
    assert asked["question"].item().endswith("?")
    assert by_annotator(team([0.8] * 6), seed=1)["question"].is_null().all()


def test_few_shared_claims_are_no_ground_to_ask() -> None:
    assert by_annotator(team([0.9, 0.9, 0.9, 0.0], claims=15), seed=1)["question"].is_null().all()


def test_one_slip_in_a_team_that_never_differs_is_no_ground_to_ask() -> None:
    rows = [(unit, who, "verified") for unit in range(24) for who in range(6) if (unit, who) != (0, 5)]
    found = by_annotator(table([*rows, (0, 5, "disputed")]), seed=1)
    assert found["agreement"].min() == found["agreement"][5]
    assert found["question"].is_null().all()


def test_the_interval_holds_the_value_and_repeats_with_its_seed() -> None:
    votes = team([0.9, 0.7, 0.8])
    found = by_annotator(votes, seed=1)
    assert found.equals(by_annotator(votes.reverse(), seed=1))
    assert ((found["low"] < found["agreement"]) & (found["agreement"] < found["high"])).all()


def test_nobody_is_nothing() -> None:
    nothing = table([])
    assert by_annotator(nothing, seed=1).is_empty()
    assert pairs(nothing).is_empty()
    assert confusion(nothing).is_empty()
