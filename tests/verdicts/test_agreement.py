"""Agreement beside the worked examples of those who defined it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.verdicts import agreement, votes, weeks
from factcheck.verdicts.agreement import measures
from factcheck.verdicts.tally import CHOICES
from tests.verdicts.histories import claim, event, frame, histories, person, shuffled_with_repeats


def coincidences(*observers: str) -> NDArray[np.int64]:
    """The counts by unit and value of observers' rows, `.` for a value that is missing."""
    rows = [observer.split() for observer in observers]
    values = sorted({value for row in rows for value in row} - {"."})
    return np.array([[sum(row[unit] == value for row in rows) for value in values] for unit in range(len(rows[0]))])


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections A to C.
BINARY = coincidences("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NOMINAL = coincidences("a a b b d c c c e d d a", "b a b b b c c c e d d d")
MISSING = coincidences(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(("counts", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_of_krippendorffs_examples(counts: NDArray[np.int64], alpha: float) -> None:
    assert round(float(measures(counts).alpha[0]), 3) == alpha


def test_kappa_of_the_example_for_fleiss() -> None:
    # Ten subjects, fourteen raters, five categories: the worked example of Wikipedia's "Fleiss' kappa".
    counts = np.array(
        [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ]
    )  # fmt: skip
    found = measures(counts)
    assert round(float(found.raw[0]), 3) == 0.378
    assert round(float(found.kappa[0]), 3) == 0.210


def test_one_choice_alone_has_no_alpha_and_perfect_raw_agreement() -> None:
    found = measures(np.array([[2, 0], [3, 0]]))
    assert np.isnan(found.alpha[0])
    assert np.isnan(found.kappa[0])
    assert found.raw[0] == 1


def test_a_single_vote_pairs_with_nothing() -> None:
    with_single = np.vstack([MISSING, [[0, 0, 1, 0, 0]]])
    assert measures(with_single).alpha[0] == measures(MISSING).alpha[0]


def test_weights_are_repetitions() -> None:
    times = np.arange(len(MISSING))[None]
    repeated = np.repeat(MISSING, times[0], axis=0)
    assert np.allclose(np.concatenate(measures(MISSING, times)), np.concatenate(measures(repeated)))


def said(counts: NDArray[np.int64], start: int = 0) -> pl.DataFrame:
    """Votes that have these counts."""
    rows = [
        (claim(start + unit), person(voter), CHOICES[value], datetime(2026, 1, 5, tzinfo=UTC))
        for unit, row in enumerate(counts)
        for voter, value in enumerate(np.repeat(np.arange(len(row)), row))
    ]
    return pl.DataFrame(rows, schema=["claim_id", "annotator_id", "choice", "voted_at"], orient="row")


FOUR = MISSING[MISSING[:, 4] == 0][:, :4]


def test_a_frame_of_votes_has_the_measures_of_its_counts() -> None:
    row = agreement(said(FOUR), seed=1).row(0, named=True)
    expected = measures(FOUR)
    assert (row["alpha"], row["kappa"], row["raw"]) == pytest.approx([float(value[0]) for value in expected])
    assert row["n_claims"] == (FOUR.sum(axis=1) > 1).sum()
    assert row["n_votes"] == FOUR[FOUR.sum(axis=1) > 1].sum()


def test_the_interval_holds_the_value_and_depends_on_the_seed_alone() -> None:
    first, again, other = (agreement(said(FOUR), seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    row = first.row(0, named=True)
    assert row["alpha_low"] < row["alpha"] < row["alpha_high"] <= 1
    assert row["raw_low"] < row["raw"] < row["raw_high"]


def test_the_interval_is_that_of_drawing_claims_one_by_one() -> None:
    rng = np.random.default_rng(3)
    counts = rng.multinomial(3, [0.6, 0.2, 0.1, 0.1], 80)
    drawn = [float(measures(counts[rng.integers(0, 80, 80)]).alpha[0]) for _ in range(4000)]
    row = agreement(said(counts), seed=5, resamples=4000).row(0, named=True)
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([row["alpha_low"], row["alpha_high"]], abs=0.02)


def test_groups_are_measured_apart_and_none_is_lost() -> None:
    together = pl.concat([said(FOUR), said(FOUR[:4], start=100), said(FOUR[:2], start=200)])
    langs = pl.DataFrame(
        [(claim(unit), "fa") for unit in range(len(FOUR))] + [(claim(100 + unit), "ar") for unit in range(4)],
        schema=["claim_id", "lang"],
        orient="row",
    )
    found = agreement(together, langs, seed=1)
    assert found["lang"].to_list() == [None, "ar", "fa"]
    assert found.filter(lang="fa").drop("lang").equals(agreement(said(FOUR), seed=1))
    assert found["n_claims"].sum() == agreement(together, seed=1)["n_claims"].item()


def test_weeks_are_iso_weeks_of_the_last_vote() -> None:
    early, late = said(FOUR[:1]), said(FOUR[:1]).with_columns(voted_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert weeks(pl.concat([early, late]))["week"].to_list() == ["2026-W53"]
    found = agreement(early, weeks(early), seed=1)
    assert found["week"].to_list() == ["2026-W02"]


def test_without_shared_claims_there_is_nothing_to_measure() -> None:
    row = agreement(votes(frame(event(1))), seed=1).row(0, named=True)
    assert (row["n_claims"], row["alpha"], row["raw"], row["alpha_low"]) == (0, None, None, None)
    assert agreement(votes(frame()), seed=1)["n_votes"].item() == 0


def test_many_votes_on_one_claim_are_counted_the_slow_way() -> None:
    counts = np.array([[70_000, 1, 0, 0], [1, 1, 0, 0]])
    row = agreement(said(counts), seed=1, resamples=10).row(0, named=True)
    assert row["raw"] == pytest.approx(float(measures(counts).raw[0]))


@given(st.data())
def test_agreement_does_not_depend_on_the_order_of_events(data: st.DataObject) -> None:
    events = data.draw(histories())
    mixed = data.draw(shuffled_with_repeats(events))
    one, two = (agreement(votes(frame(*some)), seed=1, resamples=20) for some in (events, mixed))
    assert one.equals(two)
