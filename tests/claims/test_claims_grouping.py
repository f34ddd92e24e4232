from __future__ import annotations

import polars as pl
import pytest

from factcheck.claims import group

PAIRS = [
    ("رشد اقتصادی سال گذشته -۵ درصد بود.", "رشد اقتصادی سال گذشته ۵ درصد بود."),
    ("The economy grew by -5 percent.", "The economy grew by 5 percent."),
    ("The bridge cost $5 million.", "The bridge cost €5 million."),
    ("دمای شهر +۳۰ درجه بود.", "دمای شهر −۳۰ درجه بود."),
    ("نرخ مرگ ۵٪ بود.", "نرخ مرگ ۵‰ بود."),
    ("نمره دانشجویان > ۱۰ بود.", "نمره دانشجویان < ۱۰ بود."),
    ("مساحت انبار ۱۰۲ متر است.", "مساحت انبار ۱۰² متر است."),
    ("C++ is used by 20 percent.", "C is used by 20 percent."),
    ("۱۰-۱۵ نفر آمدند.", "۱۰/۱۵ نفر آمدند."),
]


def groups_of(*quotes: str) -> list[str]:
    ids = [f"clm_{number}" for number in range(len(quotes))]
    claims = pl.DataFrame({"claim_id": ids, "group_id": ids, "quote": quotes, "state": "active"})
    return group(claims, claims.clear())["group_id"].to_list()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_quotes_that_differ_in_a_sign_are_two_claims(one: str, other: str) -> None:
    assert groups_of(one, other) == ["clm_0", "clm_1"]


def test_thousands_and_spellings_are_one_claim() -> None:
    assert groups_of("۱٬۲۰۰ نفر به مي\u200cدان آمدند", "«1200 نفر» به می‌دان آمدند.") == ["clm_0", "clm_0"]


def test_a_new_claim_joins_the_known_one_that_says_the_same() -> None:
    known = pl.DataFrame(
        {"claim_id": ["a", "b"], "group_id": ["a", "b"], "quote": ["it cost $5", "it cost €5"], "state": "active"}
    )
    new = pl.DataFrame(
        {"claim_id": ["c", "d"], "group_id": ["c", "d"], "quote": ["It cost €5.", "It cost 5."], "state": "active"}
    )
    assert group(new, known)["group_id"].to_list() == ["b", "d"]


def test_nothing_joins_a_claim_that_was_withdrawn_and_one_cut_again_keeps_its_group() -> None:
    known = pl.DataFrame(
        {
            "claim_id": ["a", "b", "c"],
            "group_id": ["a", "b", "b"],
            "quote": ["It cost 5.", "It cost 7.", "It cost 7!"],
            "state": ["withdrawn", "active", "active"],
        }
    )
    again = pl.DataFrame(
        {
            "claim_id": ["new", "c", "a", "newer", "copy"],
            "group_id": ["new", "c", "a", "newer", "copy"],
            "quote": ["It cost 5.", "It cost 7!", "It cost 5.", "It cost 5.", "It cost 7."],
            "state": "active",
        }
    )
    assert group(again, known)["group_id"].to_list() == ["new", "b", "a", "new", "b"]
