"""Days and times as a person reads them: in the desk's time zone and calendar. Files keep UTC and ISO 8601."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from factcheck.languages import Language, read
from factcheck.models import Calendar
from factcheck.text import digits_of_any_script

CLOCK_TIME = re.compile(r"\d[:٫]\d{2}")
"""A time of day in a date as it was written."""


class Clock(NamedTuple):
    """A time zone (IANA) and a calendar for people."""

    zone: str = "UTC"
    calendar: Calendar = Calendar.GREGORIAN

    def day(self, moment: datetime | date | None, *, bare: bool = False) -> str:
        """The day in figures: `2026-11-27`, `1405/09/06` (Jalali), `1448/06/17` (Hijri); a dash for none.

        `bare` says that the moment stands for a day without a time, which no zone moves to another day.
        """
        if moment is None:
            return "–"
        day = self._local(moment, bare=bare)
        if (shown := self._parts(day)) is None:
            return day.isoformat()
        year, month, number = shown
        return f"{year}/{month:02}/{number:02}"

    def time(self, moment: datetime | None) -> str:
        """The day and the time: `2026-11-27 10:30`; a dash for none."""
        return "–" if moment is None else f"{self.day(moment)} {moment.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def label(self, moment: datetime | date | None, language: Language, *, bare: bool = False) -> str | None:
        """The day as a reader of the language writes it: `۶ آذر ۱۴۰۵`; ISO 8601 in the Gregorian calendar."""
        if moment is None:
            return None
        shown = self._parts(self._local(moment, bare=bare))
        names = written(language)["months"].get(self.calendar)
        if shown is None or names is None:
            return self.day(moment, bare=bare)
        year, month, number = shown
        return own_digits(f"{number} {names[month - 1]} {year}", language)

    def _parts(self, day: date) -> tuple[int, int, int] | None:
        """The day in a calendar with month names of its own; None for a Gregorian one, also where the tables end."""
        if self.calendar is Calendar.GREGORIAN:
            return None
        try:
            return parts(self.calendar, day)
        except ValueError:
            return None

    def _local(self, moment: datetime | date, *, bare: bool) -> date:
        if not isinstance(moment, datetime):
            return moment
        return moment.astimezone(UTC if bare else ZoneInfo(self.zone)).date()


def written(language: Language) -> dict[str, Any]:
    """How a language writes days and numbers: `digits`, `decimal`, `per_cent`, `calendar`, `months` by calendar."""
    found: dict[str, Any] = (read(language, "labels") or {})["days"]
    return {"months": {}} | found


def own_digits(number: str, language: Language) -> str:
    """The number in the digits of the language."""
    return number.translate(str.maketrans("0123456789", written(language)["digits"]))


UTC_CLOCK = Clock()
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?\d)?", re.IGNORECASE)
_FIRST_HIJRI = 1430
_EARLY_DATE = re.compile(r"(1[2-6]\d{2})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class OtherDay(NamedTuple):
    """A day that is not named as a Gregorian one: what it is called, and its Gregorian day where that can be told."""

    what: str
    day: date | None


def in_other_calendar(text: str) -> OtherDay | None:
    """What the text names where it is a week, or a date in a year of the Jalali or Hijri calendar; else None."""
    folded = digits_of_any_script(text.strip())
    if week := _WEEK.fullmatch(folded):
        try:
            return OtherDay("a week", date.fromisocalendar(int(week[1]), int(week[2]), 7))
        except ValueError:
            return OtherDay("a week", None)
    if early := _EARLY_DATE.fullmatch(folded):
        year, month, day = int(early[1]), int(early[2] or 1), int(early[3] or 1)
        # This year is 1405 in the one and 1448 in the other: nobody has versions of the years between.
        calendar = Calendar.HIJRI if year >= _FIRST_HIJRI else Calendar.JALALI
        what = f"a date of the {calendar.capitalize()} calendar"
        try:
            return OtherDay(what, gregorian(calendar, year, month, day))
        except (ValueError, ImportError):  # no such day; the small install has no calendars
            return OtherDay(what, None)
    return None


def moment_in(cues: Sequence[Mapping[str, Any]] | None, start: int) -> float | None:
    """Seconds from the beginning at which what stands at `start` (code points) was said; None without cues before it.

    `cues` are the structs of an article: `start` and `seconds`, in the order of their places.
    """
    at = bisect.bisect_right(cues or [], start, key=lambda cue: cue["start"])
    return float(cues[at - 1]["seconds"]) if cues and at else None


def running_time(seconds: float) -> str:
    """A moment of a recording as h:mm:ss, whole seconds."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def is_bare(moment: datetime | None, raw: str | None) -> bool:
    """Whether an article's date has no time: it is stored as the first moment of its day, and none was written."""
    if moment is None or moment.astimezone(UTC).time() != datetime.min.time():
        return False
    return raw is None or CLOCK_TIME.search(digits_of_any_script(raw)) is None


def day_of(article: Mapping[str, Any]) -> tuple[datetime | date | None, bool]:
    """The day of an article (published_at, published_raw, published_day), and whether it stands for a day alone.

    That is the publisher's own day, where it is known.
    """
    day, moment = article.get("published_day"), article.get("published_at")
    return (day, True) if day else (moment, is_bare(moment, article.get("published_raw")))


def gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The day as a Gregorian date; raises ValueError where the calendar has no such day.

    Jalali by persiantools (33-year rule), Hijri by hijridate (Umm al-Qura; years 1343 to 1500 only).
    """
    if calendar is Calendar.JALALI:
        from persiantools.jdatetime import JalaliDate

        return date.fromordinal(JalaliDate(year, month, day).to_gregorian().toordinal())  # type: ignore[no-untyped-call]
    if calendar is Calendar.HIJRI:
        from hijridate import Hijri

        try:
            found = Hijri(year, month, day).to_gregorian()
        except OverflowError as error:
            raise ValueError(str(error)) from error
        return date(found.year, found.month, found.day)
    return date(year, month, day)


def parts(calendar: Calendar, day: date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian date in the calendar; what `gregorian` takes back.

    Raises ValueError for a day outside the Hijri tables (1 August 1924 to 16 November 2077).
    """
    if calendar is Calendar.JALALI:
        from persiantools.jdatetime import JalaliDate

        found = JalaliDate.to_jalali(day)  # type: ignore[no-untyped-call]
        return found.year, found.month, found.day
    if calendar is Calendar.HIJRI:
        from hijridate import Gregorian

        try:
            hijri = Gregorian(day.year, day.month, day.day).to_hijri()
        except OverflowError as error:
            raise ValueError(str(error)) from error
        return hijri.year, hijri.month, hijri.day
    return day.year, day.month, day.day
