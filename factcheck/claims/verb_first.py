"""Reported speech where the verb comes first: verb, speaker, what was said; or the speaker at the head of the clause.

A form of a reporting verb counts where a clause begins, or after an auxiliary, or behind the speaker; what follows must
be content ("that", a colon, a quotation). The speaker is a noun phrase by a closed grammar, with a name between commas,
that passes a positive test (a role, an institution, a name), or nobody. A bare verb or a pronoun is whoever was named.
"""

from __future__ import annotations

from typing import NamedTuple

from factcheck.claims.grammar import Grammar, Verb
from factcheck.claims.names import Names
from factcheck.claims.quotations import BLANK, Found
from factcheck.claims.words import Hit, Word, words

_LONGEST = 12
_ADJUNCT = 6
_LABEL = 8
_NAME = 4
_SHORT = 6
_THEIRS = ("ها", "هم", "هما")  # "its members", behind a phrase that is whole: what the verb is about
_FIRST_AND_LAST = 2
_NONE: frozenset[str] = frozenset()
_COMMAS = frozenset("،,")
_QUOTES = frozenset("\"“”«»'‘’" + BLANK)
_BEFORE_CLAUSE = frozenset(".-–:)؛")
_SPEAKERS = frozenset({"role", "institution"})
_STOPS = frozenset(
    {
        "content", "manner", "addressee", "time", "auxiliary", "passive", "negation", "according", "takes_complement",
        "relative", "connective", "pronoun",
    }
)  # fmt: skip
_REACH_BEHIND_A_CLAUSE = 30
_POSSESSIVES = ("هما", "ها", "هم", "نا", "ه")
_HIS = ("ته", "تها", "تهم", "هم")
_REACH = 14  # words between the speaker and what was said: adjuncts


class _Span(NamedTuple):
    first: int
    last: int


def find(bare: str, grammar: Grammar, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence whose quotations are blanked."""
    found = words(bare)
    verbs = list(grammar.verbs.find(found))
    sources = list(grammar.sources.find(found))
    if not (verbs or sources or ":" in bare):
        return None
    sentence = _Sentence(bare, found, grammar, names)
    for hit in verbs:
        if (report := sentence.report(hit)) is not None:
            return report
    for source in sources:
        if (report := sentence.according(source)) is not None:
            return report
    return sentence.label()


class _Sentence:
    """The words of a folded sentence with their classes, and the questions the rules ask."""

    def __init__(self, text: str, found: list[Word], grammar: Grammar, names: Names) -> None:
        self.text, self.words, self.names, self.grammar = text, found, names, grammar
        self.classes = grammar.classes.values(found, _NONE)

    def key(self, at: int) -> str:
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def is_in(self, at: int, *names: str) -> bool:
        return 0 <= at < len(self.words) and not self.classes[at].isdisjoint(names)

    def is_word(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.words[at].key[0].isalpha()

    def is_definite(self, at: int) -> bool:
        """Whether the word has the article, a conjunction before it or not."""
        key = self.key(at)
        return key.startswith(("ال", "وال", "لل"))

    def found(self, who: _Span | None, first: int, last: int) -> Found:
        verb = (self.words[first].start + self._clitic(first), self.words[last - 1].end)
        span = None if who is None else (self.words[who.first].start, self.words[who.last - 1].end)
        after = max(last, who.last if who else 0)
        return Found(span, verb, self.key(after) == ":")

    def _clitic(self, at: int) -> int:
        """How many letters before a verb are "and" or "so"."""
        key = self.key(at)
        return int(key[0] in "وف" and self.grammar.verbs.at([Word(0, 0, key[1:])], 0) is not None)

    def report(self, hit: Hit[Verb]) -> Found | None:
        """Who reports with a verb; None where the verb reports nothing here."""
        flags = hit.value.flags
        opens = self._opens_clause(hit.first)
        if self.is_in(hit.first - 1, "passive", "negation"):
            return None
        # A form that is a preposition too ("بين") is a verb only where a clause begins; one behind "that" is of what is
        # said.
        if not opens and (self.is_in(hit.first, "manner") or self.is_in(hit.first - 1, "content")):
            return None
        if not opens:
            who = self._before(hit.first)
            return self.found(who, hit.first, hit.last) if who and self._has_content(hit, hit.last) else None
        who, after, bare = self._after(hit.last, transitive="judges" in flags)
        takes = self._takes(hit, after) and (self._resumes(hit.first) if who is None else self._is_known_speaker(who))
        if (who is None and not bare) or not (takes or self._has_content(hit, after)):
            return None
        return self.found(who, hit.first, hit.last)

    def _resumes(self, at: int) -> bool:
        """Whether the verb opens the sentence with "and" or "as": it goes on with who spoke before."""
        opens = at == 0 or not any(self.is_word(before) for before in range(at))
        return self.key(at).startswith(("و", "ف")) if opens else at == 1 and self.is_in(0, "as_said")

    def _is_known_speaker(self, who: _Span) -> bool:
        """Whether more than its place says that the phrase speaks: a role, an institution, a name seen before."""
        return self._bound(who.first) or self._is_known(who) or self.is_in(who.last - 1, "role", "institution")

    def _takes(self, hit: Hit[Verb], at: int) -> bool:
        """Whether what the verb takes in place of a clause follows: "announced *the closure of*", "warned *of*"."""
        takes = hit.value.takes
        if not takes:
            return False
        while self.is_in(at, "time"):
            at += 1
        if not self.is_word(at) or not (self.is_word(at + 1) or self.key(at + 1)[:1].isdigit()):
            return False
        key, of_key = self.key(at), self.classes[at]
        if key in takes or not of_key.isdisjoint(takes):
            return True
        if "verbal_noun" in takes and self._is_their_own(at):
            return True
        return any(f"{key[0]}+{name}" in takes for name in self._without(at, "ب", "ل"))

    def _is_their_own(self, at: int) -> bool:
        """Whether a verbal noun of the speaker's follows an adjunct: "declared, under the khan, *its* rise"."""
        for place in range(at, min(at + _ADJUNCT, len(self.words))):
            if not self.is_word(place) or self.grammar.verbs.at(self.words, place) is not None:
                return False
            if self.is_in(place, "verbal_noun") and self.key(place).endswith(_POSSESSIVES):
                return True
        return False

    def _opens_clause(self, at: int) -> bool:
        """Whether a verb stands at the beginning of a clause: of the sentence, after a sign, bound by "and"."""
        before = at - 1
        while self.is_in(before, "auxiliary"):
            before -= 1
        if before < 0 or not self.is_word(before):
            return before < 0 or not self._follows_subject(at)
        if self.is_in(before, "subordinating", "connective"):
            return True
        return self.key(at)[0] in "وف" and len(self.key(at)) > _NAME - 1 and not self.is_in(before, "content")

    def _follows_subject(self, at: int) -> bool:
        """Whether what stands before the comma is the speaker with an apposition: "X, the spokesman, said that"."""
        return self.key(at - 1) in _COMMAS and self._before(at) is not None

    def _after(self, at: int, *, transitive: bool) -> tuple[_Span | None, int, bool]:
        """The speaker after the verb, where the phrase ends, and whether the verb has none of its own."""
        while self.is_in(at, "time") or (self.is_in(at, "addressee") and self.is_word(at)):
            at += 1
        if at >= len(self.words) or self._content_at(at) or self.is_in(at, "manner", "pronoun"):
            return None, at, True
        phrase = self._phrase(at, transitive=transitive)
        if phrase is None or not (self._speaks(phrase) or self._is_said_at_once(phrase)):
            return None, at, False
        return phrase, phrase.last, False

    def _is_said_at_once(self, phrase: _Span) -> bool:
        """Whether what was said stands right behind a short phrase: then it is the subject, whatever it is called."""
        return phrase.last - phrase.first <= _SHORT and self._content_at(phrase.last)

    def _before(self, at: int) -> _Span | None:
        """The speaker that opens the clause before a verb: "X said that", "X, the spokesman of Y, said that"."""
        start = at - 1
        while self.is_in(start, "auxiliary"):
            start -= 1
        first = start
        while first >= 0 and (self.is_word(first) or self.key(first) in _COMMAS):
            first -= 1
        first += 1
        while first < start and self.is_in(first, "auxiliary", "connective"):
            first += 1
        opened = self.is_in(first - 1, "auxiliary", "connective")
        begins = first == 0 or opened or self.key(first - 1) in _BEFORE_CLAUSE
        if first > start or at - first > _LONGEST or not begins:
            return None
        phrase = self._phrase(first, transitive=False)
        if phrase is None or not self._speaks(phrase):
            return None
        rest = phrase.last
        if rest == start + 1:
            return phrase
        if (self.key(rest) in _COMMAS and self.key(start) in _COMMAS) or self.is_in(rest, "relative"):
            return phrase  # what stands between is said of the speaker
        return None

    def _phrase(self, at: int, *, transitive: bool) -> _Span | None:
        """The noun phrase from a word on; after a role with a name between commas: "وزير الصحة، جورج خوري، إن"."""
        last = self._end(at, transitive=transitive)
        if last == at:
            return None
        if self.is_in(at, "role") and self.key(last) in _COMMAS:
            inner = self._end(last + 1, transitive=False)
            if last + 1 < inner <= last + _LONGEST and self.key(inner) in _COMMAS and self._content_at(inner + 1):
                last = inner
        return _Span(at, last) if last - at <= _LONGEST else None

    def _end(self, at: int, *, transitive: bool) -> int:
        """The word behind the nouns, adjectives and names from a word on."""
        last = at
        while self.is_word(last) and not self._stops(last):
            if last > at and (self.key(last).startswith("لل") or self._is_told(at, last)):
                break
            if last > at and self._is_verbal_noun(last) and not self._is_construct(last - 1):
                break
            if last > at and self._is_object(at, last, transitive=transitive):
                break
            last += 1
        complement = self.is_in(last, "takes_complement") and (self.is_in(at, "role") or self.is_in(last - 1, "role"))
        if last > at and complement and self._continues(last + 1) and not self._is_occasion(last):
            return self._end(last + 1, transitive=transitive)
        return last

    def _is_construct(self, at: int) -> bool:
        """Whether the word is a role or a body that what follows belongs to: "مدير تسجيل الناخبين"."""
        of_a_noun = self.is_in(at, "role", "institution") and not self.is_in(at, "proper")
        return of_a_noun and not self.is_definite(at)

    def _is_verbal_noun(self, at: int) -> bool:
        """Whether the word is a verbal noun, with "by" before it or not."""
        return self.is_in(at, "verbal_noun") or "verbal_noun" in self._without(at, "ب")

    def _without(self, at: int, *clitics: str) -> frozenset[str]:
        """The classes of the word without one of the clitics that it begins with; none where it begins with none."""
        key = self.key(at)
        clitic = next((clitic for clitic in clitics if key.startswith(clitic)), "")
        hit = self.grammar.classes.at([Word(0, 0, key[len(clitic) :])], 0) if len(key) - len(clitic) > 1 else None
        return hit.value if hit is not None and clitic else _NONE

    def _is_told(self, first: int, at: int) -> bool:
        """Whether the word is to whom a name says it ("to the station"); behind a role it is what the role is of."""
        if not self.key(at).startswith("ل") or self.is_in(first, "role", "institution"):
            return False
        hit = self.grammar.classes.at([Word(0, 0, self.key(at)[1:])], 0)
        return hit is not None and not hit.value.isdisjoint(_SPEAKERS)

    def _is_occasion(self, at: int) -> bool:
        """Whether "in" is where something is said and no role is of it: "in a briefing", "in his campaign"."""
        if not self.is_in(at, "within"):
            return False
        return self.is_in(at + 1, "occasion", "time") or self.key(at + 1).endswith(_HIS)

    def _continues(self, at: int) -> bool:
        return self.is_word(at) and not self._stops(at)

    def _stops(self, at: int) -> bool:
        if self.classes[at] & _STOPS and not self.classes[at] & _SPEAKERS:
            return True
        hit = self.grammar.verbs.at(self.words, at)
        return hit is not None and not self.classes[at] & _SPEAKERS

    def _is_object(self, first: int, at: int, *, transitive: bool) -> bool:
        """Whether the word begins the object of such a verb: an indefinite noun after a definite one or a name."""
        if transitive and self.is_in(at, "role", "institution") and not self.is_in(first, "role", "institution"):
            return True
        if self.is_definite(at):
            return transitive and not self.is_in(first, "role", "institution") and self.key(at + 1).startswith("ب")
        if self.is_in(at - 1, "title"):
            return False
        after_definite = any(self.is_definite(one) for one in range(first, at))
        if after_definite and (transitive or self.key(at).endswith(_THEIRS)):
            return True
        if not transitive:
            return False
        return not self.is_in(first, "role", "institution") and at - first >= _FIRST_AND_LAST

    def _speaks(self, phrase: _Span) -> bool:
        """The positive test: a role or an institution at its head, or a name."""
        first, last = phrase
        if not self.classes[first].isdisjoint(_SPEAKERS) or self._bound(first):
            return True
        if self.is_in(first, "amount", "verbal_noun") or "verbal_noun" in self._without(first, "ال", "ب"):
            return False  # what happened, and how much, says nothing
        if self._written(phrase) in self.names:
            return True
        inside = range(first, last)
        if any(not self.classes[at].isdisjoint(_SPEAKERS) for at in inside):
            return True
        return last - first <= _NAME and all(not self.classes[at] for at in inside)

    def _written(self, phrase: _Span) -> str:
        return self.text[self.words[phrase.first].start : self.words[phrase.last - 1].end]

    def _is_known(self, phrase: _Span) -> bool:
        """Whether a word is a role or an institution, or named before."""
        return self.is_in(phrase.first, "role", "institution") or self._written(phrase) in self.names

    def _bound(self, at: int) -> bool:
        """Whether the word is a role or an institution with "and" before it, or with "his" behind it."""
        key = self.key(at)
        if len(key) < _NAME:
            return False
        his = next((ending for ending in _POSSESSIVES if key.endswith(ending)), "")
        owned = self.grammar.classes.at([Word(0, 0, key.removesuffix(his))], 0) if his else None
        classes = self._without(at, "و") | (owned.value if owned is not None else _NONE)
        return not classes.isdisjoint(_SPEAKERS)

    def _content_at(self, at: int) -> bool:
        colon = self.key(at) == ":" and not (self.key(at - 1)[:1].isdigit() and self.key(at + 1)[:1].isdigit())
        return colon or self.is_in(at, "content") or self.key(at) in _QUOTES

    def _has_content(self, hit: Hit[Verb], at: int) -> bool:
        """Whether what was said follows word `at`: "that", a colon or a quotation; or a quotation ends before the verb.

        A judgement needs none.
        """
        if "judges" in hit.value.flags:
            return True
        if self.is_in(hit.first - 1, "as_said") and not self.is_word(at):
            return True
        # What a clause tells of the speaker may be long.
        reach = _REACH_BEHIND_A_CLAUSE if self.is_in(at, "relative") or self.key(at) in _COMMAS else _REACH
        for place in range(at, min(at + reach, len(self.words))):
            if self._content_at(place):
                return True
        first = hit.first - self.is_in(hit.first - 1, "subordinating")
        before = self.text[: self.words[first].start].rstrip()
        return before.endswith(('"', "”", "»", "”،", "»،", '"،'))

    def according(self, source: Hit[bool]) -> Found | None:
        """The speaker of "according to X"."""
        at = source.last
        if self.is_in(at, "pronoun"):
            return self.found(None, source.first, source.last)
        phrase = self._phrase(at, transitive=False)
        if phrase is None or (phrase.last == at + 1 and self.is_definite(at) and not self._is_known(phrase)):
            return None  # "by request"
        head = self.key(phrase.first)
        strips = head.removeprefix("ل")
        known = self.grammar.classes.at([Word(0, 0, strips)], 0)
        if not (self._speaks(phrase) or (known is not None and not known.value.isdisjoint(_SPEAKERS))):
            return None
        return self.found(phrase, source.first, source.last)

    def label(self) -> Found | None:
        """A speaker before a colon and a quotation at the head of the sentence: "X: «...»"."""
        at = next((n for n, word in enumerate(self.words[: _LABEL + 1]) if word.key == ":"), None)
        if at is None or at == 0 or self.key(at + 1) not in _QUOTES:
            return None
        phrase = self._phrase(0, transitive=False)
        if phrase is None or phrase.last != at or not self._speaks(phrase):
            return None
        who = (self.words[0].start, self.words[at - 1].end)
        return Found(who, (self.words[at].start, self.words[at].end), opens_with_colon=True)
