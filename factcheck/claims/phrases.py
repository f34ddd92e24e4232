"""Noun phrases of a sentence by a closed grammar: from a determiner to its head, and what is attached to it. Pure.

A phrase is a span of words. It is shown only when it passes a positive test: somebody or something that can speak.
"""

from __future__ import annotations

from collections.abc import Callable

from factcheck.claims.tagging import QUOTES, SHORTEST, Span, Tagged

MAX_WORDS = 12
"""A longer claimant is never shown."""

_MAX_QUOTED = 6
_ABOUT = frozenset({"about", "around", "over", "under"})


class Sentence(Tagged):
    """The words of a sentence, and the noun phrases among them."""

    def is_speaker(self, span: Span) -> bool:
        """The positive test: a name, a role or body with its determiner, people in the plural, or known from before."""
        if span.last - span.first > MAX_WORDS:
            return False
        core = self.core(span)
        inside = [at for at in range(core.first, core.last) if self.is_word(at)]
        if inside and self.key(inside[0]) in _ABOUT:
            inside = inside[1:]
        if not inside or all(self.is_in(at, "time", "number", "determiner", "pronoun") for at in inside):
            return self.is_in(core.first, "role") and len(inside) == 1
        head = inside[-1]
        kinds = self.kinds(head)
        if any(self.is_name(at) for at in inside) and (kinds or self.is_capital(head)):
            return True
        if len(inside) == 1 and self.is_capital(head) and self.opens(head) and not kinds - {"title"}:
            return self._is_name_that_opens(head)
        if kinds & {"role", "institution", "document"}:
            return True
        return span.last - span.first > 1 and self.written(span) in self.names

    def _is_name_that_opens(self, at: int) -> bool:
        """The one capital that opens the sentence: a name unless the word is an ordinary one."""
        key = self.key(at)
        if self.names and key in self.names:
            return True
        return (
            self._classes[at] <= {"title"}
            and not self.is_adverb(at)
            and not key.endswith(("ing", "ed", "thing", "body"))
        )

    def core(self, span: Span) -> Span:
        """The phrase without what is attached to its head by a preposition or a participle."""
        for at in range(span.first + 1, span.last):
            if self.key(at) == "of" and all(
                self.is_in(k, "determiner", "number", "quantity") or self.key(k)[0].isdigit() or self.key(k) in _ABOUT
                for k in range(span.first, at)
            ):
                continue  # "a group of scientists", "nearly eight of 10 voters": who they are comes after
            attached = self.is_in(at, "attaching") and not self.is_in(at, "determiner")
            if attached or self._is_attached_participle(at, span.last):
                return Span(span.first, at)
        return span

    def head(self, span: Span) -> int:
        """Where the last word of the phrase's core stands."""
        return self.core(span).last - 1

    def _is_attached_participle(self, at: int, end: int) -> bool:
        """Whether a participle hangs on the noun before it: "people living nearby", but not "a tracking poll"."""
        ends = at + 1 >= end or self.is_function(at + 1)
        return ends and self.is_participle(at) and bool(self.kinds(at - 1)) and not self.kinds(at)

    # From right to left.

    def chunk_before(self, end: int, *, limit: int = 0) -> Span | None:
        """The determiner, modifiers and head that end before word `end`."""
        first = end
        while first > limit:
            at = first - 1
            taken = self._before(at, first, end)
            if taken == 0:
                break
            first -= taken
            if self.is_in(at, "determiner") and not self.is_capital_inside(at):
                while first > limit and self.is_in(first - 1, "determiner", "number") and self.key(first - 1) != "that":
                    first -= 1
                break
        while first < end and not self.is_word(first) and self.key(first) not in QUOTES:
            first += 1
        while first + 1 < end and self.key(first) in QUOTES and self.key(first + 1) in QUOTES:
            first += 2  # the ends of one quotation in another
        if first < end and self.key(first) == "s" and self.key(first - 1) in {"'", "’"}:
            return None
        if (
            first > limit
            and self.key(first - 1) in _ABOUT
            and (self.is_in(first, "number") or self.key(first)[0].isdigit())
        ):
            first -= 1
        return Span(first, end) if first < end else None

    def _before(self, at: int, first: int, end: int) -> int:
        """How many words at `at` and before it still belong to the phrase that begins at `first`."""
        if not self.is_word(at):
            return self._sign_before(at, first)
        key = self.key(at)
        if self.is_in(at, "determiner") and key != "that":
            return 1
        if self.is_function(at):
            return int(self.is_adverb(at) and first < end and self.is_in(at - 1, "determiner"))
        if self.is_time(at):
            named = self.is_capital(at) and first < end and self.is_capital(first)
            return int(named and self._is_title_of_a_body(at, end))
        if first == end:
            return 1
        joined = self.words[first].start - self.words[at].end <= 1  # more is an aside or the end of a line
        return int(joined and (self._leads(at, first) or self._describes(at, end)))

    def _describes(self, at: int, end: int) -> bool:
        """Whether a word between determiner and capitals belongs to a role: "a senior WTA aide"."""
        return self.is_in(at - 1, "determiner") and not self.is_capital(end - 1) and bool(self.kinds(end - 1))

    def _leads(self, at: int, first: int) -> bool:
        """Whether a word may stand before the word `first` of one phrase."""
        key = self.key(at)
        if self.is_capital_inside(at):
            return True
        if self.is_capital(first) and not self.is_capital(at):
            return not key[0].isdigit() and self._leads_a_name(at)
        if key.endswith("ed") and len(key) > SHORTEST:
            before = at - 1
            opens = self.is_in(before, "determiner", "number", "conjunction") or self.is_adverb(before)
            return opens or not self.is_word(before)
        if key.endswith("ing") and not self.is_in(at - 1, "determiner"):
            return not self.is_in(first, "determiner", "number", "preposition") and not self.is_capital(first)
        return True

    def _sign_before(self, at: int, first: int) -> int:
        key = self.key(at)
        if key == ".":
            return 2 if self.is_abbreviated(at - 1) or self.key(at - 1) in {"jr", "sr"} else 0
        if key == "&":
            return int(self.is_capital(at - 1))
        if self._is_possessive_sign(at) and first < len(self.words):
            return 1
        return self._quoted_before(at) if key in QUOTES else 0

    def _quoted_before(self, at: int) -> int:
        """How many words a short quotation that ends at `at` has, its marks with it; 0 where none is short."""
        for opener in range(at - 1, max(-1, at - _MAX_QUOTED), -1):
            if self.key(opener) in QUOTES:
                return at - opener + 1
            if not self.is_word(opener):
                break
        return 0

    def _leads_a_name(self, at: int) -> bool:
        kinds = self.kinds(at)
        return (
            ("plural" not in kinds and bool(kinds & {"role", "title"}))
            or self.is_in(at, "premodifier")
            or self.is_possessive(at)
        )

    def _is_title_of_a_body(self, at: int, end: int) -> bool:
        """Whether a weekday or month is part of a name: "the Evening Star", "Sunday Times"."""
        return self.is_in(at - 1, "determiner") or any(self.is_in(k, "institution") for k in range(at + 1, end))

    def phrase_before(self, end: int, *, limit: int = 0) -> Span | None:
        """The noun phrase that ends before word `end`, with what is attached and coordinated to its left."""
        chunk = self.chunk_before(end, limit=limit)
        if chunk is None:
            return None
        first = chunk.first
        while first - 2 >= limit:
            link = first - 1
            joins = self.is_in(link, "coordinator") and self.is_coordinate(link, end)
            if not joins and not (self.is_in(link, "attaching") and not self.is_capital_inside(link)):
                break
            left = self.chunk_before(link, limit=limit)
            if left is None or self._is_participle_that_opens(left):
                break
            first = left.first
        return Span(first, end)

    def _is_participle_that_opens(self, chunk: Span) -> bool:
        """Whether one participle opens a clause: "Speaking to ...", "Asked about ..."."""
        alone = chunk.last - chunk.first == 1
        return (
            alone
            and self.key(chunk.first).endswith(("ing", "ed"))
            and (chunk.first == 0 or not self.is_word(chunk.first - 1))
        )

    def is_coordinate(self, at: int, end: int) -> bool:
        """Whether "and" joins two speakers and not two clauses."""
        right, left = Span(at + 1, end), self.chunk_before(at)
        return left is not None and self.is_speaker(right) and self.is_speaker(left)

    # From left to right.

    def chunk_after(self, start: int, *, limit: int | None = None) -> Span | None:
        """The determiner, modifiers and head that begin at word `start`."""
        stop = len(self.words) if limit is None else limit
        last = start
        while (
            last < stop
            and self.is_in(last, "determiner", "number")
            and self.key(last) != "that"
            and not self.is_capital_inside(last)
        ):
            last += 1
        opened = last
        while last < stop and self._after(last, opened):
            last += 1
        while last > opened and self.key(last - 1) in {".", "&"}:
            last -= 1
        if last == opened and not (opened == start + 1 and self.is_in(start, "role")):
            return None
        return Span(start, last)

    def _after(self, at: int, opened: int) -> bool:
        if not self.is_word(at):
            return self._sign_after(at)
        if self.is_function(at) or (self.is_in(at, "determiner") and not self.is_capital_inside(at)):
            return False
        if self.is_time(at):
            return self.is_capital(at) and self.is_capital(at + 1) and not self.is_time(at + 1)
        if at > opened and self.is_capital(at - 1) and not self.is_capital(at):
            return self._leads_to_a_head(at)
        if at > opened and self.is_capital(at) and not self.is_capital(at - 1) and self.is_word(at - 1):
            return self._leads_a_name(at - 1)  # "The suit names Trump" is no phrase
        return at == opened or not self.is_participle(at)

    def _sign_after(self, at: int) -> bool:
        key = self.key(at)
        if key == ".":
            return self.is_word(at + 1) and self.is_abbreviated(at - 1)
        if key == "&":
            return self.is_capital(at + 1)
        return self._is_possessive_sign(at) and self.is_word(at + 1)

    def is_abbreviated(self, at: int) -> bool:
        """Whether a full stop after the word ends no sentence: "Mr.", "J.", "U.S."."""
        key = self.key(at)
        return self.is_in(at, "title") or (self.is_capital(at) and (len(key) == 1 or "." in key))

    def _is_possessive_sign(self, at: int) -> bool:
        """Whether the sign is the possessive of a plural: "the workers' union"."""
        joined = at > 0 and self.words[at].start == self.words[at - 1].end
        return self.key(at) in {"'", "’"} and joined and self.key(at - 1).endswith("s")

    def _leads_to_a_head(self, at: int) -> bool:
        """Whether words in small letters after a name belong to it: "SaskTel data customer Lindsay Gay"."""
        for ahead in range(at, min(at + 4, len(self.words))):
            if not self.is_word(ahead) or self.is_function(ahead) or self.is_in(ahead, "determiner", "time"):
                return False
            if self.is_capital(ahead):
                return ahead > at and bool(self.kinds(ahead - 1))
            if self.kinds(ahead) and not self.grammar.verbs.at(self.words, ahead):
                return True
        return False

    def phrase_after(
        self, start: int, attaching: Callable[[Span, int], bool], *, limit: int | None = None
    ) -> Span | None:
        """The noun phrase that begins at word `start`, with attachments for which `attaching(head, at)` holds."""
        chunk = self.chunk_after(start, limit=limit)
        if chunk is None:
            return None
        last = chunk.last
        while last < len(self.words) and self.is_in(last, "attaching", "coordinator") and attaching(chunk, last):
            more = self.chunk_after(last + 1, limit=limit)
            if more is None or (self.is_in(last, "coordinator") and not self.is_speaker(more)):
                break
            last = more.last
        return Span(chunk.first, last)
