"""The same sentence in several articles is one claim to check: groups by the fold for identity."""

from __future__ import annotations

import polars as pl

from factcheck.folding import identity_key
from factcheck.models import ClaimState


def group(claims: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The claims with `group_id` set to the first claim that says the same, known ones first, then in given order.

    Two quotes say the same where `identity_key` makes them equal: letters of two keyboards, digits of three scripts,
    lost ZWNJ, quotation marks and a missing full stop do not matter; a sign, a currency or a per mille does. `known`
    is a frame of claims that were grouped before (claim_id, group_id, quote, state); their groups stay as they are.
    One that was withdrawn has no others join it: what was said of it is not said of them.
    """
    if claims.is_empty():
        return claims
    there = known.join(claims, on="claim_id", how="semi").select("claim_id", "group_id")
    if there.height:
        fresh = group(claims.join(there, on="claim_id", how="anti", maintain_order="left"), known)
        groups = pl.concat([there, fresh.select("claim_id", "group_id")]).unique("claim_id", keep="first")
        found = claims.select("claim_id").join(groups, on="claim_id", how="left", maintain_order="left")
        return claims.with_columns(found["group_id"])
    columns = ["claim_id", "group_id", "quote"]
    active = known.filter(pl.col("state") == str(ClaimState.ACTIVE))
    before = active.select(columns) if active.height else claims.select(columns).clear()
    both = pl.concat([before.with_columns(_rank=pl.lit(0)), claims.select(columns).with_columns(_rank=pl.lit(1))])
    keys = pl.Series("_key", [identity_key(quote) or quote for quote in both["quote"]], pl.String)
    first = (
        both.with_columns(keys, _group=pl.when(pl.col("_rank") == 0).then("group_id").otherwise("claim_id"))
        .with_columns(pl.col("_group").first().over("_key"))
        .filter(pl.col("_rank") == 1)
    )
    return claims.with_columns(first["_group"].alias("group_id"))
