"""Words of a folded sentence, and tables that find phrases among them: one look-up a word, however long the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from factcheck.folding import fold_with_offsets
from factcheck.text import ZWNJ

T = TypeVar("T")
# "15,000" is one word; what was blanked (a run of the control) is one sign.
_WORD = re.compile(r"\w+(?:['’\-.]\w+|(?<=\d),\d{3}\b)*|\x00+|[^\w\s]")


class Word(NamedTuple):
    """A word or one sign of a folded sentence: `key` is in lower case, `start` and `end` are offsets in it."""

    start: int
    end: int
    key: str


class Hit(NamedTuple, Generic[T]):
    """A phrase of a table: the words `first` to `last` (exclusive), and what the table says of it."""

    first: int
    last: int
    value: T


def words(folded: str) -> list[Word]:
    """The words and signs of a folded text, in order."""
    return [Word(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(folded)]


class Phrases(Generic[T]):
    """A table of phrases. A phrase is written as people write it; a ZWNJ in it is nothing or a space in a text."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._table: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, value in entries:
            for written in _written(phrase):
                first, *rest = (word.key for word in words(written))
                self._table.setdefault(first, []).append((tuple(rest), value))
        for found in self._table.values():
            found.sort(key=lambda entry: -len(entry[0]))  # the longest first; of two alike the one named first

    def at(self, sentence: Sequence[Word], first: int, end: int | None = None) -> Hit[T] | None:
        """The longest phrase that begins at word `first` and ends before word `end`."""
        for rest, value in self._table.get(sentence[first].key, ()):
            last = first + 1 + len(rest)
            if last <= (len(sentence) if end is None else end) and all(
                word.key == key for word, key in zip(sentence[first + 1 : last], rest, strict=True)
            ):
                return Hit(first, last, value)
        return None

    def find(self, sentence: Sequence[Word], start: int = 0, end: int | None = None) -> Iterator[Hit[T]]:
        """The phrases of the sentence from left to right, none inside of another."""
        stop = len(sentence) if end is None else end
        while start < stop:
            hit = self.at(sentence, start, stop)
            if hit is None:
                start += 1
                continue
            yield hit
            start = hit.last

    def __contains__(self, phrase: str) -> bool:
        sentence = words(fold_with_offsets(phrase).text)
        hit = self.at(sentence, 0) if sentence else None
        return hit is not None and hit.last == len(sentence)

    def __len__(self) -> int:
        return sum(map(len, self._table.values()))


def _written(phrase: str) -> set[str]:
    """The folded forms of a phrase: with its ZWNJs left out and each of them as a space, all alike."""
    variants = {phrase.replace(ZWNJ, ""), phrase.replace(ZWNJ, " ")}
    folded = {fold_with_offsets(variant).text.strip() for variant in variants}
    if not all(folded):
        raise ValueError(f"no word in {phrase!r}")
    return folded
