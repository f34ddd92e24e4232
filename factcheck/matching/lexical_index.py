"""An inverted index of short texts and BM25 over it: parts are added as texts come, and scores depend on all of them.

The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf that Lucene uses, which is never negative. How often a term is met is counted over all segments when a question
is asked, so texts that came in ten parts score as if they had come in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.matching.lexical_terms import other_spellings, terms_of

K1: Final = 0.8
B: Final = 0.75
SEED: Final = 31
"""Of the hash that stands for a term; stable within one version of polars."""

_MANY: Final = 2_000
"""Texts that have a term; for fewer it is not worth asking whether others can still come in."""

_ROUNDING: Final = 1e-9
"""Sums in floating point may be so much too small, as a share."""

Whole = npt.NDArray[np.integer[Any]]
Real = npt.NDArray[np.float64]


class Segment(NamedTuple):
    """Some texts by id, and for each term (its hash, in order) the texts that have it and how often.

    The postings of term `i` are `row[start[i]:start[i + 1]]` and `times`; a row is a place in `ids` and `length`.
    """

    ids: npt.NDArray[np.bytes_]
    length: Whole
    term: Whole
    start: Whole
    row: Whole
    times: Whole


class Hits(NamedTuple):
    """Ids and scores, the best first; of equal scores the smaller id.

    `own` is the score of a text with the question's words and no others.
    """

    ids: list[str]
    scores: list[float]
    own: float


def build(ids: pl.Series, texts: pl.Series) -> Segment:
    """The segment of the texts; an id stands once."""
    counted = (
        terms_of(texts)
        .select("row", term=pl.col("term").hash(SEED))
        .group_by("term", "row")
        .len("count")
        .sort("term", "row")
    )
    lengths = counted.group_by("row").agg(pl.col("count").sum())
    length = np.zeros(texts.len(), dtype="<u4")
    length[lengths["row"].to_numpy()] = lengths["count"].to_numpy()
    return _of_postings(
        np.array([name.encode() for name in ids], dtype=np.bytes_),
        length,
        counted["term"].to_numpy(),
        counted["row"].to_numpy(),
        counted["count"].clip(0, 255).to_numpy(),
    )


def search(segments: Sequence[Segment], question: str, most: int) -> Hits:
    """The best `most` texts that have a term of the question; all of them where fewer have one."""
    texts = sum(one.ids.size for one in segments)
    plain, asked = _asked(question)
    if not texts or not asked.size or most < 1:
        return Hits([], [], 0.0)
    mean = sum(int(one.length.sum(dtype=np.int64)) for one in segments) / texts or 1.0
    places = [_postings(one, asked) for one in segments]
    known = np.sum([to - at for at, to in places], axis=0)
    idf = np.log1p((texts - known + 0.5) / (known + 0.5))
    rarest = np.argsort(-idf, kind="stable")  # the same for every segment, so that sums are however texts came
    ids: npt.NDArray[np.bytes_] = np.zeros(0, np.bytes_)
    scores: Real = np.zeros(0)
    for one, (at, to) in zip(segments, places, strict=True):
        least = float(scores.min()) if scores.size == most else 0.0
        found = _best(one, at[rarest], to[rarest], idf[rarest], mean, most, least)
        ids, scores = np.concatenate([ids, found[0]]), np.concatenate([scores, found[1]])
        order = np.lexsort((ids, -scores))[:most]
        ids, scores = ids[order], scores[order]
    own = float(idf[np.isin(asked, plain)].sum()) * (K1 + 1) / (1 + K1 * (1 - B + B * plain.size / mean))
    return Hits([name.decode() for name in ids], [float(score) for score in scores], own)


def _asked(question: str) -> tuple[Whole, Whole]:
    """The hashes of the question's terms, and those of its other spellings among them; each once and in order."""
    found = terms_of(pl.Series([question, *other_spellings(question)]))
    row, hashes = found["row"].to_numpy(), found["term"].hash(SEED).to_numpy()
    return np.unique(hashes[row == 0]), np.unique(hashes)


def merged(segments: Sequence[Segment]) -> Segment:
    """One segment of all the texts."""
    shift = np.cumsum([0, *(one.ids.size for one in segments)])
    hashes = np.concatenate([np.repeat(one.term, np.diff(one.start)) for one in segments])
    row = np.concatenate([one.row + np.uint32(by) for one, by in zip(segments, shift, strict=False)])
    order = np.argsort(hashes, kind="stable")  # rows of later segments are larger, so they stay in order
    return _of_postings(
        np.concatenate([one.ids for one in segments]),
        np.concatenate([one.length for one in segments]),
        hashes[order],
        row[order],
        np.concatenate([one.times for one in segments])[order],
    )


def _of_postings(ids: npt.NDArray[np.bytes_], length: Whole, hashes: Whole, row: Whole, count: Whole) -> Segment:
    """The segment of postings that are in order of their terms' hashes and rows."""
    first = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if hashes.size else np.zeros(0, np.int64)
    return Segment(
        ids,
        length.astype("<u4"),
        hashes[first].astype("<u8"),
        np.r_[first, hashes.size].astype("<i8"),
        row.astype("<u4"),
        count.astype("<u1"),
    )


def _postings(segment: Segment, asked: Whole) -> tuple[Whole, Whole]:
    """Where the postings of each asked term begin and end; the same place where it has none."""
    if not segment.term.size:
        nothing = np.zeros(asked.size, np.int64)
        return nothing, nothing
    at = np.minimum(np.searchsorted(segment.term, asked), segment.term.size - 1)
    there = segment.term[at] == asked
    return np.where(there, segment.start[at], 0), np.where(there, segment.start[at + 1], 0)


def _best(
    segment: Segment, at: Whole, to: Whole, idf: Real, mean: float, most: int, least: float
) -> tuple[npt.NDArray[np.bytes_], Real]:
    """The best of one segment, the rarest term first: ids and scores, of all that are as good as the last.

    Once texts that have none of the rare terms cannot come in any more, the many texts that have a common one are not
    looked at (the bound of Turtle and Flood, "Query evaluation: strategies and optimizations", 1995): nothing is lost.
    """
    scores = np.zeros(segment.ids.size)
    norm = K1 * (1 - B + B * segment.length / mean)
    once = (K1 + 1) / (1 + norm)  # what a term that a text has once is worth in it, times the term's idf
    shortest = norm.min(initial=np.inf)
    most_often = np.array([segment.times[a:b].max(initial=0) for a, b in zip(at, to, strict=True)], np.float64)
    # No text of this segment gets more from the term.
    bounds = idf * ((K1 + 1) * most_often / (most_often + shortest))
    rest = np.cumsum(bounds[::-1])[::-1]
    inside: Whole | None = None
    for number in range(at.size):
        rows, times = segment.row[at[number] : to[number]], segment.times[at[number] : to[number]]
        # While more is to come than any text can have, all are still in.
        if rows.size > _MANY and rest[number] < max(least, rest[0] - rest[number]):
            inside = _still_in(scores, inside, float(rest[number]), most, least)
        if inside is not None and rows.size:
            place = np.minimum(np.searchsorted(rows, inside), rows.size - 1)
            place = place[rows[place] == inside]
            rows, times = rows[place], times[place]
        if most_often[number] == 1:
            scores[rows] += idf[number] * once[rows]
        else:
            count = times.astype(np.float64)
            scores[rows] += idf[number] * ((K1 + 1) * count / (count + norm[rows]))
    hit = np.flatnonzero(scores) if inside is None else inside
    if hit.size > most:
        least = np.partition(scores[hit], hit.size - most)[hit.size - most]
        hit = hit[scores[hit] >= least]
    return segment.ids[hit], scores[hit]


def _still_in(scores: Real, inside: Whole | None, rest: float, most: int, least: float) -> Whole | None:
    """The rows that can become one of the best with `rest` more; None where any row still can.

    `least` is the score of the last of the best so far, in other segments.
    """
    hit = np.flatnonzero(scores) if inside is None else inside
    if hit.size > most:
        least = max(least, float(np.partition(scores[hit], hit.size - most)[hit.size - most]))
    if rest >= least * (1 - _ROUNDING):
        return inside
    kept: Whole = hit[scores[hit] + rest >= least * (1 - _ROUNDING)].astype(np.uint32)
    return kept
