"""Which articles of a desk are copies of which, found once for each new article and kept beside the dataset."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from factcheck.matching import copies, copies_store
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier_index import FOLDER

_READ: Final = ("article_id", "text", "published_at", "fetched_at")
_AT_A_TIME: Final = 20_000
"""Articles whose texts are in memory at once."""


def pairs_of_copies(desk: Desk) -> pl.DataFrame:
    """The pairs (`matching.copies.PAIRS`) among the committed and the staged articles; only new texts are read."""
    there = desk.article_ids()
    folder = desk.settings.state / FOLDER / "copies"
    kept = copies_store.load(folder)
    known = kept.seen.articles.select("article_id")
    new = there.to_frame("article_id").join(known, on="article_id", how="anti", maintain_order="left")
    if new.height:
        for some in new.iter_slices(_AT_A_TIME):
            grown, found = copies.add(kept.seen, _texts(desk, some["article_id"]))
            kept = copies_store.Kept(grown, pl.concat([kept.pairs, found]).sort("copy", "original"))
        copies_store.save(folder, kept)
    # An article that was taken back from staging is still in the index.
    present = pl.col("copy", "original").is_in(there.implode())
    return kept.pairs.filter(pl.all_horizontal(present))


def copies_of(desk: Desk, article_id: str) -> list[dict[str, Any]]:
    """The articles that the article is a copy of, or that are copies of it, each with what and how much of it.

    A row: article_id, is_original (whether it was there first), kind, share (of the one that stands in the other; null
    where both are too short), publisher, url, published_at. The first of all is who published it first.
    """
    pairs = pairs_of_copies(desk)
    mine = pairs.filter((pl.col("copy") == article_id) | (pl.col("original") == article_id)).select(
        article_id=pl.when(pl.col("copy") == article_id).then("original").otherwise("copy"),
        is_original=pl.col("copy") == article_id,
        kind="kind",
        share=copies.share_of(),
    )
    about = _about(desk, mine["article_id"])
    return mine.join(about, on="article_id", how="left").sort("published_at", "article_id", nulls_last=True).to_dicts()


def _texts(desk: Desk, ids: pl.Series) -> pl.DataFrame:
    mine = pl.col("article_id").is_in(ids.implode())
    found = [desk.staging.articles(_READ, mine)]
    if (data := desk.committed()) is not None and data.last_good:
        found.append(data.articles().filter(mine).select(_READ).collect())
    return pl.concat(found).unique("article_id", keep="first", maintain_order=True).sort("article_id")


def _about(desk: Desk, ids: pl.Series) -> pl.DataFrame:
    mine, columns = pl.col("article_id").is_in(ids.implode()), ("article_id", "publisher", "url", "published_at")
    found = [desk.staging.articles(columns, mine)]
    if (data := desk.committed()) is not None and data.last_good:
        found.append(data.articles().filter(mine).select(columns).collect())
    return pl.concat(found).unique("article_id", keep="first", maintain_order=True)
