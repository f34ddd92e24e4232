"""Who says it, in three word orders."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from factcheck import frames
from factcheck.claims import extract, group
from factcheck.models import Article, Claim, article_id


def claims_of(text: str, lang: str | None) -> pl.DataFrame:
    article = Article(
        article_id=article_id(url=None, publisher=None, title=None, text=text),
        source="a.txt",
        lang=lang,
        text=text,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return extract(frames.from_records(Article, [article])).claims


@pytest.mark.parametrize(
    ("lang", "text", "claimant", "verb", "speech"),
    [
        ("fa", "به گزارش ایسنا به نقل از جماران، سفیر ایران گفت: همکاری ادامه دارد.", "سفیر ایران", "گفت", "direct"),
        ("fa", "رضا احمدی، وزیر نفت، دیروز اعلام کرد نفت گران شد.", "رضا احمدی، وزیر نفت", "اعلام کرد", "indirect"),
        ("fa", "به نوشته روزنامه شرق، قیمت نان دو برابر شد.", "روزنامه شرق", "به نوشته", "indirect"),
        ("fa", "این گفت و گو در تهران انجام شد و دو ساعت بود.", None, None, None),
        ("ar", "أعلن سفير إيران كاظم جلالي أن التعاون تطور.", "سفير إيران كاظم جلالي", "أعلن", "indirect"),
        ("ar", 'وقال الوزير: "عقدت مجموعة من الخبراء اجتماعات خاصة".', "الوزير", "قال", "direct"),
        ("ar", "بحسب صحيفة الأهرام، بلغ عدد القتلى 300 شخص.", "صحيفة الأهرام", "بحسب", "indirect"),
        ("en", "Ann Lee, the press secretary, said that 12 died.", "Ann Lee, the press secretary", "said", "indirect"),
        ("en", '"It was the worst flood in years," said Brian Baker, a farmer.', "Brian Baker", "said", "direct"),
        ("en", "Prices rose 5% in May, according to the central bank.", "the central bank", "according to", "indirect"),
        ("en", "Claire McCaskill (D-Mo.) said the bill had failed.", "Claire McCaskill", "said", "indirect"),
        ("en", "The United States lost two aircraft in 1998.", None, None, None),
    ],
)  # fmt: skip
def test_one_sentence(lang: str, text: str, claimant: str | None, verb: str | None, speech: str | None) -> None:
    row = claims_of(text, lang).row(0, named=True)
    assert (row["claimant"], row["reporting_verb"], row["speech"]) == (claimant, verb, speech)


@pytest.mark.parametrize(
    ("lang", "text", "claimants"),
    [
        ("fa", "جلالی اعلام کرد معاهده نو شد.\nوی افزود نیازی نبود.\nقیمت نفت بالا رفت.", ["جلالی", "جلالی", None]),
        ("ar", "وقال جلالي إن الاتفاق جيد.\nوأضاف أن المفاوضات مستمرة منذ سنوات.", ["جلالي", "جلالي"]),
        ("ar", 'وقال جلالي: "عقدنا اجتماعا. كلا الجانبين مهتم بذلك". انتهت الجلسة مساء أمس.', ["جلالي", "جلالي", None]),
        ("en", "“It makes no sense at all. The model does not work here,” Clinton said.", ["Clinton", "Clinton"]),
        ("en", "Ms. Jones told reporters that two died. She added that five were hurt.", ["Ms. Jones", "Ms. Jones"]),
    ],
)  # fmt: skip
def test_a_pronoun_a_bare_verb_and_an_open_quotation_go_back_to_the_last_name(
    lang: str, text: str, claimants: list[str | None]
) -> None:
    assert claims_of(text, lang)["claimant"].to_list() == claimants


def test_in_an_interview_answers_are_the_interviewees_and_premises_the_interviewers() -> None:
    lines = (
        "متن کامل گفت‌وگوی «جان میلر» با «کاظم جلالی» به این شرح است:",
        "این توافق‌نامه فاقد بند دفاع متقابل است. آیا ایران اتحاد قوی‌تری می‌خواست؟",
        "در متن آمده است که به طرف سوم کمک نمی‌کنیم. آقای لاوروف هم گفت که مذاکره ادامه دارد.",
    )
    text = "\n".join(lines)
    found = claims_of(text, "fa")
    assert found["claimant"].to_list() == ["جان میلر", "کاظم جلالی", "کاظم جلالی"]
    assert set(found["speech"]) == {"direct"}


def test_a_transcript_with_names_before_each_turn() -> None:
    text = (
        "Host: How many people came?\nAnna Lee: We counted 300 people at the gate.\n"
        "Host: Was it legal?\nAnna Lee: The court approved it in 2024."
    )
    assert claims_of(text, "en")["claimant"].to_list() == ["Anna Lee", "Anna Lee"]


def test_a_name_before_its_turns_keeps_the_hamza_that_it_ends_with() -> None:
    text = (
        "المذيعة: كم عدد الذين حضروا؟\nعلاء: أحصينا 300 شخص عند البوابة.\n"
        "المذيعة: هل كان ذلك قانونيا؟\nعلاء: وافقت عليه المحكمة في 2024."
    )
    assert claims_of(text, "ar")["claimant"].to_list() == ["علاء", "علاء"]


def test_a_mark_before_the_names_of_a_transcript_is_no_part_of_them() -> None:
    text = (
        "- Host: How many people came?\n- Anna Lee: We counted 300 people at the gate.\n"
        "- Host: Was it legal?\n- Anna Lee: The court approved it in 2024."
    )
    assert claims_of(text, "en")["claimant"].to_list() == ["Anna Lee", "Anna Lee"]


def test_who_spoke_without_quotation_marks_does_not_go_on_speaking() -> None:
    text = "The minister said that 12 people died. The old bridge was closed in May 2019."
    assert claims_of(text, "en")["claimant"].to_list() == ["The minister", None]


@pytest.mark.parametrize(
    ("lang", "text", "claimant"),
    [
        ("en", 'The governor of "Ohio" said that 12 people died.', 'The governor of "Ohio"'),
        ("fa", "وزیر بریتانیا «ترزا می» گفت: این توافق ۱۲ بند دارد.", "وزیر بریتانیا «ترزا می»"),
    ],
)
def test_marks_around_a_part_of_the_name_stay(lang: str, text: str, claimant: str) -> None:
    assert claims_of(text, lang)["claimant"].to_list() == [claimant]


@pytest.mark.parametrize(("words", "named"), [(12, True), (13, False)])
def test_a_claimant_has_twelve_words_at_the_most(words: int, named: bool) -> None:
    claimant = " ".join(["The", *["head"] * (words - 1)])
    found = claims_of(f"{claimant} said that 12 people died.", "en")
    assert found["claimant"].to_list() == [claimant if named else None]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("Ann Lee, the press secretary, said that 12 died.", "Ann Lee, the press secretary"),
        ("رضا احمدی، وزیر نفت، دیروز اعلام کرد نفت گران شد.", "رضا احمدی، وزیر نفت"),
        ("أعلن سفير إيران كاظم جلالي أن التعاون تطور.", "سفير إيران كاظم جلالي"),
    ],
)
def test_an_article_without_a_language_is_read_in_that_of_its_letters(text: str, claimant: str) -> None:
    assert claims_of(text, None)["claimant"].to_list() == [claimant]


def test_the_syndicated_sentence_joins_the_first_ones_group_with_or_without_zwnj() -> None:
    original = claims_of("دولت روسیه در این ۱۲ روز سه بیانیه صادر کرده‌است.", "fa")
    copy = claims_of("دولت روسيه در اين 12 روز سه بیانیه صادر کردهاست", "fa")
    other = claims_of("دولت چین در این ۱۲ روز سه بیانیه صادر کرد.", "fa")
    together = group(pl.concat([original, copy, other]), frames.empty(Claim))
    first = original["claim_id"][0]
    assert together["group_id"].to_list() == [first, first, other["claim_id"][0]]
    later = group(pl.concat([copy, other]), original)
    assert later["group_id"].to_list() == [first, other["claim_id"][0]]
    assert group(original, together)["group_id"].to_list() == [first]
    assert group(frames.empty(Claim), original).is_empty()
