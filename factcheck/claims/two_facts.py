"""One sentence that holds two checkable facts is two claims: where it parts, and only where that leaves no doubt. Pure.

Each side has to be a clause of its own: a figure that is no date, a verb that states figures, words enough, and no
opening that leans on the other side. Nothing is parted inside a quotation or an aside, nor where a condition stands.
The words are the language's: `facts` in languages/LANGUAGE/structure.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from factcheck.claims.lexicon import Facts, Lexicon
from factcheck.claims.quotations import bare
from factcheck.claims.sentence_types import Part
from factcheck.claims.sentences import Span

_FIGURE = re.compile(r"(?<![\w\-‑–.])\d+(?:[.,٫٬/:]\d+)*(?![\w\-])")
_YEAR = re.compile(r"(?:1[2-9]|20)\d\d$")
_DAY = re.compile(r"[0-3]?\d$")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_COMMAS = frozenset(",،;؛")
_FEWEST = 5
_FEWEST_WITHOUT_COMMA = 6
"""Words of a clause that only "and" joins to the one before: a shorter one shares its subject with it."""
_OPENING = 3
"""Words that tell whether a clause leans on the one before."""
_NEAR = 20
"""Characters around a figure that tell whether it is the day of a date."""


class _Join(NamedTuple):
    """What stands between two sides of a sentence; `contrasts` says that a clause follows it, and no word alone."""

    start: int
    end: int
    contrasts: bool
    has_comma: bool


def parted(part: Part, lexicon: Lexicon) -> list[Part]:
    """The facts of a sentence in order; the sentence itself where it holds one or cannot be parted.

    Their spans lie inside that of the sentence, without what joins them; `follows` marks all but the first.
    """
    facts, sentence = lexicon.facts, part.folded.text
    if facts is None or part.code is not None or not _has_figures(sentence, lexicon, 2):
        return [part]
    joins = list(_joins(sentence, facts))
    if not joins or facts.depends.search(sentence):
        return [part]
    kept = _facts(sentence, joins, facts, lexicon)
    if len(kept) == 1:
        return [part]
    return [replace(_piece(part, *side), follows=number > 0) for number, side in enumerate(kept)]


def _facts(sentence: str, joins: Sequence[_Join], facts: Facts, lexicon: Lexicon) -> list[tuple[int, int]]:
    """The sides of the joins, each that is no fact by itself joined to the one before it."""
    ends = [join.start for join in joins[1:]] + [len(sentence)]
    kept = [(0, joins[0].start)]
    for join, end in zip(joins, ends, strict=True):
        first, last = kept[-1]
        left, right = _WORD.findall(sentence[first:last]), _WORD.findall(sentence[join.end : end])
        if (
            _is_clause(left, facts, _FEWEST)
            and _is_clause(right, facts, _FEWEST if join.has_comma else _FEWEST_WITHOUT_COMMA)
            and not _leans(right, facts, join)
            and _has_figures(sentence[first:last], lexicon, 1)
            and _has_figures(sentence[join.end : end], lexicon, 1)
        ):
            kept.append((join.end, end))
        else:
            kept[-1] = (first, end)
    return kept


def _is_clause(words: Sequence[str], facts: Facts, fewest: int) -> bool:
    """Whether the words are enough and have a verb that states figures; at their end, in a language that asks it."""
    where = words[-1:] if facts.verb_ends else words
    return len(words) >= fewest and any(facts.verbs.fullmatch(word) for word in where)


def _leans(words: Sequence[str], facts: Facts, join: _Join) -> bool:
    """Whether a clause takes its meaning from the one before it, or its subject, where "and" joins it."""
    opening = " ".join(words[:_OPENING])
    if facts.leans.match(opening):
        return True
    if join.contrasts:
        return False
    if opening[0].isdigit() or facts.shares.match(opening):
        return True
    if not facts.verbs.fullmatch(words[0]):
        return facts.verb_opens and not join.has_comma
    rest = " ".join(words[1:_OPENING])
    return not facts.verb_opens or rest[0].isdigit() or any(p.match(rest) for p in (facts.leans, facts.shares))


def _has_figures(text: str, lexicon: Lexicon, wanted: int) -> bool:
    """Whether so many figures stand there that are no years and no days of a month."""
    seen = 0
    for match in _FIGURE.finditer(text):
        around = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() : match.end() + _NEAR]
        if not _YEAR.match(match[0]) and not (_DAY.match(match[0]) and _is_day(*around, lexicon)):
            seen += 1
    return seen >= wanted


def _is_day(before: str, after: str, lexicon: Lexicon) -> bool:
    beside = *_WORD.findall(before)[-1:], *_WORD.findall(after)[:1]
    return any(lexicon.date.fullmatch(word) for word in beside)


def _joins(sentence: str, facts: Facts) -> Iterator[_Join]:
    """What may join two facts, in order: outside of quotations and asides."""
    seen = bare(sentence, was_open=False)
    for match, contrasts in _found(seen, facts):
        start, end = match.span()
        before = sentence[:start]
        opened = before.count("«") + before.count("“") + before.count("(")
        closed = before.count("»") + before.count("”") + before.count(")")
        if opened <= closed and before.count('"') % 2 == 0 and seen[start] == sentence[start]:
            yield _Join(start, end, contrasts, bool(_COMMAS.intersection(sentence[start:end])))


def _found(seen: str, facts: Facts) -> Iterator[tuple[re.Match[str], bool]]:
    last = 0
    for match in facts.contrasts.finditer(seen):
        yield from ((other, False) for other in facts.adds.finditer(seen, last, match.start()))
        yield match, True
        last = match.end()
    yield from ((other, False) for other in facts.adds.finditer(seen, last))


def _piece(part: Part, start: int, end: int) -> Part:
    """A side as a sentence of its own, without white space at its ends."""
    text, folded, whole = part.folded.text, part.folded, part.span
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    first, last = folded.span(start, end)
    return replace(part, span=Span(whole.start + first, whole.start + last), folded=folded.piece(first, last))
