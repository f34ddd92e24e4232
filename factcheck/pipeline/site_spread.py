"""What the site says of how claims travelled and of other figures, from a committed version alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from factcheck.dataset import Dataset
from factcheck.matching.spread import SPREAD, spread
from factcheck.matching.tension import TENSION, same_but_figures
from factcheck.models import ClaimState
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier_index import OUTCOMES
from factcheck.pipeline.match import dated
from factcheck.pipeline.tension import without_refused
from factcheck.reading.appearances import ARTICLE, TEXTS, appeared, copies_among

_AT_A_TIME: Final = 20_000
"""Articles whose texts are in memory at once."""
_COMPARED: Final = ("claim_id", "group_id", "quote", "lang", "claimant", "claimant_role", "dates", "extractor")


def spread_of_version(data: Dataset, number: int) -> pl.DataFrame:
    """How those claims with a result travelled that appeared more than once (`matching.spread.SPREAD`).

    Copies are found among the articles of these claims, so that what else the desk has read makes no difference.
    """
    claims = data.claims(number)
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE)).select("group_id").collect()
    often = (
        active.filter(pl.len().over("group_id") > 1)
        .unique()
        .join(_with_a_result(data, number), on="group_id", how="semi")
    )
    if often.is_empty():
        return SPREAD.to_frame()
    members = claims.join(often.lazy(), on="group_id", how="semi").collect()
    ids = members["article_id"].unique().sort()
    articles = data.articles(number).filter(pl.col("article_id").is_in(ids.implode())).select(ARTICLE).collect()
    return spread(appeared(members, articles), copies_among(_texts(data, number, ids)))


def tension_of_version(desk: Desk, data: Dataset, number: int) -> pl.DataFrame:
    """Which claims with a result tell other figures in the same words (`matching.tension.TENSION`), none refused."""
    claims = data.claims(number).filter(pl.col("state") == str(ClaimState.ACTIVE))
    decided = claims.join(_with_a_result(data, number).lazy(), on="group_id", how="semi").select(_COMPARED).collect()
    if decided.is_empty():
        return TENSION.to_frame()
    return without_refused(desk, same_but_figures(decided, dated), decided)


def _with_a_result(data: Dataset, number: int) -> pl.DataFrame:
    shown = data.verdicts(number).filter(pl.col("status").is_in(OUTCOMES))
    return shown.select(group_id="claim_id").collect()


def _texts(data: Dataset, number: int, ids: pl.Series) -> Iterator[pl.DataFrame]:
    for at in range(0, ids.len(), _AT_A_TIME):
        some = pl.col("article_id").is_in(ids.slice(at, _AT_A_TIME).implode())
        yield data.articles(number).filter(some).select(TEXTS).collect()
