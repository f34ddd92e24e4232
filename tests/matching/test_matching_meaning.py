"""Words and meaning in one score: its ends, its order, and what stands between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.matching import meaning

SHARES = st.floats(0, 1.5, width=32)
COSINES = st.floats(-1, 1, width=32)


@settings(max_examples=200)
@given(found=st.lists(st.tuples(SHARES, COSINES), min_size=2, max_size=8), crowd=st.floats(-0.5, 0.9375, width=32))
def test_the_score_grows_with_words_and_with_meaning(found: list[tuple[float, float]], crowd: float) -> None:
    shares, cosines = (np.array(part, np.float32) for part in zip(*found, strict=True))
    scores = meaning.joined(shares, cosines, np.float32(crowd))
    more = meaning.joined(shares + np.float32(0.1), cosines, np.float32(crowd))
    nearer = meaning.joined(shares, cosines + np.float32(0.1), np.float32(crowd))
    assert (more > scores).all()
    assert (nearer > scores).all()
    one, nothing = np.ones(1, np.float32), np.zeros(1, np.float32)
    assert abs(meaning.joined(one, one, np.float32(crowd))[0] - 1) < 1e-5
    assert abs(meaning.joined(nothing, one * np.float32(crowd), np.float32(crowd))[0]) < 1e-5


def test_nearness_is_none_at_the_crowd_and_whole_at_the_same_meaning() -> None:
    cosines, texts = np.array([0.7, 0.8, 0.9, 1.0], np.float32), np.full(4, 0.9, np.float32)
    assert np.allclose(meaning.nearness(cosines, np.float32(0.7), texts), [0, 0, 0.5, 1], atol=1e-5)


class Letters:
    """Vectors of the first letter alone."""

    name, dimension = "letters", 4

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(4, dtype=np.float32)[[0 if text.isascii() else 1 for text in texts]]


def test_the_crowd_is_of_the_nearest_sentences() -> None:
    vectors = np.array([[1, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 1, 0]], np.float32)
    assert np.allclose(meaning.crowds(Letters(), vectors), [1, 0.8, 0])
    assert len({*meaning.unrelated()}) == len(meaning.unrelated()) >= 2 * 4 * 3
