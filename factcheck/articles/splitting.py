"""One file, several articles: cut where the next article shows itself, and nowhere else.

| what is seen                                      | cut                                                         |
| form feed; line of = # ~ _ not under a text line  | where both sides are long enough for an article             |
| line of - * ─ • (also a break inside an article)  | besides, both sides open with header, dateline or headline  |
| header lines ("Title: ...") a second time         | before them                                                 |
| "date 2025-11-23" at the start and again          | before it                                                   |
| dateline with hour or weekday a second time       | before its headline                                         |

A separator that is not believed leaves the file whole, with the warning `maybe_several`.
"""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import NamedTuple

from factcheck.articles import layout
from factcheck.articles.layout import Line

_STRONG = re.compile(r"\s*(?:={3,}|#{3,}|~{5,}|_{5,}|═{3,}|\f)\s*")
_WEAK = re.compile(r"\s*(?:-{3,}|(?:[*•─—–]\s?){3,})\s*")
_INLINE_DATE = re.compile(r"\s*date[ :]+\d{4}-\d{2}-\d{2}(?!\d)", re.IGNORECASE)
_SHORTEST = 80  # code points without white space; a shorter part is a heading, a footer or a picture's caption
_LONG = 200
_MOST_SEPARATORS = 2_000  # more of them draw a table
_OPENING = 4_000


class Part(NamedTuple):
    """One article's part of the text in code points; between parts lie only separators and white space."""

    start: int
    end: int


class Parts(NamedTuple):
    """The parts in the order of the text, at least one, and warnings (`maybe_several`)."""

    parts: list[Part]
    warnings: tuple[str, ...]


def split(text: str, *, now: datetime) -> Parts:
    """The articles of a text. Together the parts cover all but white space and separator lines."""
    page = _Page(text, now)
    cuts, doubted = _separators(page)
    for start in (*_repeated_headers(page), *_repeated_dates(page), *_repeated_datelines(page)):
        if not any(cut.start <= start and not text[cut.end : start].strip() for cut in cuts):
            cuts.append(Part(start, start))
    edges = [0, *(edge for cut in sorted(cuts) for edge in cut), len(text)]
    parts = [Part(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip()]
    return Parts(parts or [Part(0, len(text))], ("maybe_several",) if doubted else ())


class _Page:
    """The text with its lines and how many visible code points stand before each."""

    def __init__(self, text: str, now: datetime) -> None:
        self.text = text
        self.now = now
        self.rows = layout.lines(text)
        self.header = layout.header(text)
        weights = (len("".join(row.text.split())) for row in self.rows)
        self.before = [0, *itertools.accumulate(weights)]

    def weight(self, first: int, last: int) -> int:
        """Visible code points of the rows from `first` up to and without `last`."""
        return self.before[last] - self.before[first]

    def opens(self, first: int, last: int) -> bool:
        """Whether the rows open as an article does: with a header, a dateline or a headline."""
        if first == last:
            return False
        start = self.rows[first].start
        part = self.text[start : min(self.rows[last - 1].end, start + _OPENING)]
        head = layout.header(part)
        return bool(head.fields or layout.headline(part) or layout.dateline(part, now=self.now))


def _separators(page: _Page) -> tuple[list[Part], bool]:
    """The believed separator lines, and whether one was not believed."""
    found = [n for n, row in enumerate(page.rows) if row.start >= page.header.end and _is_separator(page.rows, n)]
    if len(found) > _MOST_SEPARATORS:
        return [], True
    cuts: list[Part] = []
    doubted = False
    first = skip_to = 0
    for at, n in enumerate(found):
        row = page.rows[n]
        if row.start < skip_to:
            continue
        head_end = layout.header(page.text, row.end).end
        stop = _part_end(page, n + 1, found[at + 1 :], head_end)
        left, right = page.weight(first, n), page.weight(n + 1, stop)
        if min(left, right) < _SHORTEST:
            continue
        if _STRONG.fullmatch(row.text) or (page.opens(first, n) and page.opens(n + 1, stop)):
            cuts.append(Part(row.start, row.end))
            first, skip_to = n + 1, head_end  # the closing dashes of front matter are no separator
        else:
            doubted = doubted or min(left, right) >= _LONG
    return cuts, doubted


def _part_end(page: _Page, first: int, later: list[int], head_end: int) -> int:
    """The row after the part that starts at row `first`. A headline between two separators belongs to what follows."""
    for n in later:
        if page.rows[n].start >= head_end and page.weight(first, n) >= _SHORTEST:
            return n
    return len(page.rows)


def _is_separator(rows: list[Line], n: int) -> bool:
    text = rows[n].text
    if "\f" in text or _WEAK.fullmatch(text):
        return True
    # A line of = right under a line of text underlines a headline.
    return bool(_STRONG.fullmatch(text)) and (n == 0 or rows[n - 1].blank or not _has_words(rows[n - 1]))


def _has_words(row: Line) -> bool:
    return any(char.isalnum() for char in row.text)


def _repeated_headers(page: _Page) -> list[int]:
    """Starts of later header blocks with a title; only in a file that opens with one."""
    if "title" not in page.header.fields:
        return []
    return [
        row.start
        for before, row in itertools.pairwise(page.rows)
        if row.start >= page.header.end
        and before.blank
        and ":" in row.text[:30]
        and "title" in layout.header(page.text, row.start).fields
    ]


def _repeated_dates(page: _Page) -> list[int]:
    found = [row.start for row in page.rows if _INLINE_DATE.match(row.text)]
    first = next((row.start for row in page.rows if not row.blank), 0)
    return found[1:] if found and found[0] == first else []


def _repeated_datelines(page: _Page) -> list[int]:
    """Starts of the headlines over the second and later datelines."""
    found = [
        n
        for n, row in enumerate(page.rows)
        if layout.has_clock_or_weekday(row.text) and layout.is_dateline(row.text, now=page.now)
    ]
    starts: list[int] = []
    first = 0
    for n in found[1:]:
        top = _headline_above(page.rows, n)
        if top is not None and min(page.weight(first, top), page.weight(n + 1, len(page.rows))) >= _LONG:
            starts.append(page.rows[top].start)
            first = top
    return starts


def _headline_above(rows: list[Line], n: int) -> int | None:
    """The row where the headline of the dateline in row n starts; the doubled headline of some sites is one."""
    above = [m for m in range(max(0, n - 4), n) if not rows[m].blank][:-3:-1]
    gap = 2  # at most one blank line between headline and dateline
    if not above or n - above[0] > gap or not layout.headline(rows[above[0]].text + "\n\n."):
        return None
    top = above[0]
    if len(above) > 1 and rows[above[1]].text.strip() == rows[top].text.strip():
        top = above[1]
    return top if top == 0 or rows[top - 1].blank else None
