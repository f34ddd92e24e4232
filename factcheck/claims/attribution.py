"""Who says it: claimant, reporting verb, direct or indirect speech, from verb lexicons and quotation marks.

Rules, not a parser: Persian puts the speaker before the verb, Arabic after it, English on either side. A pronoun or
a bare verb ("وی افزود", "وأضاف", "he added") is the claimant named last. Speech that was opened by a quotation mark
or a colon goes on to its closing mark or the end of its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from factcheck.claims.lexicon import Lexicon
from factcheck.claims.names import Names
from factcheck.claims.quotations import is_speech, quotations
from factcheck.claims.reporting import find, opener
from factcheck.claims.sentence_types import Part
from factcheck.models import Speech

_FOLDED_AWAY = "ء\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
"""What the fold leaves out at the end of a word, though it is written: a hamza, a vowel."""
_OPENERS, _CLOSERS = "«“", "»”"
_MARKS = re.compile(f'[{_OPENERS}{_CLOSERS}"]')


class Attribution(NamedTuple):
    """`claimant` and `verb` as written in the article; all None where nothing says who speaks.

    `verb_span` is where the verb stands in this folded sentence, None where the sentence has none of its own.
    """

    claimant: str | None = None
    verb: str | None = None
    speech: Speech | None = None
    verb_span: tuple[int, int] | None = None


NOBODY = Attribution()


def attribute(text: str, parts: Sequence[Part], lexicon: Lexicon) -> list[Attribution]:
    """The attribution of each sentence, in order; `text` is the article's."""
    result: list[Attribution] = []
    names = Names(lexicon.apart)
    last_named: str | None = None
    going_on = NOBODY
    is_open = False
    opened_at = 0
    opened_by: str | None = None
    paragraph = -1
    for number, part in enumerate(parts):
        if part.paragraph != paragraph:
            paragraph, going_on, is_open = part.paragraph, NOBODY, False
        was_open, is_open = is_open, _left_open(part.folded.text, was_open=is_open)
        if is_open and not was_open:
            opened_at, opened_by = number, _opener(text, part, lexicon, names)
        if part.code is not None:
            result.append(NOBODY)
            continue
        if part.turn is not None:
            named = part.turn.name or (last_named if part.turn.is_answer else None)
            result.append(Attribution(named, None, Speech.DIRECT))
            continue
        goes_on = was_open and is_open and going_on.verb
        found = None if goes_on else find(part.folded.text, lexicon, was_open=was_open, names=names)
        if found is None:
            result.append(going_on)
            if was_open and not is_open:
                going_on = NOBODY
            continue
        named = _source(text, part, found.who) if found.who is not None else opened_by if was_open else None
        if named is not None:
            last_named = names.add(named)
        claimant = None if found.is_unnamed else last_named
        direct = found.opens_with_colon or was_open or is_open or any(map(is_speech, quotations(part.folded.text)))
        current = Attribution(claimant, _source(text, part, found.verb), Speech.DIRECT if direct else Speech.INDIRECT)
        if was_open and not going_on.verb:
            # "A. B," she said: the speaker of A stands behind B, where none was named before.
            result[opened_at:] = [current] * (number - opened_at)
        result.append(current._replace(verb_span=found.verb))
        lasts = is_open or (found.opens_with_colon and not quotations(part.folded.text, found.verb[1]))
        going_on = current if lasts else NOBODY
    return result


def _opener(text: str, part: Part, lexicon: Lexicon, names: Names) -> str | None:
    """Who stands before a quotation that goes on behind this sentence, where the verb follows it."""
    who = opener(part.folded.text, lexicon, names)
    return None if who is None else _source(text, part, who)


def _source(text: str, part: Part, span: tuple[int, int]) -> str:
    start, end = part.folded.span(*span)
    first, last = part.span.start + start, part.span.start + end
    while last < part.span.end and text[last] in _FOLDED_AWAY:
        last += 1
    return text[first:last]


def _left_open(sentence: str, *, was_open: bool) -> bool:
    """Whether a quotation is open after the sentence, given whether one was open before it."""
    depth = int(was_open)
    for char in _MARKS.findall(sentence):
        if char in _OPENERS:
            depth += 1
        elif char in _CLOSERS:
            depth = max(0, depth - 1)
        else:
            depth = 0 if depth else 1
    return depth > 0
