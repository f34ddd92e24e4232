"""The subject before a verb: a noun phrase that passes the positive test, past asides and appositions. Pure."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.claims.complements import follows_quotation
from factcheck.claims.phrases import MAX_WORDS, Sentence
from factcheck.claims.quotations import BLANK
from factcheck.claims.tagging import COMMAS, DASHES, QUOTES, Span
from factcheck.claims.verb_forms import Group

_MAX_DATELINE = 10
_MAX_ASIDES = 5
_MAX_UNKNOWN = 4
_MAX_WITH_SIGNS = MAX_WORDS + 2
_SEGMENT_ENDS = COMMAS | frozenset(';:"”»')


class Subject(NamedTuple):
    """Who reports; `who` None is a pronoun or a bare verb."""

    who: Span | None


PRONOUN = Subject(None)


def subject_before(sentence: Sentence, verb: Group) -> Subject | None:
    """The subject before the verb; None where there is none that could speak."""
    before = verb.first - 1
    if before < 0:
        return None
    key = sentence.key(before)
    found: Subject | None = None
    if sentence.is_in(before, "speaks_again") and not sentence.is_capital_inside(before):
        found = None if sentence.is_in(before - 1, "embedding") else PRONOUN
    elif key in COMMAS:
        found = _before_aside(sentence, _first_dash(sentence, before))
    elif sentence.is_in(before, "joins_verbs"):
        who = main_subject(sentence, before)
        found = (
            Subject(who) if who or sentence.is_in(0, "speaks_again") or follows_quotation(sentence, before) else None
        )
    elif sentence.is_word(before) or key in QUOTES or key == ".":
        phrase = sentence.phrase_before(verb.first)
        if phrase is not None:
            found = _checked(sentence, phrase)
            quoted = follows_quotation(sentence, phrase.first)
            if found is None and ("speech" in verb.flags or quoted) and _is_clear(sentence, phrase):
                found = Subject(phrase)
    return found


def _is_clear(sentence: Sentence, phrase: Span) -> bool:
    """Whether a phrase of an unknown noun is a subject by its place: determiner, few words, where a clause begins."""
    short = phrase.last - phrase.first <= _MAX_UNKNOWN and sentence.core(phrase) == phrase
    begins = (
        phrase.first == 0
        or not sentence.is_word(phrase.first - 1)
        or sentence.is_in(phrase.first - 1, "conjunction", "connective")
    )
    return (
        short
        and begins
        and sentence.is_in(phrase.first, "determiner")
        and not sentence.is_in(phrase.last - 1, "determiner", "time", "number")
    )


def _checked(sentence: Sentence, phrase: Span) -> Subject | None:
    """The phrase as a subject, where it is one: no object of a preposition or a verb, and somebody who speaks."""
    before = phrase.first - 1
    if (
        sentence.is_in(before, "preposition")
        and not sentence.is_in(before, "conjunction")
        and not sentence.is_capital_inside(before)
    ):
        phrase_or_none = _after_opener(sentence, phrase)
        if phrase_or_none is None:
            return None
        phrase = phrase_or_none
    who = shown(sentence, phrase)
    if who is None:
        return None
    return Subject(_with_role_before(sentence, _with_name_before(sentence, who)))


def _with_role_before(sentence: Sentence, who: Span) -> Span:
    """The name with a role that has an attachment of its own: "The investigator of the plane crash Larry Vance"."""
    before = who.first - 1
    if before < 0 or not sentence.is_word(before) or sentence.is_function(before) or not sentence.is_name(who.last - 1):
        return who
    left = sentence.phrase_before(who.first)
    if left is None or sentence.core(left) == left or not _begins_clause(sentence, left.first):
        return who
    is_role = "role" in sentence.kinds(sentence.core(left).last - 1)
    return Span(left.first, who.last) if is_role and who.last - left.first <= MAX_WORDS else who


def _after_opener(sentence: Sentence, phrase: Span) -> Span | None:
    """The subject glued to the object of an opening phrase without a comma: "Speaking to the Evening Star Moffat"."""
    core = sentence.core(phrase)
    last = phrase.last
    first = last - 1
    if core.last != phrase.last or not _is_opening(sentence, core.first - 1):
        return None
    if sentence.is_capital(first):
        run = first
        while run > core.first and sentence.is_capital(run - 1):
            run -= 1
        for start in range(run + 1, last):
            if sentence.written(Span(start, last)) in sentence.names:
                return Span(start, last)
        for start in range(last - 1, run, -1):
            if sentence.is_in(start - 1, "institution"):
                return Span(start, last)
        return Span(last - 1, last) if last - 1 > run else None
    if "plural" in sentence.kinds(first) and first > core.first:
        return Span(first, last)
    return None


def _is_opening(sentence: Sentence, preposition: int) -> bool:
    """Whether a preposition opens a clause, or hangs on a participle that does."""
    before = preposition - 1
    if sentence.key(before).endswith(("ing", "ed")):
        before -= 1
    return before < 0 or not sentence.is_word(before) or sentence.is_in(before, "connective")


def shown(sentence: Sentence, phrase: Span) -> Span | None:
    """The phrase as it is shown: itself, or its core where it is long or what follows is no part of it; else None."""
    core = sentence.core(phrase)
    if core == phrase or not sentence.is_speaker(phrase):
        return core if sentence.is_speaker(core) else None
    if not sentence.is_in(core.last, "attaching"):  # a participle: "people living nearby", but not "that people hired"
        return None if sentence.is_in(core.first - 1, "relative") else core
    named = sentence.is_capital(core.last - 1) and not sentence.kinds(core.last - 1)
    return core if named and not sentence.is_in(core.last, "attaching_names") else phrase


def _with_name_before(sentence: Sentence, who: Span) -> Span:
    """The name with its apposition: "The press secretary, Ann Lee", "Ann Lee, the press secretary"."""
    if sentence.key(who.first - 1) != ",":
        return who
    left = sentence.phrase_before(who.first - 1)
    if left is None or not sentence.is_speaker(left) or not _begins_clause(sentence, left.first):
        return who
    left_named = sentence.is_name(left.last - 1) or sentence.is_capital(left.first)
    right_named = any(sentence.is_name(at) for at in range(who.first, who.last))
    kinds = sentence.kinds(sentence.core(who).last - 1)
    described = bool(kinds & {"role", "institution"}) and (
        sentence.is_in(who.first, "determiner") or (bool(kinds & {"role"}) and "plural" not in kinds)
    )
    head_left = bool(sentence.kinds(sentence.core(left).last - 1) & {"role"})
    if (left_named and described) or (head_left and right_named):
        whole = Span(left.first, who.last)
        return whole if whole.last - whole.first <= _MAX_WITH_SIGNS else left
    return who


def _begins_clause(sentence: Sentence, first: int) -> bool:
    """Whether what stands before the word lets a subject begin there."""
    before = first - 1
    if before < 0 or not sentence.is_word(before):
        return True
    return sentence.is_in(before, "conjunction", "connective", "time", "relative") or sentence.is_adverb(before)


def _before_aside(sentence: Sentence, comma: int) -> Subject | None:
    """The subject before a comma: an apposition, a relative clause or an adjunct stands between it and the verb."""
    end = comma
    for _ in range(_MAX_ASIDES):
        start = _segment_start(sentence, end)
        whole = Span(start, end)
        if start == 0 or sentence.key(start - 1) not in COMMAS:
            return None
        left_end = _first_dash(sentence, start - 1)
        if not _is_aside(sentence, whole):
            return None
        left = sentence.phrase_before(left_end)
        is_subject = left is not None and sentence.is_speaker(left) and not _is_object(sentence, left)
        if left is not None and is_subject and not _is_apposition(sentence, left):
            chunk = sentence.phrase_before(end)
            apposition = chunk is not None and chunk.first == start and end == comma and sentence.is_speaker(chunk)
            who = shown(sentence, left)
            if who is None:
                return None
            if apposition and comma - who.first <= _MAX_WITH_SIGNS:
                return Subject(Span(who.first, comma))
            return Subject(_with_name_before(sentence, who))
        end = left_end
    return None


def _is_apposition(sentence: Sentence, phrase: Span) -> bool:
    """Whether a role without a determiner stands after a comma: it describes a name before it."""
    head = sentence.head(phrase)
    named = any(sentence.is_capital(at) for at in range(phrase.first, head + 1))
    bare = not named and not sentence.is_in(phrase.first, "determiner", "number")
    kinds = sentence.kinds(head)
    return bare and "role" in kinds and "plural" not in kinds and sentence.key(phrase.first - 1) in COMMAS


def _first_dash(sentence: Sentence, at: int) -> int:
    """Where a comma or a dash begins that may be typed as two hyphens."""
    while sentence.key(at) in DASHES and sentence.key(at - 1) in DASHES:
        at -= 1
    return at


def _is_object(sentence: Sentence, phrase: Span) -> bool:
    """Whether the phrase hangs on a preposition or a verb, so that it is no subject."""
    before = phrase.first - 1
    if before < 0 or sentence.is_capital_inside(before):
        return False
    if sentence.is_in(before, "conjunction", "connective"):
        return False
    return sentence.is_in(before, "preposition", "finite", "auxiliary", "infinitive")


def _segment_start(sentence: Sentence, end: int) -> int:
    start = end
    while start > 0 and sentence.key(start - 1) not in _SEGMENT_ENDS and sentence.key(start - 1)[0] != BLANK:
        start -= 1
    return start


def _is_aside(sentence: Sentence, segment: Span) -> bool:
    """Whether what stands between two commas only adds to what stands before: never a clause of its own."""
    if segment.first >= segment.last:
        return False
    first = segment.first
    key = sentence.key(first)
    if sentence.is_in(first, "relative", "preposition", "connective") or sentence.is_adverb(first) or key[0].isdigit():
        return True
    if key.endswith(("ing", "ed")) or sentence.is_in(first, "aside"):
        return True
    phrase = sentence.phrase_before(segment.last)
    is_place = all(sentence.is_capital(at) for at in range(*segment) if sentence.is_word(at))
    if is_place or (phrase is not None and phrase.first == segment.first):
        return True
    described = sentence.is_in(first, "determiner") or bool(sentence.kinds(first))
    end = next((at for at in range(*segment) if sentence.is_in(at, "relative")), segment.last)
    return described and not any(sentence.is_in(at, "finite") for at in range(first, end))


def _without_verb(sentence: Sentence, phrase: Span) -> Span:
    """The phrase up to its first speaker where what follows looks like a verb: "The firm sells"."""
    last = phrase.last - 1
    if last - 1 <= phrase.first or sentence.kinds(last) or sentence.is_capital(last) or sentence.key(last)[-1] != "s":
        return phrase
    return Span(phrase.first, last) if sentence.kinds(last - 1) else phrase


def main_subject(sentence: Sentence, end: int) -> Span | None:
    """The subject of the clause that the sentence opens with."""
    at = next(
        (k + 1 for k in range(1, min(end, _MAX_DATELINE)) if sentence.key(k) in DASHES and sentence.is_capital(0)), 0
    )
    while at < end and (not sentence.is_word(at) or sentence.is_in(at, "connective") or sentence.is_adverb(at)):
        at += 1
    if sentence.is_in(at, "preposition") or sentence.key(at).endswith(("ing", "ed")):
        while at < end and sentence.key(at) != ",":
            at += 1
        at += 1
    phrase = sentence.phrase_after(at, lambda _, link: sentence.key(link) in {"of", "for", "from", "and"}, limit=end)
    if phrase is None:
        return None
    phrase = _without_verb(sentence, phrase)
    follows = phrase.last
    while sentence.is_adverb(follows):
        follows += 1
    if sentence.is_in(follows, "preposition", "coordinator") or sentence.key(follows) == ".":
        return None
    return phrase if sentence.is_speaker(phrase) and not sentence.is_in(phrase.first, "pronoun") else None
