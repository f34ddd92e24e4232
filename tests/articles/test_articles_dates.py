from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hijridate import Hijri
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from factcheck.articles.dates import find_date, published

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

JALALI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("raw", "lang", "expected", "calendar"),
    [
        ("2025-11-23", "en", "2025-11-23T00:00", "gregorian"),
        ("2025-11-23T10:30:00+03:30", "fa", "2025-11-23T07:00", "gregorian"),
        ("2025-11-23T10:30:00Z", "fa", "2025-11-23T10:30", "gregorian"),
        ("2025-11-23T10:30:00.123+0330", "fa", "2025-11-23T07:00", "gregorian"),
        ("Sun, 23 Nov 2025 10:30:00 +0330", "en", "2025-11-23T07:00", "gregorian"),
        ("November 23, 2025", "en", "2025-11-23T00:00", "gregorian"),
        ("23rd of Nov. 2025", "en", "2025-11-23T00:00", "gregorian"),
        ("23/11/2025", "en", "2025-11-23T00:00", "gregorian"),
        ("03/04/2025", "ar", "2025-04-03T00:00", "gregorian"),
        ("الخميس ١٢ يناير ٢٠٢٣ - ٠٢:٢٨ بتوقيت غرينتش", "ar", "2023-01-12T02:28", "gregorian"),
        ("12 كانون الثاني/يناير 2023", "ar", "2023-01-12T00:00", "gregorian"),
        ("٢٣ نوفمبر ٢٠٢٥، الساعة ٣:١٥ مساءً بتوقيت مكة", "ar", "2025-11-23T12:15", "gregorian"),
        ("۲۳ نوامبر ۲۰۲۵", "fa", "2025-11-23T00:00", "gregorian"),
        ("۲۹ مهر ۱۴۰۴", "fa", "2025-10-21T00:00", "jalali"),
        ("۱۴۰۴/۰۷/۲۹", "fa", "2025-10-21T00:00", "jalali"),
        ("یکشنبه، ۲ آذرماه ۱۴۰۴ - ۱۲:۳۰ به وقت تهران", "fa", "2025-11-23T09:00", "jalali"),
        ("۳۰ اسفند ۱۴۰۳", "fa", "2025-03-20T00:00", "jalali"),  # a leap year
        ("٥ رمضان ١٤٤٦ هـ", "ar", "2025-03-05T00:00", "hijri"),
        ("۷ ذی‌القعده ۱۴۴۶", "fa", "2025-05-05T00:00", "hijri"),
        ("1446/05/01", "ar", "2024-11-03T00:00", "hijri"),  # as Jalali it would be the year 2067
        ("1404/05/01 هجری قمری", "fa", "1984-02-02T00:00", "hijri"),
    ],
)
def test_dates_of_three_calendars(raw: str, lang: str, expected: str, calendar: str, now: datetime) -> None:
    found = published(raw, now=now, lang=lang)
    assert found.at == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert found.calendar == calendar


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (None, "date_missing"),
        ("  ", "date_missing"),
        ("yesterday", "date_unreadable"),
        ("قطعنامه ۲۲۳۱ شورای امنیت", "date_unreadable"),
        ("2025-02-30", "date_impossible"),
        ("Sat, 30 Feb 2025 10:30:00 +0000", "date_impossible"),
        ("2025-13-45", "date_impossible"),
        ("۳۰ اسفند ۱۴۰۴", "date_impossible"),  # no leap year
        ("۳۱ مهر ۱۴۰۴", "date_impossible"),
        ("23 November 2025 25:00", "date_impossible"),
        ("1970-01-01", "date_epoch"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "date_epoch"),
        ("2031-01-01", "date_future"),
        ("۱ فروردین ۱۴۱۰", "date_future"),
        ("03/04/2025", "date_ambiguous"),
    ],
)
def test_what_is_no_date_is_null_with_a_warning_and_never_now(raw: str | None, warning: str, now: datetime) -> None:
    found = published(raw, now=now, lang="en")
    assert found.at is None
    assert found.warnings == (warning,)


def test_a_clock_without_a_place_is_read_as_utc_and_says_so(now: datetime) -> None:
    found = published("۲ آذر ۱۴۰۴ ساعت ۰۸:۰۵", now=now, lang="fa")
    assert (found.at, found.warnings) == (datetime(2025, 11, 23, 8, 5, tzinfo=UTC), ("zone_assumed_utc",))


def test_a_date_of_the_next_time_zone_is_not_the_future(now: datetime) -> None:
    assert published((now + timedelta(hours=11)).date().isoformat(), now=now, lang="en").at is not None


@given(st.dates(date(1979, 3, 21), date(2026, 3, 20)), st.sampled_from(["", "ماه"]), st.booleans())
def test_every_jalali_day_is_found_in_its_sentence(day: date, month_word: str, numeric: bool) -> None:
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    written = (
        f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"
        if numeric
        else f"{jalali.day} {JALALI[jalali.month - 1]}{month_word} {jalali.year}"
    ).translate(PERSIAN_DIGITS)
    line = f"این قرارداد در {written} امضا شد."
    found = find_date(line, now=datetime(2026, 11, 22, tzinfo=UTC), lang="fa")
    assert found is not None
    assert (found.day, line[found.start : found.end]) == (day, written)


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)))
def test_every_hijri_day_is_read(day: date) -> None:
    hijri = Hijri.fromisoformat(_hijri(day))
    raw = f"{hijri.day} {_HIJRI[hijri.month - 1]} {hijri.year} هـ".translate(ARABIC_DIGITS)
    found = published(raw, now=datetime(2026, 11, 22, tzinfo=UTC), lang="ar")
    assert found.at is not None
    assert found.at.date() == day


_HIJRI = ["محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"]  # fmt: skip  # noqa: E501


def _hijri(day: date) -> str:
    from hijridate import Gregorian

    return Gregorian.fromdate(day).to_hijri().isoformat()


@pytest.mark.parametrize(
    ("raw", "at", "day"),
    [
        ("20240517T080915Z", "2024-05-17T08:09:15", "2024-05-17"),
        ("20240517T2330+0330", "2024-05-17T20:00:00", "2024-05-17"),
        ("20240517", "2024-05-17T00:00:00", "2024-05-17"),
        ("2023-05-09T01:30:00+03:00", "2023-05-08T22:30:00", "2023-05-09"),
        ("3rd, March 2024 GMT", "2024-03-03T00:00:00", "2024-03-03"),
        ("7. März 2022", "2022-03-07T00:00:00", "2022-03-07"),
        ("23 Mayıs 2023", "2023-05-23T00:00:00", "2023-05-23"),
        ("١٢ من آذار ٢٠٢٤", "2024-03-12T00:00:00", "2024-03-12"),
        ("Sun, 23 Nov 25 10:30:00 +0330", "2025-11-23T07:00:00", "2025-11-23"),
        ("Sun, 23 Nov 2025 24:00:00 GMT", "2025-11-24T00:00:00", "2025-11-24"),
        ("۱ تیر ۱۴۰۰، ساعت ۱۰:۱۵ به وقت تهران", "2021-06-22T05:45:00", "2021-06-22"),
        ("۱ تیر ۱۴۰۳، ساعت ۱۰:۱۵ به وقت تهران", "2024-06-21T06:45:00", "2024-06-21"),
        ("23 July 2025 10:30 CEST", "2025-07-23T08:30:00", "2025-07-23"),
    ],
)
def test_written_forms_of_people_and_machines_and_the_clock_of_a_place_at_that_date(
    raw: str, at: str, day: str
) -> None:
    found = published(raw, now=NOW, lang="en")
    assert found.at is not None
    assert (found.at.replace(tzinfo=None).isoformat(), str(found.day), found.warnings) == (at, day, ())


@pytest.mark.parametrize("zone", ["AST", "IST", "XYZ"])
def test_a_zone_by_letters_that_several_have_is_assumed_and_said(zone: str) -> None:
    found = published(f"Sun, 23 Nov 2025 10:30:00 {zone}", now=NOW, lang="en")
    assert found.at is not None
    assert (found.at.hour, found.warnings) == (10, ("zone_assumed_utc",))


@pytest.mark.parametrize("raw", ["resolution 20240517", "120240517", "20241317", "20240532T1010"])
def test_figures_that_only_look_like_a_date_are_none(raw: str) -> None:
    assert published(raw, now=NOW, lang="en").at is None
