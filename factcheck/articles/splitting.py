"""One file, several articles: cut where the next article shows itself, and nowhere else.

| what is seen                                      | cut                                                         |
| form feed; line of = # ~ _ not under a text line  | where both sides are long enough for an article             |
| line of - * ─ • (also a break inside an article)  | besides, both sides open with header, dateline or headline  |
| header lines ("Title: ...") a second time         | before them                                                 |
| "date 2025-11-23" at the start and again          | before it                                                   |
| dateline with hour or weekday a second time       | before its headline                                         |
| "Read also:", "Most read", an agency's end mark   | after it, where a headline and an article's text follow;    |
|                                                   | else what follows is a list of other stories, and no text   |

A separator that is not believed leaves the file whole, with the warning `maybe_several`; where a list of other
stories was left out the warning is `teasers_left_out`.
"""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import NamedTuple

from factcheck.articles import layout
from factcheck.articles.layout import Line
from factcheck.folding import match_key

_STRONG = re.compile(r"\s*(?:={3,}|#{3,}|~{5,}|_{5,}|═{3,}|\f)\s*")
_WEAK = re.compile(r"\s*(?:-{3,}|(?:[*•─—–]\s?){3,})\s*")
_INLINE_DATE = re.compile(r"\s*date[ :]+\d{4}-\d{2}-\d{2}(?!\d)", re.IGNORECASE)
_SHORTEST = 80  # code points without white space; a shorter part is a heading, a footer or a picture's caption
_LONG = 200
_MOST_SEPARATORS = 2_000  # more of them draw a table
_OPENING = 4_000
_LONGEST_HEADING = 40
_LONGEST_TEASER = 160
_QUOTED_BRAND = re.compile(r"\s*[«“\"][^»”\"]{1,30}[»”\"]")


class Part(NamedTuple):
    """One article's part of the text in code points; between parts lie only separators and white space."""

    start: int
    end: int


class Parts(NamedTuple):
    """The parts in the order of the text, at least one, and warnings (`maybe_several`, `teasers_left_out`)."""

    parts: list[Part]
    warnings: tuple[str, ...]


def split(text: str, *, now: datetime) -> Parts:
    """The articles of a text. Together the parts cover all but white space, separator lines and lists of teasers."""
    page = _Page(text, now)
    cuts, doubted = _separators(page)
    lists = _teasers(page)
    cuts = [cut for cut in cuts if not any(one.start <= cut.start < one.end for one in lists)] + lists
    for start in (*_repeated_headers(page), *_repeated_dates(page), *_repeated_datelines(page)):
        inside = any(one.start <= start < one.end for one in lists)
        if not inside and not any(cut.start <= start and not text[cut.end : start].strip() for cut in cuts):
            cuts.append(Part(start, start))
    edges = [0, *(edge for cut in sorted(cuts) for edge in cut), len(text)]
    parts = [Part(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip()]
    warnings = (*(["maybe_several"] if doubted else []), *(["teasers_left_out"] if lists else []))
    return Parts(parts or [Part(0, len(text))], warnings)


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


def _teasers(page: _Page) -> list[Part]:
    """What stands between an article and the next one, from the heading of a list of other stories or an end mark on.

    A heading below which an article's own text goes on, in long paragraphs, heads no such list.
    """
    found: list[Part] = []
    first = 0
    for n, row in enumerate(page.rows):
        if row.start < (found[-1].end if found else page.header.end) or len(row.text) > _LONGEST_HEADING:
            continue
        key = match_key(row.text)
        ends = key in layout.end_lines()
        if not (ends or key in layout.teaser_headings()) or page.weight(first, n) < _SHORTEST:
            continue
        following = [m for m in range(n + 1, len(page.rows)) if not page.rows[m].blank]
        start = next((m for m in following if _opens_article(page, m)), len(page.rows))
        passed = [m for m in following if m < start]
        if not ends and any(len(page.rows[m].text) > _LONGEST_TEASER for m in passed):
            continue
        stop = page.rows[start].start if start < len(page.rows) else len(page.text)
        found.append(Part(row.start, stop))
        first = start
    return found


def _opens_article(page: _Page, n: int) -> bool:
    """Whether row n is a headline with an article's text below it: two sentences or more, before the next heading."""
    headline = page.rows[n].text.strip()
    key = match_key(headline)
    if (
        headline.endswith((".", "!", "…", ":", "،", ","))
        or len(headline) > _LONGEST_TEASER
        or not _has_words(page.rows[n])
    ):
        return False
    if not key or key in layout.end_lines() or key in layout.teaser_headings() or _QUOTED_BRAND.match(headline):
        return False
    body: list[Line] = []
    for row in page.rows[n + 1 :]:
        key = match_key(row.text)
        if key in layout.end_lines() or key in layout.teaser_headings():
            break
        body += [] if row.blank else [row]
    closed = [row for row in body if row.text.rstrip().endswith((".", "!", "?", "؟", "»", "”", '"'))]
    long = sum(len(row.text) for row in closed) >= _LONG and len(closed) > 1
    # Teasers are many and alike; the text of an article stands right below its headline.
    return long and bool(body) and body[0] in closed and len(closed) * 2 > len(body)


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
