"""Dates of articles: Gregorian, Jalali and Hijri, in three scripts; what is missing or impossible is null, never now.

Own grammar, because general parsers read 1404 as a year of Charlemagne's time and a resolution's number as a date.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from factcheck.dating import calendar_of, calendars, day_or_none
from factcheck.folding import fold_in_place
from factcheck.models import Calendar

_ZONE_SLACK = timedelta(hours=14)  # the clocks of Kiribati: a date that is tomorrow in Greenwich
_EPOCH_YEAR = 1970  # what an empty database field becomes
_NOON = 12
_DAYS_FIRST = frozenset({"ar", "fa", "ckb", "ur", "ps"})
# Before noon and after it in three languages; Arabic and Persian halves of the day are folded like the line.
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})[:٫](\d{2})(?:[:٫](\d{2}))?(?:\.\d+)?(?![\d:])"
    r"(?:\s*(?:(am|a\.m\.|صباحا|ص|ق\.ظ)|(pm|p\.m\.|مساء|م|ب\.ظ))(?!\w))?"
)
_YEAR = re.compile(r"\d{4}")
_OFFSET = re.compile(r"(?<=\d)\s*(?:(z)(?!\w)|(?:gmt|utc)?\s*([+-])(\d{2}):?(\d{2})(?!\d))")


_MACHINE = re.compile(r"(?:19[5-9]\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_BASIC = re.compile(r"^((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])((?:T\d{4}.*)?)$")
_BASIC_CLOCK = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})((?:\d{2})?)(.*)$")
"""The basic form of ISO 8601 (20240517T080915Z), where all of a date is in it."""


class Dated(NamedTuple):
    """A moment in UTC with its calendar, or None with a warning (date_missing, date_impossible, date_future ...).

    `day` is the publisher's own day, which may be the one before or after that of UTC.
    """

    at: datetime | None
    calendar: Calendar | None
    warnings: tuple[str, ...] = ()
    day: date | None = None


class Found(NamedTuple):
    """A day in a line of text; the span is code points. `day` is None where the calendar has no such day."""

    start: int
    end: int
    day: date | None
    calendar: Calendar | None
    problem: str | None


def published(raw: str | None, *, now: datetime, lang: str | None) -> Dated:
    """The moment that `raw` names. A day without a clock time is its first moment in UTC.

    Warnings: date_missing, date_unreadable, date_impossible, date_ambiguous (03/04/2025 in English), date_epoch,
    date_future (each with None), zone_assumed_utc.
    """
    if raw is None or not raw.strip():
        return Dated(None, None, ("date_missing",))
    if (exact := _mail_date(raw)) is not None:
        return _sane(exact, Calendar.GREGORIAN, (), now)
    raw = raw.strip()
    if (exact := _machine_date(raw)) is not None:
        return _sane(exact, Calendar.GREGORIAN, (), now)
    raw = _BASIC.sub(r"\1-\2-\3\4", raw)
    raw = _BASIC_CLOCK.sub(lambda at: f"{at[1]}T{at[2]}:{at[3]}:{at[4] or '00'}{at[5]}", raw)
    found = find_date(raw, now=now, lang=lang)
    if found is None:
        return Dated(None, None, ("date_unreadable",))
    if found.day is None or found.problem:
        return Dated(None, found.calendar, (found.problem or "date_impossible",))
    return _with_clock(raw, found, found.day, now)


def _with_clock(raw: str, found: Found, day: date, now: datetime) -> Dated:
    folded = fold_in_place(raw)
    # ISO writes "2025-11-23T10:30": the clock follows a letter T.
    rest = " " * found.end + re.sub(r"^t(?=\d)", " ", folded[found.end :])
    clock = _CLOCK.search(rest) or _CLOCK.search(folded[: found.start])
    if clock is None:
        return _sane(datetime.combine(day, time(), UTC), found.calendar, (), now)
    hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3))
    if clock[4] or clock[5]:
        hour = hour % _NOON + (_NOON if clock[5] else 0)
    try:
        at_clock = time(hour, minute, second)
    except ValueError:
        return Dated(None, found.calendar, ("date_impossible",))
    zone, warnings = _zone(rest, folded)
    # An instant is never an hour that a change of clocks leaves out; of one that is there twice the first is meant.
    return _sane(datetime.combine(day, at_clock, zone), found.calendar, warnings, now)


def find_date(line: str, *, now: datetime, lang: str | None) -> Found | None:
    """The first full date (day, month and year) of the line, or None; white space and digits of any script."""
    if _YEAR.search(line) is None:
        return None
    folded = fold_in_place(line)
    match = min(
        filter(None, (p.search(folded) for p in _patterns())), key=lambda m: (m.start(), -m.end()), default=None
    )
    if match is None:
        return None
    parts = match.groupdict()
    year, day = int(parts["y"]), int(parts["d"])
    problem = None
    if "name" in parts:
        calendar, month = calendars.month_named(parts["name"])
    else:
        month = int(parts["m"])
        named = calendars.calendar_named(folded[match.end() : match.end() + 16])
        calendar = named or calendar_of(year, month, day, latest=(now + _ZONE_SLACK).date())
        if "dayfirst" in parts and calendar is Calendar.GREGORIAN and lang not in _DAYS_FIRST and day != month:
            day, month, problem = _day_and_month(day, month)
    return Found(match.start(), match.end(), day_or_none(calendar, year, month, day), calendar, problem)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = rf"(?P<name>{calendars.months()[0]})"
    also = rf"(?:\s*[/\\(]\s*(?:{calendars.months()[0]})\)?)?"  # "كانون الثاني/يناير"
    year = r"(?P<y>\d{4})(?!\d)"
    separator = r"(?P<sep>[/.\-])"
    return (
        re.compile(rf"(?<!\d)(?P<y>\d{{4}}){separator}(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?!\d)"),
        re.compile(rf"(?<!\d)(?P<dayfirst>)(?P<d>\d{{1,2}}){separator}(?P<m>\d{{1,2}})(?P=sep){year}"),
        re.compile(
            rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|م|-?ام)?[,،]?[\s\-]*(?:of\s+|من\s+)?{name}\.?(?:\s*ماه)?(?!\w){also}"
            rf"[,،]?[\s\-]*(?:سال|عام|لعام)?\s*{year}"
        ),
        re.compile(rf"(?<!\w){name}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{year}"),
        re.compile(rf"(?<!\d)(?P<y>\d{{4}})\s+{name}(?!\w)\s+(?P<d>\d{{1,2}})(?!\d)"),
    )


def _day_and_month(first: int, second: int) -> tuple[int, int, str | None]:
    months = 12
    if first > months:
        return first, second, None
    if second > months:
        return second, first, None
    return first, second, "date_ambiguous"


def _zone(rest: str, folded: str) -> tuple[tzinfo, tuple[str, ...]]:
    if offset := _OFFSET.search(rest):
        if offset[1]:
            return UTC, ()
        minutes = int(offset[3]) * 60 + int(offset[4])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset[2] == "-" else minutes)), ()
    if place := calendars.zones()[0].search(folded):
        return calendars.zone_named(place[0]), ()
    return UTC, ("zone_assumed_utc",)


def _machine_date(raw: str) -> datetime | None:
    """The moment of "2025-11-23T10:30:00+03:30" in a year that is of no other calendar: most pages write it so."""
    if not _MACHINE.fullmatch(raw):
        return None
    try:
        return datetime.fromisoformat(raw).replace(microsecond=0)
    except ValueError:
        return None


def _mail_date(raw: str) -> datetime | None:
    """The moment of an RFC 5322 date ("Sun, 23 Nov 2025 10:30:00 +0330"), the form of RSS; years of two digits too.

    Of zones by letters only the names of RFC 822 are read here; AST is the Atlantic's there and Arabia's in the Gulf.
    """
    if not re.fullmatch(
        r"\s*(?:[A-Za-z]{3},)?\s*\d{1,2} [A-Za-z]{3} (?:\d{2}|\d{4}) \d{2}:\d{2}(?::\d{2})? "
        r"(?:[+-]\d{4}|GMT|UT|UTC|Z|E[SD]T|C[SD]T|M[SD]T|P[SD]T)\s*",
        raw,
    ):
        return None
    midnight = re.sub(r" 24:00(:00)? ", r" 00:00\1 ", raw)
    try:
        found = parsedate_to_datetime(midnight)
        return found + timedelta(days=1) if midnight != raw else found
    except (ValueError, OverflowError):
        return None


def _sane(at: datetime, calendar: Calendar | None, warnings: tuple[str, ...], now: datetime) -> Dated:
    day = at.date()
    if at.tzinfo is None:
        at, warnings = at.replace(tzinfo=UTC), (*warnings, "zone_assumed_utc")
    if at.year <= _EPOCH_YEAR:
        return Dated(None, calendar, ("date_epoch",))
    if at > now + _ZONE_SLACK:
        return Dated(None, calendar, ("date_future",))
    return Dated(at.astimezone(UTC), calendar, warnings, day)
