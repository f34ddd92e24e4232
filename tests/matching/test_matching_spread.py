"""How a claim travelled: order, who was first, who copied whom, and which figures changed; and what is in tension."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.matching.copies import PAIRS
from factcheck.matching.facts import Relation, facts
from factcheck.matching.proposals import LEAST, proposals
from factcheck.matching.spread import APPEARED, SPREAD, changes, spread
from factcheck.matching.tension import TENSION, same_but_figures, tension
from tests.matching.test_matching_proposals import QUOTES, claims

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
SENTENCES = (
    "The mill made 250 tonnes of paper in 2024.",
    "The mill made 300 tonnes of paper in 2024.",
    "The mill made paper.",
    "کارخانه در سال ۲۰۲۴ میلادی ۲۵۰ تن کاغذ تولید کرد.",
    "أنتج المصنع ٣٠٠ طن من الورق في عام ٢٠٢٤.",
)


def appeared(*rows: dict[str, Any]) -> pl.DataFrame:
    base = dict.fromkeys(APPEARED.names()) | {"group_id": "clm_1", "lang": "en", "quote": SENTENCES[0]}
    return pl.DataFrame([base | row for row in rows], schema=APPEARED)


def place(number: int, days: int | None, **more: Any) -> dict[str, Any]:
    when = None if days is None else MONDAY + timedelta(days=days)
    return {"claim_id": f"clm_{number}", "article_id": f"art_{number}", "published_at": when} | more


def pairs(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    whole = [
        {"copy": copy, "original": original, "kind": kind, "copy_in_original": share, "original_in_copy": 0.1}
        | {"jaccard": 0.1, "same_lines": 1, "lines": 0.1}
        for copy, original, kind, share in rows
    ]
    return pl.DataFrame(whole, schema=PAIRS)


def test_appearances_stand_in_order_of_time_with_who_was_first_and_who_copied_whom() -> None:
    frame = appeared(
        place(3, 2, publisher="Evening"), place(1, 0, publisher="Agency"), place(4, None, publisher="Blog"),
        place(2, 1, publisher="Morning"),
    )  # fmt: skip
    found = spread(
        frame,
        pairs(("art_3", "art_2", "copy", 0.9), ("art_3", "art_1", "truncated", 0.8), ("art_9", "art_1", "copy", 1)),
    )
    assert found.schema == SPREAD
    assert found["publisher"].to_list() == ["Agency", "Morning", "Evening", "Blog"]
    assert found["first"].to_list() == [True, False, False, False]
    assert found["copy_of"].to_list() == [None, None, "art_1", None]
    assert found["kind"].to_list() == [None, None, "truncated", None]
    assert found["share"].to_list() == [None, None, 0.8, None]


def test_of_two_at_the_same_time_the_copy_was_not_first_and_two_reports_both_were() -> None:
    frame = appeared(place(1, 0), place(2, 0), place(3, 0))
    found = spread(frame, pairs(("art_1", "art_2", "copy", 1.0)))
    assert found["article_id"].to_list() == ["art_2", "art_3", "art_1"]
    assert found["first"].to_list() == [True, True, False]
    undated = spread(appeared(place(1, None), place(2, None)), pairs())
    assert undated["first"].to_list() == [False, False]


def test_figures_that_changed_are_told_with_what_the_first_appearance_said() -> None:
    frame = appeared(
        place(1, 0), place(2, 1, quote=SENTENCES[1]), place(3, 2, quote=SENTENCES[2]),
        place(4, 3, quote=SENTENCES[3], lang="fa"), place(5, 4, quote=SENTENCES[4], lang="ar"),
    )  # fmt: skip
    found = spread(frame, pairs())
    changed = [[(one["before"], one["now"]) for one in row] for row in found["changed"].to_list()]
    ((before, now),) = changed[1]
    assert ("250" in before, "300" in now) == (True, True)
    assert changed[0] == changed[2] == changed[3] == []
    assert [(before, now) for before, now in changed[4]] == changed[1]
    assert any("250" in figure for figure in found["figures"][0])


def test_groups_are_told_apart() -> None:
    other = {"group_id": "clm_0", "quote": SENTENCES[1]}
    frame = appeared(place(1, 0), place(2, 1), place(3, 5, **other), place(1, 6, **other))
    found = spread(frame, pairs(("art_2", "art_1", "copy", 1.0), ("art_3", "art_2", "copy", 1.0)))
    assert found["group_id"].to_list() == ["clm_0", "clm_0", "clm_1", "clm_1"]
    assert found["copy_of"].to_list() == [None, None, None, "art_1"]
    assert found["changed"].list.len().to_list() == [0, 0, 0, 0]
    assert found["first"].to_list() == [True, False, True, False]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 0, 1, 2]), st.sampled_from(SENTENCES)), max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_order_of_what_is_given_changes_nothing_and_nothing_is_lost(
    places: list[tuple[int, int | None, str]], copied: list[tuple[int, int]], chance: random.Random
) -> None:
    rows = [place(at, days, quote=quote, group_id=f"clm_{group}") for at, (group, days, quote) in enumerate(places)]
    frame = appeared(*rows)
    known = pairs(*{(f"art_{copy}", f"art_{original}", "copy", 0.8) for copy, original in copied if copy != original})
    found = spread(frame, known)
    order = list(range(len(rows)))
    chance.shuffle(order)
    assert spread(frame[order], known).equals(found)
    assert sorted(found["claim_id"].to_list()) == sorted(row["claim_id"] for row in rows)
    for group in found.partition_by("group_id"):
        days = group["published_at"].drop_nulls()
        assert days.is_sorted()
        assert group["published_at"].head(days.len()).null_count() == 0
        assert not group["changed"][0].len()
        assert set(group["copy_of"].drop_nulls()) <= set(group["article_id"])
        assert group.filter("first")["published_at"].n_unique() <= 1
        assert group.filter("first")["copy_of"].null_count() == group.filter("first").height


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_what_changed_one_way_changed_back_the_other(one: str, other: str) -> None:
    there, back = (list(changes(facts(first, "en"), facts(then, "en"))) for first, then in ((one, other), (other, one)))
    assert sorted(there) == sorted((before, now) for now, before in back)
    if one == other:
        assert there == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(QUOTES), max_size=8), st.data())
def test_the_pairs_of_some_groups_are_those_among_all(quotes: list[str], data: st.DataObject) -> None:
    frame = claims(quotes)
    every = proposals(frame, least=0.0)
    some = data.draw(st.lists(st.sampled_from(frame["group_id"].to_list()), unique=True)) if quotes else []
    mine = pl.col("one").is_in(some) | pl.col("other").is_in(some)
    assert proposals(frame, least=0.0, of=some).equals(every.filter(mine))
    found = tension(frame)
    assert found.schema == TENSION
    assert tension(frame, of=some).equals(found.filter(pl.col("group_id").is_in(some)))
    told = every.filter(pl.col("relation") == str(Relation.TENSION), pl.col("score") >= LEAST)
    assert found.height == 2 * told.height
    turned = found.select(group_id="other", other="group_id")
    assert found.select("group_id", "other").sort(pl.all()).equals(turned.sort(pl.all()))


def test_of_claims_with_the_same_words_those_with_other_figures_are_in_tension() -> None:
    frame = claims(
        [
            "The ministry of energy opened 5 dams in the northern province.",
            "In the northern province, the Ministry of Energy opened 7 dams.",
            "The ministry of energy opened 9 dams in the southern province.",
            "The ministry of energy opened 5 dams in the northern province",
            "5 percent.",
            "7 percent.",
        ]
    )
    ids = frame["group_id"].to_list()
    found = same_but_figures(frame)
    assert found.schema == TENSION
    wanted = {(0, 1), (1, 0), (1, 3), (3, 1)}
    assert {(ids.index(one), ids.index(other)) for one, other in found.select("group_id", "other").rows()} == wanted
    assert all("5 dams" in row[0] for row in found.filter(group_id=ids[0])["reasons"].to_list())


def test_a_series_of_the_same_words_contradicts_nobody() -> None:
    prices = [f"The central bank said that a dollar was worth {number}000 rials." for number in range(41, 61)]
    assert same_but_figures(claims(prices)).is_empty()
    assert same_but_figures(claims(prices[:2])).height == 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(QUOTES), max_size=8), st.randoms(use_true_random=False))
def test_what_has_the_same_words_is_in_tension_whatever_else_is_there(quotes: list[str], chance: random.Random) -> None:
    frame = claims(quotes)
    order = list(range(len(quotes)))
    chance.shuffle(order)
    found = same_but_figures(frame)
    assert same_but_figures(frame[order]).equals(found)
    pairs = found.select("group_id", "other")
    assert pairs.join(tension(frame, least=0.0), on=["group_id", "other"], how="anti").is_empty()
    for one, other in pairs.rows():
        alone = frame.filter(pl.col("group_id").is_in([one, other]))
        assert {*same_but_figures(alone).select("group_id", "other").rows()} == {(one, other), (other, one)}


WORDS = (
    "countries", "country", "taxes", "tax", "making", "make", "می رود", "میرود", "می‌رود", "کتاب ها", "کتاب‌ها", "كتاب",
    "الوزارة", "وزارة", "وَزارة", "ﷲ", "3", "۴", "12,000", "٤٠٪", "\n", "،", "بزرگ تر", "بزرگ‌ترین", "İstanbul", "ışık",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=8), st.data())
def test_of_the_claims_that_are_asked_for_the_same_is_found_as_of_all(quotes: list[str], data: st.DataObject) -> None:
    frame = claims([f"{quote} countries کتاب {number}" for number, quote in enumerate(quotes)])
    of = data.draw(st.lists(st.sampled_from(frame["group_id"].to_list()), unique=True))
    every = same_but_figures(frame).filter(pl.col("group_id").is_in(of))
    assert same_but_figures(frame, of=of).equals(every)
