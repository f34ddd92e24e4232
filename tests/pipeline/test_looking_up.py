"""What is looked up or counted of a desk's claims is what reading all of them says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from factcheck import dataset as dataset_package
from factcheck import settings
from factcheck.pipeline import status
from factcheck.pipeline.desk import Desk
from tests.dataset.conftest import Rows

ROWS = Rows()
NUMBERS = st.integers(0, 9)
VERSION = st.dictionaries(NUMBERS, st.tuples(NUMBERS, st.sampled_from([0.2, 0.9])), max_size=6)


def claims_of(version: dict[int, tuple[int, float]]) -> pl.DataFrame:
    """Claims by number, each in the group of another number."""
    made = [ROWS.claims([])] + [
        ROWS.claims([number], group_id=ROWS.claim(group).claim_id, check_worthiness=worth)
        for number, (group, worth) in version.items()
    ]
    return pl.concat(made)


@how(max_examples=100, deadline=None)
@given(versions=st.lists(VERSION, max_size=2), staged=VERSION, asked=st.sets(NUMBERS), articles=st.sets(NUMBERS))
def test_what_is_looked_up_is_what_reading_all_says(
    versions: list[dict[int, tuple[int, float]]],
    staged: dict[int, tuple[int, float]],
    asked: set[int],
    articles: set[int],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(settings.Settings(root=Path(folder)))
        for number, version in enumerate(versions):
            dataset_package.commit(
                desk.dataset,
                articles=ROWS.articles(version),
                claims=claims_of(version),
                cause="regroup",
                now=ROWS.at(number),
            )
        desk.staging.add_articles(ROWS.articles(sorted(articles)))
        desk.staging.set_claims(claims_of(staged))
        every = desk.claims()
        keys = pl.Series("claim_id", [ROWS.claim(number).claim_id for number in sorted(asked)], pl.String)
        mine = pl.col("claim_id").is_in(keys.implode()) | pl.col("group_id").is_in(keys.implode())
        assert desk.claims_among(keys).sort("claim_id").equals(every.filter(mine).sort("claim_id"))
        assert desk.article_count() == desk.article_ids().len()
        worth = every.filter(pl.col("check_worthiness") >= desk.settings.claims.min_check_worthiness)
        counted = every.height, every["group_id"].n_unique(), worth["group_id"].n_unique()
        assert status.count_claims(desk) == counted
