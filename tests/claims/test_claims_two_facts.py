"""One sentence that holds two checkable facts is two claims; where there is any doubt it stays one."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims import extract
from factcheck.claims.lexicon import lexicon
from factcheck.claims.sentence_types import outline
from factcheck.claims.sentences import paragraphs
from factcheck.claims.two_facts import parted
from tests.claims.test_claims_extract import articles

TWO = [
    (
        "en",
        "The minister said inflation fell to 30 percent in May, while unemployment rose to 9 percent.",
        ["The minister said inflation fell to 30 percent in May", "unemployment rose to 9 percent."],
        ["The minister", "The minister"],
    ),
    (
        "en",
        "Inflation fell to 30 percent in May, while unemployment rose to 9 percent, Ann Lee said.",
        ["Inflation fell to 30 percent in May", "unemployment rose to 9 percent, Ann Lee said."],
        ["Ann Lee", "Ann Lee"],
    ),
    (
        "en",
        "The ministry of health said 5,000 people were hurt; the union said 9,000 workers had lost work.",
        ["The ministry of health said 5,000 people were hurt", "the union said 9,000 workers had lost work."],
        ["The ministry of health", "the union"],
    ),
    (
        "en",
        "Sales of bread rose 5 percent to 3 million, and exports of wheat fell 2 percent in June.",
        ["Sales of bread rose 5 percent to 3 million", "exports of wheat fell 2 percent in June."],
        [None, None],
    ),
    (
        "fa",
        "حسن احمدی افزود: صادرات نفت به ۲ میلیون بشکه رسیده است، در حالی که تولید گاز ۸۰۰ میلیون مترمکعب است.",
        ["حسن احمدی افزود: صادرات نفت به ۲ میلیون بشکه رسیده است", "تولید گاز ۸۰۰ میلیون مترمکعب است."],
        ["حسن احمدی", "حسن احمدی"],
    ),
    (
        "fa",
        "نرخ تورم در خرداد به ۳۰ درصد رسید و نرخ بیکاری در فصل بهار ۹ درصد شد.",
        ["نرخ تورم در خرداد به ۳۰ درصد رسید", "نرخ بیکاری در فصل بهار ۹ درصد شد."],
        [None, None],
    ),
    (
        "ar",
        "قال وزير الاقتصاد أحمد سالم إن الصادرات ارتفعت بنسبة 5 في المئة، فيما انخفضت الواردات بنسبة 2 في المئة.",
        [
            "قال وزير الاقتصاد أحمد سالم إن الصادرات ارتفعت بنسبة 5 في المئة",
            "انخفضت الواردات بنسبة 2 في المئة.",
        ],
        ["وزير الاقتصاد أحمد سالم", "وزير الاقتصاد أحمد سالم"],
    ),
    (
        "ar",
        "ارتفعت الأسعار بنسبة 5 في المئة في المساء، وبلغ عدد العاطلين عن العمل 300 ألف شخص.",
        ["ارتفعت الأسعار بنسبة 5 في المئة في المساء", "وبلغ عدد العاطلين عن العمل 300 ألف شخص."],
        [None, None],
    ),
]

ONE = [
    ("en", "Sales of bread rose 5 percent to 3 million, and fell 2 percent in June."),
    ("en", "Sales of bread rose 5 percent to 3 million, while it was 2 million in the year before."),
    ("en", "If sales of bread rose 5 percent, and exports of wheat fell 2 percent, the town would pay."),
    ("en", "Sales of bread and wheat rose 5 percent and 2 percent, while shops and markets closed, respectively."),
    ("en", "The mill has 400 workers, 12 machines, 3 halls, and 2 gates were built in the town."),
    ("en", 'The owner said: "Sales of bread rose 5 percent; exports of wheat fell 2 percent."'),
    ("en", "The road (sales of bread rose 5 percent, while exports of wheat fell 2 percent) was closed."),
    ("en", "Sales of bread rose again last year, while exports of wheat fell 2 percent from 3 million."),
    ("en", "Sales of bread rose on 5 May 2021, while exports of wheat fell on 2 June 2021."),
    ("fa", "جمعیت کشور در سال گذشته به ۸۰ میلیون نفر رسید و ۳ درصد رشد کرد."),
    ("fa", "تورم در خرداد به ۳۰ درصد رسید و در تیر به ۲۵ درصد کاهش یافت."),
    ("fa", "نرخ تورم در خرداد به ۳۰ درصد رسید و نرخ بیکاری در همین ماه ۹ درصد شد."),
    ("fa", "اگر نرخ تورم به ۳۰ درصد برسد و نرخ بیکاری در فصل بهار ۹ درصد شود، دولت کمک خواهد کرد."),
    ("ar", "ارتفعت الأسعار بنسبة 5 في المئة، وبلغت 300 ألف دينار في المتوسط."),
    ("ar", "ارتفعت الأسعار بنسبة 5 في المئة، ومنها 3 سلع بلغ سعرها 300 دينار."),
    ("ar", "إذا ارتفعت الأسعار بنسبة 5 في المئة، فيما انخفضت الواردات بنسبة 2 في المئة، فسندفع الثمن."),
]


@pytest.mark.parametrize(("lang", "text", "quotes", "claimants"), TWO)
def test_two_facts_are_two_claims(lang: str, text: str, quotes: list[str], claimants: list[str | None]) -> None:
    found = extract(articles(text, lang=lang))
    assert found.claims["quote"].to_list() == quotes
    assert found.claims["claimant"].to_list() == claimants
    assert [text[start:end] for start, end in found.claims.select("start", "end").rows()] == quotes
    assert found.seen == found.claims.height + found.rejected.height == len(quotes)


@pytest.mark.parametrize(("lang", "text"), ONE)
def test_what_may_be_one_fact_stays_one(lang: str, text: str) -> None:
    assert extract(articles(text, lang=lang)).claims["quote"].to_list() == [text]


def test_the_last_letter_of_a_fact_stays_although_the_fold_leaves_it_out() -> None:
    text = "ارتفعت أسعار الدواء 5 في المئة مساء الأربعاء، وبلغ عدد العاطلين عن العمل 300 ألف شخص."
    assert extract(articles(text, lang="ar")).claims["quote"].to_list()[0].endswith("الأربعاء")


def test_four_facts_in_a_row_are_four_claims() -> None:
    towns = ["Aran", "Belia", "Corva", "Dolin"]
    text = ", while ".join(f"the town of {town} lost {3 + at} people" for at, town in enumerate(towns)) + "."
    assert len(extract(articles(text, lang="en")).claims) == len(towns)


_CLAUSES = st.sampled_from(
    [text for lang, text, *_ in TWO if lang == "en"] + [text for lang, text in ONE if lang == "en"]
)
_NOISE = st.text(st.sampled_from('abc 0123456789,;.()"«»،؛ء و'), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["fa", "ar", "en"]), st.lists(st.one_of(_CLAUSES, _NOISE), max_size=5).map(", while ".join))
def test_facts_lie_in_their_sentence_in_order(lang: str, text: str) -> None:
    words = lexicon(lang)
    for sentence in outline(text, None, paragraphs(text, lang), words):
        facts = parted(sentence, words)
        places = [tuple(fact.span) for fact in facts]
        assert places == sorted(places)
        assert places[0][0] >= sentence.span.start
        assert places[-1][1] <= sentence.span.end
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
        assert [fact.follows for fact in facts] == [at > 0 for at in range(len(facts))]
        assert all(text[fact.span.start : fact.span.end].strip() for fact in facts)


def test_claims_of_one_sentence_are_grouped_and_scored_by_themselves() -> None:
    claims = extract(articles(TWO[0][1], lang="en")).claims
    assert claims["claim_id"].n_unique() == claims["group_id"].n_unique() == claims.height == 2
    assert claims.filter(pl.col("check_worthiness") > 0).height == 2
