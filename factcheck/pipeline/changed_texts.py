"""Articles whose text is another now, under the address or path they were read from before."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import polars as pl

from factcheck.claims.mending import SOURCE
from factcheck.importers.records import EXTRACTOR
from factcheck.models import ClaimState
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How, carry_out
from factcheck.pipeline.mending import withdrawal

_SHOWN = 5
PLACE = pl.coalesce("url", "source")
"""Where an article was read."""
READ = ("article_id", "url", "source", "fetched_at")
"""What is to be known of an article to find the older text of its place."""


class Choice(NamedTuple):
    """What becomes of an older text that people have voted on: None keeps both and says so, as it does each time."""

    replace: bool | None = None
    by: str | None = None


class Changed(NamedTuple):
    """How many older texts were replaced, how many stay beside the newer one, and what to say of those."""

    replaced: int
    kept: int
    warnings: list[str]


def settle(desk: Desk, read: pl.DataFrame, choice: Choice, *, now: datetime) -> Changed:
    """Replaces the older texts of what was read, before it is staged.

    `read` is a frame of the columns `READ` of models.Article. Where nobody has voted on an older text and no import
    decided on it, its claims are withdrawn, or, as long as they are in no version and were sent nowhere, dropped with
    it. Else both stay, unless `choice` says otherwise.
    """
    older = _older(desk, read)
    if older.is_empty():
        return Changed(0, 0, [])
    claims = desk.claims().filter(pl.col("state") == str(ClaimState.ACTIVE))
    mine = claims.join(older.select("article_id"), on="article_id", how="semi")
    held = set(mine.filter(pl.col("group_id").is_in(list(voted(desk, mine))))["article_id"])
    gone = older.filter(~pl.col("article_id").is_in([] if choice.replace else list(held)))
    _drop(desk, mine.join(gone.select("article_id"), on="article_id", how="semi"), gone, choice, now=now)
    kept = older.filter(pl.col("article_id").is_in(list(held)))
    if choice.replace is not None:
        return Changed(gone.height, 0 if choice.replace else kept.height, [])
    return Changed(gone.height, kept.height, _said(kept))


def places(desk: Desk) -> pl.Series:
    """The hashes of the addresses, else paths, that the articles of the desk were read from."""
    place = PLACE.hash(seed=0).alias("place")
    data = desk.committed()
    found = [desk.staging.articles(["url", "source"]).select(place)["place"]]
    if data is not None:
        found.append(data.articles().select(place).collect()["place"])
    return pl.concat(found).unique()


def _said(kept: pl.DataFrame) -> list[str]:
    rows = kept.head(_SHOWN).iter_rows(named=True)
    lines = [
        f"{row['url'] or row['source']} has another text now; people voted on the older one ({row['article_id']}), so "
        "both are kept: ingest it again with --replace to withdraw the older claims, or with --keep to keep both"
        for row in rows
    ]
    more = kept.height - _SHOWN
    return [*lines, *([f"... and {more:,} more texts like that"] if more > 0 else [])]


def _older(desk: Desk, read: pl.DataFrame) -> pl.DataFrame:
    """The known articles of a place (address, else path) that gave one article then and gives another one now.

    A place that gives several, such as a feed without addresses, says of none which it was before.
    """
    place = PLACE.alias("place")
    now = read.select(READ).unique("article_id").with_columns(place)
    now = now.filter(pl.len().over("place") == 1)
    there = PLACE.is_in(now["place"].implode())
    staged = desk.staging.articles(READ, there)
    data = desk.committed()
    frames = [staged] if data is None else [data.articles().filter(there).select(READ).collect(), staged]
    known = pl.concat(frames).unique("article_id", keep="first", maintain_order=True).with_columns(place)
    others = known.join(now.select("place", new="article_id"), on="place").filter(pl.col("article_id") != pl.col("new"))
    if others.is_empty():
        return others
    claims = desk.claims(["claim_id", "article_id", "state", "extractor"])
    live = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))["article_id"].unique()
    waiting = pl.concat([live, staged["article_id"]]).unique()
    # What a person or an import worded names a place and was not read there.
    worded = claims.filter(pl.col("extractor") == EXTRACTOR)["article_id"].unique()
    read_there = (pl.col("source") != SOURCE) & ~pl.col("article_id").is_in(worded.implode())
    known = known.filter(pl.col("article_id").is_in(waiting.implode()), read_there)
    same = known.join(now.select("place", new="article_id"), on="place", maintain_order="left")
    at_once = pl.len().over("place", "fetched_at").max().over("place")  # what one run read has one time
    return same.filter(at_once == 1).filter(pl.col("article_id") != pl.col("new"))


def voted(desk: Desk, claims: pl.DataFrame) -> set[str]:
    """The groups of the claims on which people voted, or of which an import has a verdict."""
    data = desk.committed()
    if data is None or not data.head or claims.is_empty():
        return set()
    groups = claims["group_id"].unique().to_list()
    said = data.verdicts().filter(pl.col("claim_id").is_in(groups)).select("claim_id").collect()["claim_id"]
    said_on = data.annotations().select("claim_id").unique().collect()["claim_id"].to_list()
    own = claims.filter(pl.col("claim_id").is_in(said_on) | pl.col("group_id").is_in(said_on))["group_id"]
    return {*said, *own}


def _drop(desk: Desk, claims: pl.DataFrame, articles: pl.DataFrame, choice: Choice, *, now: datetime) -> None:
    sent = {claim for name in desk.settings.projects for row in desk.sent(name).iter_rows() for claim in row}
    committed = set(desk.committed_claims(["claim_id"])["claim_id"])
    fresh = pl.col("claim_id").is_in(list(committed | sent)) | pl.col("group_id").is_in(list(sent))
    known = claims.filter(fresh)
    if known.height:
        how = How(choice.by, "its article has another text now", yes=True)
        carry_out(desk, desk.claims(), withdrawal(known.to_dicts()), how, now=now)
    alone = articles.filter(~pl.col("article_id").is_in(known["article_id"].to_list()))
    mine = claims.filter(pl.col("article_id").is_in(alone["article_id"].to_list()))
    desk.staging.clear(articles=alone["article_id"], claims=mine["claim_id"])
