"""Unit vectors of texts, and the nearest to a question's among a million of them in a fraction of reading them all.

Each vector has a signature: a bit for each number, whether it lies above the mean of its segment. The signatures that
are nearest to the question's (Charikar, "Similarity estimation techniques from rounding algorithms", 2002) choose the
few thousand vectors that are read; only their cosines are told, reckoned in float32 from numbers of 16 bits. Parts are
added as texts come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from factcheck.matching.e5_weights import Floats

LOOKED_AT: Final = 24_576
"""Vectors that are read for one question, of all segments together."""
_LEAST_OF_A_SEGMENT: Final = 512
"""Of a smaller segment every vector is read."""
_BLOCK: Final = 1 << 16
"""Signatures compared at a time: what is reckoned with them stays in the processor's cache."""
BITS: Final = 64
SAMPLE: Final = 2_048
"""Vectors that stand for all when it is asked how crowded a neighbourhood is."""

Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.intp]


class Segment(NamedTuple):
    """Some texts by id, their unit vectors (float16, texts by dimension), and what is looked at first.

    `centre` is the mean of the vectors, float32; `signs` are the signatures, a row for each 64 numbers of a vector and
    a column for each text.
    """

    ids: npt.NDArray[np.bytes_]
    centre: Floats
    signs: Words
    vectors: npt.NDArray[np.float16]


class Near(NamedTuple):
    """Ids, their cosines with the question and their vectors, the nearest first; of equal ones the smaller id."""

    ids: list[str]
    cosines: Floats
    vectors: Floats


def build(ids: Sequence[str], vectors: Floats) -> Segment:
    """The segment of unit vectors, float32 of shape (texts, dimension); an id stands once."""
    centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32) if len(vectors) else vectors.sum(axis=0)
    names = np.array([name.encode() for name in ids], dtype=np.bytes_)
    return Segment(names, centre, _signs(vectors, centre), vectors.astype(np.float16))


def nearest(segments: Sequence[Segment], question: Floats, most: int) -> Near:
    """The `most` texts nearest to the question's unit vector, float32 of shape (dimension,); all where there are fewer.

    What the signatures pass over is not found: one to four in a hundred of the true nearest ten among a million, and
    none where a segment has fewer than 512 texts.
    """
    total = sum(one.ids.size for one in segments)
    names, cosines = [np.zeros(0, np.bytes_)], [np.zeros(0, np.float32)]
    found = [np.zeros((0, question.size), np.float32)]
    for one in segments:
        wanted = max(_LEAST_OF_A_SEGMENT, most, LOOKED_AT * one.ids.size // max(1, total))
        rows = _closest(one, question, wanted)
        vectors = unit(one.vectors[rows])
        near = vectors @ question
        best = np.lexsort((one.ids[rows], -near))[:most]
        names.append(one.ids[rows[best]])
        cosines.append(near[best])
        found.append(vectors[best])
    ids, near, vectors = np.concatenate(names), np.concatenate(cosines), np.concatenate(found)
    order = np.lexsort((ids, -near))[:most]
    return Near([name.decode() for name in ids[order]], near[order], vectors[order])


def merged(segments: Sequence[Segment]) -> Segment:
    """One segment of all the texts."""
    ids = [name.decode() for one in segments for name in one.ids]
    return build(ids, np.concatenate([unit(one.vectors) for one in segments]))


def sample(segments: Sequence[Segment]) -> Floats:
    """At most SAMPLE vectors, evenly spread over all, float32 of shape (vectors, dimension)."""
    total = sum(one.ids.size for one in segments)
    step = max(1, -(-total // SAMPLE))
    parts, before = [], 0
    for one in segments:
        parts.append(one.vectors[-before % step :: step])
        before += one.ids.size
    return unit(np.concatenate(parts)) if parts else np.zeros((0, 0), np.float32)


def unit(vectors: npt.NDArray[np.float16]) -> Floats:
    """The vectors in float32 and of unit length again; one of no length, or with a number that is none, is all 0."""
    wide = vectors.astype(np.float32)
    length = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    whole = np.isfinite(length) & (length > 0)
    wide[~whole] = 0
    found: Floats = wide / np.where(whole, length, 1)[:, None]
    return found


def _signs(vectors: Floats, centre: Floats) -> Words:
    """The signatures of the vectors, a column for each."""
    width = -(-centre.size // BITS)
    packed = np.zeros((len(vectors), width * BITS // 8), np.uint8)
    bits = np.packbits(vectors > centre, axis=1)
    packed[:, : bits.shape[1]] = bits
    return np.ascontiguousarray(packed.view(np.uint64).T)


def _closest(segment: Segment, question: Floats, wanted: int) -> Rows:
    """At least `wanted` rows whose signatures are nearest to the question's; all that are as near as the last."""
    size = segment.ids.size
    if size <= wanted:
        return np.arange(size)
    asked = _signs(question[None, :], segment.centre)[:, 0]
    distance = np.empty(size, np.uint16)
    for first in range(0, size, _BLOCK):
        block = segment.signs[:, first : first + _BLOCK]
        into = distance[first : first + _BLOCK]
        into[:] = np.bitwise_count(block[0] ^ asked[0])
        for word, bits in zip(block[1:], asked[1:], strict=True):
            into += np.bitwise_count(word ^ bits)
    # How many lie at each distance says how far to go; sorting a million distances would take longer than all the rest.
    reach = np.cumsum(np.bincount(distance, minlength=1)).searchsorted(wanted)
    return np.flatnonzero(distance <= reach)
