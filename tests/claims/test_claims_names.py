"""Names of an article: short forms mean the longest mention; talks and interviews only where they are announced."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.claims import extract
from factcheck.claims.names import Names
from factcheck.models import Article, article_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def claimants(text: str, lang: str) -> list[str | None]:
    identity = article_id(url="https://example.org/1", publisher=None, title=None, text=text)
    article = Article(article_id=identity, source="case", lang=lang, text=text, fetched_at=NOW)
    return extract(frames.from_records(Article, [article])).claims["claimant"].to_list()


@pytest.mark.parametrize(
    ("mentions", "short", "meant"),
    [
        (["Dr Ada Lindqvist", "the council"], "Lindqvist", "Dr Ada Lindqvist"),
        (["the Ministry of Roads"], "Ministry of Roads", "Ministry of Roads"),
        (["رحیمی سخنگوی اتحادیه"], "رحیمی", "رحیمی سخنگوی اتحادیه"),
        (["وزير الصحة، جورج خوري"], "خوري", "وزير الصحة، جورج خوري"),
        (["Anna Berg", "Otto Berg"], "Berg", "Berg"),
        (["Otto Berg", "Mayor Otto Berg"], "Berg", "Mayor Otto Berg"),
        (["Ada Lindqvist of Kestrel"], "Lindqvist", "Lindqvist"),
        ([], "Nobody", "Nobody"),
        (["Anna Berg"], "«»", "«»"),
    ],
)
def test_a_short_form_means_the_longest_mention_unless_two_could_be_meant(
    mentions: list[str], short: str, meant: str
) -> None:
    names = Names()
    for name in mentions:
        names.add(name)
    assert names.longest(short) == meant


@given(st.lists(st.text("ab «", max_size=6), max_size=6), st.text("ab «", max_size=6))
def test_what_is_meant_is_a_mention_or_the_name_itself(mentions: list[str], name: str) -> None:
    names = Names()
    for mention in mentions:
        names.add(mention)
    assert names.longest(name) in {name, *mentions}
    assert names.add(name) in {name, *mentions}
    assert name.strip(" «") == "" or name in names


def test_a_second_mention_is_the_person_that_was_named() -> None:
    text = (
        "Dr Ada Lindqvist said that the bridge had cost four million euros.\n"
        "Lindqvist said that it would be closed for nine weeks."
    )
    assert claimants(text, "en") == ["Dr Ada Lindqvist", "Dr Ada Lindqvist"]


def test_questions_in_a_text_make_no_interview_of_it() -> None:
    text = (
        "The council raised fares twice in 2024.\nWill that be enough?\nWho is to pay?\nAnd when?\n"
        "Sales in the old town fell by seven percent in October."
    )
    assert claimants(text, "en") == [None, None]


def test_a_talk_that_is_announced_is_its_speakers_until_the_article_reports_again() -> None:
    text = (
        "Full text of the speech by Ada Lindqvist:\n"
        "Wages in this town rose by nine percent last year.\nSix hundred people found work.\n"
        "He said the hall was full of guests from forty towns."
    )
    assert claimants(text, "en")[:2] == ["Ada Lindqvist", "Ada Lindqvist"]
    fa = (
        "متن کامل سخنان رئیس اتاق اصناف به شرح زیر است:\n"
        "دستمزد کارگران امسال سی درصد افزایش یافت.\nششصد نفر بیمه می‌گیرند."
    )
    assert claimants(fa, "fa") == ["رئیس اتاق اصناف", "رئیس اتاق اصناف"]
    ar = "نص كلمة رئيس البلدية:\nارتفعت الأجور تسعة في المئة هذا العام.\nوجد ستمئة شخص عملا."
    assert claimants(ar, "ar") == ["رئيس البلدية", "رئيس البلدية"]


def test_an_announcement_of_something_else_gives_no_speaker() -> None:
    assert claimants("Full text of the agreement:\nThe bridge cost four million euros in 2024.", "en") == [None, None]


def test_who_is_interviewed_below_is_known_by_his_whole_name_in_the_summary_above() -> None:
    text = (
        "گفت‌وگوی «سام نیک» با «کاوه رادان» سفیر آراندیا در بلیا.\n\n"
        "رادان در این گفت‌وگو اعلام کرد پیمان دو کشور در سال ۱۴۰۲ امضا شد.\n\n"
        "سام نیک: پیمان چه زمانی امضا شد؟\n\n"
        "کاوه رادان: پیمان در سال ۱۴۰۲ امضا شد و ۵ بند دارد.\n\n"
        "سام نیک: و پس از آن؟\n\n"
        "کاوه رادان: پس از آن ۳ دیدار برگزار شد."
    )
    assert claimants(text, "fa")[:2] == [None, "کاوه رادان"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Finance Minister Ann Lee met 3 reporters. Lee said the mill lost 40 people.", "Finance Minister Ann Lee"),
        ("Anna Berg and Otto Berg met 3 reporters. Berg said the mill lost 40 people.", "Berg"),
        ("Otto Berg met Mayor Otto Berg. Berg said the mill lost 40 people.", "Mayor Otto Berg"),
        (
            "Ann Lee, the finance minister, said prices fell. The finance minister said the mill lost 40 people.",
            "Ann Lee, the finance minister",
        ),
        (
            (
                "Ann Lee, the finance minister, said prices fell. Bob Ray, the finance minister, said prices rose. "
                "The finance minister said the mill lost 40 people."
            ),
            "The finance minister",
        ),
    ],
)
def test_who_is_meant_is_told_only_where_it_is_one_person(text: str, who: str) -> None:
    assert claimants(text, "en")[-1] == who
