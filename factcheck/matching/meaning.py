"""How near a text's meaning is to others', as a share: 0 is no nearer than what has nothing to do with it, 1 the same.

What has nothing to do with a claim is not taken from the desk's claims, of which there may be three: it is two dozen
sentences of everyday life in English, Persian and Arabic, so that the measure holds for any model and any desk.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import numpy as np

from factcheck.matching import margin
from factcheck.matching.e5_weights import Floats
from factcheck.matching.embedding import Embedder
from factcheck.matching.vector_index import Near

WEIGHT: Final = 3.0
"""Of a cosine beside a share of words, in the order of what is found: from every second post of Snopes' readers
(1 to 12 were tried; 2 to 6 are within .002 of the best)."""
LEAST: Final = 0.3
"""From here on a text that shares no word is told: most translations lie above, most others below."""


@functools.cache
def unrelated() -> tuple[str, ...]:
    """The sentences that no claim is about."""
    return tuple(files("factcheck.matching").joinpath("data/unrelated.txt").read_text("utf-8").splitlines())


def crowds(embedder: Embedder, vectors: Floats) -> Floats:
    """The mean cosine of each unit vector with the nearest of the sentences that it is not about."""
    return margin.neighbourhood(vectors, embedder.embed(unrelated()))


def nearness(cosines: Floats, of_question: np.float32, of_texts: Floats) -> Floats:
    """The cosines as shares of the way to the same meaning from where the crowds of both sides lie, 0 at least."""
    around = (of_question + of_texts) / np.float32(2)
    found: Floats = ((cosines - around) / np.maximum(1 - around, np.float32(1e-6))).clip(0, 1)
    return found


def joined(shares: Floats, cosines: Floats, crowd: np.float32) -> Floats:
    """Scores by words and meaning together, in the order of share + WEIGHT * cosine.

    1 for the same words, 0 for no word and no more than the question's crowd. `shares` of the score of the same words
    may be larger than 1.
    """
    weight = np.float32(WEIGHT)
    whole = 1 + weight * np.maximum(1 - crowd, np.float32(1e-6))
    scores: Floats = (shares + weight * (cosines - crowd)) / whole
    return scores


def found(
    words: Mapping[str, float],
    near: Near,
    behind: Mapping[str, float],
    *,
    crowd: np.float32,
    crowds: Floats,
    least: float,
) -> dict[str, float]:
    """Scores by words and meaning of the texts that have enough of either, by id, the best first.

    `words` are shares of the score of the same words, of `least` or more to be told for them alone; `near` the nearest
    by meaning, `crowds` theirs; `behind` the cosines of those that were found by their words and are not among these.
    """
    ids = [*near.ids, *behind]
    shares = np.array([words.get(name, 0.0) for name in ids], np.float32)
    cosines = np.concatenate([near.cosines, np.array(list(behind.values()), np.float32)])
    close = nearness(near.cosines, crowd, crowds) >= LEAST
    told = (shares >= least) | np.concatenate([close, np.zeros(len(behind), bool)])
    scores = joined(shares, cosines, crowd)
    order = np.lexsort((np.array(ids, np.str_), -scores))
    return {ids[at]: float(scores[at]) for at in order if told[at]}
