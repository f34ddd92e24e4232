"""Claimants in Persian: the noun phrase before the verb that can speak, or nobody where none can."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.claims import extract
from factcheck.claims.grammar import grammar
from factcheck.claims.names import Names
from factcheck.claims.verb_last import find
from factcheck.folding import fold_with_offsets
from factcheck.models import Article, article_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def claims(text: str) -> list[tuple[str | None, str | None]]:
    identity = article_id(url="https://example.org/1", publisher=None, title=None, text=text)
    article = Article(article_id=identity, source="case", lang="fa", text=text, fetched_at=NOW)
    found = extract(frames.from_records(Article, [article])).claims
    return list(zip(found["claimant"], found["reporting_verb"], strict=True))


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("به گزارش ایرنا وزیر نیرو گفت: ذخیره سدها به نیمه رسیده است.", "وزیر نیرو"),
        ("در این نشست مدیرکل منابع طبیعی کردستان اعلام کرد ده هکتار جنگل سوخت.", "مدیرکل منابع طبیعی کردستان"),
        (
            "سخنگوی وزارت بهداشت، درمان و آموزش پزشکی افزود: ۱۲ نفر بستری شدند.",
            "سخنگوی وزارت بهداشت، درمان و آموزش پزشکی",
        ),
        ("شهرام صادقی که ریاست این صندوق را بر عهده دارد، گفت سود سهام پرداخت شده است.", "شهرام صادقی"),
        ("تسلیمی با تأکید بر این که مردم صبورند، گفت: سهمیه بنزین کم نمی‌شود.", "تسلیمی"),
        ("مریم شکیبا، استاد دانشگاه شیراز، معتقد است تورم امسال بالا می‌رود.", "مریم شکیبا، استاد دانشگاه شیراز"),
        ("دبیر کل اتحادیه، سام راد گفت: این پیمان در سال ۱۴۰۵ گسترش می‌یابد.", "دبیر کل اتحادیه، سام راد"),
        ("حزب کار ناورلند دولت را متهم کرد که آمار بیکاری را دستکاری کرده است.", "حزب کار ناورلند"),
        ("کرملین گزارش‌ها درباره مذاکرات محرمانه را تکذیب کرد.", "کرملین"),
        ("استاندار گیلان: سیل به ۴۰۰ خانه آسیب زد", "استاندار گیلان"),
        ("بسیاری از کارشناسان سازمان بهداشت هشدار می‌دهند که مالاریا باز می‌گردد.", "بسیاری از کارشناسان سازمان بهداشت"),
        ("سرلک در شبکه اجتماعی خود نوشت: ۳۰۰ نفر آمدند.", "سرلک"),
        ("وزیر راه نگرانی عمیق خود را ابراز کرد و گفت ده پل فرو ریخت.", "وزیر راه"),
        ("پیش از این رئیس پلیس راه گفته بود تلفات جاده‌ای ده درصد کم شده است.", "رئیس پلیس راه"),
    ],
)  # fmt: skip
def test_who_reports(sentence: str, who: str) -> None:
    assert [claimant for claimant, _ in claims(sentence)] == [who]


@pytest.mark.parametrize(
    "sentence",
    [
        "قیمت طلا دیروز سه درصد بالا رفت و به اوج خود رسید.",
        "باید گفت که این طرح در سال ۱۴۰۲ شکست خورده است.",
        "در پایان این مراسم از خانواده دو شهید تقدیر شد.",
        "از نظر اقتصادی، این پروژه سه میلیارد تومان زیان داده است.",
        "نام این شهر در سه کتاب تاریخی گفته شده است.",
        "وزیر راه کتاب را به دو نماینده تقدیم کرد.",
    ],
)
def test_where_nobody_reports_there_is_no_claimant(sentence: str) -> None:
    assert {claimant for claimant, _ in claims(sentence)} <= {None}


def test_this_spokesman_is_the_one_named_before() -> None:
    text = "رضا کمالی سخنگوی اتحادیه گفت: صادرات نصف شده است.\nبه گفته این سخنگو، سه کارخانه تعطیل شد."
    assert [claimant for claimant, _ in claims(text)] == ["رضا کمالی سخنگوی اتحادیه"] * 2


@pytest.mark.parametrize("joint", ["\u200c", " ", ""])
def test_a_form_is_found_with_and_without_a_joiner(joint: str) -> None:
    assert claims(f"وزیر راه می{joint}گوید دو پل بسته شد.") == [("وزیر راه", f"می{joint}گوید")]


def test_other_words_stand_between_the_parts_of_a_compound() -> None:
    assert claims("وزیر راه ابراز خوش‌بینی کرد دو پل تا سال ۱۴۰۶ باز شود.") == [("وزیر راه", "ابراز خوش‌بینی کرد")]


_WORDS = (
    *["وزیر", "راه", "گفت", "که", "،", ":", "را", "در", "این", "خبر", "داد", "«", "»", "(", ")", "وی", "است", "احمدی"],
    "به گفته",
    "\x00",
)


@given(st.lists(st.sampled_from(_WORDS), max_size=14))
def test_what_is_found_lies_in_the_sentence_in_order(parts: list[str]) -> None:
    of_language = grammar("fa")
    assert of_language is not None
    text = fold_with_offsets(" ".join(parts)).text
    found = find(text, of_language, Names())
    if found is not None:
        for first, last in (found.verb, *([found.who] if found.who else [])):
            assert 0 <= first < last <= len(text)
            assert text[first:last].strip() == text[first:last]
