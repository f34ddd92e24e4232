"""Paragraphs and sentences of an article as exact spans; the text itself is never changed.

The boundaries come from simplemma (sentence F1 .986 on Persian Seraji, .996 on Arabic PUD); what news texts add
stands here: line ends as paragraph ends, a stop without a space after it, "and..." inside a sentence, direction
marks between a stop and the next word, and texts wrapped at a fixed width.
"""

from __future__ import annotations

import re
from statistics import median
from typing import NamedTuple

from simplemma import split_sentences

from factcheck.claims.lexicon import Lexicon, lexicon

_LINE = re.compile(r"[^\n\r\x85\u2028\u2029]+")
_BLOCK = re.compile(r"[^\s](?:.|[\n\r\x85\u2028\u2029](?!\s*[\n\r\x85\u2028\u2029]))*")
# Marks that stand between a stop and the white space after it; each becomes one space, so offsets stay true.
_MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff"), " ")
# Two letters on each side: an abbreviation such as "ق.م" has one.
_GLUED = re.compile(r"(?<=[ء-يٱ-ۓ\u200c]{2})[.!?؟](?=[ء-يٱ-ۓ]{2})")
AND_SO_ON = re.compile(r"(?:^|\s)و\s?(?:\.{2,}|…)$")
"""The Persian and Arabic "etc."."""
_ELLIPSIS = re.compile(r"(?:\.{3,}|…)$")
# "پکن - ایرنا: ..." and "LONDON (Reuters) - ...": where and who reports, before what is reported.
_NAME = r"[^\W\d_](?:[^\W\d_]|\u200c)*(?: [^\W\d_](?:[^\W\d_]|\u200c)*){0,2}"
_DATELINE = re.compile(rf"(?:{_NAME} [-–] {_NAME}:|[A-Z][\w ,./]{{2,40}} ?\([A-Z]\w+\) ?[-–—])\s+")
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|Nos|Art)\.$")
_TITLE = re.compile(r"\b(?:Rep|Reps|Sen|Sens|Gov|Rev|Hon|Prof|Messrs|Mt)\.$")
# "Ann Lee added." behind a question or a cry in quotation marks: who said it, and no sentence of its own.
_SIGNED = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3} [a-z]+(?: [a-z]+){0,2}\.$")
_QUOTED_END = ('"', "”", "''", "’")
_GOES_ON = re.compile(r"[,،;؛:)\]»”]")
_MAX_JOINED = 600
_WRAP_WIDTH = range(50, 101)
_WRAPPED_LINES = 4


class Span(NamedTuple):
    """`start` and `end` in code points of the article's text."""

    start: int
    end: int


class Paragraph(NamedTuple):
    """A paragraph and the sentences in it; sentences carry no white space at their ends."""

    start: int
    end: int
    sentences: tuple[Span, ...]


def paragraphs(text: str, lang: str | None) -> list[Paragraph]:
    """The paragraphs that hold any sentence, in order; together the sentences hold all but white space of the text."""
    pattern = _BLOCK if _is_wrapped(text) else _LINE
    of_language = lexicon(lang or "")
    found = []
    for match in pattern.finditer(text):
        spans = _sentences(match.group(), match.start(), of_language)
        if spans:
            found.append(Paragraph(spans[0].start, spans[-1].end, tuple(spans)))
    return found


def _sentences(paragraph: str, offset: int, of_language: Lexicon) -> list[Span]:
    shown = paragraph.translate(_MARKS)
    if of_language.stops:
        shown = shown.translate(of_language.stops)
    spans: list[Span] = []
    position = 0
    for sentence in split_sentences(shown, lang=of_language.splitter):
        position = shown.index(sentence, position)
        for piece in _unglued(shown, position, position + len(sentence)):
            if spans and _belongs_to_last(shown, spans[-1], piece, of_language):
                spans[-1] = Span(spans[-1].start, piece.end)
            else:
                spans.append(piece)
        position += len(sentence)
    parts = [part for span in spans for part in _without_dateline(shown, span)]
    return [Span(start + offset, end + offset) for start, end in parts]


def _unglued(text: str, start: int, end: int) -> list[Span]:
    cuts = [match.end() for match in _GLUED.finditer(text, start, end)]
    return [Span(first, last) for first, last in zip([start, *cuts], [*cuts, end], strict=True) if first < last]


def _without_dateline(text: str, span: Span) -> list[Span]:
    match = _DATELINE.match(text, *span)
    if match is None or match.end() == span.end:
        return [span]
    return [Span(span.start, span.start + len(match.group().rstrip())), Span(match.end(), span.end)]


def _belongs_to_last(text: str, last: Span, piece: Span, of_language: Lexicon) -> bool:
    said = text[last.start : last.end]
    if _GOES_ON.match(text, piece.start) or _TITLE.search(said):
        return True
    if of_language.abbreviation is not None and of_language.abbreviation.search(said):
        return True
    if said.endswith(_QUOTED_END) and _SIGNED.match(text, *piece):
        return True
    if _MONTH.search(said) and text[piece.start].isdigit():
        return True
    if piece.end - last.start > _MAX_JOINED or said.isascii():
        return False
    # In Persian and Arabic an ellipsis is more often inside a sentence than at its end (Seraji F1 .984 -> .994).
    return AND_SO_ON.search(said) is not None or _ELLIPSIS.search(said) is not None


def _is_wrapped(text: str) -> bool:
    """Whether the lines were broken at a fixed width, as in mails and plain-text feeds."""
    blocks = [match.group().splitlines() for match in _BLOCK.finditer(text)]
    inner = [len(line) for lines in blocks for line in lines[:-1]]
    longest = max((len(line) for lines in blocks for line in lines), default=0)
    return len(inner) >= _WRAPPED_LINES and longest in _WRAP_WIDTH and median(inner) > longest * 0.75
