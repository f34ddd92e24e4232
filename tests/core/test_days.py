"""Days as people of a desk read them, in three calendars and any zone; files keep UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.days import Clock, gregorian, is_bare, parts
from factcheck.models import Calendar

LATE = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
TEHRAN = Clock("Asia/Tehran", Calendar.JALALI)


def test_a_late_evening_in_greenwich_is_the_next_day_in_tehran() -> None:
    assert Clock().time(LATE) == "2026-11-26 22:00"
    assert TEHRAN.time(LATE) == "1405/09/06 01:30"
    assert TEHRAN.label(LATE, "fa") == "۶ آذر ۱۴۰۵"
    assert Clock("Asia/Riyadh", Calendar.HIJRI).label(LATE, "ar") == "١٧ جمادى الآخرة ١٤٤٨"
    assert TEHRAN.label(LATE, "en") == "1405/09/06"
    assert Clock().label(LATE, "fa") == "2026-11-26"


@given(st.dates(date(1930, 1, 1), date(2070, 1, 1)), st.sampled_from(["America/Los_Angeles", "Asia/Tehran", "UTC"]))
def test_a_day_without_a_time_stays_on_its_day_in_every_zone(day: date, zone: str) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert Clock(zone).day(midnight, bare=True) == day.isoformat()


@given(st.dates(date(1930, 1, 1), date(2070, 1, 1)), st.sampled_from(list(Calendar)))
def test_there_and_back_is_the_same_day_and_days_follow_each_other(day: date, calendar: Calendar) -> None:
    assert gregorian(calendar, *parts(calendar, day)) == day
    assert parts(calendar, day + timedelta(days=1)) > parts(calendar, day)


def test_where_the_tables_of_a_calendar_end_the_day_is_gregorian() -> None:
    old = datetime(1900, 1, 1, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"."):
        parts(Calendar.HIJRI, old.date())
    assert Clock(calendar=Calendar.HIJRI).day(old) == "1900-01-01"
    assert Clock(calendar=Calendar.HIJRI).label(old, "ar") == "1900-01-01"


@pytest.mark.parametrize(
    ("moment", "raw", "bare"),
    [
        (datetime(2026, 11, 26, tzinfo=UTC), "۱۴۰۵/۰۹/۰۵", True),
        (datetime(2026, 11, 26, tzinfo=UTC), None, True),
        (datetime(2026, 11, 26, tzinfo=UTC), "2026-11-26T00:00:00Z", False),
        (datetime(2026, 11, 26, tzinfo=UTC), "۵ آذر ۱۴۰۵، ساعت ۳:۳۰", False),
        (LATE, "2026-11-26", False),
        (None, "2026-11-26", False),
    ],
)
def test_a_date_is_bare_where_no_time_was_written(moment: datetime | None, raw: str | None, *, bare: bool) -> None:
    assert is_bare(moment, raw) is bare
