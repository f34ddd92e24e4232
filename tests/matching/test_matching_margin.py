"""The ratio margin is what the paper's formula says, whatever the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.matching import margin


def unit(rows: int, seed: int, dimension: int = 6) -> NDArray[np.float32]:
    made = np.random.default_rng(seed).standard_normal((rows, dimension))
    found: NDArray[np.float32] = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return found


def by_the_formula(x: NDArray[np.float32], y: NDArray[np.float32], k: int) -> list[list[float]]:
    """Equation 3 with ratio: cos(x, y) over the sum of the neighbours' cosines, each divided by 2k."""

    def near(one: NDArray[np.float32], others: NDArray[np.float32]) -> float:
        cosines = sorted((float(one @ other) for other in others), reverse=True)[:k]
        return sum(cosines) / (2 * len(cosines))

    return [[float(a @ b) / (near(a, y) + near(b, x)) for b in y] for a in x]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.integers(0, 10**6))
def test_margins_are_those_of_the_formula(rows: int, columns: int, k: int, top: int, seed: int) -> None:
    # All in one half of the space, as sentence vectors are: no neighbourhood is negative.
    x, y = np.abs(unit(rows, seed)), np.abs(unit(columns, seed + 1))
    wanted = np.array(by_the_formula(x, y, k))
    found = margin.nearest(x, y, top=top, k=k)
    assert found.height == rows * min(top, columns)
    for query, candidate, cosine, ratio in found.iter_rows():
        assert ratio == pytest.approx(wanted[query, candidate], rel=1e-4)
        assert cosine == pytest.approx(float(x[query] @ y[candidate]), rel=1e-4)
    for query in range(rows):
        mine = found.filter(query=query)["margin"].to_numpy()
        assert np.allclose(mine, np.sort(wanted[query])[::-1][:top], rtol=1e-4)


def test_blocks_do_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.abs(unit(40, 1)), np.abs(unit(30, 2))
    whole = margin.nearest(x, y, top=3)
    monkeypatch.setattr(margin, "_ROWS", 7)
    parts = margin.nearest(x, y, top=3)
    assert parts.drop("cosine", "margin").equals(whole.drop("cosine", "margin"))
    assert np.allclose(parts["margin"], whole["margin"], rtol=1e-5)


def test_a_hub_loses_to_the_true_neighbour() -> None:
    """A candidate that is near to every query is nearer by cosine, and not by margin."""
    hub = np.array([1.0, 0, 0, 0, 0])
    own = [np.eye(5)[number] for number in range(1, 5)]
    queries = np.array([hub * 0.80 + 0.60 * one for one in own], np.float32)
    candidates = np.array([hub, *(0.35 * hub + 0.93675 * one for one in own)], np.float32)
    cosines = queries @ candidates.T
    assert (cosines.argmax(axis=1) == np.arange(1, 5)).all()
    candidates[1:] = [0.2 * hub + 0.9798 * one for one in own]
    assert ((queries @ candidates.T).argmax(axis=1) == 0).all()
    assert margin.nearest(queries, candidates, k=2)["candidate"].to_list() == [1, 2, 3, 4]


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0), (0, 0)])
def test_nothing_is_near_nothing(rows: int, columns: int) -> None:
    found = margin.nearest(np.zeros((rows, 4), np.float32), np.zeros((columns, 4), np.float32))
    assert found.columns == ["query", "candidate", "cosine", "margin"]
    assert not found.height
