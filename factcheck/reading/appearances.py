"""Where claims appeared and how they travelled, from rows of claims and articles alone."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from factcheck.matching import copies
from factcheck.matching.spread import APPEARED, spread
from factcheck.models import ClaimState

TEXTS = ("article_id", "text", "published_at", "fetched_at")
"""What copies are found by."""
ARTICLE = ("article_id", "publisher", "title", "url", "published_at", "published_raw", "published_day")
"""What is told of the article."""


def appeared(claims: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The places where the claims stand (`APPEARED`); withdrawn ones are none, unless all of their group are withdrawn.

    What a person corrected of a claim goes before what its article says.
    """
    active = pl.col("state") == str(ClaimState.ACTIVE)
    return (
        claims.filter(active | ~active.any().over("group_id"))
        .join(articles.select(ARTICLE), on="article_id", how="left", maintain_order="left")
        .with_columns(
            publisher=pl.coalesce("outlet", "publisher"),
            published_at=pl.coalesce("said_at", "published_at"),
            published_raw=pl.when(pl.col("said_at").is_null()).then("published_raw"),
            published_day=pl.when(pl.col("said_at").is_null()).then("published_day"),
        )
        .select(APPEARED.names())
        .cast(APPEARED)
    )


def copies_among(texts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The pairs (`copies.PAIRS`) among the articles, which are given some at a time with the columns of `TEXTS`."""
    seen, found = copies.Index(), [copies.PAIRS.to_frame()]
    for some in texts:
        seen, pairs = copies.add(seen, some.select(TEXTS))
        found.append(pairs)
    return pl.concat(found).sort("copy", "original")


def spread_of(claims: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """How the claims travelled (`matching.spread.SPREAD`) through these articles, whose copies are found by texts."""
    return spread(appeared(claims, articles), copies_among([articles]))
