"""Noun phrases of a folded sentence that begin with their head: a role or body, its genitives, a name. Pure.

A phrase is a chunk of words. Somebody speaks only where it passes a positive test: a role, a title or a body at its
head, a name from before; or, where the verb leaves no doubt, a few words that no list knows.
"""

from __future__ import annotations

from typing import NamedTuple

from factcheck.claims.grammar import Grammar, Verb
from factcheck.claims.names import Names
from factcheck.claims.quotations import BLANK
from factcheck.claims.words import Hit, Word

LONGEST = 12
"""A longer claimant is never shown."""
LONGEST_NAME = 4
_PAIR = 2
_FAR = 2
"""How many words may stand between a body and a noun of its name: "the world organisation of labour"."""
_NONE: frozenset[str] = frozenset()
COMMAS = frozenset("،,")
ENDS = frozenset(".:;؛!?؟…")
QUOTES = frozenset("\"“”«»'‘’" + BLANK)
BRACKETS = frozenset("()[]")
DASHES = frozenset("-–—")
PEOPLE = frozenset({"role", "title"})
SPEAKERS = PEOPLE | {"institution", "people"}
CLOSED = frozenset({"time", "manner"})
_STOPS = CLOSED | {"preposition", "object_mark", "relative", "connective", "pronoun", "modal", "person"}


class Chunk(NamedTuple):
    """Words `first` to `last` (exclusive) that belong together.

    Kinds: np, adjunct (a preposition with its phrase), closed (time and manner), source ("according to X"), pronoun,
    person (first and second), object (its mark), clause, comma, link, quoted, sign, other.
    """

    kind: str
    first: int
    last: int


class Words:
    """The words of a folded sentence with their classes, its verbs and sources, and the phrases among them."""

    def __init__(
        self,
        text: str,
        found: list[Word],
        grammar: Grammar,
        names: Names,
        verbs: list[Hit[Verb]],
        sources: list[Hit[bool]],
    ) -> None:
        self.text, self.words, self.grammar, self.names = text, found, grammar, names
        self.classes = grammar.classes.values(found, _NONE)
        quoted = self._quoted()
        self.verbs = [hit for hit in verbs if hit.first not in quoted and not self.is_in(hit.first, "not_reported")]
        self.verb_starts = frozenset(hit.first for hit in self.verbs)
        self.sources = {hit.first: hit for hit in sources}

    def _quoted(self) -> set[int]:
        """The words inside short quotations: titles, whose verbs belong to nobody here."""
        if BLANK not in self.text and QUOTES.isdisjoint(self.text):
            return set()
        inside: set[int] = set()
        at = 0
        while at < len(self.words):
            close = self.short_quotation(at, len(self.words)) if self.key(at) in QUOTES else at
            inside.update(range(at, close))
            at = max(close, at + 1)
        return inside

    def key(self, at: int) -> str:
        """The word as it is looked up; nothing outside of the sentence."""
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def is_in(self, at: int, *names: str) -> bool:
        """Whether a word is of one of the classes."""
        return 0 <= at < len(self.words) and not self.classes[at].isdisjoint(names)

    def is_word(self, at: int) -> bool:
        """Whether it is a word and no sign."""
        return 0 <= at < len(self.words) and self.words[at].key[0].isalnum()

    def end_of(self, at: int) -> int:
        """Where the phrase of a class ends that begins at a word."""
        hit = self.grammar.classes.at(self.words, at)
        return at + 1 if hit is None else hit.last

    # Noun phrases.

    def phrase_end(self, at: int, end: int, *, of_source: bool = False) -> int:
        """The word behind the noun phrase that begins at a word."""
        last = self.opening(at, end)
        head = last
        while last < end:
            if self.key(last) in BRACKETS and self.is_in(last + 1, "honorific") and self.key(last + 2) in BRACKETS:
                break
            if self.key(last) in QUOTES:
                close = self.short_quotation(last, end)
                if close == last:
                    break
                last = close
                continue
            if not self.is_word(last) or self._stops(last):
                break
            if last > head and self._is_object(last, head):
                break
            if of_source and last > head and self.is_in(last, *SPEAKERS) and self.is_in(last - 1, "agency"):
                break
            last += 1
        while last > head and self.is_in(last - 1, "conjunction"):
            last -= 1
        return self._posted(at, last, end) if last > head else last

    def opening(self, at: int, end: int) -> int:
        """Behind determiners, numbers and "many of" at the head of a phrase."""
        last = at
        while last < end and (self.is_in(last, "determiner") or self.key(last)[0].isdigit()):
            last += 1
        if self.is_in(last, "quantity"):
            after = self.end_of(last)
            if self.key(after) == "از" and after + 1 < end:
                return self.opening(after + 1, end)
        return last

    def short_quotation(self, at: int, end: int) -> int:
        """Behind the quotation of a few words that a mark opens; the mark itself where it opens none."""
        close = next((n for n in range(at + 1, end) if self.key(n) in QUOTES), None)
        inside = close is not None and close > at + 1 and all(self.is_word(n) for n in range(at + 1, close))
        return close + 1 if close is not None and inside else at

    def is_name(self, at: int) -> bool:
        """Whether a word that can be a time is one's name: behind a title."""
        return self.is_in(at - 1, "title")

    def _stops(self, at: int) -> bool:
        classes = self.classes[at]
        if classes & _STOPS and not (classes & CLOSED and self.is_name(at)):
            return True
        return at in self.sources or at in self.verb_starts

    def _is_object(self, at: int, head: int) -> bool:
        """Whether a word behind the head begins the object, or the next one that speaks."""
        if self.is_in(at, "thing"):
            before = range(max(head, at - _FAR), at)
            of_body = self.is_in(at, "part_of_institution") and any(
                self.is_in(one, *SPEAKERS, "part_of_institution") for one in before
            )
            return not (of_body or self.is_in(at, *SPEAKERS))
        return False

    def _posted(self, first: int, last: int, end: int) -> int:
        """Behind the place of one who is posted there: "the ambassador in Paris"."""
        if self.key(last) != "در" or not self.is_in(first, "posted") or last + 1 >= end:
            return last
        place = last + 1
        return place + 1 if self.is_word(place) and not self.classes[place] - {"institution"} else last

    def is_named_before(self, first: int, last: int) -> bool:
        """Whether a phrase is "this spokesman": somebody named before."""
        is_pair = last == first + _PAIR
        return is_pair and self.is_in(first, "demonstrative") and self.is_in(first + 1, "role")

    def is_strong(self, chunk: Chunk) -> bool:
        """The positive test: a role, a title, a body at its head, or a name from before."""
        if not 0 < chunk.last - chunk.first <= LONGEST:
            return False
        if self.key(chunk.first) in QUOTES:  # «a name» a role
            return self.is_in(self.short_quotation(chunk.first, chunk.last), "role")
        head = self.opening(chunk.first, chunk.last)
        if self.is_in(head, "thing"):
            return False
        if self.is_in(head, *SPEAKERS, "document"):
            return True
        if any(self.is_in(at, *PEOPLE) for at in range(head + 1, min(head + LONGEST_NAME, chunk.last))):
            rest = range(head, chunk.last)
            return not any(self.is_in(at, "thing") and not self.is_in(at, "part_of_institution") for at in rest)
        return self.text[self.words[chunk.first].start : self.words[chunk.last - 1].end] in self.names

    def is_weak(self, chunk: Chunk) -> bool:
        """Whether a phrase can be a name: few words that no list knows."""
        inside = range(chunk.first, chunk.last)
        if not 0 < len(inside) <= LONGEST_NAME:
            return False
        if any(not self.is_word(at) or self.classes[at] - {"agency"} for at in inside):
            return False
        keys = [self.key(at) for at in inside]
        # A plural that waits for its genitive is no name; at the end it can be "Zavare'i".
        return not any(key.endswith(("های", "ترین")) for key in keys[:-1]) and all(
            len(key) > 1 and not key[0].isdigit() and not key.endswith("هایی") for key in keys
        )
