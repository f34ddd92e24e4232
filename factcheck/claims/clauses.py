"""Clauses of a sentence whose verbs come last: where one begins, and which of its phrases can be the subject. Pure.

A subject has a mark behind it (a particle), or none; a phrase without one ends before a comma, a quotation, or a word
that is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from factcheck.claims.grammar import Case, Verb
from factcheck.claims.head_last import COMMAS, ENDS, PARTICLES, QUOTES, SPEAKERS, Phrases, Span
from factcheck.claims.words import Hit

_AHEAD = 3
"""Words within which a noun stands that has those before it."""


class Clauses(Phrases):
    """The words of a folded sentence, its clauses, and the phrases of each that could speak."""

    def case_of(self, hit: Hit[Verb]) -> Case:
        """How the subject of a form of a verb is marked."""
        subjects = self.grammar.subjects
        return next((subjects[form] for form in sorted(hit.value.forms) if form in subjects), "bare")

    def opened(self, end: int) -> int:
        """Where the words begin that may belong to a phrase: behind a sign or "that"."""
        return next(
            (at + 1 for at in range(end - 1, -1, -1) if self.key(at) in ENDS or self.is_in(at, "complementizer")), 0
        )

    def mark_before(self, verb: int, case: Case) -> int | None:
        """The particle of the verb's subject: the nearest one that no clause parts from it."""
        wanted = "possessor" if case == "genitive" else case
        for at in range(verb - 1, 0, -1):
            if self.key(at) in ENDS or self.is_in(at, "complementizer"):
                return None
            if self.is_in(at, wanted):
                return at
        return None

    def clause_start(self, verb: int) -> int:
        """Where the clause of a verb begins: behind a sign that ends one, "that", or a verb that ends its own."""
        ends = {hit.last for hit in self.verbs if hit.last < verb and self._is_finite(hit)}
        for at in range(verb - 1, -1, -1):
            label = self.key(at) == ":" and self.key(at + 1)[:1] in QUOTES
            if self.key(at) in ENDS and not (label or self._is_abbreviated(at)):
                return at + 1
            if self.is_in(at, "complementizer"):
                return at + 1
            joint = self.key(at) in COMMAS or self.is_in(at, "conjunction", "connective")
            if at in ends or (joint and self._ends_as_verb(at - 1)):
                return at if at in ends and self.is_word(at) else at + 1
        return 0

    def _is_finite(self, hit: Hit[Verb]) -> bool:
        return self.case_of(hit) != "after"

    def _ends_as_verb(self, at: int) -> bool:
        endings = self.grammar.endings.get("finite", ())
        return bool(endings) and self.is_small(at) and self.key(at).endswith(endings)

    def _is_abbreviated(self, at: int) -> bool:
        if self.key(at) == ":":
            return self.key(at - 1).isdigit() and self.key(at + 1)[:1].isdigit()
        return self.key(at) == "." and (self.is_in(at - 1, "title") or len(self.key(at - 1)) == 1)

    def ends_of_phrases(self, start: int, end: int) -> Iterator[int]:
        """The words behind phrases without a mark, from left to right; none behind a pronoun that is the subject."""
        for at in range(start + 1, end + 1):
            head = at - 1
            if self.is_in(head, "pronoun") and self.cases[head] == "bare" and not self.is_in(at, *PARTICLES):
                return
            marked = self.cases[head] != "bare" or self.is_in(head, "genitive", "conjunction")
            if marked or self._is_abbreviated(at) or self.stops(head):
                continue
            if not self._goes_on(at, end):
                yield at

    def _goes_on(self, at: int, end: int) -> bool:
        """Whether a phrase that could end before a word has that word in it, or a mark."""
        if at >= end or not self.is_word(at):
            return False
        if self.is_in(at, *PARTICLES, "copula") or self.is_in(at - 1, "determiner", "modifier"):
            return True
        if self.stops(at) or self._begins_another(at):
            return False
        if self.is_in(at, "conjunction") and self.has_case(at):
            return at + 1 < end and self._coordinates(at, at + 1)
        return self._goes_with(at) or self._has_head_ahead(at, end)

    def _begins_another(self, at: int) -> bool:
        """Whether a word behind a plural is no name that goes with it: "uzmanlar Ankara'nın ..."."""
        plural = self.grammar.endings.get("plural", ())
        compound = self.is_small(at) and self._is_of_compound(at)
        return bool(plural) and not compound and self.cases[at] != "bare" and self.key(at - 1).endswith(plural)

    def _goes_with(self, at: int) -> bool:
        """Whether a word belongs to the noun before it by itself: in its script, its capital, its ending."""
        if not self.has_case(at) or self.is_capital(at) or (self.is_small(at) and self._is_of_compound(at)):
            return True
        # "Bolivyalı diplomat": a word for people in small letters has those before it that no list knows
        plain = self.is_in(at, "role", "people") and self.cases[at] == "bare" and not self.is_in(at, "possessed")
        return plain and self.is_capital(at - 1) and not self.is_in(at - 1, *SPEAKERS)

    def _is_of_compound(self, at: int) -> bool:
        """Whether a noun by its ending has another before it whose it is: "polis araştırmasının"."""
        known = self.is_in(at - 1, *SPEAKERS)  # a name that no list knows may be that of a thing: "The Times ekine"
        endings = self.grammar.endings.get("compound", ()) + (() if known else self.grammar.endings.get("owned", ()))
        return bool(endings) and self.key(at).endswith(endings)

    def _has_head_ahead(self, at: int, end: int) -> bool:
        """Whether a noun further on has those before it: "devlet seçim komisyonu"."""
        return any(
            self.is_in(ahead, "possessed")
            and self.is_in(ahead, *SPEAKERS)
            and self.phrase_before(ahead + 1, at - 1) == Span(at - 1, ahead + 1)
            for ahead in range(at, min(at + _AHEAD, end))
        )

    def is_parted(self, at: int) -> bool:
        """Whether what stands before a word is no part of what follows it: by a sign, or as the word itself is none."""
        if not self.is_word(at):
            return self.key(at) in COMMAS or self.key(at)[:1] in QUOTES or self.key(at) == ":"
        another = self.is_small(at) and self.cases[at] == "genitive"  # "Demir çocuğun ... söyledi"
        return self.has_case(at) and (another or self.is_in(at, "determiner", "time", "manner"))

    def is_listed(self, who: Span, start: int) -> bool:
        """Whether a phrase is a quoted word, or one of several between commas: "binlerce ev, hastane, otel"."""
        before, after = who.first - 1, who.last
        if self.key(before)[:1] in QUOTES and self.key(after)[:1] in QUOTES:
            return True
        if self.key(after) not in COMMAS:
            return False
        capital = any(self.is_capital(at) for at in range(*who))
        if not capital and who.first > start and self.key(before) in COMMAS:
            return True
        at = after + 1
        while self.is_capital(at) and self.cases[at] == "bare":
            at += 1
        return at > after + 1 and self.is_in(at, "conjunction") and self.is_capital(at + 1)

    def is_subject(self, at: int) -> bool:
        """Whether a word in front of a phrase can be a subject itself: a noun that speaks, without a mark."""
        return self.is_in(at, *SPEAKERS) and self.cases[at] == "bare"
