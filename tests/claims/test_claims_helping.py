"""What a helper proposes: taken where the article has these words, refused with a reason elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.claims import Extracted, extract
from factcheck.claims.helping import Answer, Asked, Proposal, helped, questions
from factcheck.models import Article

NAME = "llm tiny prompt-1"
TEXT = (
    "The mayor of Lowbridge said the council spent 40 million on roads and closed nine schools in 2024. "
    "Prices of bread rose by 12 percent last year. "
    "The harbour was opened in 1968 and was closed for repairs in 1990."
)
FA = "وزیر نیرو گفت تولید برق در سال گذشته ۱۲ درصد رشد کرد. شمار نیروگاه‌ها به ۴۰ رسید و مصرف کم شد."


def article(text: str = TEXT, lang: str = "en", number: int = 1) -> pl.DataFrame:
    made = Article(
        article_id=f"art_{number:020x}",
        source="a.txt",
        text=text,
        lang=lang,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return frames.from_records(Article, [made])


class Fixed:
    name = NAME

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self._answer = answer

    def propose(self, asked: Sequence[Asked]) -> list[Answer]:
        return [self._answer(one) for one in asked]


@cache
def _cut(text: str, lang: str) -> tuple[Extracted, list[Asked]]:
    articles = article(text, lang)
    cut = extract(articles)
    return cut, questions(articles, cut)


def run(*proposals: Proposal, text: str = TEXT, lang: str = "en", malformed: int = 0) -> tuple[Extracted, Extracted]:
    """The claims of the rules, and with the proposals."""
    cut, asked = _cut(text, lang)
    return cut, helped(asked, cut, Fixed(lambda _one: Answer(proposals, malformed)))


def codes(found: Extracted, rules: Extracted) -> list[str]:
    return found.rejected["code"].to_list()[rules.rejected.height :]


def check_law(found: Extracted, text: str) -> None:
    assert found.claims.height + found.rejected.height == found.seen
    assert all(text[row["start"] : row["end"]] == row["quote"] for row in found.claims.iter_rows(named=True))
    assert found.claims["claim_id"].n_unique() == found.claims.height
    assert found.claims["start"].is_sorted()


def test_parts_of_a_sentence_take_its_place_and_keep_its_speaker() -> None:
    rules, found = run(
        Proposal(0, "the council spent 40 million on roads"),
        Proposal(0, "closed nine schools in 2024", "Nobody at all"),
    )
    check_law(found, TEXT)
    new = found.claims.filter(pl.col("extractor") == NAME)
    assert new["quote"].to_list() == ["the council spent 40 million on roads", "closed nine schools in 2024"]
    assert new["claimant"].to_list() == [rules.claims["claimant"][0]] * 2, "who is not in the text is not taken"
    assert codes(found, rules) == ["REPLACED"]
    assert found.claims.height == rules.claims.height + 1
    assert set(new["group_id"]) == set(new["claim_id"])


def test_what_is_not_in_the_text_is_refused_and_counted() -> None:
    rules, found = run(
        Proposal(0, "the council spent 41 million on roads"),
        Proposal(0, "\ud800 broken"),
        Proposal(1, "   "),
        Proposal(0, "ouncil spent 40 million on road"),
        Proposal(99, "Prices of cheese rose"),
    )
    check_law(found, TEXT)
    assert codes(found, rules) == ["NOT_IN_TEXT"] * 5
    assert found.claims.equals(rules.claims)


def test_a_wrong_number_is_no_harm_where_one_sentence_alone_has_the_words() -> None:
    rules, found = run(Proposal(0, "The harbour was opened in 1968"))
    check_law(found, TEXT)
    assert codes(found, rules) == ["REPLACED"]


def test_the_same_sentence_without_its_stop_is_the_same_claim() -> None:
    rules, found = run(Proposal(1, "Prices of bread rose by 12 percent last year"))
    assert codes(found, rules) == ["SAME"]
    assert found.claims.equals(rules.claims)


def test_a_claimant_is_told_where_the_rules_know_none() -> None:
    rules, found = run(Proposal(1, "Prices of bread rose by 12 percent last year.", "The mayor of Lowbridge"))
    check_law(found, TEXT)
    assert rules.claims["claimant"][1] is None
    row = found.claims.row(1, named=True)
    assert (row["claimant"], row["extractor"], row["claim_id"]) == (
        "The mayor of Lowbridge", NAME, rules.claims["claim_id"][1],
    )  # fmt: skip


def test_overlapping_and_short_proposals_and_other_forms_are_refused() -> None:
    rules, found = run(
        Proposal(0, "spent 40 million on roads"),
        Proposal(0, "on roads and closed nine schools"),
        Proposal(2, "in 1968"),
        malformed=2,
    )
    check_law(found, TEXT)
    assert sorted(codes(found, rules)) == ["BAD_ANSWER", "BAD_ANSWER", "OVERLAPS", "REPLACED", "TOO_SHORT"]


def test_persian_words_are_cut_at_their_half_spaces() -> None:
    rules, found = run(Proposal(1, "شمار نیروگاه"), Proposal(1, "شمار نیروگاه‌ها به ۴۰ رسید"), text=FA, lang="fa")
    check_law(found, FA)
    assert codes(found, rules) == ["NOT_IN_TEXT", "REPLACED"]


@pytest.mark.parametrize("code", ["NO_ANSWER", "BAD_ANSWER", "BUDGET"])
def test_without_an_answer_the_claims_of_the_rules_stay(code: str) -> None:
    articles = pl.concat([article(), article(FA, "fa", 2)])
    cut = extract(articles)
    asked = questions(articles, cut)
    found = helped(asked, cut, Fixed(lambda _one: Answer(failure=(code, "why"))))
    assert found.claims.equals(cut.claims)
    assert codes(found, cut) == [code] * 2
    assert found.seen == cut.seen + 2


def test_a_long_article_is_asked_about_in_parts() -> None:
    text = " ".join(f"The council of town {n} spent {n} million on the roads of its county." for n in range(1, 500))
    articles = article(text)
    cut = extract(articles)
    asked = questions(articles, cut)
    assert len(asked) > 1
    assert [span for one in asked for span in one.sentences] == list(cut.claims.select("start", "end").iter_rows())
    assert all(sum(end - start for start, end in one.sentences) <= 12_000 for one in asked)


@given(
    st.lists(
        st.builds(
            Proposal,
            st.integers(-2, 5),
            st.one_of(
                st.tuples(st.integers(0, len(TEXT)), st.integers(1, 120)).map(lambda at: TEXT[at[0] : at[0] + at[1]]),
                st.text(max_size=20),
            ),
            st.one_of(st.none(), st.sampled_from(["The mayor", "nobody", ""]), st.text(max_size=5)),
        ),
        max_size=12,
    ),
    st.integers(0, 3),
)
def test_whatever_is_proposed_the_laws_hold(proposals: list[Proposal], malformed: int) -> None:
    rules, found = run(*proposals, malformed=malformed)
    check_law(found, TEXT)
    assert found.seen == rules.seen + len(proposals) + malformed
    claimants = [*found.claims["claimant"].drop_nulls()]
    assert all(name in TEXT for name in claimants)
    spans = list(found.claims.select("start", "end").iter_rows())
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
