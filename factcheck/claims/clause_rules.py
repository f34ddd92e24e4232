"""Finding the phrase that reports by rules over clauses, for Persian; goes when it has a grammar.

All offsets here are of the folded sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factcheck.claims.lexicon import Lexicon
from factcheck.claims.quotations import BLANK, Found

_MAX_CLAIMANT_WORDS = 12
_NAME_WORDS = range(1, 6)
_COMMAS = frozenset({",", "،"})
_BREAK = re.compile(rf"[،,؛;:!?؟()\[\]{BLANK}]|\s[-–—]\s")
_BRAND = re.compile(r"\s*[«“\"][^«»“”\"]{1,30}[»”\"]\s+(?=\w)")
"""An agency's brand at the head of a line, before the sentence: no part of who speaks."""
_STRIP = " \t\u00a0،,؛;:.‘’'-–—)]" + BLANK
_PAIRS = {"«": "»", "“": "”", '"': '"', "(": ")", "[": "]"}
_OPENERS = frozenset(_PAIRS) - frozenset(_PAIRS.values())
_STARTS_WITH_COLON = re.compile(r"^[\s،,]*:")


def find(bare: str, lexicon: Lexicon) -> Found | None:
    """The reporting phrase of a folded sentence whose quotations are blanked."""
    return next(_verb_last(bare, lexicon), None) or _according_to(bare, lexicon)


def _verbs(sentence: str, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    others = [match.span() for match in lexicon.not_verb.finditer(sentence)]
    for verb in lexicon.verb.finditer(sentence):
        if not any(start <= verb.start("term") < end for start, end in others):
            yield verb


def _verb_last(sentence: str, lexicon: Lexicon) -> Iterator[Found]:
    """Persian: [speaker] [adjuncts] verb; the speaker is the last clause before the verb that is no adjunct."""
    for verb in _verbs(sentence, lexicon):
        colon = _STARTS_WITH_COLON.match(sentence[verb.end() :]) is not None
        who, elliptic = _subject_before(sentence, verb.start(), lexicon)
        if who and lexicon.judges.fullmatch(verb["term"]) and not lexicon.institution.search(sentence, *who):
            continue
        if who or elliptic:
            yield Found(_with_name(sentence, who, lexicon) if who else None, verb.span("term"), colon)


def _with_name(sentence: str, who: tuple[int, int], lexicon: Lexicon) -> tuple[int, int]:
    """The speaker with the name before an apposition: "Sarah Sanders, the press secretary"."""
    clauses = [clause for clause in _clauses(sentence, who[0]) if sentence[slice(*clause)].strip()]
    if not clauses or sentence[clauses[-1][1] : who[0]].strip() not in _COMMAS:
        return who
    name = _clean(sentence, *clauses[-1], lexicon)
    if name is None or len(sentence[slice(*name)].split()) not in _NAME_WORDS:
        return who
    written_so = not sentence[slice(*name)].isascii() or (
        sentence[name[0]].isupper() and not sentence[who[0]].isupper()
    )
    return (name[0], who[1]) if written_so and name[1] == clauses[-1][1] else who


def _according_to(sentence: str, lexicon: Lexicon) -> Found | None:
    """The source of "according to X"; of a chain ("به گزارش A به نقل از B") the last one is who said it."""
    for start, end in _clauses(sentence, len(sentence)):
        phrases = list(lexicon.according.finditer(sentence, start, end))
        if not phrases:
            continue
        source = phrases[-1].end()
        mark = lexicon.according_end.search(sentence, source, end)
        stop = mark.start() if mark and sentence[source : mark.start()].strip() else end
        who = None if lexicon.pronoun.match(sentence[source:stop]) else _clean(sentence, source, stop, lexicon)
        if who or lexicon.pronoun.match(sentence[source:stop]):
            return Found(who, phrases[-1].span("term"), opens_with_colon=False)
    return None


def _subject_before(sentence: str, end: int, lexicon: Lexicon) -> tuple[tuple[int, int] | None, bool]:
    """The speaker before a verb, and whether the verb has none of its own (a pronoun or nothing)."""
    for start, stop in reversed(list(_clauses(sentence, end))):
        if (phrase := lexicon.according.search(sentence, start, stop)) and not sentence[start : phrase.start()].strip():
            continue
        if lexicon.pronoun.match(_after_connective(sentence[start:stop], lexicon)):
            return None, True
        who = _clean(sentence, start, stop, lexicon)
        if who:
            return who, False
    rest = _after_connective(sentence[:end], lexicon).strip(_STRIP)
    return None, not rest or lexicon.adjunct.match(rest) is not None


def _clauses(sentence: str, end: int) -> Iterable[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(sentence, 0, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _after_connective(clause: str, lexicon: Lexicon) -> str:
    match = lexicon.connective.match(clause)
    return clause[match.end() :] if match else clause


def _clean(sentence: str, start: int, end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The speaker's name inside a clause, without connectives before it and adjuncts after it; None if none is left."""
    if match := lexicon.connective.match(sentence[start:end]):
        start += match.end()
    if match := _BRAND.match(sentence, start, end):
        start = match.end()
    if match := lexicon.adjunct.search(sentence, start, end):
        end = match.start()
    if lexicon.object_mark.search(sentence, start):
        end = _before_object(sentence, start, end, lexicon)
    start, end = _trimmed(sentence, start, end)
    if start >= end or lexicon.not_a_person.match(sentence[start:end]):
        return None
    words = sentence[start:end].split()
    if len(words) > _MAX_CLAIMANT_WORDS or not any(char.isalpha() for char in sentence[start:end]):
        return None
    return start, end


def _before_object(sentence: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Where the object of the sentence begins inside of a clause, or its end."""
    for match in lexicon.object.finditer(sentence, start, end):
        before = sentence[start : match.start()].rstrip()
        of_institution = lexicon.part_of_institution.fullmatch(match["term"]) is not None and any(
            one.end() == len(before) for one in lexicon.institution.finditer(before)
        )
        if before and not of_institution:
            return match.start()
    return end


def _trimmed(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation at its ends; marks around a part of it («ترزا می» نخست‌وزیر) stay."""
    while start < end and (
        sentence[start] in _STRIP or (sentence[start] in _PAIRS and not _closes(sentence, start, end))
    ):
        start += 1
    while start < end and (sentence[end - 1] in _STRIP or sentence[end - 1] in _OPENERS):
        end -= 1
    while start < end and sentence[end - 1] in _PAIRS.values() and not _opens(sentence, start, end):
        end -= 1
    if start < end and _PAIRS.get(sentence[start]) == sentence[end - 1]:
        start, end = start + 1, end - 1
    return start, end


def _closes(sentence: str, start: int, end: int) -> bool:
    return _PAIRS[sentence[start]] in sentence[start + 1 : end]


def _opens(sentence: str, start: int, end: int) -> bool:
    return any(sentence[end - 1] == closer and opener in sentence[start : end - 1] for opener, closer in _PAIRS.items())
