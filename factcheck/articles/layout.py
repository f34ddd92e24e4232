"""How an article is laid out in a plain file: header lines, headline, dateline, section line."""

from __future__ import annotations

import functools
import re
import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

from factcheck.articles import dates
from factcheck.dating import calendars
from factcheck.folding import fold_in_place, match_key

_LINE = re.compile(r"\f|[^\n\r\f]*(?:\r\n|\n|\r|(?=\f)|\Z)")
_INLINE_DATE = re.compile(r"\s*date[ :]+(?P<date>\d{4}-\d{2}-\d{2})(?:[ \t]+|\r?\n|\Z)", re.IGNORECASE)
_FIELD = re.compile(r"(?P<key>[^\W\d_][^:：\n]{0,24}?)\s*[:：][ \t]+(?P<value>\S[^\n\r]*?)\s*")
_FENCE = re.compile(r"[ \t]*-{3,}[ \t]*")
_SENTENCE = re.compile(r"[.!?؟:]\s")
_LEAD_DASH = re.compile(r"\s*(?:[(/][^)/]{1,40}[)/])?\s*[-–—:]")
_WORD = re.compile(r"[^\W\d_]+")
_STOP = (".", "!", "؟", "?", "،", "؛", ",", ":", "…")
_TOP_LINES = 8
_TOP = 4_000  # code points: header, headline and dateline stand within them
_LONGEST_HEADLINE = 150
_LONGEST_DATELINE = 120
_FOREIGN_LETTERS = 25  # "Example News Agency - 2 Azar 1404" is a dateline, a sentence is not
_LEAD = 80


class Line(NamedTuple):
    """One line without its end; `end` is where the next one starts (code points)."""

    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether there is nothing but white space in it."""
        return not self.text.strip()


class Header(NamedTuple):
    """The metadata lines before an article: where they end, blank lines included, and their fields by name."""

    end: int
    fields: dict[str, str]


def lines(text: str) -> list[Line]:
    """The lines of the text, ended by LF, CR LF or CR; a form feed is a line of its own. No code point is left out."""
    found = (Line(m.start(), m.end(), m[0].rstrip("\r\n")) for m in _LINE.finditer(text))
    return [line for line in found if line.end > line.start]


def header(text: str, start: int = 0) -> Header:
    """The header at `start`: "Title: ..." lines up to a blank line, front matter between dashes, or "date 2025-11-23".

    Without a header `end` is `start`.
    """
    if inline := _INLINE_DATE.match(text, start):
        return Header(inline.end(), {"date": inline["date"]})
    rows = lines(text[start : start + _TOP])
    at = next((n for n, row in enumerate(rows) if not row.blank), len(rows))
    fenced = at < len(rows) and _FENCE.fullmatch(rows[at].text) is not None
    at += fenced
    fields: dict[str, str] = {}
    while at < len(rows) and (field := _field(rows[at].text)) and field[0] not in fields:
        fields[field[0]] = field[1]
        at += 1
    closed = at < len(rows) and fenced and _FENCE.fullmatch(rows[at].text) is not None
    at += closed
    if not fields or (at < len(rows) and not rows[at].blank and not closed):
        return Header(start, {})
    while at < len(rows) and rows[at].blank:
        at += 1
    return Header(start + (rows[at].start if at < len(rows) else rows[-1].end), fields)


def _field(line: str) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(line)
    name = _header_keys().get(fold_in_place(match["key"]).strip()) if match else None
    return (name, match["value"]) if match and name else None


def headline(text: str) -> str | None:
    """The first line where it looks like a headline: short, no stop at its end, apart from what follows."""
    rows = lines(text[:_TOP])
    at = next((n for n, row in enumerate(rows) if not row.blank), None)
    if at is None or at + 1 >= len(rows):
        return None
    line = rows[at].text.strip()
    apart = rows[at + 1].blank and any(not row.blank for row in rows[at + 2 :])
    if len(line) > _LONGEST_HEADLINE or line.endswith(_STOP[:2] + _STOP[4:]) or not apart or not _WORD.search(line):
        return None
    return line


def dateline(text: str, *, now: datetime) -> str | None:
    """The date as it stands near the top: a line of its own, or before the lead ("TEHRAN, 23 Nov 2025 -")."""
    top = [row for row in lines(text[:_TOP]) if not row.blank][:_TOP_LINES]
    for row in top:
        if is_dateline(row.text, now=now):
            return row.text.strip()
    for row in top:
        lead = row.text[: _LEAD + 60]
        found = dates.find_date(lead, now=now, lang=None)
        if (
            found
            and found.end <= _LEAD
            and not _SENTENCE.search(lead[: found.start])
            and _LEAD_DASH.match(lead[found.end :])
        ):
            return lead[found.start : found.end]
    return None


def is_dateline(line: str, *, now: datetime) -> bool:
    """Whether the line is nothing but a date, with its weekday, clock time, place or outlet."""
    if len(line) > _LONGEST_DATELINE or line.rstrip().endswith((".", "!", "؟", "?", "،", "؛")):
        return False
    found = dates.find_date(line, now=now, lang=None)
    if found is None:
        return False
    rest = fold_in_place(line[: found.start] + " " + line[found.end :])
    rest = calendars.zones()[0].sub(" ", rest)
    known = _dateline_words()
    return sum(len(word) for word in _WORD.findall(rest) if word not in known) <= _FOREIGN_LETTERS


def has_clock_or_weekday(line: str) -> bool:
    """Whether a dateline also says its hour or its weekday, as the one at the top of an article does."""
    if len(line) > _LONGEST_DATELINE:
        return False
    folded = fold_in_place(line)
    return bool(
        re.search(r"\d{1,2}:\d{2}", folded)
        or re.search(r"شنبه|جمعه|[a-z]day\b|الخمیس|السبت|الاحد|ال\w*اثن|الثلاثاء|الاربعاء", folded)
    )


def section_outlet(text: str, outlets: frozenset[str]) -> str | None:
    """The outlet that a section line near the top names ("العالم - إيران"); `outlets` are folded names."""
    for row in [row for row in lines(text[:_TOP]) if not row.blank][:_TOP_LINES]:
        first, dash, section = row.text.strip().partition(" - ")
        if dash and len(section) <= 30 and fold_in_place(first) in outlets:  # noqa: PLR2004 - a section is a word or two
            return first
    return None


@functools.cache
def teaser_headings() -> frozenset[str]:
    """Headings of lists of other stories, by `match_key`."""
    return frozenset(match_key(heading) for heading in layout_data()["teasers"]["headings"])


@functools.cache
def end_lines() -> frozenset[str]:
    """Lines with which an article ends, by `match_key`."""
    return frozenset(match_key(line) for line in layout_data()["ends"]["lines"])


@functools.cache
def layout_data() -> dict[str, Any]:
    """The tables of data/layout.toml."""
    return tomllib.loads(files(__package__).joinpath("data/layout.toml").read_text("utf-8"))


@functools.cache
def _header_keys() -> dict[str, str]:
    return {fold_in_place(key): name for name, keys in layout_data()["header"].items() for key in keys}


@functools.cache
def _dateline_words() -> frozenset[str]:
    return frozenset(part for word in layout_data()["dateline"]["words"] for part in _WORD.findall(fold_in_place(word)))
