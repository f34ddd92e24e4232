"""What a date that was found means: days, months, years and spans of them, as ISO 8601 in the Gregorian calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from factcheck import days
from factcheck.claims.date_counting import EACH_WEEK, MONTHS, NOTHING, Meaning, months, so_far_ahead, years
from factcheck.claims.date_grammar import Grammar, Token
from factcheck.dating import calendar_of, day_or_none
from factcheck.dating.figures import FIRST_GREGORIAN
from factcheck.models import Calendar

Parts = Mapping[str, Sequence[Token]]
_CENTURY: Final = 100
_THOUSAND: Final = 1000
_JALALI_NOW: Final = 1300
_SOON: Final = 90  # days
_LAST_CENTURY: Final = 21
_HIJRI_CENTURY: Final = 14
_HALVES: Final = (1, 2)


def meaning(kind: str, parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    """What the parts of a form of this kind mean, told from the day of the article (None: it is not known).

    A day is `2025-11-23`, a month of the Gregorian calendar `2025-11`, a year `2025`; what else is longer than a day is
    its first and last day, `2025-10-23/2025-11-21`, and decades are `1990/1999`.
    """
    reader = _READERS.get(kind)
    if reader is None:
        return NOTHING
    try:
        return reader(parts, grammar, today)
    except (ValueError, OverflowError):
        return NOTHING


def number(tokens: Sequence[Token]) -> int | None:
    """The number that figures, words or an ordinal say; None for "some", halves and what is no number."""
    total = part = 0
    read = False
    for token in tokens:
        one = 1 if "a" in token.classes else None  # a year ago
        value = next((token.classes[name] for name in _NUMBERS if name in token.classes), one)
        if "dash" in token.classes and (total or part) and "small" in tokens[0].classes:
            return None  # 2-3
        if value is None:
            if _NO_NUMBER.isdisjoint(token.classes):
                continue
            return None
        if value >= _CENTURY and part and part < value:
            total, part = (total + part * value, 0) if value >= _THOUSAND else (total, part * value)
        else:
            part += value
        read = True
    return total + part if read else None


_NUMBERS = ("small", "year", "big", "numeral", "ordinal")
_NO_NUMBER = frozenset({"few", "half", "tens", "quarter", "to", "or", "decimal"})


def _day(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    calendar, month = _month_of(parts["month"])
    year = _year(parts, calendar, grammar, today)
    first, last = number(parts["day"]), number(parts.get("last", parts["day"]))
    if first is None or last is None:
        return Meaning(calendar)
    if year is None:
        if "year" in parts or today is None:
            return Meaning(calendar)
        year = _nearest(today, lambda near: days.gregorian(calendar, near, month, first), calendar)
    begin, end = (days.gregorian(calendar, year, month, day) for day in (first, last))
    return Meaning(calendar, begin.isoformat() if begin == end else f"{begin}/{end}" if begin < end else None)


def _month(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    calendar, month = _month_of(parts["month"])
    year = _year(parts, calendar, grammar, today)
    if year is None:
        if "year" in parts or today is None:
            return Meaning(calendar)
        year = _nearest(today, lambda near: days.gregorian(calendar, near, month, 15), calendar)
    return Meaning(calendar, months(calendar, year, month, 1))


def _month_of(tokens: Sequence[Token]) -> tuple[Calendar, int]:
    return next(token.classes[name] for token in tokens for name in ("month", "odd_month") if name in token.classes)  # type: ignore[no-any-return]


def _nearest(today: date, day: Callable[[int], date], calendar: Calendar) -> int:
    """The year of a day without one: news tells of what was, or is to come within the next months."""
    this = days.parts(calendar, today)[0]
    for year in (this + 1, this):
        try:
            if (day(year) - today).days <= _SOON:
                return year
        except ValueError:  # 29 February
            continue
    return this - 1


def _year(parts: Parts, calendar: Calendar, grammar: Grammar, today: date | None) -> int | None:
    """The year that is named beside a month of the calendar; None where there is none, or one of another calendar."""
    tokens = parts.get("year", ())
    for token in tokens:
        ahead = [ahead for name, ahead in (("last", -1), ("now", 0), ("next", 1)) if name in token.classes]
        if "year_anchor" in token.classes or ahead:
            ahead = [token.classes["year_anchor"][1]] if "year_anchor" in token.classes else ahead
            return None if today is None else days.parts(calendar, today)[0] + ahead[0]
    value = number(tokens)
    if value is None:
        return None
    named, year = _full_year(value, parts, grammar)
    return (
        year
        if named is calendar
        or (named is not Calendar.GREGORIAN and year < FIRST_GREGORIAN and (calendar is not Calendar.GREGORIAN))
        else None
    )


def _full_year(value: int, parts: Parts, grammar: Grammar) -> tuple[Calendar, int]:
    """The calendar of a year and all four figures of it."""
    for token in (*parts.get("era", ()), *parts.get("year", ())):
        if "era" in token.classes:
            return token.classes["era"], value
    if value < _CENTURY:
        if grammar.calendar is Calendar.JALALI:
            return Calendar.JALALI, value + (_JALALI_NOW if value > _JALALI_NOW // 100 else _JALALI_NOW + _CENTURY)
        return Calendar.GREGORIAN, value + 1900
    if value >= FIRST_GREGORIAN or value < _JALALI_NOW - 2 * _CENTURY:
        return Calendar.GREGORIAN, value
    return (Calendar.JALALI if grammar.calendar is Calendar.JALALI else Calendar.HIJRI), value


def _turned(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    """The June before the article's month for "last June", the one after it for "next June", else that of the year."""
    del grammar
    calendar, month = _month_of(parts["month"])
    if today is None:
        return Meaning(calendar)
    this, now, _ = days.parts(calendar, today)
    way = {name for token in parts["dir"] for name in ("last", "next") if name in token.classes}
    year = this - (month >= now) if "last" in way else this + (month <= now) if "next" in way else this
    return Meaning(calendar, months(calendar, year, month, 1))


def _whole_year(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    del today
    first, last = number(parts["year"]), number(parts.get("last", parts["year"]))
    if first is None or last is None:
        return NOTHING
    calendar, begin = _full_year(first, parts, grammar)
    end = _full_year(last, parts, grammar)[1]
    return Meaning(calendar, years(calendar, begin, end - begin + 1) if begin <= end else None)


def _decade(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    del today
    value = number(parts["decade"])
    if value is None or value % 10:
        return NOTHING
    calendar, first = _full_year(value, parts, grammar)
    return Meaning(calendar, years(calendar, first, 10))


def _century(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    del today
    value = number(parts["century"])
    era = next((token.classes["era"] for token in parts.get("era", ()) if "era" in token.classes), None)
    if value is None or not 0 < value <= _LAST_CENTURY:
        return NOTHING
    calendar = era or (Calendar.GREGORIAN if value > _HIJRI_CENTURY or grammar.calendar is Calendar.GREGORIAN else None)
    return Meaning(calendar, years(calendar, (value - 1) * 100 + 1, 100) if calendar else None)


def _figures(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    written = parts["figures"][0].classes["figures"]
    separator = next(char for char in written if not char.isdigit())
    numbers = [int(part) for part in written.split(separator)]
    year_first = numbers[0] >= _CENTURY
    year, month, day = numbers if year_first else numbers[::-1]
    era = next((token.classes["era"] for token in parts.get("era", ()) if "era" in token.classes), None)
    calendar = era or calendar_of(year, month, day, latest=today or date.max)
    if not year_first and grammar.capitals and calendar is Calendar.GREGORIAN and month != day:
        # English writes the day first, or the month.
        if month <= MONTHS and day <= MONTHS:
            return Meaning(calendar)
        day, month = (day, month) if month <= MONTHS else (month, day)
    found = day_or_none(calendar, year, month, day)
    return Meaning(calendar, found.isoformat() if found else None)


def _anchor(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    token = parts["anchor"][0]
    unit, ahead = token.classes.get("anchor") or token.classes.get("night_anchor") or ("day", 0)
    return _told_from(today, unit, ahead, grammar)


def _ago(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    return _counted(parts, grammar, today, -1)


def _ahead(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    return _counted(parts, grammar, today, 1)


def _two_ago(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    unit = next(token.classes["two_units"] for token in parts["unit"] if "two_units" in token.classes)
    return _told_from(today, unit, -2, grammar)


def _counted(parts: Parts, grammar: Grammar, today: date | None, sign: int) -> Meaning:
    many = number(parts["number"])
    if many is None or "more" in parts:
        return NOTHING
    return _told_from(today, _unit(parts), sign * many, grammar)


def _unit(parts: Parts) -> str:
    return next(token.classes["dunit"] for token in parts["unit"] if "dunit" in token.classes)  # type: ignore[no-any-return]


def _period(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    way = [name for token in parts.get("dir", ()) for name in ("last", "next") if name in token.classes]
    if _unit(parts) == "day" and not way:
        return NOTHING  # "these days", "the end of the day"
    return _told_from(today, _unit(parts), {"last": -1, "next": 1}[way[0]] if way else 0, grammar)


def _half(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    """The first or second six months of a year, of the article's where none is named."""
    half = number(parts["half"])
    year = _year(parts, grammar.calendar, grammar, today)
    if year is None and "year" not in parts and today is not None:
        year = days.parts(grammar.calendar, today)[0]
    if half not in _HALVES or year is None:
        return Meaning(grammar.calendar)
    return Meaning(grammar.calendar, months(grammar.calendar, year, MONTHS // 2 * (half - 1) + 1, MONTHS // 2))


def _told_from(today: date | None, unit: str, ahead: int, grammar: Grammar) -> Meaning:
    return so_far_ahead(today, unit, ahead, grammar.calendar, grammar.week_starts)


def _weekday(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    """A weekday is the last one up to the article's day, as news tells it, unless another is named."""
    if today is None:
        return NOTHING
    wanted = next(token.classes["weekday"] for token in parts["weekday"] if "weekday" in token.classes)
    way = {name for token in parts.get("dir", ()) for name in ("last", "next", "week_word") if name in token.classes}
    if "week_word" in way or any("week_word" in token.classes for token in parts.get("week", ())):
        begins = today - timedelta((today.weekday() - grammar.week_starts) % EACH_WEEK)
        begins += timedelta(EACH_WEEK * (-1 if "last" in way else 1 if "next" in way else 0))
        return Meaning(None, (begins + timedelta((wanted - grammar.week_starts) % EACH_WEEK)).isoformat())
    back = (today.weekday() - wanted) % EACH_WEEK
    if "next" in way:
        return Meaning(None, (today + timedelta(EACH_WEEK - back)).isoformat())
    return Meaning(None, (today - timedelta(back or ("last" in way) * EACH_WEEK)).isoformat())


def _season(parts: Parts, grammar: Grammar, today: date | None) -> Meaning:
    if grammar.calendar is not Calendar.JALALI:
        return NOTHING  # which days are summer differs by country
    first = next(token.classes["season"] for token in parts["season"] if "season" in token.classes)
    year = _year(parts, grammar.calendar, grammar, today)
    return Meaning(grammar.calendar, months(grammar.calendar, year, first, 3) if year is not None else None)


_READERS: Final[Mapping[str, Callable[[Parts, Grammar, date | None], Meaning]]] = {
    "day": _day,
    "days": _day,
    "month": _month,
    "turned": _turned,
    "year": _whole_year,
    "years": _whole_year,
    "decade": _decade,
    "century": _century,
    "figures": _figures,
    "anchor": _anchor,
    "ago": _ago,
    "ahead": _ahead,
    "two_ago": _two_ago,
    "period": _period,
    "half": _half,
    "weekday": _weekday,
    "season": _season,
}
