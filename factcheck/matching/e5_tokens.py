"""Texts as the numbers of SentencePiece's pieces, as multilingual-e5-small was trained on them.

A unigram model (Kudo 2018, arXiv 1804.10959): of all ways to cut a word into pieces the one with the highest sum of log
probabilities. No piece reaches over a space, so words are cut one by one, and a word that came before is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from factcheck.matching.e5_weights import Vocabulary

_SPACE = "▁"
_RUNS = re.compile(" {2,}")
_REMEMBERED = 200_000
"""Words; a language has fewer in daily use, and as many take about 40 MB."""
_BELOW_THE_RAREST = 10.0


class Tokens:
    """The tokeniser of one vocabulary; it remembers the words it has cut."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = {
            piece: (number, score)
            for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True))
            if piece and number != vocabulary.unknown
        }
        self._longest = max(map(len, self._known))
        self._replaced = vocabulary.replaced
        self._unknown = vocabulary.unknown
        self._worst = min(vocabulary.scores) - _BELOW_THE_RAREST
        self._begin, self._end = vocabulary.begin, vocabulary.end
        self._words: dict[str, list[int]] = {}

    def numbers(self, text: str, limit: int) -> list[int]:
        """The pieces of the text between the two marks of begin and end, at most `limit` with them."""
        return [self._begin, *islice(self._pieces(text), limit - 2), self._end]

    def _pieces(self, text: str) -> Iterator[int]:
        spaced = _RUNS.sub(" ", text.translate(self._replaced))
        marked = spaced.replace(" ", _SPACE) if spaced.startswith(" ") else _SPACE + spaced.replace(" ", _SPACE)
        for word in marked.split(_SPACE)[1:]:
            yield from self._word(_SPACE + word)

    def _word(self, word: str) -> list[int]:
        found = self._words.get(word)
        if found is None:
            found = self._cut(word)
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            self._words[word] = found
        return found

    def _cut(self, word: str) -> list[int]:
        """The most probable pieces: Viterbi's algorithm from the left, a character that is no piece at a high price."""
        end = len(word)
        best = [0.0] + [float("-inf")] * end
        came: list[tuple[int, int]] = [(0, 0)] * (end + 1)
        for start in range(end):
            here = best[start]
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                piece = self._known.get(word[start:stop])
                if piece is not None and here + piece[1] > best[stop]:
                    best[stop], came[stop] = here + piece[1], (start, piece[0])
            if here + self._worst > best[start + 1]:
                best[start + 1], came[start + 1] = here + self._worst, (start, self._unknown)
        pieces = []
        while end:
            end, number = came[end]
            pieces.append(number)
        return pieces[::-1]
