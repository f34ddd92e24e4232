from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.language_files import languages
from factcheck.claims.lexicon import lexicon
from factcheck.studio.page import order
from factcheck.studio.page.adjudication_tasks import queue_tasks
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.tasks import tasks
from tests.fake_studio.props import claim_id, make_articles, make_claims, make_contexts

CLAIM: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda article, start, hundredths: {"article_id": article, "start": start, "worthiness": hundredths / 100},
    st.sampled_from("abc"),
    st.integers(0, 99),
    st.integers(0, 100),
)


@given(st.lists(CLAIM, max_size=20), st.lists(CLAIM, max_size=10))
def test_other_articles_change_no_key(mine: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    strangers = [claim | {"article_id": claim["article_id"] + "2"} for claim in others]
    assert order.by_worth([*strangers, *mine])[len(strangers) :] == order.by_worth(mine)


@given(st.lists(CLAIM, max_size=20))
def test_within_an_article_the_better_claim_comes_first(claims: list[dict[str, Any]]) -> None:
    keyed = list(zip(order.by_worth(claims), claims, strict=True))
    for key, claim in keyed:
        assert len(key) == len("0.0000")
        assert float(key) <= claim["worthiness"] + 1e-9
        for other_key, other in keyed:
            if other["article_id"] == claim["article_id"] and other["worthiness"] > claim["worthiness"]:
                assert other_key >= key


def test_a_long_article_does_not_fill_the_beginning() -> None:
    numbers = list(range(1, 31))
    claims = make_claims(numbers).with_columns(
        check_worthiness=pl.Series([1.0] * 20 + [0.8] * 10),
        article_id=pl.Series(["art_" + "0" * 20] * 20 + [f"art_{n:020x}" for n in range(1, 11)]),
    )
    made = tasks(claims, make_contexts(claims), make_articles(), project="p", language="en", overlap=2)
    first = [int(claim[4:], 16) for claim in made["claim_id"][:10]]
    assert sum(number <= 20 for number in first) == 3
    assert [json.loads(row)["order"] for row in made["data"]] == sorted(
        (json.loads(row)["order"] for row in made["data"]), reverse=True
    )


@pytest.mark.parametrize("language", TASK_WORDS)
def test_every_reason_has_a_word_in_every_language(language: Any) -> None:
    reasons = {signal.name for lang in languages() for signal in lexicon(lang).signals} | {"attributed", "short"}
    assert set(TASK_WORDS[language].signals) == reasons


def test_the_reasons_are_on_the_page_in_the_language_of_the_desk() -> None:
    claims = make_claims([1]).with_columns(reasons=pl.Series([["number +0.20", "vague -0.10"]]))
    made = tasks(claims, make_contexts(claims), make_articles(), project="p", language="fa", overlap=2)
    about = json.loads(made["data"][0])["about"]
    words = TASK_WORDS["fa"].signals
    assert "۸۰٪" in about
    assert f"{words['number']}</p>" in about
    assert f"{words['vague']}</p>" in about


def test_the_most_contested_claim_comes_first_to_a_lead() -> None:
    claims = make_claims([1, 2, 3])
    rows = [
        {"claim_id": claim_id(number), "agreement": agreement, "n_votes": votes, "votes": None}
        for number, agreement, votes in ((1, 0.5, 4), (2, 0.0, 2), (3, 0.0, 12))
    ]
    queue = pl.DataFrame(rows, schema_overrides={"votes": pl.List(pl.Struct({"voter": pl.String}))})
    made = queue_tasks(queue, claims, make_contexts(claims), make_articles(), project="queue", language="en")
    keys = {row["claim_id"]: json.loads(row["data"])["order"] for row in made.iter_rows(named=True)}
    assert sorted(keys, key=lambda claim: keys[claim], reverse=True) == [claim_id(3), claim_id(2), claim_id(1)]
