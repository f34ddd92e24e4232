"""Who says it: claimant, reporting verb, direct or indirect speech, from verb lexicons and quotation marks.

Rules, not a parser: Persian puts the speaker before the verb, Arabic after it, English on either side. A pronoun or
a bare verb ("وی افزود", "وأضاف", "he added") is the claimant named last. Speech that was opened by a quotation mark
or a colon goes on to its closing mark or the end of its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from factcheck.claims.grammar import grammar
from factcheck.claims.lexicon import Lexicon
from factcheck.claims.names import Mentions, Names
from factcheck.claims.quotations import Found, is_speech, quotations
from factcheck.claims.reporting import find, opener
from factcheck.claims.sentence_types import Part
from factcheck.claims.words import words
from factcheck.models import Speech

_OPENERS, _CLOSERS = "«“", "»”"
_QUOTES = frozenset(f'{_OPENERS}"')
_MARKS = re.compile(f'[{_OPENERS}{_CLOSERS}"]')


_OF_PEOPLE = frozenset({"role", "title", "institution"})
_MOST_BEHIND = 4
"""Words behind a verb that closes its sentence: a speaker, a day."""


class Attribution(NamedTuple):
    """`claimant` and `verb` as written in the article; all None where nothing says who speaks.

    `verb_span` is where the verb stands in this folded sentence, None where the sentence has none of its own;
    `who_span` where it names who speaks, None for a pronoun or a bare verb.
    """

    claimant: str | None = None
    verb: str | None = None
    speech: Speech | None = None
    verb_span: tuple[int, int] | None = None
    who_span: tuple[int, int] | None = None


NOBODY = Attribution()


def attribute(text: str, parts: Sequence[Part], lexicon: Lexicon) -> list[Attribution]:
    """The attribution of each sentence, in order; `text` is the article's."""
    reading = _Reading(text, lexicon)
    reading.know(part.turn.name for part in parts if part.turn is not None and part.turn.name)
    for part in parts:
        reading.add(part)
    return reading.result


class _Reading:
    """What is known of an article's speakers up to a sentence.

    `going_on` speaks until a quotation or a paragraph ends, `quoted` was quoted in the sentence before.
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.result: list[Attribution] = []
        self._text, self._lexicon = text, lexicon
        self._names = Names(lexicon.apart)
        self._mentions = Mentions(text, self._is_ordinary)
        self._last_named: str | None = None
        self._going_on = self._quoted = NOBODY
        self._is_open = False
        self._opened_at = 0
        self._opened_by: str | None = None
        self._paragraph = -1

    def know(self, names: Iterable[str]) -> None:
        """Registers names that the article gives its speakers, wherever it does."""
        for name in dict.fromkeys(names):
            self._names.add(name)

    def add(self, part: Part) -> None:
        """Reads the next sentence."""
        if part.paragraph != self._paragraph:
            self._paragraph, self._going_on, self._quoted, self._is_open = part.paragraph, NOBODY, NOBODY, False
        was_open, self._is_open = self._is_open, _left_open(part.folded.text, was_open=self._is_open)
        if self._is_open and not was_open:
            self._opened_at = len(self.result)
            self._opened_by = _opener(self._text, part, self._lexicon, self._names)
        if part.code is not None:
            self.result.append(NOBODY)
        elif part.turn is not None:
            named = part.turn.name or (self._last_named if part.turn.is_answer else None)
            self.result.append(Attribution(named, None, Speech.DIRECT))
        else:
            goes_on = was_open and self._is_open and self._going_on.verb
            found = None if goes_on else find(part.folded.text, self._lexicon, was_open=was_open, names=self._names)
            if found is None:
                self._without_phrase(part, was_open=was_open)
            else:
                self._with_phrase(part, found, was_open=was_open)

    def _is_ordinary(self, word: str) -> bool:
        """Whether a word is one of grammar, and none of roles and titles."""
        of_language = grammar(self._lexicon.lang)
        hit = of_language.classes.at(words(word), 0) if of_language else None
        return word in self._lexicon.function_words or (hit is not None and hit.value.isdisjoint(_OF_PEOPLE))

    def _without_phrase(self, part: Part, *, was_open: bool) -> None:
        """A sentence that does not say who speaks: whoever went on speaking."""
        if part.follows and self.result[-1].verb:
            self.result.append(self.result[-1]._replace(verb_span=None, who_span=None))
            return
        said = self._going_on
        if not was_open and not said.verb:
            said = self._quoted = self._quoted if _is_quoted(part.folded.text) else NOBODY
        self.result.append(said)
        if self._is_open:
            self._going_on = said
        elif was_open:
            self._going_on = NOBODY

    def _with_phrase(self, part: Part, found: Found, *, was_open: bool) -> None:
        """A sentence with a reporting phrase."""
        opened_by = self._opened_by if was_open else None
        written = _source(self._text, part, found.who) if found.who is not None else opened_by
        if written is not None:
            longer = self._mentions.longest(written, part.span.start)
            self._last_named = self._names.add(longer or written)
        quoted = quotations(part.folded.text)
        direct = found.opens_with_colon or was_open or self._is_open or any(map(is_speech, quoted))
        said = Attribution(
            None if found.is_unnamed else self._last_named,
            _source(self._text, part, found.verb),
            Speech.DIRECT if direct else Speech.INDIRECT,
        )
        opened_at = self._opened_at if was_open and not self._going_on.verb else None
        since = _reported_since(part, found, self.result, opened_at)
        self.result[since:] = [said] * (len(self.result) - since)
        self.result.append(said._replace(verb_span=found.verb, who_span=found.who))
        lasts = self._is_open or (found.opens_with_colon and not quotations(part.folded.text, found.verb[1]))
        self._going_on = said if lasts else NOBODY
        self._quoted = said if direct and quoted else NOBODY


def _opener(text: str, part: Part, lexicon: Lexicon, names: Names) -> str | None:
    """Who stands before a quotation that goes on behind this sentence, where the verb follows it."""
    who = opener(part.folded.text, lexicon, names)
    return None if who is None else _source(text, part, who)


def _source(text: str, part: Part, span: tuple[int, int]) -> str:
    start, end = part.folded.span(*span)
    return text[part.span.start + start : part.span.start + end]


def _is_quoted(sentence: str) -> bool:
    """Whether the sentence opens with a quotation: behind one whose speaker was named it is the same one's."""
    return sentence[:1] in _QUOTES and any(map(is_speech, quotations(sentence)[:1]))


def _reported_since(part: Part, found: Found, before: Sequence[Attribution], opened_at: int | None) -> int:
    """The first of the sentences that the phrase reports, its own one the last.

    "A. B," she said: the speaker of A, where a quotation was opened and none was named before, stands behind B. So
    does that of the first fact of a sentence whose end says who reports: "A, while B, Ann Lee said."
    """
    if opened_at is not None:
        return opened_at
    closes = len(part.folded.text[found.verb[1] :].split()) <= _MOST_BEHIND
    return len(before) - (part.follows and closes and not before[-1].verb)


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
