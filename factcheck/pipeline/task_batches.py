"""The tasks of a project made some articles at a time: neither all texts nor all pages are in memory at once."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from factcheck import frames
from factcheck.models import Article
from factcheck.pipeline.desk import Desk
from factcheck.studio.page.tasks import ORDER, SCHEMA

ARTICLES = 500
"""Articles of a batch."""
CLAIM = (
    "claim_id", "article_id", "group_id", "start", "end", "quote", "lang", "claimant", "check_worthiness", "reasons",
    "state", "outlet", "said_at", "context",
)  # fmt: skip
"""What a task tells of a claim."""


def tasks_in_batches(
    desk: Desk, claims: pl.DataFrame, made: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """The tasks (`tasks.SCHEMA`) of the claims (the columns `CLAIM`), those most worth check first.

    `made` makes them of some claims and their articles, as it would of all: a group is made with the others whose first
    claim stands in the same article, for nothing else says in which order checkers get them.
    """
    groups = _groups(claims)
    articles = groups["article_id"].unique(maintain_order=True)
    batches = []
    for at in range(0, articles.len(), ARTICLES):
        mine = groups.join(articles.slice(at, ARTICLES).to_frame(), on="article_id", how="semi")
        some = claims.join(mine.select("group_id"), on="group_id", how="semi", maintain_order="left")
        rows = made(some, desk.articles_among(some["article_id"].unique()))
        key = pl.col("data").str.json_path_match(f"$.{ORDER}").alias("key")
        place = mine.select("place", claim_id="group_id")
        batches.append(rows.with_columns(key).join(place, on="claim_id", how="left", maintain_order="left"))
    if not batches:
        return made(claims, frames.empty(Article))
    found = pl.concat(batches)
    return found.select(SCHEMA.names())[found.select(pl.arg_sort_by("key", "place", descending=[True, False]))["key"]]


def _groups(claims: pl.DataFrame) -> pl.DataFrame:
    """Each group's place among the others (`place`) and the article of the claim that stands for it."""
    rows = claims.select("claim_id", "group_id", "article_id").with_row_index("place")
    first = (pl.col("claim_id") != pl.col("group_id")).arg_min()  # the claim of the group's name, else the first one
    return rows.group_by("group_id", maintain_order=True).agg(
        pl.col("place").min(), pl.col("article_id").get(first, null_on_oob=True)
    )
