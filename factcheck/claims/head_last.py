"""Noun phrases of a folded sentence that end with their head, and the marks behind them: endings or particles. Pure.

A phrase is read from its head to the left. Where the script has capitals, a word in small letters that no list knows
belongs to it only in front of a noun that a list knows; where it has none, whatever is no other part of a clause does.
The mark is an ending ("Ankara'ya", "bakanlığın") or a particle behind the phrase ("وزیر نے").
"""

from __future__ import annotations

from typing import NamedTuple

from factcheck.claims.grammar import Grammar, Verb
from factcheck.claims.names import Names
from factcheck.claims.quotations import BLANK
from factcheck.claims.words import Hit, Word

LONGEST = 12
"""A longer claimant is never shown."""
_LONGEST_NAME = 4
_SHORTEST, _SURE = 2, 3
"""Letters of the shortest word that has an ending, and of an ending that says its case by itself."""
_UNKNOWN = 2
"""Words in small letters that no list knows, in front of a noun: "dış politika şefi"."""
COMMAS = frozenset("،,")
ENDS = frozenset(".:;؛!?؟…۔")
QUOTES = frozenset("\"“”«»'‘’" + BLANK)
_APOSTROPHES = ("'", "’")
SPEAKERS = frozenset({"role", "title", "institution", "people", "document", "given_name"})
PARTICLES = frozenset({"ergative", "genitive", "possessor", "postposition"})
STOPS = frozenset(
    {"time", "manner", "connective", "pronoun", "person", "relative", "complementizer", "ergative", "postposition"}
)
_PEOPLE = SPEAKERS - {"document"}
_NOUNS = SPEAKERS | {"thing", "modifier", "portfolio"}
_WITHIN = frozenset({"genitive", "attributive"})
_NONE: frozenset[str] = frozenset()


class Span(NamedTuple):
    """The words `first` to `last` (exclusive)."""

    first: int
    last: int


class Phrases:
    """The words of a folded sentence with their classes and cases, and the noun phrases among them."""

    def __init__(self, text: str, found: list[Word], grammar: Grammar, names: Names, verbs: list[Hit[Verb]]) -> None:
        self.text, self.words, self.grammar, self.names, self.verbs = text, found, grammar, names, verbs
        self.classes = list(grammar.classes.values(found, _NONE))
        self.cases = ["bare"] * len(found)
        self.ends = [word.end for word in found]
        self.in_verb = {at for hit in verbs for at in range(hit.first, hit.last)}
        if grammar.cases:
            for at, word in enumerate(found):
                self._read_ending(at, word)

    def _read_ending(self, at: int, word: Word) -> None:
        """The case of a word by its ending: behind an apostrophe, or behind a noun that a list knows."""
        for mark in _APOSTROPHES:
            stem, found, ending = word.key.partition(mark)
            if found and ending in self.grammar.cases:
                self._mark(at, stem, self.grammar.cases[ending])
                return
        if self.classes[at] or not word.key[0].isalpha():
            return
        for cut in range(1, len(word.key)):  # the longest ending first
            case = self.grammar.cases.get(word.key[cut:])
            if case is not None and self.classes_of(word.key[:cut]) & _NOUNS:
                self._mark(at, word.key[:cut], case)
                return
        for cut in range(_SHORTEST, len(word.key) - _SURE + 1):  # of a word that no list knows, only a long one tells
            if (case := self.grammar.cases.get(word.key[cut:])) is not None:
                self.cases[at] = case
                return

    def _mark(self, at: int, stem: str, case: str) -> None:
        self.classes[at] = self.classes_of(stem) - {"time"} if case != "bare" else self.classes_of(stem)
        self.cases[at] = case
        self.ends[at] = self.words[at].start + len(stem)

    def classes_of(self, key: str) -> frozenset[str]:
        """The classes of one word by itself."""
        hit = self.grammar.classes.at([Word(0, len(key), key)], 0)
        return hit.value if hit else _NONE

    def key(self, at: int) -> str:
        """The word as it is looked up; nothing outside of the sentence."""
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def is_in(self, at: int, *names: str) -> bool:
        """Whether a word is of one of the classes."""
        return 0 <= at < len(self.words) and not self.classes[at].isdisjoint(names)

    def is_word(self, at: int) -> bool:
        """Whether it is a word and no sign."""
        return 0 <= at < len(self.words) and self.words[at].key[0].isalnum()

    def is_capital(self, at: int) -> bool:
        """Whether a word is written with a capital."""
        return 0 <= at < len(self.words) and self.text[self.words[at].start].isupper()

    def is_small(self, at: int) -> bool:
        """Whether a word of a script with capitals has none, and no list knows it."""
        return self.is_word(at) and self.text[self.words[at].start].islower() and not self.classes[at] & _NOUNS

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where a phrase begins and ends in the text, without the ending of its last word."""
        return self.words[span.first].start, self.ends[span.last - 1]

    def stops(self, at: int) -> bool:
        """Whether a word is no part of a noun phrase."""
        if at in self.in_verb or not self.is_word(at):
            return True
        named = self.is_capital(at) and at > 0 and not self.is_in(at, "time", "connective", "pronoun")
        return not named and not self.classes[at].isdisjoint(STOPS)

    def is_participle(self, at: int) -> bool:
        """Whether a word that no list knows ends as a verb does that hangs on the next noun, or on the next verb."""
        endings = self.grammar.endings.get("participle", ())
        return self.is_small(at) and not self.is_in(at, "not_participle") and self.key(at).endswith(endings or "\0")

    # From right to left.

    def phrase_before(self, end: int, limit: int = 0) -> Span | None:
        """The noun phrase that ends before word `end` and begins at `limit` or behind it."""
        first = end
        while first > limit and end - first <= LONGEST:
            taken = self._before(first - 1, first, end)
            if not taken:
                break
            first -= taken
        while first < end and (not self.is_word(first) or self._opens_nothing(first, end, limit)):
            first += 1
        return Span(first, end) if first < end else None

    def _opens_nothing(self, at: int, end: int, limit: int) -> bool:
        """Whether a word at the head of a phrase is none of its own: "and", "of", the rest of the clause before."""
        if self.is_in(at, "conjunction", "genitive"):
            return True
        opens_clause = at == limit or not self.is_word(at - 1) or self.stops(at - 1)
        return at < end - 1 and self.is_small(at) and not self.is_in(at, "determiner") and not opens_clause

    def _before(self, at: int, first: int, end: int) -> int:  # noqa: PLR0911 - one line a kind of word
        """How many words at `at` and before it still belong to the phrase that begins at `first`."""
        if not self.is_word(at):
            return int(self.key(at) == "." and (self.is_in(at - 1, "title") or len(self.key(at - 1)) == 1))
        if first == end:
            return int(not self.stops(at) and not self.is_in(at, "determiner"))
        if self.is_in(at, "genitive") and not self.is_capital(at):
            return int(at > 0)
        of_them = self.is_in(first, "partitive")  # "üyelerinden biri"
        if self.stops(at) or not (self.cases[at] == "bare" or self.cases[at] in _WITHIN or of_them):
            return 0
        if self.words[first].start - self.words[at].end > 1:  # an aside that was blanked, the end of a line
            return 0
        if self.is_in(at, "conjunction"):
            return int(self._coordinates(at, first))
        return int(self._joins(at, first, end))

    def _joins(self, at: int, first: int, end: int) -> bool:
        """Whether a word that stops no phrase belongs to the one behind it."""
        if self.is_in(at, "thing") and not self.is_capital(at) and not self._takes_a_noun(first):
            return False
        if self.cases[at] in _WITHIN or not self.is_small(at) or self.is_in(at, "determiner"):
            return True
        run = 0
        while first + run < end and self.is_small(first + run):
            run += 1
        known = bool(self.classes[first + run] & _NOUNS) if first + run < end else False
        return not self.is_participle(at) and run < _UNKNOWN and known and not self.is_capital(first + run)

    def _takes_a_noun(self, at: int) -> bool:
        """Whether a noun may stand before a word of a phrase: a head of which it is, or a script without capitals."""
        return self.is_in(at, "possessed", "genitive", "thing") or self.is_small(at) or not self.has_case(at)

    def has_case(self, at: int) -> bool:
        """Whether a word is written in a script that has capitals."""
        char = self.text[self.words[at].start]
        return char.isupper() or char.islower()

    def _coordinates(self, at: int, first: int) -> bool:
        """Whether "and" stands inside of a phrase: between capitals, or between two who speak or two of one office."""
        if self.is_capital(at - 1) and self.is_capital(first):
            return self.cases[at - 1] == "bare"
        if not self.has_case(first) and at == 1:  # two names that open the sentence
            return not self.stops(0)
        left, right = self.classes[at - 1] if at else _NONE, self.classes[first]
        return bool(left & (SPEAKERS | {"portfolio"}) and right & (SPEAKERS | {"portfolio", "modifier"}))

    # From left to right.

    def phrase_after(self, start: int) -> Span | None:
        """The noun phrase that begins at word `start`."""
        best: Span | None = None
        for end in range(start + 1, min(start + LONGEST, len(self.words)) + 1):
            span = self.phrase_before(end, start)
            if span is None or span.first != start:
                break
            best = span
        return best

    # Who can speak.

    def is_speaker(self, span: Span) -> bool:
        """The positive test: a name, a role, a body, people, or somebody named before."""
        if not 0 < span.last - span.first <= LONGEST:
            return False
        head = span.last - 1
        alone = span.last - span.first == 1
        if self.text[self.words[span.first].start : self.ends[head]] in self.names:
            return True
        if self.is_in(head, "thing") and not self.is_in(head, *SPEAKERS):
            return False
        if self.is_in(head, *SPEAKERS):
            return not (alone and self.is_in(head, "possessed") and not self.is_in(head, "title"))
        if self.has_case(head):
            return self.is_capital(head) and (not alone or span.first > 0)
        first = next((at + 1 for at in range(head, span.first - 1, -1) if self.is_in(at, "genitive")), span.first)
        return any(self.is_in(at, *_PEOPLE) for at in range(first, span.last))

    def is_named_role(self, span: Span) -> bool:
        """Whether a phrase is a role and a name in capitals, which is nothing but somebody: "Başbakan Zoran Zaev"."""
        named = self.is_capital(span.last - 1) and not self.classes[span.last - 1]
        return named and any(self.is_in(at, "role", "title") for at in range(*span))

    def is_name_by_place(self, span: Span) -> bool:
        """Whether a phrase can be a name where its mark or place says that it is a subject: few words of no list."""
        if not 0 < span.last - span.first <= _LONGEST_NAME:
            return False
        if any(self.classes[at] - {"determiner"} or not self.key(at)[0].isalpha() for at in range(*span)):
            return False
        return not self.has_case(span.last - 1) or self.is_capital(span.last - 1)
