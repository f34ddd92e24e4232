"""The same sentence in several articles is one claim to check: groups by the fold for identity."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from factcheck.folding import identity_key
from factcheck.models import ClaimState

_BYTES = 16
"""Of the digest that stands for a key. Nobody can write a text whose key has another's: two claims that were taken for
one would share a verdict."""


def group(claims: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The claims with `group_id` set to the first claim that says the same, known ones first, then in given order.

    Two quotes say the same where `identity_key` makes them equal: letters of two keyboards, digits of three scripts,
    lost ZWNJ, quotation marks and a missing full stop do not matter; a sign, a currency or a per mille does. `known`
    is a frame of claims that were grouped before (claim_id, group_id, quote, state); their groups stay as they are.
    One that was withdrawn has no others join it: what was said of it is not said of them.
    """
    return Groups(known).take(claims)


class Groups:
    """The groups of claims that come in batches, as `group` makes them of all at once; a key is a digest here."""

    def __init__(self, known: pl.DataFrame) -> None:
        """`known` as in `group`."""
        self._ids = known.select("claim_id", "group_id").unique("claim_id", keep="first")
        active = known.filter(pl.col("state") == str(ClaimState.ACTIVE))
        self._first = _first_of(active.select(_keys(active), _group="group_id"))

    def take(self, claims: pl.DataFrame) -> pl.DataFrame:
        """The next claims with `group_id` set."""
        if claims.is_empty():
            return claims
        rows = claims.select("claim_id", _keys(claims)).join(
            self._ids, on="claim_id", how="left", maintain_order="left"
        )
        told = rows.join(self._first, on="_key", how="left", maintain_order="left")
        # A claim that was grouped before keeps its group, and says nothing of where others belong.
        new = told.filter(pl.col("group_id").is_null(), pl.col("_group").is_null())
        own = _first_of(new.select("_key", _group="claim_id"))
        self._first = pl.concat([self._first, own])
        told = told.join(own, on="_key", how="left", maintain_order="left", suffix="_own")
        return claims.with_columns(told.select(group_id=pl.coalesce("group_id", "_group", "_group_own"))["group_id"])


def _first_of(keyed: pl.DataFrame) -> pl.DataFrame:
    return keyed.unique("_key", keep="first", maintain_order=True).select("_key", "_group")


def _keys(claims: pl.DataFrame) -> pl.Series:
    """What the quotes say, folded for identity, as digests."""
    keys = (identity_key(quote) or quote for quote in claims["quote"])
    return pl.Series("_key", [blake2b(key.encode(), digest_size=_BYTES).digest() for key in keys], pl.Binary)
