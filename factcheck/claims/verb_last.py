"""Reported speech where the verb comes last: speaker, what is added (time, place, addressee, object), verb.

From the end of the clause before, the words up to a reporting verb are read as chunks: noun phrases by a closed
grammar, adjuncts, sources, objects; a clause in between ("who spoke on Monday") is left out. The speaker is the noun
phrase that passes a positive test (a role, a title, a body, a name), or nobody. A verb with nobody before it is whoever
was named.
"""

from __future__ import annotations

from collections.abc import Iterator

from factcheck.claims.grammar import Grammar, Verb
from factcheck.claims.head_first import (
    BRACKETS,
    CLOSED,
    COMMAS,
    DASHES,
    ENDS,
    LONGEST,
    LONGEST_NAME,
    PEOPLE,
    QUOTES,
    SPEAKERS,
    Chunk,
    Words,
)
from factcheck.claims.names import Names
from factcheck.claims.quotations import Found
from factcheck.claims.words import Hit, words

_PART_OF_A_LIST = 3
_PARTED = 4
"""Words that may stand between the parts of a compound verb."""
_PARTED_FORM = "parted"
_DOUBTFUL = frozenset({"participle", "light_participle", _PARTED_FORM})
"""Forms that are often something else: nobody but a role, a title or a body speaks with them."""
_LABEL = 10
_SHORTEST_HEADLINE = 3
_KINDS = {
    "link": ("connective", "relative", "conjunction", "modal"),
    "pronoun": ("pronoun",),
    "person": ("person",),
    "object": ("object_mark",),
}
"""Chunks of one phrase of a class."""
_ENDS_OF_APPOSITION = frozenset({"comma", "verb", "adjunct", "closed", "clause"})
_ELLIPTIC = frozenset({"speech", "believes", "quotes"})


def find(bare: str, grammar: Grammar, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence whose quotations are blanked."""
    found = words(bare)
    verbs = list(grammar.verbs.find(found))
    sources = list(grammar.sources.find(found))
    if not (verbs or sources or ":" in bare):
        return None
    sentence = _Sentence(bare, found, grammar, names, verbs, sources)
    for hit in sentence.reporting():
        if (report := sentence.report(hit)) is not None:
            return report
    return sentence.according() or sentence.label()


class _Sentence(Words):
    """The words of a folded sentence with their classes, and the questions the rules ask."""

    def reporting(self) -> Iterator[Hit[Verb]]:
        """The verbs that may report, compounds with words between their parts among them."""
        for at, hit in enumerate(self.verbs):
            flags = hit.value.flags
            if "delivers" in flags or self.is_in(hit.first - 1, "modal"):
                continue
            if flags != {"other"}:
                yield hit
            elif (parted := self._parted(hit, self.verbs[at - 1].last if at else 0)) is not None:
                yield parted

    def _parted(self, light: Hit[Verb], start: int) -> Hit[Verb] | None:
        """The compound whose noun stands a few words before its light verb: "expressed great concern"."""
        verb = self.words[light.first : light.last]
        for at in range(light.first - 2, max(start, light.first - 2 - _PARTED) - 1, -1):
            if not self.is_word(at) or self.is_in(at, "object_mark", "relative"):
                return None
            if self.key(at) not in self.grammar.verbs.first_words or self.is_in(at - 1, "preposition"):
                continue
            parts = [self.words[at], *verb]
            hit = self.grammar.verbs.at(parts, 0)
            if hit is not None and hit.last == len(parts) and hit.value.flags <= _ELLIPTIC:
                return Hit(at, light.last, hit.value._replace(forms=hit.value.forms | {_PARTED_FORM}))
        return None

    def found(self, who: Chunk | None, first: int, last: int) -> Found:
        verb = (self.words[first].start, self.words[last - 1].end)
        span = None if who is None else (self.words[who.first].start, self.words[who.last - 1].end)
        after = last + 1 if self.key(last) in COMMAS else last
        return Found(span, verb, self.key(after) == ":")

    def report(self, hit: Hit[Verb]) -> Found | None:
        """Who reports with a verb; None where the verb reports nothing here."""
        flags = hit.value.flags
        doubtful = not hit.value.forms.isdisjoint(_DOUBTFUL)
        only_quotes = ("quotes" in flags and not flags - {"quotes", "other"}) or "participle" in hit.value.forms
        if only_quotes and not self._has_content(hit.last):
            return None
        chunks = list(self._chunks(hit.first))
        if "names" in flags and not self._is_called(chunks):
            return None
        who = self._speaker(chunks, strict=doubtful or not flags & _ELLIPTIC)
        if who is not None:
            return self.found(who, hit.first, hit.last)
        if doubtful or not flags & _ELLIPTIC:
            return None
        named = any(chunk.kind == "np" for chunk in chunks)
        alone = any(chunk.kind == "pronoun" for chunk in chunks) or not named
        return self.found(None, hit.first, hit.last) if alone else None

    @staticmethod
    def _is_called(chunks: list[Chunk]) -> bool:
        """Whether an object is called something: words stand between its mark and the verb."""
        return any(chunk.kind == "object" for chunk in chunks[:-1])

    def _has_content(self, at: int) -> bool:
        """Whether what was said follows a verb: a colon, "that", a quotation."""
        at += self.key(at) in COMMAS
        return self.key(at) == ":" or self.key(at) in QUOTES or self.is_in(at, "relative")

    # What stands before a verb.

    def _clause(self, end: int) -> tuple[int, list[tuple[int, int]]]:
        """Where the clause of the verb at `end` begins, and the clauses inside it that end before that verb."""
        inside: list[tuple[int, int]] = []
        at = end
        ends = {hit.last: hit.first for hit in self.verbs if hit.last <= end}
        while at > 0:
            if self.key(at - 1) in ENDS:
                break
            if at in ends:
                opened = self._opened(ends[at])
                if opened is None:
                    break
                inside.append((opened, at))
                at = opened
                continue
            at -= 1
        return at, inside

    def _opened(self, verb: int) -> int | None:
        """Where the clause of a verb was opened by "that" or "who" behind a noun; None where none was."""
        for at in range(verb - 1, -1, -1):
            if self.key(at) in ENDS:
                return None
            if self.is_in(at, "relative") and not any(hit.last == at for hit in self.verbs):
                return at if self._is_noun(at - 1) or self.key(at - 1) in COMMAS else None
            if self.is_in(at, "connective") and self.key(self.end_of(at) - 1).endswith("که") and at > 0:
                return at
        return None

    def _is_noun(self, at: int) -> bool:
        return self.is_word(at) or self.key(at) in BRACKETS

    def _chunks(self, end: int) -> Iterator[Chunk]:
        """The chunks of the clause before the verb at `end`, from left to right."""
        at, inside = self._clause(end)
        skip = dict(inside)
        while at < end:
            if at in skip:
                yield Chunk("clause", at, skip[at])
                at = skip[at]
                continue
            stop = min([first for first, _ in inside if first > at], default=end)
            chunk = self._chunk(at, stop)
            yield chunk
            at = max(chunk.last, at + 1)

    def _chunk(self, at: int, end: int) -> Chunk:
        """The chunk that begins at a word."""
        if at in self.sources:
            source = self.sources[at]
            return Chunk("source", at, max(self.phrase_end(source.last, end, of_source=True), source.last))
        if not self.is_word(at):
            return self._sign(at, end)
        for kind, classes in _KINDS.items():
            if self.is_in(at, *classes) and not (kind == "pronoun" and self._is_determiner(at, end)):
                return Chunk(kind, at, self.end_of(at))
        if self.is_in(at, "preposition", *CLOSED) and not self.is_name(at):
            return self._adverb(at, end) if self.is_in(at, *CLOSED) else self._adjunct(at, end)
        last = self.phrase_end(at, end)
        if last == at:
            return Chunk("other", at, at + 1)
        return Chunk("pronoun" if self.is_named_before(at, last) else "np", at, last)

    def _is_determiner(self, at: int, end: int) -> bool:
        return self.is_in(at, "determiner") and self.end_of(at) < end

    def _sign(self, at: int, end: int) -> Chunk:
        """A sign, a bracket with what is in it, a quotation."""
        key = self.key(at)
        if key in COMMAS:
            return Chunk("comma", at, at + 1)
        if key in QUOTES and self.is_word(at + 1):  # a short quotation: a name, or the brand before a line
            close = next((n for n in range(at + 1, end) if self.key(n) in QUOTES), at)
            if close == at:
                return Chunk("sign", at, at + 1)
            named = not any(self.classes[inside] for inside in range(at + 1, close))
            if named and self.is_in(close + 1, "role"):
                return Chunk("np", at, self.phrase_end(close + 1, end))
            return Chunk("np" if close + 1 == end else "quoted", at, close + 1)
        if key in BRACKETS and self.key(at + 2) in BRACKETS:
            return Chunk("sign", at, at + 3)
        return Chunk("sign", at, at + 1)

    def _adverb(self, at: int, end: int) -> Chunk:
        """Words of time and manner that follow each other, numbers and "and" between them."""
        last = self.end_of(at)
        while last < end and (self.is_in(last, "time") or self.key(last)[0].isdigit()):
            last = self.end_of(last)
        return Chunk("closed", at, min(last, end))

    def _adjunct(self, at: int, end: int) -> Chunk:
        """A preposition with its phrase: to the next comma, or to somebody who can be no part of it."""
        last = self.end_of(at)
        while last < end and self.key(last) not in COMMAS and self.key(last) not in DASHES:
            if self.is_in(last, "object_mark"):
                break
            if self.is_in(last, *SPEAKERS) and self._begins_anew(last, at):
                break
            opens = self.is_in(last, "pronoun") and not self.is_in(last, "reflexive")
            if opens and not self.is_in(last - 1, "preposition") and self._ends_clause(last, end):
                break
            last += 1
        return Chunk("adjunct", at, min(last, end))

    def _ends_clause(self, at: int, end: int) -> bool:
        return self.end_of(at) == end or self.is_in(self.end_of(at), "preposition", *CLOSED)

    def _begins_anew(self, at: int, adjunct: int) -> bool:
        """Whether somebody begins a phrase inside an adjunct: the word before takes no genitive."""
        before = at - 1
        if before <= adjunct or self.is_in(before, "preposition", "determiner", "conjunction", *SPEAKERS):
            return False
        if self.is_in(before, "time", "agency"):
            return True
        if self.is_in(before - 1, "demonstrative") and not self.is_in(before, "thing"):
            return True
        return self.key(before).endswith("ای") and len(self.key(before)) > LONGEST_NAME

    # Who of them speaks.

    def _speaker(self, chunks: list[Chunk], *, strict: bool) -> Chunk | None:
        """The noun phrase that speaks, with its apposition; None where nobody passes the test."""
        if any(chunk.kind == "pronoun" for chunk in chunks) and not strict:
            first = next(chunk for chunk in chunks if chunk.kind == "pronoun")
            if not any(chunk.kind == "np" and chunk.first < first.first and self.is_strong(chunk) for chunk in chunks):
                return None
        weak: Chunk | None = None
        for number, chunk in enumerate(chunks):
            if chunk.kind != "np":
                continue
            marked = number + 1 < len(chunks) and chunks[number + 1].kind == "object"
            who = self._before_object(chunk) if marked else chunk
            if self.is_strong(who) and not (strict and not self.is_in(who.first, *PEOPLE, "institution")):
                return self._with_apposition(who, number, chunks)
            if not strict and self.is_weak(who):
                weak = self._with_apposition(who, number, chunks)
        return weak if weak is None or weak.last - weak.first <= LONGEST else None

    def _before_object(self, chunk: Chunk) -> Chunk:
        """What is left of a phrase with an object's mark behind it: what stands before the object begins."""
        head = self.opening(chunk.first, chunk.last)
        for at in range(chunk.last - 1, head, -1):
            if self.is_in(at, "thing", "demonstrative") or (self.is_in(at, *SPEAKERS) and at > head + 1):
                return chunk._replace(last=at)
        return chunk._replace(last=chunk.first)

    def _with_apposition(self, who: Chunk, number: int, chunks: list[Chunk]) -> Chunk:
        """A phrase with the name before it or the role behind it between commas, and with the list it begins."""
        after = chunks[number + 1 : number + 3]
        if [chunk.kind for chunk in after] == ["comma", "np"]:
            more = after[1]
            ends = chunks[number + 3].kind if number + 3 < len(chunks) else "verb"
            named = self.is_weak(more) and self.is_in(self.opening(who.first, who.last), "role")
            is_apposition = (named or self._is_apposition(more)) and ends in _ENDS_OF_APPOSITION
            if is_apposition or self._is_rest_of_a_list(more):
                who = who._replace(last=more.last)
        before = chunks[max(0, number - 2) : number]
        if [chunk.kind for chunk in before] == ["np", "comma"] and self.is_weak(before[0]):
            who = who._replace(first=before[0].first)
        return who

    def _is_apposition(self, chunk: Chunk) -> bool:
        return self.is_in(self.opening(chunk.first, chunk.last), *PEOPLE) and self.is_strong(chunk)

    def _is_rest_of_a_list(self, chunk: Chunk) -> bool:
        """Whether a phrase goes on with a body's name: "the minister of roads, housing and towns"."""
        joints = [at for at in range(chunk.first, chunk.last) if self.is_in(at, "conjunction")]
        known = self.is_in(chunk.first, *SPEAKERS) or any(self.is_in(at + 1, *SPEAKERS) for at in joints)
        return bool(joints) and joints[0] - chunk.first <= _PART_OF_A_LIST and not known

    # Without a verb.

    def according(self) -> Found | None:
        """The last source of "according to X, quoting Y": who said it first."""
        for at in sorted(self.sources, reverse=True):
            source = self.sources[at]
            last = self.phrase_end(source.last, len(self.words), of_source=True)
            if self.is_in(source.last, "pronoun") or self.is_named_before(source.last, last):
                return self.found(None, source.first, source.last)
            who = Chunk("np", source.last, last)
            if last == source.last:
                continue
            if self.is_strong(who) or (self.is_weak(who) and not self.is_in(at, "view")):
                return self.found(who, source.first, source.last)
        return None

    def label(self) -> Found | None:
        """A speaker before a colon at the head of the sentence: "X: «...»", or a headline "The minister of Y: ..."."""
        at = next((n for n, word in enumerate(self.words[:_LABEL]) if word.key == ":"), None)
        if not at:
            return None
        who = Chunk("np", 0, self.phrase_end(0, at))
        quoted = self.key(at + 1) in QUOTES and (self.is_strong(who) or self.is_weak(who))
        says = at > 1 and self.is_in(0, *PEOPLE) and any(hit.first > at + _SHORTEST_HEADLINE for hit in self.verbs)
        if who.last != at or not (quoted or says):
            return None
        span = (self.words[0].start, self.words[at - 1].end)
        return Found(span, (self.words[at].start, self.words[at].end), opens_with_colon=True)
