"""The words of a sentence with their classes, and the questions that rules ask of a word. Pure."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from factcheck.claims.grammar import Grammar
from factcheck.claims.names import Names
from factcheck.claims.words import Word

COMMAS = frozenset("-–—―,")
DASHES = frozenset("-–—―")
QUOTES = frozenset("\"“”«»'‘’")
SHORTEST = 4
"""Letters of the shortest word whose ending tells something: "only", "used"."""

_NONE: frozenset[str] = frozenset()
_APOSTROPHES = ("'s", "’s")
_CONTRACTED = re.compile("['’](s|ve|d|ll|re|m)$")
_FUNCTION = frozenset(
    {"conjunction", "pronoun", "preposition", "auxiliary", "finite", "infinitive", "relative", "adverb", "connective"}
)
_SPEAKERS = frozenset({"role", "institution", "document", "title"})


class Span(NamedTuple):
    """The words `first` to `last` (exclusive)."""

    first: int
    last: int


class Tagged:
    """The words of a folded sentence with the classes of each, and the questions that rules ask of them."""

    def __init__(self, text: str, words: list[Word], grammar: Grammar, names: Names) -> None:
        self.text = text
        self.words = words
        self.grammar = grammar
        self.names = names
        self._classes: list[frozenset[str]] = grammar.classes.values(self.words, _NONE)
        if "'" in text or "’" in text:
            self._classify_contractions()

    def _classify_contractions(self) -> None:
        for at, word in enumerate(self.words):
            if not self._classes[at] and (mark := _CONTRACTED.search(word.key)):
                self._classes[at] = _pronoun(self.classes_of(word.key[: mark.start()]), mark.group(1))

    @cached_property
    def is_titled(self) -> bool:
        """Whether the words have capitals as in a headline, so that a capital is no name's."""
        long = [at for at in range(len(self.words)) if self.is_word(at) and len(self.key(at)) >= SHORTEST]
        return len(long) >= SHORTEST and all(self.is_capital(at) or self.key(at)[0].isdigit() for at in long)

    def __len__(self) -> int:
        return len(self.words)

    def written(self, span: Span) -> str:
        """The words of a span as they stand in the text."""
        return self.text[self.words[span.first].start : self.words[span.last - 1].end]

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where the words of a span begin and end in the text."""
        return self.words[span.first].start, self.words[span.last - 1].end

    def key(self, at: int) -> str:
        """The word in lower case; "" outside of the sentence."""
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def is_in(self, at: int, *names: str) -> bool:
        """Whether the word belongs to one of the classes."""
        return 0 <= at < len(self.words) and not self._classes[at].isdisjoint(names)

    def which(self, at: int, *names: str) -> set[str]:
        """Those of the classes to which the word belongs."""
        return set(self._classes[at].intersection(names))

    def is_word(self, at: int) -> bool:
        """Whether a word and no sign stands there."""
        return 0 <= at < len(self.words) and self.words[at].key[0].isalnum()

    def is_capital(self, at: int) -> bool:
        """Whether the word is written with a capital."""
        return 0 <= at < len(self.words) and self.text[self.words[at].start].isupper()

    def opens(self, at: int) -> bool:
        """Whether the word is the first of the sentence or of a quotation: its capital says nothing."""
        before = at - 1
        while before >= 0 and not self.is_word(before) and self.key(before) not in {".", ",", ";", ")"}:
            before -= 1
        return before < 0

    def is_name(self, at: int) -> bool:
        """Whether a capital says that the word belongs to a name; a weekday does not, nor the first word."""
        return self.is_capital_inside(at) and self.key(at) != "i" and not self.is_time(at)

    def is_time(self, at: int) -> bool:
        """Whether the word is of a date or time; a capital that no calendar has makes a name of it ("The Times")."""
        if not self.is_in(at, "time"):
            return False
        if not self.is_capital_inside(at):
            return True
        return self.is_in(at, "weekday") or (self.is_in(at, "month") and not self.is_name(at - 1))

    def is_function(self, at: int) -> bool:
        """Whether the word cannot be part of a phrase's core."""
        if self.is_capital(at) and not self.opens(at) and self.key(at) not in {"i", "that"}:
            return False
        return not self._classes[at].isdisjoint(_FUNCTION) or self.is_adverb(at)

    def is_adverb(self, at: int) -> bool:
        """Whether the word is an adverb, by the list or by its ending."""
        if self.is_in(at, "adverb"):
            return True
        key = self.key(at)
        named = self.is_capital(at) and not self.opens(at)
        return (
            key.endswith(self.grammar.endings.get("adverb", ()))
            and not self.is_in(at, "not_adverb")
            and not named
            and len(key) > SHORTEST
        )

    def kinds(self, at: int) -> frozenset[str]:
        """What sort of speaker a noun is: role, institution, document or title, and `plural`; empty for none."""
        found = self._classes[at] & _SPEAKERS
        if found:
            return found
        key = self.key(at).rpartition("-")[2]
        for singular in singulars(key):
            found = self.classes_of(singular) & _SPEAKERS
            if found:
                return found | {"plural"}
        is_plural = key.endswith("s") and not key.endswith("ss")
        stem = key[:-1] if is_plural else key
        if (
            stem.endswith(self.grammar.endings.get("role", ()))
            and len(stem) > SHORTEST
            and "not_a_role" not in self.classes_of(stem)
        ):
            return frozenset({"role", "plural"}) if is_plural else frozenset({"role"})
        return _NONE

    def classes_of(self, key: str) -> frozenset[str]:
        """The classes of one word by itself."""
        hit = self.grammar.classes.at([Word(0, len(key), key)], 0)
        return hit.value if hit else _NONE

    def is_capital_inside(self, at: int) -> bool:
        """Whether the word has a capital that it does not owe to its place."""
        return self.is_capital(at) and not self.opens(at)

    def is_possessive(self, at: int) -> bool:
        """Whether the word ends in a possessive: "Harker's"."""
        return self.key(at).endswith(_APOSTROPHES)

    def is_participle(self, at: int) -> bool:
        """Whether a word in small letters has the ending of a participle."""
        return self.key(at).endswith(("ing", "ed")) and not self.is_capital(at)


def _pronoun(classes: frozenset[str], contracted: str) -> frozenset[str]:
    """The classes of "he's", "they've": those of the pronoun and of what is contracted to it."""
    if "pronoun" not in classes:
        return _NONE
    verb = {"s": {"have"}, "ve": {"have"}, "d": {"have"}, "m": {"be"}, "re": {"be"}}.get(contracted, {"modal"})
    return classes & {"pronoun", "speaks_again"} | verb


def singulars(key: str) -> tuple[str, ...]:
    """What the word may be the plural of."""
    if key.endswith("ies"):
        return key[:-3] + "y", key[:-1]
    if key.endswith("es"):
        return key[:-1], key[:-2]
    return (key[:-1],) if key.endswith("s") else ()
