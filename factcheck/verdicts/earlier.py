"""Verdicts that stand already on what a claim says: the lookup that a matcher of meanings can take the place of."""

from __future__ import annotations

import polars as pl

from factcheck.folding import match_key
from factcheck.frames import UTC_MICROSECONDS
from factcheck.models import ClaimState, Origin, Status

EARLIER = pl.Schema(
    {
        "claim_id": pl.String(),
        "found_id": pl.String(),
        "quote": pl.String(),
        "verdict": pl.String(),
        "reason": pl.String(),
        "decided_at": UTC_MICROSECONDS,
        "origin": pl.String(),
        "source": pl.String(),
        "url": pl.String(),
        "score": pl.Float64(),
        "relation": pl.String(),
    }
)
"""A row for each earlier verdict of a claim: the group's id, that of the group it was found on, whose words it has.

`url` is where it is told, null where nobody knows. `score` (1 for equal words) and `relation` (`matching.facts`) say
how far other words are like the claim's, both null for the same words.
"""


def earlier(claims: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The earlier verdicts (`EARLIER`) on the groups of the claims, the newest of each first.

    `claims` are rows of Claim, `standing` of VerdictChange. One counts for a group where it was decided on another
    group with a quote that `match_key` finds, or where it is the group's own and was imported. `match_key` throws away
    signs that change what is said, so a person has to see the words: they are told beside it. A verdict on a claim
    that was withdrawn is none.
    """
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE)).select("group_id", "quote")
    keys = pl.Series("key", [match_key(quote) for quote in active["quote"]], pl.String)
    keyed = active.with_columns(keys).filter(pl.col("key") != "").unique(["group_id", "key"], maintain_order=True)
    decided = standing.filter(pl.col("status") == str(Status.DECIDED)).select(
        "verdict", "reason", "decided_at", "origin", "source", found_id="claim_id"
    )
    there = keyed.rename({"group_id": "found_id"}).join(decided, on="found_id")
    found = keyed.select("key", claim_id="group_id").join(there, on="key")
    own = pl.col("claim_id") == pl.col("found_id")
    return (
        found.filter(~own | (pl.col("origin") == str(Origin.IMPORT)))
        .unique(["claim_id", "found_id"], keep="first", maintain_order=True)
        .with_columns(
            pl.lit(None, pl.String).alias("url"),
            pl.lit(None, pl.Float64).alias("score"),
            pl.lit(None, pl.String).alias("relation"),
        )
        .select(EARLIER.names())
        .sort("claim_id", "decided_at", "found_id", descending=[False, True, False], nulls_last=True)
    )
