"""The difference of two versions equals what two full reads say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from factcheck import dataset as ds

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

COLUMNS = ["claim_id", "before_status", "before_verdict", "after_status", "after_verdict"]


def by_full_reads(dataset: ds.Dataset, a: int, b: int) -> pl.DataFrame:
    before = dataset.verdicts(a).select("claim_id", before_status="status", before_verdict="verdict")
    after = dataset.verdicts(b).select("claim_id", after_status="status", after_verdict="verdict")
    both = before.join(after, on="claim_id", how="full", coalesce=True)
    differs = pl.col("before_status").ne_missing(pl.col("after_status")) | pl.col("before_verdict").ne_missing(
        pl.col("after_verdict"),
    )
    return both.filter(differs).select(COLUMNS).sort("claim_id").collect()


def test_every_pair_of_versions(three: ds.Dataset) -> None:
    for a in range(4):
        for b in range(4):
            assert_frame_equal(three.diff(a, b).select(COLUMNS), by_full_reads(three, a, b))


def test_kinds_of_change(three: ds.Dataset, rows: Rows) -> None:
    kinds = dict(three.diff(1, 2).select("claim_id", "change").iter_rows())
    assert kinds == {
        rows.claim(0).claim_id: "changed",
        rows.claim(1).claim_id: "withdrawn",
        rows.claim(10).claim_id: "new",
        rows.claim(11).claim_id: "new",
    }
    # Claim 0 went and came back; claim 2 has a vote more and the same verdict.
    assert rows.claim(0).claim_id not in three.diff(1, 3)["claim_id"].to_list()
    assert three.diff(2, 1)["change"].sort().to_list() == ["changed", "new", "withdrawn", "withdrawn"]


@pytest.mark.slow
@given(
    history=st.lists(
        st.dictionaries(st.integers(0, 5), st.sampled_from(["verified", "disputed", None]), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
)
def test_any_history(new: Callable[[], ds.Dataset], rows: Rows, history: list[dict[int, str | None]]) -> None:
    dataset = new()
    for number, changes in enumerate(history):
        frames = [rows.verdicts([claim], verdict) for claim, verdict in changes.items()]
        ds.commit(dataset, verdicts=pl.concat(frames), cause="pull", now=rows.at(number))
    for a in range(dataset.head + 1):
        assert_frame_equal(dataset.diff(a).select(COLUMNS), by_full_reads(dataset, a, dataset.head))


def test_the_history_has_every_change(three: ds.Dataset, rows: Rows) -> None:
    found = three.history().select("version", "claim_id", "before_version", "before_verdict", "verdict")
    assert sorted(found.rows()) == sorted(
        [
            (2, rows.claim(0).claim_id, 1, "verified", "disputed"),
            (2, rows.claim(1).claim_id, 1, "verified", None),
            (3, rows.claim(0).claim_id, 2, "disputed", "verified"),
        ],
    )
    assert three.history(2)["committed_at"].unique().to_list() == [rows.at(1)]
    assert three.history(1).is_empty()
