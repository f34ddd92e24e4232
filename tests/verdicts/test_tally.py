from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.verdicts import tally as module
from factcheck.verdicts.tally import CHOICES, _by_hash, _by_id, tally, winners

VOTE = st.tuples(st.integers(0, 9), st.sampled_from(CHOICES))


def frame(rows: list[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {"claim_id": [f"c{number}" for number, _ in rows], "choice": [choice for _, choice in rows]},
        schema={"claim_id": pl.String, "choice": pl.String},
    )


def ids(count: int) -> pl.Series:
    return pl.Series([f"c{number}" for number in range(count)], dtype=pl.String)


@given(st.lists(VOTE, max_size=40), st.integers(0, 12))
def test_counts_are_those_of_counting_one_by_one(rows: list[tuple[int, str]], count: int) -> None:
    expected = np.zeros((count, len(CHOICES)), int)
    for number, choice in rows:
        if number < count:
            expected[number, CHOICES.index(choice)] += 1
    assert (tally(ids(count), frame(rows)) == expected).all()
    assert (_by_id(ids(count), frame(rows)) == expected).all()


def test_the_fast_way_is_taken_where_all_claims_are_listed_and_only_there() -> None:
    rows = frame([(0, "verified"), (1, "opinion"), (1, "opinion")])
    assert _by_hash(ids(3), rows) is not None
    assert _by_hash(ids(1), rows) is None


@pytest.mark.parametrize("seeds", [(5, 0), (0, 5)])
def test_ids_that_share_a_hash_are_still_counted_apart(monkeypatch: pytest.MonkeyPatch, seeds: tuple[int, int]) -> None:
    rows = frame([(0, "verified"), (1, "opinion"), (1, "opinion"), (2, "verified")])
    expected = [[1, 0, 0, 0, 0], [0, 0, 2, 0, 0], [1, 0, 0, 0, 0]]

    def collide(series: pl.Series, seed: int = 0) -> pl.Series:
        constant = pl.Series([8] * len(series), dtype=pl.UInt64)
        return constant if seed == 5 else real(series, seed)

    real = pl.Series.hash
    monkeypatch.setattr(pl.Series, "hash", collide)
    monkeypatch.setattr(module, "_SEEDS", seeds)
    assert tally(ids(3), rows).tolist() == expected


def test_a_vote_counted_for_a_claim_that_only_shares_the_first_hash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pl.Series.hash

    def alias(series: pl.Series, seed: int = 0) -> pl.Series:
        return real(series.replace("c9", "c0") if seed == 0 else series, seed)

    monkeypatch.setattr(pl.Series, "hash", alias)
    rows = frame([(0, "verified"), (9, "opinion")])
    assert _by_hash(ids(2), rows) is None
    assert tally(ids(2), rows).tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]


def test_a_winner_leads_by_the_margin() -> None:
    counts = np.array([[3, 2, 0, 0], [2, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 4], [2, 0, 1, 1]])
    assert winners(counts, 1).tolist() == [0, -1, -1, 3, 0]
    assert winners(counts, 2).tolist() == [-1, -1, -1, 3, -1]
