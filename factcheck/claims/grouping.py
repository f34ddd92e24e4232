"""The same sentence in several articles is one claim to check: groups by the fold for identity."""

from __future__ import annotations

import polars as pl

from factcheck.folding import identity_key
from factcheck.models import ClaimState

_SEEDS = 23, 41
"""Of the two hashes of 64 bits that stand for a key: no two keys of a desk have both in common."""
_KNOWN = pl.Schema({"_key": pl.UInt64(), "_key_2": pl.UInt64(), "_group": pl.String()})


def group(claims: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The claims with `group_id` set to the first claim that says the same, known ones first, then in given order.

    Two quotes say the same where `identity_key` makes them equal: letters of two keyboards, digits of three scripts,
    lost ZWNJ, quotation marks and a missing full stop do not matter; a sign, a currency or a per mille does. `known`
    is a frame of claims that were grouped before (claim_id, group_id, quote, state); their groups stay as they are.
    One that was withdrawn has no others join it: what was said of it is not said of them.
    """
    return Groups(known).take(claims)


class Groups:
    """The groups of claims that come in batches, as `group` makes them of all at once; a key is 16 bytes here."""

    def __init__(self, known: pl.DataFrame) -> None:
        """`known` as in `group`."""
        self._ids = known.select("claim_id", "group_id").unique("claim_id", keep="first")
        active = known.filter(pl.col("state") == str(ClaimState.ACTIVE))
        self._first = _first_of(active.select(*_keys(active), _group="group_id"))

    def take(self, claims: pl.DataFrame) -> pl.DataFrame:
        """The next claims with `group_id` set."""
        if claims.is_empty():
            return claims
        rows = claims.select("claim_id", *_keys(claims)).join(
            self._ids, on="claim_id", how="left", maintain_order="left"
        )
        told = rows.join(self._first, on=["_key", "_key_2"], how="left", maintain_order="left")
        # A claim that was grouped before keeps its group, and says nothing of where others belong.
        new = told.filter(pl.col("group_id").is_null(), pl.col("_group").is_null())
        own = _first_of(new.select("_key", "_key_2", _group="claim_id"))
        self._first = pl.concat([self._first, own])
        told = told.join(own, on=["_key", "_key_2"], how="left", maintain_order="left", suffix="_own")
        return claims.with_columns(told.select(group_id=pl.coalesce("group_id", "_group", "_group_own"))["group_id"])


def _first_of(keyed: pl.DataFrame) -> pl.DataFrame:
    return keyed.unique(["_key", "_key_2"], keep="first", maintain_order=True).select(_KNOWN.names())


def _keys(claims: pl.DataFrame) -> list[pl.Series]:
    """What the quotes say, folded for identity, as two hashes."""
    keys = pl.Series([identity_key(quote) or quote for quote in claims["quote"]], dtype=pl.String)
    return [keys.hash(seed=seed).alias(name) for name, seed in zip(_KNOWN.names(), _SEEDS, strict=False)]
