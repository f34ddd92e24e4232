"""Days, months and years told from a day, as ISO 8601 in the Gregorian calendar."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from factcheck import days
from factcheck.models import Calendar

MONTHS: Final = 12
EACH_WEEK: Final = 7
SPANS: Final = {"year": 1, "decade": 10, "century": 100}
"""Units of whole years, and how many they are."""


class Meaning(NamedTuple):
    """The calendar it is counted in, None for a day told from the article's; `iso` is None where it cannot be told."""

    calendar: Calendar | None = None
    iso: str | None = None


NOTHING = Meaning()


@lru_cache(maxsize=1 << 12)  # a desk's articles are of a few days, and their words are few
def so_far_ahead(today: date | None, unit: str, ahead: int, of_language: Calendar, week_starts: int) -> Meaning:
    """The day, week, month, year ... that lies so many ahead of the one in which the article's day is."""
    calendar = of_language if unit in {"month", *SPANS} else None
    if today is None:
        return Meaning(calendar)
    if unit == "day":
        return Meaning(None, (today + timedelta(ahead)).isoformat())
    if unit == "week":
        first = today - timedelta((today.weekday() - week_starts) % EACH_WEEK) + timedelta(EACH_WEEK * ahead)
        return Meaning(None, f"{first}/{first + timedelta(EACH_WEEK - 1)}")
    if calendar is None:
        return NOTHING
    year, month, _ = days.parts(calendar, today)
    if unit == "month":
        later = year * MONTHS + month - 1 + ahead
        return Meaning(calendar, months(calendar, later // MONTHS, later % MONTHS + 1, 1))
    span = SPANS[unit]
    # Centuries begin with a year that ends in 1, decades with one that ends in 0; a day so many years ago is in one.
    first_year = (year - (unit == "century")) // span * span + (unit == "century") + span * ahead
    return Meaning(calendar, years(calendar, first_year, span))


def months(calendar: Calendar, year: int, month: int, many: int) -> str:
    """So many months of a calendar from one on: 2026-10 or first and last day; ValueError where there are none."""
    if calendar is Calendar.GREGORIAN and many == 1:
        return date(year, month, 1).isoformat()[:7]
    later = year * MONTHS + month - 1 + many
    first = days.gregorian(calendar, year, month, 1)
    return f"{first}/{days.gregorian(calendar, later // MONTHS, later % MONTHS + 1, 1) - timedelta(1)}"


def years(calendar: Calendar, year: int, many: int) -> str:
    """So many years of a calendar from one on: 2026, 1990/1999, or first and last day; ValueError beyond its tables."""
    if calendar is not Calendar.GREGORIAN:
        return months(calendar, year, 1, MONTHS * many)
    first, last = date(year, 1, 1).isoformat()[:4], date(year + many - 1, 1, 1).isoformat()[:4]
    return first if many == 1 else f"{first}/{last}"
