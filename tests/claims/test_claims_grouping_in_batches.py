"""Groups that come in batches are those of all claims at once."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.claims import Groups
from factcheck.folding import identity_key

QUOTES = [
    "It cost $5.",
    "it cost $5",
    "It cost €5.",
    "«۱٬۲۰۰ نفر آمدند»",
    "1200 نفر آمدند",
    "نرخ ۵٪ بود",
    "-5",
    "5",
    "…",
]
SCHEMA = {"claim_id": pl.String(), "group_id": pl.String(), "quote": pl.String(), "state": pl.String()}


def frame(rows: list[tuple[str, str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


def plainly(claims: list[tuple[str, str, str, str]], known: list[tuple[str, str, str, str]]) -> list[str]:
    """What the words of `group` say, one claim after the other."""
    first: dict[str, str] = {}
    had: dict[str, str] = {}
    for claim, group, quote, state in known:
        had.setdefault(claim, group)
        if state == "active":
            first.setdefault(identity_key(quote) or quote, group)
    return [had.get(claim) or first.setdefault(identity_key(quote) or quote, claim) for claim, _, quote, _ in claims]


@settings(max_examples=300)
@given(
    known=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(QUOTES), st.booleans()), max_size=6),
    quotes=st.lists(st.sampled_from(QUOTES), max_size=14),
    size=st.sampled_from([1, 2, 5, 20]),
)
def test_batches_make_no_difference_and_the_first_that_says_it_names_the_group(
    known: list[tuple[int, str, bool]], quotes: list[str], size: int
) -> None:
    before = [(f"c{n}", f"g{n}", quote, "active" if live else "withdrawn") for n, quote, live in known]
    claims = [(f"c{n + 4}", f"c{n + 4}", quote, "active") for n, quote in enumerate(quotes)]
    groups = Groups(frame(before))
    found = [
        one for at in range(0, len(claims), size) for one in groups.take(frame(claims[at : at + size]))["group_id"]
    ]
    assert found == plainly(claims, before)
