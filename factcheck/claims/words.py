"""Words of a folded sentence, and tables that find phrases among them: one look-up a word, however long the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


def words(folded: str, small: Mapping[int, str] | None = None) -> list[Word]:
    """The words and signs of a folded text, in order; `small` names small letters that are not Unicode's default."""
    lower = folded.translate(small).lower() if small else folded.lower()
    if len(lower) != len(folded):  # "İ" has a longer small letter: offsets are those of the text
        return [Word(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(folded)]
    new = tuple.__new__  # twice as fast as the class, and every word of every article passes here
    return [new(Word, (match.start(), match.end(), match[0])) for match in _WORD.finditer(lower)]


class Phrases(Generic[T]):
    """A table of phrases. A phrase is written as people write it; a ZWNJ in it is nothing or a space in a text."""

    def __init__(
        self,
        entries: Iterable[tuple[str, T]],
        merge: Callable[[T, T], T] | None = None,
        small: Mapping[int, str] | None = None,
    ) -> None:
        """`merge` says what two phrases that are written alike are together; without it the one named first counts."""
        self._small = small
        self._alone: dict[str, T] = {}
        # By the first word, then by the second: common first words ("in", "the") open many phrases.
        self._longer: dict[str, dict[str, list[tuple[tuple[str, ...], T]]]] = {}
        named = list(entries)
        values: dict[tuple[str, ...], T] = {}
        for (_, value), variants in zip(named, _written(phrase for phrase, _ in named), strict=True):
            for written in variants:
                keys = _keys(written, small)
                known = values.setdefault(keys, value)
                if merge is not None and known is not value:
                    values[keys] = merge(known, value)
        for (first, *rest), value in values.items():
            if rest:
                self._longer.setdefault(first, {}).setdefault(rest[0], []).append((tuple(rest), value))
            else:
                self._alone[first] = value
        for by_second in self._longer.values():
            for found in by_second.values():
                found.sort(key=lambda entry: -len(entry[0]))
        self.first_words = frozenset(self._alone) | frozenset(self._longer)

    def at(self, sentence: Sequence[Word], first: int, end: int | None = None) -> Hit[T] | None:
        """The longest phrase that begins at word `first` and ends before word `end`."""
        stop = len(sentence) if end is None else end
        key = sentence[first].key
        by_second = self._longer.get(key)
        if by_second is not None and first + 1 < stop:
            for rest, value in by_second.get(sentence[first + 1].key, ()):
                last = first + 1 + len(rest)
                if last <= stop and tuple(word.key for word in sentence[first + 1 : last]) == rest:
                    return Hit(first, last, value)
        return Hit(first, first + 1, self._alone[key]) if key in self._alone else None

    def find(self, sentence: Sequence[Word], start: int = 0, end: int | None = None) -> Iterator[Hit[T]]:
        """The phrases of the sentence from left to right, none inside of another."""
        stop = len(sentence) if end is None else end
        known = self.first_words
        while start < stop:
            hit = self.at(sentence, start, stop) if sentence[start].key in known else None
            if hit is None:
                start += 1
                continue
            yield hit
            start = hit.last

    def values(self, sentence: Sequence[Word], default: T) -> list[T]:
        """For each word the value of the phrase that it belongs to, found from left to right; else the default."""
        alone, longer = self._alone, self._longer
        found = [alone.get(word.key, default) for word in sentence]
        free = 0
        for at, word in enumerate(sentence):
            if word.key in longer and at >= free:
                hit = self.at(sentence, at)
                if hit is not None and hit.last > at + 1:
                    free = hit.last
                    found[at:free] = [hit.value] * (free - at)
        return found

    def __contains__(self, phrase: str) -> bool:
        sentence = words(fold_with_offsets(phrase).text, self._small)
        hit = self.at(sentence, 0) if sentence else None
        return hit is not None and hit.last == len(sentence)

    def __len__(self) -> int:
        longer = (found for by_second in self._longer.values() for found in by_second.values())
        return len(self._alone) + sum(map(len, longer))


def _written(phrases: Iterable[str]) -> Iterator[set[str]]:
    """For each phrase its folded forms: with its ZWNJs left out and each of them as a space, all alike."""
    phrases = [" ".join(phrase.split()) for phrase in phrases]
    if not phrases:
        return
    # Folded all at once: a grammar has thousands of forms.
    with_nothing = fold_with_offsets("\n".join(phrases)).text.split("\n")
    with_spaces = fold_with_offsets("\n".join(phrases).replace(ZWNJ, " ")).text.split("\n")
    for phrase, *variants in zip(phrases, with_nothing, with_spaces, strict=True):
        folded = {variant.strip() for variant in variants}
        if not all(folded):
            raise ValueError(f"no word in {phrase!r}")
        yield folded


def _keys(folded: str, small: Mapping[int, str] | None) -> tuple[str, ...]:
    """The words of a folded phrase, as `words` has them."""
    found = (folded.translate(small) if small else folded).lower().split()
    return tuple(found) if all(map(str.isalnum, found)) else tuple(word.key for word in words(folded, small))
