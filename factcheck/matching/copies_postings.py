"""Who has which number: an inverted index as one sorted array; an entry is a number of 38 bits, an article of 26."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factcheck.matching.copies_features import BITS, Numbers

ARTICLE_BITS = 64 - BITS
MOST_ARTICLES = 1 << ARTICLE_BITS
FIRST = 32
"""Of the articles with one number only so many are compared with a later one, the first of them.

A passage that thousands share (an agency's line, a notice of rights) would else make millions of pairs; a copy is still
compared with the earliest that have it.
"""
_SHIFT = np.uint64(ARTICLE_BITS)
_ARTICLE = np.uint64(MOST_ARTICLES - 1)


def packed(numbers: Numbers, articles: NDArray[np.int64]) -> Numbers:
    """The entries, sorted, each once."""
    entries = (numbers << _SHIFT) | articles.astype(np.uint64)
    entries.sort()
    return entries[np.concatenate([[True], entries[1:] != entries[:-1]])] if len(entries) else entries


def sizes(entries: Numbers, first: int, count: int) -> NDArray[np.int64]:
    """How many different numbers each of `count` articles from `first` on has."""
    return np.bincount((entries & _ARTICLE).astype(np.int64) - first, minlength=count).astype(np.int64)


def useful(new: Numbers, parts: Sequence[Numbers]) -> Numbers:
    """Those of the new entries whose number another article has, of `new` or of the parts."""
    found = np.zeros(len(new), bool)
    twice = (new[1:] ^ new[:-1]) < np.uint64(MOST_ARTICLES)
    found[1:] |= twice
    found[:-1] |= twice
    for part in parts:
        if len(part):
            number = new >> _SHIFT
            at = np.minimum(np.searchsorted(part, number << _SHIFT), len(part) - 1)
            found |= part[at] >> _SHIFT == number
    asked: Numbers = new[found]
    return asked


def shared(asked: Numbers, parts: Sequence[Numbers], first: int, last: int) -> tuple[Numbers, NDArray[np.int64]]:
    """The pairs of the articles from `first` to before `last` with earlier ones, and how many numbers both have.

    `asked` are entries that were found useful. A pair is one integer (`later << 32 | earlier`), they are sorted.
    """
    article = asked & _ARTICLE
    some = asked[(article >= first) & (article < last)]
    pairs = np.concatenate([np.zeros(0, np.uint64), *(_pairs(some, part) for part in parts)])
    pairs.sort()
    starts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else np.zeros(0, np.int64)
    return pairs[starts], np.diff(np.append(starts, len(pairs)))


def looked_up(pairs: Numbers, known: Numbers, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The count of each pair, 0 of one that is not among the known."""
    if not len(known):
        return np.zeros(len(pairs), np.int64)
    at = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
    return np.where(known[at] == pairs, counts[at], 0)


def articles_of(pairs: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The later and the earlier articles of the pairs."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(2**32 - 1)).astype(np.int64)


def _pairs(asked: Numbers, part: Numbers) -> Numbers:
    """(later, earlier) in one integer, once for each number that both have."""
    number, later = asked >> _SHIFT, asked & _ARTICLE
    first = np.searchsorted(part, number << _SHIFT)
    # Earlier articles only: up to the entry that the later one would have itself.
    last = np.minimum(np.searchsorted(part, asked), first + FIRST)
    counts = last - first
    entries = part[np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())]
    pairs: Numbers = (np.repeat(later, counts) << np.uint64(32)) | (entries & _ARTICLE)
    return pairs
