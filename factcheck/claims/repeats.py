"""Sentences of one article that say again what another says: a lead that restates the body, a line given twice. Pure.

Only words decide, and only where they leave no doubt: all content words of the one stand in the other in the same
order, and no figure, denial, condition or estimate is in one alone. Two claims that might differ stay two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from factcheck.claims.lexicon import Lexicon

_TOKEN = re.compile(r"[-−+]?\d+(?:[.,٫٬/:]\d+)*|\w+|[%٪‰$€£]")
_GROUPING = str.maketrans("", "", ",٬")
_FEWEST = 4
"""Content words of the shortest sentence that is looked for in another."""
_MOST_ALIKE = 30
"""Sentences that one is compared with; where more have its rarest word, they are a list or a table."""
_MOST_ADDED = 5, 3
"""What says it again has at least three of five content words of the fuller sentence: else that says more than it."""
_MEANING = frozenset({"denial", "condition", "future or intention", "opinion", "norm", "vague", "wish or appeal"})
"""Signals that both sentences have, or neither."""


class Words(NamedTuple):
    """The words of a sentence without those of grammar, in order, and all of them."""

    content: tuple[str, ...]
    all: frozenset[str]


def words_of(folded: str, lexicon: Lexicon) -> Words:
    """The words of a folded sentence."""
    found = [token.translate(_GROUPING) if token[-1].isdigit() else token for token in _TOKEN.findall(folded.lower())]
    return Words(tuple(token for token in found if token not in lexicon.function_words), frozenset(found))


def repeats(sentences: Sequence[Words], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Pairs of sentences by index: one that may say again what another says, and that other, the fuller or earlier."""
    holding: dict[str, list[int]] = {}
    for index, sentence in enumerate(sentences):
        for word in set(sentence.content):
            holding.setdefault(word, []).append(index)
    for index, sentence in enumerate(sentences):
        if len(sentence.content) < _FEWEST:
            continue
        rarest = min(sentence.content, key=lambda word: len(holding[word]))
        if len(holding[rarest]) > _MOST_ALIKE:
            continue
        for other in holding[rarest]:
            if other != index and _is_in(sentence, sentences[other], lexicon):
                same = len(sentences[other].content) == len(sentence.content)
                if not same or other < index:
                    yield index, other


def _is_in(one: Words, other: Words, lexicon: Lexicon) -> bool:
    if not lexicon.turning_words:  # a language that is not known well enough
        return one.content == other.content
    most, fewest = _MOST_ADDED
    if not len(one.content) <= len(other.content) <= len(one.content) * most / fewest:
        return False
    rest = iter(other.content)
    if not all(word in rest for word in one.content):
        return False
    apart = one.all ^ other.all
    if any(word[-1].isdigit() for word in apart):
        return False
    return apart.isdisjoint(lexicon.turning_words) and not any(
        word.removeprefix(lexicon.negation) in one.all | other.all
        for word in apart
        if lexicon.negation and word.startswith(lexicon.negation)
    )


def joined(scored: pl.DataFrame, pairs: Sequence[tuple[str, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims without those that are said again by another, whose `repeated` has their places; and the former.

    `pairs` are claim ids as of `repeats`. One speaker has said both (what says it again may name none), and they have
    the same of the signals that turn a meaning.
    """
    if not pairs:
        return scored, scored.clear()
    named = pl.col("claim_id").is_in([one for pair in pairs for one in pair])
    rows = {row["claim_id"]: row for row in scored.filter(named).iter_rows(named=True)}
    kept: dict[str, str] = {}
    for one, other in pairs:
        if one not in kept and _mean_the_same(rows[one], rows[fuller := kept.get(other, other)]) and fuller != one:
            kept |= {**{again: fuller for again, by in kept.items() if by == one}, one: fuller}
    places: dict[str, list[dict[str, int]]] = {}
    for again in sorted(kept, key=lambda one: int(rows[one]["start"])):
        places.setdefault(kept[again], []).append({"start": rows[again]["start"], "end": rows[again]["end"]})
    gone = pl.col("claim_id").is_in(list(kept))
    repeated = pl.Series([places.get(one) for one in scored["claim_id"]], dtype=scored.schema["repeated"])
    return scored.with_columns(repeated.alias("repeated")).filter(~gone), scored.filter(gone)


def _mean_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    signals = [{reason.rpartition(" ")[0] for reason in claim["reasons"]} & _MEANING for claim in (one, other)]
    return one["claimant"] in {None, other["claimant"]} and signals[0] == signals[1]
