"""Reported speech where the verb comes last and a mark says who speaks: "X, ... dedi", "X'e göre", "X نے کہا کہ".

A form of a reporting verb says how its subject is marked (`subjects` in the grammar's file): by a particle ("نے"), as
one of whom something is ("X کا کہنا ہے"), not at all ("X ... söyledi"), or not at all and behind the verb ("diyen X").
The phrase with that mark in the verb's clause must pass the positive test; what fails is nobody. Of several verbs the
first counts that names somebody.
"""

from __future__ import annotations

from factcheck.claims.clauses import Clauses
from factcheck.claims.grammar import Case, Grammar, Verb
from factcheck.claims.head_last import COMMAS, PARTICLES, QUOTES, SPEAKERS, Span
from factcheck.claims.names import Names
from factcheck.claims.quotations import Found
from factcheck.claims.words import Hit, words

_LABEL = 10
_ELLIPTIC = 3
"""Words before a verb whose subject has a mark and is left out: "مزید کہا کہ"."""
_UNREPORTING = frozenset({"other", "delivers"})


def find(bare: str, grammar: Grammar, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence whose quotations are blanked."""
    found = words(bare, grammar.small)
    verbs = list(grammar.verbs.find(found))
    sources = list(grammar.sources.find(found))
    if not (verbs or sources or ":" in bare):
        return None
    clause = _Clause(bare, found, grammar, names, verbs)
    left_out: Found | None = None
    for hit in verbs:
        if hit.value.flags & _UNREPORTING:
            continue
        report = clause.report(hit)
        if report is not None and (report.who is not None or clause.pronoun_of(hit)):
            return report
        left_out = left_out or report
    return clause.according(sources) or clause.label() or left_out


def opener(bare: str, grammar: Grammar, names: Names) -> tuple[int, int] | None:
    """Who stands before a quotation that the sentence leaves open: its verb comes behind it, sentences later."""
    found = words(bare, grammar.small)
    at = next((number for number, word in enumerate(found) if word.key[0] in QUOTES), None)
    if at is None:
        return None
    clause = _Clause(bare, found, grammar, names, list(grammar.verbs.find(found)))
    who, _ = clause.subject_in(clause.clause_start(at), at)
    return None if who is None else clause.offsets(who)


class _Clause(Clauses):
    """The words of a folded sentence, and who reports with its verbs."""

    def found(self, who: Span | None, verb: Span) -> Found:
        """The report in offsets of the text."""
        span = (self.words[verb.first].start, self.words[verb.last - 1].end)
        after = verb.last + (self.key(verb.last) in COMMAS)
        return Found(None if who is None else self.offsets(who), span, self.key(after) == ":")

    def report(self, hit: Hit[Verb]) -> Found | None:
        """Who reports with a verb; None where it reports nothing here, `who` None where its subject is left out."""
        verb = Span(hit.first, hit.last)
        if self.is_in(verb.last, "passive") or self.is_in(verb.first - 1, "relative"):
            return None
        if hit.value.flags == {"quotes"} and not self._has_content(verb):
            return None
        case = self.case_of(hit)
        if case in {"ergative", "genitive"}:
            return self._by_mark(verb, case)
        if case == "after":
            who = self._behind(hit.last)
            named = who is not None and (self.key(who.last) in COMMAS or any(map(self.is_capital, range(*who))))
            return self.found(who, verb) if named else None
        never_alone = self.grammar.options.get("never_alone", "").split()
        return self._unmarked(verb, needs=not hit.value.forms.isdisjoint(never_alone))

    def pronoun_of(self, hit: Hit[Verb]) -> bool:
        """Whether the subject of a verb is a pronoun that stands in its clause."""
        case = self.case_of(hit)
        if case in {"ergative", "genitive"}:
            mark = self.mark_before(hit.first, case)
            return mark is not None and self.is_in(mark - 1, "pronoun")
        start = self.clause_start(hit.first)
        return any(self.is_in(at, "pronoun") and self.cases[at] == "bare" for at in range(start, hit.first))

    def _has_content(self, verb: Span) -> bool:
        """Whether what is said stands before a verb as a quotation, or behind it after a colon or "that"."""
        before = verb.first - 1
        while self.key(before) in COMMAS:
            before -= 1
        after = verb.last + (self.key(verb.last) in COMMAS)
        behind = self.key(after) == ":" or self.key(after)[:1] in QUOTES or self.is_in(after, "complementizer")
        return behind or self.key(before)[:1] in QUOTES

    # A subject with a mark.

    def _by_mark(self, verb: Span, case: Case) -> Found | None:
        mark = self.mark_before(verb.first, case)
        if mark is None:
            left_out = verb.first <= _ELLIPTIC and not any(self.is_in(at, *PARTICLES) for at in range(verb.first))
            return self.found(None, verb) if left_out else None
        if self.is_in(mark - 1, "relative"):
            return None
        if self.is_in(mark - 1, "pronoun"):
            return self.found(None, verb)
        who = self.phrase_before(mark, self.opened(mark))
        if who is None or not (self.is_speaker(who) or self.is_name_by_place(who)):
            return None
        return self.found(who, verb)

    # A subject without a mark.

    def _unmarked(self, verb: Span, *, needs: bool) -> Found | None:
        """The report of a subject without a mark; `needs` says that it cannot be left out."""
        behind = self._inverted(verb)
        if behind is not None:
            return self.found(behind, verb)
        who, unread = self.subject_in(self.clause_start(verb.first), verb.first)
        if who is not None:
            return self.found(self._with_list(who, verb.first), verb)
        return None if unread or needs else self.found(None, verb)

    def subject_in(self, start: int, last: int) -> tuple[Span | None, bool]:
        """The subject without a mark among the words `start` to `last`; else whether a phrase opens them all the same.

        Such a phrase may be a subject that no list knows.
        """
        unread = False
        for end in self.ends_of_phrases(start, last):
            who = self.phrase_before(end, start)
            if who is None:
                continue
            parted = self.is_parted(end)
            opens = not any(self.is_capital(at) or self.is_subject(at) for at in range(start, who.first))
            if self.is_listed(who, start):
                continue
            placed = parted or (opens and not unread) or end == last or self.is_named_role(who)
            if placed and self._is_subject(who, parted=parted):
                # "پروٹین جسے HER2 کہتے ہیں": the verb is that of a clause which hangs on the phrase
                hangs = any(self.is_in(at, "relative") for at in range(who.first - 1, last))
                return (None, True) if hangs else (who, unread)
            unread = unread or who.first == start
        return None, unread

    def _is_subject(self, who: Span, *, parted: bool) -> bool:
        """Whether a phrase without a mark speaks: by the positive test, or because a comma parts it from the rest."""
        if self.is_speaker(who):
            return True
        first_word = who.first == 0 and who.last == 1
        return self.is_name_by_place(who) and (parted or not first_word)

    def _with_list(self, who: Span, end: int) -> Span:
        """A phrase with the role behind its comma: "Ayşe Yılmaz, Sağlık Bakanı, ..."."""
        if self.key(who.last) not in COMMAS:
            return who
        for close in range(who.last + 2, min(who.last + 8, end)):
            if self.key(close) in COMMAS:
                more = self.phrase_before(close, who.last + 1)
                whole = more is not None and more.first == who.last + 1 and self.cases[close - 1] == "bare"
                return Span(who.first, close) if whole and self.is_in(close - 1, "role") else who
        return who

    def _inverted(self, verb: Span) -> Span | None:
        """The subject behind a verb: "..., dedi X."."""
        before = verb.first - 1
        if before >= 0 and not (self.key(before) in COMMAS or self.key(before)[:1] in QUOTES):
            return None
        if not self.is_capital(verb.last) and not self.is_in(verb.last, *SPEAKERS):
            return None
        who = self._behind(verb.last)
        return who if who is not None and not self.is_word(who.last) else None

    def _behind(self, start: int) -> Span | None:
        """Who stands behind a verb, unmarked."""
        who = self.phrase_after(start)
        if who is None or self.cases[who.last - 1] != "bare":
            return None
        return who if self.is_speaker(who) else None

    # Without a verb.

    def according(self, sources: list[Hit[bool]]) -> Found | None:
        """The source of "X'e göre", "X کے مطابق": the phrase before it."""
        for hit in sources:
            source = Span(hit.first, hit.last)
            if self.is_in(hit.first - 1, "pronoun"):
                return self.found(None, source)
            who = self.phrase_before(hit.first, self.opened(hit.first))
            if who is None:
                continue
            if self.is_speaker(who) or (self._is_marked(who) and self.is_name_by_place(who)):
                return self.found(who, source)
        return None

    def _is_marked(self, who: Span) -> bool:
        """Whether more than its place says that a phrase is a name: an ending, a capital inside, a particle."""
        last = who.last - 1
        return self.ends[last] < self.words[last].end or who.first > 0 or not self.is_capital(last)

    def label(self) -> Found | None:
        """A speaker before a colon at the head of the sentence and what is said in quotation marks."""
        at = next((n for n, word in enumerate(self.words[:_LABEL]) if word.key == ":"), None)
        if not at or self.key(at + 1)[:1] not in QUOTES:
            return None
        who = self.phrase_before(at)
        whole = who is not None and who.first == 0
        if who is None or not whole or not (self.is_speaker(who) or self.is_name_by_place(who)):
            return None
        return Found(self.offsets(who), (self.words[at].start, self.words[at].end), opens_with_colon=True)
