"""The same events in any order, doubled, and split into pulls anyhow, make the same dataset."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import dataset as ds
from factcheck.dataset.content import rows_digest

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

COUNT = 12


@pytest.fixture(scope="module")
def once(new: Callable[[], ds.Dataset], rows: Rows) -> str:
    """The fingerprint of all events in one commit."""
    dataset = new()
    ds.commit(dataset, events=rows.events(range(COUNT)), cause="pull", now=rows.now)
    return dataset.fingerprint()


@pytest.mark.slow
@given(
    order=st.permutations(range(COUNT)),
    doubled=st.lists(st.integers(0, COUNT - 1), max_size=6),
    cuts=st.sets(st.integers(1, COUNT + 5), max_size=3),
)
def test_any_order_any_duplication_any_split(
    new: Callable[[], ds.Dataset], once: str, rows: Rows, order: list[int], doubled: list[int], cuts: set[int]
) -> None:
    numbers = [*order, *doubled]
    edges = [0, *sorted(cuts), len(numbers)]
    dataset = new()
    for start, end in itertools.pairwise(edges):
        if numbers[start:end]:
            ds.commit(dataset, events=rows.events(numbers[start:end]), cause="pull", now=rows.now)
    assert dataset.fingerprint() == once
    sizes = dataset.versions()["counts"].to_list()
    assert sum(int(one.split(":")[1].rstrip("}")) for one in sizes) == COUNT


@given(
    st.lists(
        st.tuples(
            st.text(max_size=4),
            st.none() | st.integers(-5, 5),
            st.none() | st.sampled_from([0.0, -0.0, 1.5]),
            st.none() | st.lists(st.text(max_size=3), max_size=3),
        ),
        max_size=8,
        unique_by=lambda row: row[0],
    ),
)
def test_a_digest_is_of_the_rows_and_not_of_their_order(
    found: list[tuple[str, int | None, float | None, list[str] | None]],
) -> None:
    schema: dict[str, Any] = {"key": pl.String, "number": pl.Int64, "share": pl.Float64, "words": pl.List(pl.String)}
    frame = pl.DataFrame(found, schema=schema, orient="row")
    once = rows_digest(frame, key="key")
    assert rows_digest(frame.sample(fraction=1, shuffle=True, seed=7), key="key") == once
    assert rows_digest(frame.with_columns(later=pl.lit(None, dtype=pl.String)), key="key") == once
    for column in ("number", "share"):
        if frame.height:
            other = frame.with_columns(pl.col(column).fill_null(8).add(1))
            assert rows_digest(other, key="key") != once


def test_lists_that_join_to_the_same_text_differ() -> None:
    frames = [pl.DataFrame({"key": ["a"], "words": [words]}) for words in (["ab"], ["a", "b"], ["a", "b", ""])]
    assert len({rows_digest(frame, key="key") for frame in frames}) == 3
