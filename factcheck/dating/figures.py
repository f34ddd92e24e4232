"""Dates in figures: which calendar counts so, and the day."""

from __future__ import annotations

from datetime import date

from factcheck import days
from factcheck.models import Calendar

FIRST_GREGORIAN = 1600
"""The first year of news that is of the Gregorian calendar alone; Jalali and Hijri count 14xx today."""


def calendar_of(year: int, month: int, day: int, *, latest: date) -> Calendar:
    """The calendar of a date in figures. Of Jalali and Hijri the later day that is not after `latest`.

    News is young: 1402/05/01 is 2023 in Jalali and 1981 in Hijri; 1446/05/01 is 2067 and 2024.
    """
    if year >= FIRST_GREGORIAN:
        return Calendar.GREGORIAN
    read = [(day_or_none(calendar, year, month, day), calendar) for calendar in (Calendar.JALALI, Calendar.HIJRI)]
    past = [(when, calendar) for when, calendar in read if when is not None and when <= latest]
    return max(past, key=lambda item: item[0])[1] if past else Calendar.JALALI


def day_or_none(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The day as a Gregorian date; None where the calendar has no such day."""
    try:
        return days.gregorian(calendar, year, month, day)
    except ValueError:
        return None
