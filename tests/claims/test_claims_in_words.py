"""The claim in words that stand alone: claimant and day added, what points back explained; the quote untouched."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims import extract
from factcheck.days import Clock
from factcheck.models import Calendar
from tests.claims.test_claims_extract import articles

_MARKS = '."“”'
JALALI = Clock("Asia/Tehran", Calendar.JALALI)


def proposed(text: str, lang: str, clock: Clock | None = None) -> list[tuple[str, str | None]]:
    frame = articles(text, lang=lang).with_columns(published_day=pl.lit(date(2024, 5, 3)))
    rows = extract(frame, clock=clock or Clock()).claims.select("quote", "claim_in_words").rows()
    assert all(quote in text for quote, _ in rows)
    return [(str(quote), words) for quote, words in rows]


CASES = [
    # A pronoun, a short form and a bare verb are the name mentioned last, in its longest form.
    (
        "en",
        "Ann Lee, the finance minister, said prices fell in May. She added that the figure was 42 tonnes.",
        "Ann Lee, the finance minister added that the figure was 42 tonnes (2024-05-03).",
    ),
    (
        "en",
        "Finance Minister Ann Lee met 3 reporters on Monday. Lee said the figure was 42 tonnes.",
        "Finance Minister Ann Lee said the figure was 42 tonnes (2024-05-03).",
    ),
    (
        "fa",
        "حسن احمدی گفت: قیمت‌ها در خرداد کم شد. وی افزود که صادرات نفت به ۲ میلیون بشکه رسیده است.",
        "حسن احمدی افزود که صادرات نفت به ۲ میلیون بشکه رسیده است (۱۴ اردیبهشت ۱۴۰۳).",
    ),
    (
        "fa",
        "حسن احمدی گفت: قیمت‌ها در خرداد کم شد. وی با بیان اینکه ۵ کارخانه بسته شده است، تأکید کرد: تولید کم شده است.",
        "حسن احمدی با بیان اینکه ۵ کارخانه بسته شده است، تأکید کرد: تولید کم شده است (۱۴ اردیبهشت ۱۴۰۳).",
    ),
    (
        "ar",
        "قال وزير الاقتصاد أحمد سالم إن الأسعار انخفضت في أيار. وأضاف أن الواردات انخفضت بنسبة 2 في المئة.",
        "وأضاف وزير الاقتصاد أحمد سالم أن الواردات انخفضت بنسبة 2 في المئة (2024-05-03).",
    ),
    # Who goes on speaking stands in front, without the quotation mark whose partner is in another sentence.
    (
        "en",
        '"The mill lost 400 people," said Ann Lee. "It will close in May 2030. The town has 3 owners."',
        "Ann Lee: The town has 3 owners (2024-05-03).",
    ),
    # What points at the sentence before has it in front.
    (
        "en",
        "The mill sold 42 tonnes of paper in May. This is the highest figure since 2010.",
        "[The mill sold 42 tonnes of paper in May.] This is the highest figure since 2010 (2024-05-03).",
    ),
    (
        "fa",
        "کارخانه هارلو در خرداد ۴۲ تن کاغذ فروخت. این رقم در سال گذشته ۳۰ تن بود.",
        "[کارخانه هارلو در خرداد ۴۲ تن کاغذ فروخت.] این رقم در سال گذشته ۳۰ تن بود (۱۴ اردیبهشت ۱۴۰۳).",
    ),
    # Nothing to add but the day: no proposal, the quote is what there is.
    ("en", "Harlow is a town. The mill sold 42 tonnes of paper in May.", None),
]


@pytest.mark.parametrize(("lang", "text", "words"), CASES)
def test_the_last_claim_in_words(lang: str, text: str, words: str | None) -> None:
    assert proposed(text, lang, JALALI if lang == "fa" else None)[-1][1] == words


def test_without_a_day_none_is_added() -> None:
    frame = articles("Ann Lee said prices fell in May. She added that the figure was 42 tonnes.", lang="en")
    undated = frame.with_columns(
        published_at=pl.lit(None, frame.schema["published_at"]), published_day=pl.lit(None, pl.Date)
    )
    assert extract(undated).claims["claim_in_words"].to_list()[-1] == "Ann Lee added that the figure was 42 tonnes."


def test_an_article_without_a_day_of_its_publisher_is_dated_by_the_desks_zone() -> None:
    late = datetime(2024, 5, 3, 22, 30, tzinfo=UTC)
    frame = articles("Ann Lee said prices fell by 3 percent.", lang="en").with_columns(
        published_at=pl.lit(late).cast(pl.Datetime("us", "UTC")),
        published_raw=pl.lit("2024-05-03T22:30:00Z"),
        published_day=pl.lit(None, pl.Date),
    )
    (words,) = extract(frame, clock=Clock("Asia/Tehran")).claims["claim_in_words"].to_list()
    assert words == "Ann Lee said prices fell by 3 percent (2024-05-04)."


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["fa", "ar", "en"]),
    st.lists(
        st.sampled_from([text for _, text, _ in CASES] + ["“", '"', "He said.", "وی گفت", "وقال"]),
        min_size=1,
        max_size=4,
    ),
)
def test_a_proposal_holds_every_word_of_the_quote_but_the_one_that_names_the_claimant(
    lang: str, texts: list[str]
) -> None:
    for quote, words in proposed(" ".join(texts), lang):
        if words is not None:
            written = [word.strip(_MARKS) for word in quote.split() if word.strip(_MARKS)]
            missing = [word for word in written if word not in words]
            assert " ".join(missing) in " ".join(written)  # one pronoun, or one name whose words stand together
