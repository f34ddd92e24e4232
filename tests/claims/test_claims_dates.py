"""Dates in the words of a claim: where they stand and what they mean, in three languages and three calendars."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import factcheck
from factcheck import days, frames
from factcheck.claims import extract
from factcheck.claims.date_words import grammar
from factcheck.claims.dates import UNPLACED, expressions, named_dates, phrases
from factcheck.claims.recutting import recut
from factcheck.folding import fold_with_offsets
from factcheck.models import Article, Calendar, Claim, NamedDate, article_id

SAMPLES = Path(factcheck.__file__).parent / "samples" / "articles"
TODAY = date(2026, 11, 27)  # a Friday; 6 Azar 1405
LANGUAGES = ("fa", "ar", "en")


def read(text: str, lang: str, today: date | None = TODAY) -> list[tuple[str, str | None, str | None]]:
    """Words, calendar and meaning of the dates of a claim."""
    found = named_dates(text, fold_with_offsets(text).text, lang, today) or []
    return [(text[one["start"] : one["end"]], one["calendar"], one["iso"]) for one in found]


@pytest.mark.parametrize(
    ("text", "words", "calendar", "iso"),
    [
        # Jalali, in figures of any script and in words
        ("کارخانه روز ۲ آذر ۱۴۰۴ بسته شد.", "روز ۲ آذر ۱۴۰۴", "jalali", "2025-11-23"),
        ("کارخانه ۲ آذرماه ۱۴۰۴ بسته شد.", "۲ آذرماه ۱۴۰۴", "jalali", "2025-11-23"),
        ("کارخانه سه‌شنبه، دوم دی سال ۱۴۰۴ بسته شد.", "سه‌شنبه، دوم دی سال ۱۴۰۴", "jalali", "2025-12-23"),
        ("کارخانه 1404/09/02 بسته شد.", "1404/09/02", "jalali", "2025-11-23"),
        ("این قانون در سال ۹۸ تصویب شد.", "در سال ۹۸", "jalali", "2019-03-21/2020-03-19"),
        ("کارخانه بیست و دو بهمن ۱۴۰۳ باز شد.", "بیست و دو بهمن ۱۴۰۳", "jalali", "2025-02-10"),
        ("تولید در دهه ۷۰ دو برابر شد.", "در دهه ۷۰", "jalali", "1991-03-21/2001-03-20"),
        ("تولید در آبان ۱۴۰۴ نصف شد.", "در آبان ۱۴۰۴", "jalali", "2025-10-23/2025-11-21"),
        ("تولید تابستان امسال نصف شد.", "تابستان امسال", "jalali", "2026-06-22/2026-09-22"),
        # Hijri and Gregorian in Persian and Arabic
        ("او ۱۵ رمضان ۱۴۴۵ ه.ق. سفر کرد.", "۱۵ رمضان ۱۴۴۵ ه.ق", "hijri", "2024-03-25"),
        ("او در ۱۲ ژوئن ۲۰۱۹ سفر کرد.", "در ۱۲ ژوئن ۲۰۱۹", "gregorian", "2019-06-12"),
        # From the article's day
        ("او دیروز استعفا داد.", "دیروز", None, "2026-11-26"),
        ("او سه روز پیش استعفا داد.", "سه روز پیش", None, "2026-11-24"),
        ("نرخ در هفته گذشته بالا رفت.", "در هفته گذشته", None, "2026-11-14/2026-11-20"),
        ("نرخ در ماه گذشته بالا رفت.", "در ماه گذشته", "jalali", "2026-10-23/2026-11-21"),
        ("نرخ پنج سال پیش بالا رفت.", "پنج سال پیش", "jalali", "2021-03-21/2022-03-20"),
        ("نرخ سه سال بعد بالا رفت.", "سه سال بعد", None, None),
        ("نرخ سه سال دیگر بالا می‌رود.", "سه سال دیگر", "jalali", "2029-03-20/2030-03-20"),
        ("نرخ سه روز قبل از سفر بالا رفت.", "سه روز قبل", None, None),
        ("نرخ در آن روز بالا رفت.", "در آن روز", None, None),
        ("نرخ در پنج سال گذشته بالا رفت.", "در پنج سال گذشته", None, None),
        ("او روز شنبه استعفا داد.", "روز شنبه", None, "2026-11-21"),
        ("نرخ در نیمه دوم امسال بالا می‌رود.", "در نیمه دوم امسال", "jalali", "2026-09-23/2027-03-20"),
    ],
)
def test_dates_in_persian(text: str, words: str, calendar: str | None, iso: str | None) -> None:
    assert read(text, "fa") == [(words, calendar, iso)]


@pytest.mark.parametrize(
    ("text", "words", "calendar", "iso"),
    [
        ("أغلق الاثنين 23 تشرين الثاني/نوفمبر 2026.", "الاثنين 23 تشرين الثاني/نوفمبر 2026", "gregorian", "2026-11-23"),
        ("ارتفع في النصف الثاني من العام 2020.", "النصف الثاني من العام 2020", "gregorian", "2020-07-01/2020-12-31"),
        ("أغلق المصنع في ١٥ رمضان ١٤٤٥ بعد الحريق.", "١٥ رمضان ١٤٤٥", "hijri", "2024-03-25"),
        ("أغلق المصنع عام 2019 بعد الحريق.", "عام 2019", "gregorian", "2019"),
        ("أغلق المصنع قبل ثلاثة أيام.", "قبل ثلاثة أيام", None, "2026-11-24"),
        ("أغلق المصنع منذ شهرين.", "منذ شهرين", "gregorian", "2026-09"),
        ("يفتح المصنع الشهر المقبل.", "الشهر المقبل", "gregorian", "2026-12"),
        ("أغلق المصنع أمس الخميس.", "أمس الخميس", None, "2026-11-26"),
        ("أغلق المصنع مساء الخميس الماضي.", "مساء الخميس الماضي", None, "2026-11-26"),
        ("بني المصنع أواخر القرن التاسع عشر.", "أواخر القرن التاسع عشر", "gregorian", "1801/1900"),
        ("وأغلق المصنع وفي عام 2019 فتح.", "عام 2019", "gregorian", "2019"),
    ],
)  # fmt: skip
def test_dates_in_arabic(text: str, words: str, calendar: str | None, iso: str | None) -> None:
    assert read(text, "ar") == [(words, calendar, iso)]


@pytest.mark.parametrize(
    ("text", "words", "calendar", "iso"),
    [
        ("The plant closed on Monday, November 23, 2026.", "Monday, November 23, 2026", "gregorian", "2026-11-23"),
        ("The plant closed on 5 March 2019.", "5 March 2019", "gregorian", "2019-03-05"),
        ("The plant closed on the twenty-first of June.", "the twenty-first of June", "gregorian", "2026-06-21"),
        ("The plant closed from 5-7 June 2021.", "5-7 June 2021", "gregorian", "2021-06-05/2021-06-07"),
        ("The plant closed on 03/04/2025.", "03/04/2025", "gregorian", None),
        ("The plant closed on 23/04/2025.", "23/04/2025", "gregorian", "2025-04-23"),
        ("The plant was built in the 1990s.", "the 1990s", "gregorian", "1990/1999"),
        ("The plant was built from 2010 to 2015.", "2010 to 2015", "gregorian", "2010/2015"),
        ("The plant closed two years ago.", "two years ago", "gregorian", "2024"),
        ("The plant closed a year ago.", "a year ago", "gregorian", "2025"),
        ("The plant closed three weeks later.", "three weeks later", None, None),
        ("The plant closes three days from now.", "three days from now", None, "2026-11-30"),
        ("The plant closed last week.", "last week", None, "2026-11-16/2026-11-22"),
        ("The plant closed in early 2020.", "early 2020", "gregorian", "2020"),
        ("The plant opens next month.", "next month", "gregorian", "2026-12"),
        ("The plant closed yesterday.", "yesterday", None, "2026-11-26"),
        ("The plant closed last June.", "last June", "gregorian", "2026-06"),
        ("The plant closed in May.", "May", "gregorian", "2026-05"),
    ],
)
def test_dates_in_english(text: str, words: str, calendar: str | None, iso: str | None) -> None:
    assert read(text, "en") == [(words, calendar, iso)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The council may march on the palace with 2,300 people.", "en"),
        ("Some 1984 people signed, and 2019 dollars were paid.", "en"),
        ("The crossing took two hours and three days.", "en"),
        ("امام جمعه شهر به مهر و دی نگاه کرد.", "fa"),
        ("۲۷ می‌شود و ۲۰۲۲ نفر آمدند.", "fa"),
        ("در بزرگراه هفت تیر دوشنبه بازار است.", "fa"),
        ("سفر سه روز و پنج ساعت طول کشید.", "fa"),
        ("شارك في الماراثون 2019 شخصا وشرب الماء مع آب.", "ar"),
        ("سار ثلاثة أيام وخمس ساعات.", "ar"),
        ("", "fa"),
        ("Er kam am 5. März 2019.", "de"),
    ],
)
def test_what_names_no_day_month_or_year_is_no_date_of_a_claim(text: str, lang: str) -> None:
    assert read(text, lang) == []


def test_times_and_durations_are_found_and_told_from_dates() -> None:
    text = "جلسه ساعت ۱۸:۳۰ آغاز شد و سه ساعت طول کشید و هر روز تکرار می‌شود."
    kinds = {text[one.start : one.end]: one.kind for one in expressions(text, "fa")}
    assert kinds == {"ساعت ۱۸:۳۰": "time", "سه ساعت": "duration", "هر روز": "recurring"}
    assert set(kinds.values()) <= UNPLACED


def test_what_is_told_from_the_articles_day_has_no_meaning_without_one() -> None:
    assert read("The plant closed two years ago.", "en", None) == [("two years ago", "gregorian", None)]
    assert read("The plant closed yesterday.", "en", None) == [("yesterday", None, None)]
    assert read("The plant closed in 2019.", "en", None) == [("2019", "gregorian", "2019")]


def test_neighbours_of_one_sort_are_one_phrase_for_an_annotator() -> None:
    text = "امشب و فردا شب ساعت ۹ پخش می‌شود."
    assert [text[start:end] for start, end in phrases(text, "fa")] == ["امشب و فردا شب", "ساعت ۹"]


_WORDS = {
    lang: sorted({word for words in known.terms for word in (words,)})
    for lang in LANGUAGES
    if (known := grammar(lang)) is not None
}
_PIECES = st.one_of(
    st.sampled_from([word for words in _WORDS.values() for word in words]),
    st.integers(0, 2200).map(str),
    st.text(max_size=6),
    st.sampled_from(["۱۴۰۴/۰۹/۰۲", "۳۱/۱۲/۲۰۲۵", "18:30", "،", "-", "/", "\u200c", "و", "'", "1404-13-40", "٣٠"]),
)
_TEXTS = st.lists(_PIECES, max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", "\u200c", ""]).map(lambda glue: glue.join(pieces))
)


@settings(max_examples=300)
@given(_TEXTS, st.sampled_from(LANGUAGES), st.none() | st.dates())
def test_any_text_has_dates_that_stand_apart_and_can_be_read(text: str, lang: str, today: date | None) -> None:
    found = expressions(text, lang, today)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
    assert all(one.end <= other.start for one, other in pairwise(found))
    for struct in named_dates(text, fold_with_offsets(text).text, lang, today) or ():
        named = NamedDate(**struct)
        if named.iso:
            first, last = _ends(named.iso)
            assert first <= last


def _ends(iso: str) -> tuple[date, date]:
    first, _, last = iso.partition("/")
    return _first_day(first), _first_day(last or first)


def _first_day(iso: str) -> date:
    year, month, day = [*map(int, iso.split("-")), 1, 1][:3]
    return date(year, month, day)


@settings(max_examples=150)
@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)), st.sampled_from(["fa", "ar", "en"]), st.sampled_from(["", "۰"]))
def test_a_day_that_is_written_out_is_read_as_that_day(day: date, lang: str, persian: str) -> None:
    calendar = {"fa": Calendar.JALALI, "ar": Calendar.GREGORIAN, "en": Calendar.GREGORIAN}[lang]
    year, month, number = days.parts(calendar, day)
    name = {
        "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "en": "January February March April May June July August September October November December",
    }[lang].split()[month - 1]
    written = f"{number} {name} {year}"
    if persian:
        written = written.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    ((words, of, iso),) = read(f"x {written} x", lang)
    assert (words, of, iso) == (written, calendar.value, day.isoformat())


@settings(max_examples=150)
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 400))
def test_days_ago_are_counted_from_the_articles_day(today: date, many: int) -> None:
    for text, lang in ((f"{many} روز پیش", "fa"), (f"قبل {many} يوما", "ar"), (f"{many} days ago", "en")):
        assert read(text, lang, today) == [(text, None, (today - timedelta(many)).isoformat())]


@pytest.mark.parametrize(
    "piece", ["سه روز و ", "5 March and ", "قبل ثلاثة أيام و", "1404/", "و ", "twenty-", "۱۲:", "in the "]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        least = 9.0
        for _ in range(3):
            before = time.process_time()
            for lang in LANGUAGES:
                expressions(text, lang, TODAY)
            least = min(least, time.process_time() - before)
        return least

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(400), 0.002)


def _article(text: str, lang: str, **facts: object) -> Article:
    return Article(
        article_id=article_id(url="https://example.org/1", publisher=None, title=None, text=text),
        url="https://example.org/1",
        source="1.txt",
        lang=lang,
        text=text,
        fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
        **facts,
    )


def test_a_claim_carries_its_dates_from_its_publishers_own_day() -> None:
    text = "The ministry closed 40 schools yesterday. The council said that 12 wells had dried up in May 2019."
    at = datetime(2026, 11, 27, 21, tzinfo=UTC)
    frame = frames.from_records(Article, [_article(text, "en", published_at=at, published_day=date(2026, 11, 28))])
    claims = extract(frame).claims
    assert claims["dates"].to_list() == [
        [{"start": 31, "end": 40, "calendar": None, "iso": "2026-11-27"}],
        [{"start": 47, "end": 55, "calendar": "gregorian", "iso": "2019-05"}],
    ]
    quotes = claims["quote"].to_list()
    assert [quotes[0][31:40], quotes[1][47:55]] == ["yesterday", "May 2019"]
    assert [len(claim.dates or ()) for claim in frames.to_records(Claim, claims)] == [1, 1]


def test_cut_again_a_claim_without_dates_gets_them() -> None:
    frame = frames.from_records(Article, [_article("The ministry closed 40 schools in May 2019.", "en")])
    cut = extract(frame).claims
    before = cut.with_columns(dates=pl.lit(None, cut.schema["dates"]))
    (told,) = recut(before, cut, held=()).updated["dates"].to_list()
    assert [re.sub(r"-.*", "", one["iso"]) for one in told] == ["2019"]


GOLDEN = Path(__file__).parent / "dates_of_samples.tsv"
"""Written again with `WRITE_GOLDEN=1`; read what changed before you keep it."""


def test_the_dates_of_the_bundled_articles_are_what_they_were() -> None:
    articles = [
        _article(path.read_text("utf-8"), path.name[:2], published_day=TODAY).model_copy(
            update={"article_id": article_id(url=path.name, publisher=None, title=None, text="")}
        )
        for path in sorted(SAMPLES.glob("*.txt"))
    ]
    found = [
        "\t".join([row["quote"][one["start"] : one["end"]], one["calendar"] or "-", one["iso"] or "-"])
        for row in extract(frames.from_records(Article, articles)).claims.iter_rows(named=True)
        for one in row["dates"] or ()
    ]
    written = "".join(f"{line}\n" for line in found)
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(written, "utf-8")
    assert written == GOLDEN.read_text("utf-8")
