"""Articles that were cut before, cut again: what becomes of the claims that checkers may have seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import polars as pl

from factcheck.models import ClaimState

READ: Final = (
    *("claimant", "claimant_role", "claimant_organisation", "reporting_verb", "speech"),
    *("check_worthiness", "reasons", "extractor", "claim_in_words", "repeated", "dates"),
)
"""The columns that an extractor reads off an article; a claim without votes gets them anew."""


class Recut(NamedTuple):
    """What cutting again changes: frames of models.Claim.

    `updated` are claims of the same words at the same place that are told otherwise now, or cut out again after they
    had been retired; `retired` those that are cut out no more, withdrawn; `new` those that are to be grouped.
    `left_out` is how many claims would share a place with a held one that is cut otherwise now.
    """

    updated: pl.DataFrame
    retired: pl.DataFrame
    new: pl.DataFrame
    left_out: int


def recut(before: pl.DataFrame, cut: pl.DataFrame, *, held: Collection[str]) -> Recut:
    """What becomes of the claims `before` where their articles are `cut` again (both frames of models.Claim).

    `held` are the ids of the claims that no extractor touches: people voted on them, worded or mended them. They stay
    as they are, and what is cut otherwise at their place is left out. The others keep id and group; withdrawn ones
    that are not held were retired by an earlier cut. Done again with the same cut it changes nothing.
    """
    cut = _known_by_place(cut, before)
    kept, mine = before.filter(by := pl.col("claim_id").is_in(list(held))), before.filter(~by)
    left_out = _overlapping(cut.filter(~by), kept.join(cut, on="claim_id", how="anti"))
    cut = cut.filter(~pl.col("claim_id").is_in(left_out))
    active = pl.lit(str(ClaimState.ACTIVE))
    told = cut.select("claim_id", *READ)
    again = mine.join(told, on="claim_id", suffix="_now", maintain_order="left")
    told_anew = [pl.col(f"{name}_now").alias(name) for name in READ]
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in READ]
    changed = again.filter(pl.any_horizontal(pl.col("state") != active, *differs))
    updated = changed.with_columns(active.alias("state"), *told_anew).select(before.columns)
    gone = mine.filter(pl.col("state") == active).join(cut, on="claim_id", how="anti", maintain_order="left")
    retired = gone.with_columns(state=pl.lit(str(ClaimState.WITHDRAWN)))
    new = cut.join(before, on="claim_id", how="anti", maintain_order="left").select(before.columns)
    return Recut(updated, retired, new, len(left_out))


def _known_by_place(cut: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The cut with the ids of the claims before where place and words are the same, however those ids were made."""
    place = ["article_id", "start", "end", "quote"]
    ids = before.select(*place, was="claim_id").unique(place, keep="first", maintain_order=True)
    known = cut.join(ids, on=place, how="left", maintain_order="left")
    return known.with_columns(pl.coalesce("was", "claim_id").alias("claim_id")).drop("was")


def _overlapping(cut: pl.DataFrame, held: pl.DataFrame) -> list[str]:
    """The ids of the claims of the cut that share a code point with a held one of their article."""
    places = held.select("article_id", first="start", last="end")
    both = cut.select("claim_id", "article_id", "start", "end").join(places, on="article_id")
    return both.filter(pl.col("start") < pl.col("last"), pl.col("end") > pl.col("first"))["claim_id"].unique().to_list()
