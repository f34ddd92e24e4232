"""Days, weeks, months or years of the desk's calendar, in which the charts count. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from factcheck.days import Clock, gregorian, parts
from factcheck.languages import Language
from factcheck.models import Calendar

Size = Literal["day", "week", "month", "year"]
MOST = 60
"""Periods that a chart shows: the last ones."""
_DAYS: tuple[tuple[Size, int], ...] = (("day", 45), ("week", 366), ("month", 1800))
"""Up to how many days are counted in such periods; what is longer in years."""


class Period(NamedTuple):
    """A period by its first day, and what a reader calls it."""

    start: date
    label: str


class Periods(NamedTuple):
    """How days are counted: in periods of that size, of that calendar."""

    size: Size
    clock: Clock

    def start(self, day: date) -> date:
        """The first day of the period; weeks begin on Saturday where the calendar is not Gregorian, else on Monday."""
        if self.size == "day":
            return day
        if self.size == "week":
            first = 0 if self.clock.calendar is Calendar.GREGORIAN else 5
            return day - timedelta(days=(day.weekday() - first) % 7)
        year, month, _ = parts(self.clock.calendar, day)
        return gregorian(self.clock.calendar, year, month if self.size == "month" else 1, 1)

    def between(self, first: date, last: date) -> list[date]:
        """The first days of all periods from one to another, the last `MOST` of them."""
        found = [self.start(last)]
        while found[-1] > first and len(found) < MOST:
            found.append(self.start(found[-1] - timedelta(days=1)))
        return found[::-1]

    def label(self, start: date, language: Language) -> str:
        """What a reader calls the period; a week by its first day."""
        said = self.clock.label(start, language) or ""
        if self.size in ("day", "week"):
            return said
        if said[4:5] in {"-", "/"}:  # in figures
            return said[:4] if self.size == "year" else said[:7]
        _, _, month = said.partition(" ")
        return month.rpartition(" ")[2] if self.size == "year" else month


def fitting(days: Sequence[date], clock: Clock) -> Periods:
    """The smallest periods in which these days are few enough; Gregorian ones where the desk's calendar ends."""
    span = (max(days) - min(days)).days if days else 0
    size: Size = next((size for size, most in _DAYS if span <= most), "year")
    return Periods(size, clock if all(_known(days, clock)) else Clock(clock.zone))


def _known(days: Sequence[date], clock: Clock) -> Iterator[bool]:
    for day in (min(days), max(days)) if days else ():
        try:
            year, _, _ = parts(clock.calendar, day)
            gregorian(clock.calendar, year, 1, 1)
        except ValueError:
            yield False
