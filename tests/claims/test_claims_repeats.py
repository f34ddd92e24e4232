"""A claim that an article makes twice is one claim with two places; two that might differ stay two."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims import extract
from tests.claims.test_claims_extract import articles


@pytest.mark.parametrize(
    ("lang", "lead", "body"),
    [
        (
            "en",
            "The Harlow mill closed in 2019 and 1,400 people lost work.",
            "The old Harlow paper mill closed in March 2019 and 1400 people lost their work.",
        ),
        (
            "fa",
            "کارخانه کاغذ هارلو در سال ۱۳۹۸ بسته شد و ۱۴۰۰ کارگر بیکار شدند.",
            "کارخانه قدیمی کاغذ هارلو در اسفند سال ۱۳۹۸ بسته شد و ۱۴۰۰ کارگر آن بیکار شدند.",
        ),
        (
            "ar",
            "أغلق مصنع الورق في هارلو عام 2019 وفقد 1400 عامل عملهم.",
            "أغلق مصنع الورق القديم في هارلو مطلع عام 2019 وفقد 1400 عامل عملهم.",
        ),
    ],
)
def test_a_lead_that_the_body_restates_is_one_claim_with_two_places(lang: str, lead: str, body: str) -> None:
    for first, second in ((lead, body), (body, lead)):
        text = f"{first}\n\nThe council met on Monday in 3 rooms.\n\n{second}"
        found = extract(articles(text, lang=lang))
        (claim,) = found.claims.filter(pl.col("repeated").is_not_null()).to_dicts()
        assert claim["quote"] == body
        assert [text[place["start"] : place["end"]] for place in claim["repeated"]] == [lead]
        assert found.rejected.filter(pl.col("code") == "REPEATED")["payload"].to_list() == [lead]
        assert found.claims.height + found.rejected.height == found.seen == 3


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "The Harlow mill lost 1,400 people in 2019.", "The Harlow mill lost 1,500 people in March 2019."),
        ("en", "The Harlow mill closed its doors in 2019.", "The Harlow mill never closed its doors in 2019."),
        ("en", "The Harlow mill lost 400 people in 2019.", "The Harlow mill lost more than 400 people in 2019."),
        ("en", "The Harlow mill lost 400 people in Harlow.", "The Harlow mill lost 400 people and 12 shops in Harlow."),
        ("en", "Aran attacked Belia with 40 rockets.", "Belia attacked Aran with 40 rockets."),
        ("en", "Ann Lee said the mill lost 400 people in 2019.", "Bob Ray said the mill lost 400 people in 2019."),
        ("en", "The mill of Harlow lost 400 people.", "If the mill of Harlow lost 400 people, the town would pay."),
        ("en", "Prices in Harlow rose 5 percent in May.", "Prices in Harlow fell 5 percent in May."),
        ("fa", "کارخانه هارلو در سال ۱۳۹۸ بسته شد و فروش رفت.", "کارخانه هارلو در سال ۱۳۹۸ بسته نشد و فروش رفت."),
        ("fa", "وزارت نفت این قرارداد را امضا کرد.", "وزارت نفت این قرارداد را امضا نکرد."),
        ("ar", "وقع وزير النفط هذا العقد في بغداد.", "لم يوقع وزير النفط هذا العقد في بغداد."),
        ("ar", "فقد المصنع في هارلو 400 عامل.", "فقد المصنع في هارلو نحو 400 عامل."),
    ],
)
def test_claims_that_differ_in_what_counts_stay_two(lang: str, one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = extract(articles(f"{first}\n\n{second}", lang=lang))
        assert (found.claims.height, found.claims["repeated"].null_count()) == (2, 2)


WORDS = st.lists(
    st.sampled_from(["mill", "Harlow", "closed", "2019", "400", "people", "lost", "work", "never", "not"]), max_size=9
)


@given(st.lists(WORDS.map(" ".join), min_size=2, max_size=6))
@settings(max_examples=150)
def test_every_sentence_is_a_claim_a_place_of_one_or_rejected(sentences: list[str]) -> None:
    text = "\n\n".join(f"{sentence}." for sentence in sentences)
    found = extract(articles(text, lang="en"))
    assert found.claims.height + found.rejected.height == found.seen
    places = [place for row in found.claims["repeated"].drop_nulls() for place in row]
    again = found.rejected.filter(pl.col("code") == "REPEATED")["payload"].to_list()
    assert sorted(text[place["start"] : place["end"]] for place in places) == sorted(again)
    ids = found.claims["claim_id"]
    assert ids.n_unique() == ids.len()


def test_a_table_of_like_lines_is_not_compared_line_by_line() -> None:
    text = "\n\n".join(f"Ward number of Harlow has {n} voters in its list." for n in range(2_000))
    assert extract(articles(text, lang="en")).claims.height == 2_000
