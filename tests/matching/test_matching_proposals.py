"""Pairs of claims that people are asked about: which, in what order, with what reasons."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.frames import schema
from factcheck.matching.proposals import LEAST, PROPOSED, proposals
from factcheck.models import Claim

QUOTES = (
    "The ministry of energy opened the dam in the northern province.",
    "In the northern province the energy ministry opened its dam.",
    "The ministry of energy opened 5 dams in the northern province.",
    "The ministry of energy opened 7 dams in the northern province.",
    "The ministry of energy did not open the dam in the northern province.",
    "وزارت نیرو سد بزرگ استان شمالی را افتتاح کرد.",
    "سد بزرگ استان شمالي را وزارت نيرو افتتاح كرد",
    "سد بزرگ استان شمالی را وزارت نیرو افتتاح نکرد.",
    "It rained all day.",
    "",
    "!",
)


def claims(quotes: list[str], **more: list[Any]) -> pl.DataFrame:
    ids = [f"clm_{number:020x}" for number in range(len(quotes))]
    kinds = schema(Claim)
    columns = {"claim_id": ids, "group_id": ids, "quote": quotes, "lang": ["en"] * len(quotes)} | more
    empty = [None] * len(quotes)
    return pl.DataFrame(
        [
            pl.Series(name, columns.get(name, empty), kinds[name])
            for name in ("claim_id", "group_id", "quote", "lang", "claimant", "dates")
        ]
    )


def pairs(found: pl.DataFrame) -> set[tuple[int, int]]:
    return {(int(one[4:], 16), int(other[4:], 16)) for one, other in found.select("one", "other").iter_rows()}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(QUOTES), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_changes_nothing(quotes: list[str], chance: random.Random) -> None:
    frame = claims(quotes)
    order = list(range(len(quotes)))
    chance.shuffle(order)
    found = proposals(frame, least=0.0)
    assert found.schema == PROPOSED
    assert proposals(frame[order], least=0.0).equals(found)
    assert found["score"].is_between(0, 1).all()
    assert (found["one"] < found["other"]).all()
    asked = proposals(frame)
    assert asked.equals(found.filter(pl.col("score") >= LEAST))


def test_alike_claims_are_proposed_with_reasons_and_contradicting_ones_as_tension() -> None:
    frame = claims(list(QUOTES[:9]), lang=["en"] * 5 + ["fa"] * 3 + ["en"])
    found = proposals(frame)
    relations = {(int(row["one"][4:], 16), int(row["other"][4:], 16)): row["relation"] for row in found.to_dicts()}
    assert relations[0, 1] == "same"
    assert relations[5, 6] == "same"
    assert relations[2, 3] == "tension"
    assert relations[0, 4] == "different"
    assert relations[5, 7] == "different"
    assert not any(8 in pair for pair in relations)
    (tension,) = found.filter(pl.col("relation") == "tension").to_dicts()
    assert any("one says 5 dams, the other 7 dams" in reason for reason in tension["reasons"])


def test_groups_are_compared_once_by_the_claim_they_are_named_after() -> None:
    frame = claims(list(QUOTES[:2]) * 2)
    ids = frame["claim_id"]
    grouped = frame.with_columns(pl.Series("group_id", [ids[0], ids[1], ids[0], ids[1]]))
    assert pairs(proposals(grouped)) == {(0, 1)}
    assert proposals(grouped.with_columns(group_id=pl.lit(ids[0]))).is_empty()


def test_other_people_saying_it_is_no_proposal_and_the_same_claimant_a_reason() -> None:
    same = proposals(claims(list(QUOTES[:2]), claimant=["Sara Nouri", "sara nouri"])).to_dicts()[0]
    assert same["relation"] == "same"
    assert same["reasons"][-1] == "the same claimant: sara nouri"
    other = proposals(claims(list(QUOTES[:2]), claimant=["Sara Nouri", "Omid Rad"])).to_dicts()[0]
    assert other["relation"] == "different"
