"""Who has which number: an inverted index as one sorted array; an entry is a number of 38 bits, an article of 26."""

from __future__ import annotations

from collections.abc import Iterator

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
_ARTICLES_AT_A_TIME = 4096


def packed(numbers: Numbers, articles: NDArray[np.int64]) -> Numbers:
    """The entries, sorted, each once."""
    entries = (numbers << _SHIFT) | articles.astype(np.uint64)
    entries.sort()
    return entries[np.concatenate([[True], entries[1:] != entries[:-1]])] if len(entries) else entries


def sizes(entries: Numbers, first: int, count: int) -> NDArray[np.int64]:
    """How many different numbers each of `count` articles from `first` on has."""
    return np.bincount((entries & _ARTICLE).astype(np.int64) - first, minlength=count).astype(np.int64)


def shared(new: Numbers, parts: list[Numbers], at_least: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """(later article, earlier article, numbers that both have), for pairs with at least so many, in portions.

    The later is one of `new`, the earlier one of `parts` or of `new`.
    """
    useful = _stands_twice(new)
    for part in parts:
        useful |= _stands_in(new, part)
    asked = new[useful]
    article = asked & _ARTICLE
    if not len(asked):
        return
    for first in range(int(article.min()), int(article.max()) + 1, _ARTICLES_AT_A_TIME):
        some = asked[(article >= first) & (article < first + _ARTICLES_AT_A_TIME)]
        pairs = np.concatenate([_pairs(some, part) for part in (*parts, new)])
        pairs.sort()
        starts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else np.zeros(0, int)
        counts = np.diff(np.append(starts, len(pairs)))
        many = counts >= at_least
        found = pairs[starts[many]]
        yield (found >> np.uint64(32)).astype(np.int64), (found & np.uint64(2**32 - 1)).astype(np.int64), counts[many]


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


def _stands_twice(entries: Numbers) -> NDArray[np.bool_]:
    """Whether another article has the number of the entry as well."""
    same = np.diff(entries >> _SHIFT) == 0
    return np.append(same, False) | np.insert(same, 0, False) if len(entries) else np.zeros(0, bool)


def _stands_in(entries: Numbers, part: Numbers) -> NDArray[np.bool_]:
    if not len(part):
        return np.zeros(len(entries), bool)
    number = entries >> _SHIFT
    at = np.minimum(np.searchsorted(part, number << _SHIFT), len(part) - 1)
    found: NDArray[np.bool_] = part[at] >> _SHIFT == number
    return found
