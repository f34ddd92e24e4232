"""Groups that were made with an older fold, made anew: which claims say the same by the fold of today."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from factcheck.folding import identity_key, match_key

_INVISIBLE = "[\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_WRITTEN_IN_TWO_WAYS = (
    r"\d[,،٬'’\u{2007}\u{2009}\u{202f}]\d{3}|\d{4}|\d\s?/\s?\d|[0۰٠][.,٫]\d|(?:^|[^\w.])\.\d"
    r"|[¼-¾⅐-⅟↉⁄⁰-₉²³¹^°ªº˚]"
)
"""What two quotes of one claim hold, one of them at least, where the fold to find things tells them apart."""


def regroup(claims: pl.DataFrame, weight: Mapping[str, int]) -> pl.DataFrame:
    """The claims (claim_id, group_id, quote and more, in their order) with `group_id` by the fold of today.

    A group of which some say another thing is split: the part with the claim that stands for the group, whose words
    were on the checkers' tasks, keeps its id, each other part gets that of its first claim. Groups that say the same
    become one under the id that weighs most by `weight` (none is 0), the first of these. A claim that the fold to find
    things did not put into its group stays there. Done again it changes nothing.
    """
    told = to_compare(claims)
    heads: dict[str, dict[str, str]] = {}
    for row in told.iter_rows(named=True):
        if row["group_id"] not in heads or row["claim_id"] == row["group_id"]:
            heads[row["group_id"]] = row
    head_keys = {group: identity_key(head["quote"]) or head["quote"] for group, head in heads.items()}
    found = {group: match_key(head["quote"]) for group, head in heads.items()}
    parts: dict[str, list[tuple[str, str]]] = {}
    for row in told.iter_rows(named=True):
        group = row["group_id"]
        by_the_fold = match_key(row["quote"]) == found[group]
        key = (identity_key(row["quote"]) or row["quote"]) if by_the_fold else head_keys[group]
        parts.setdefault(key, []).append((row["claim_id"], group))
    new: dict[str, str] = {}
    for key, members in parts.items():
        owned = [group for group in dict.fromkeys(group for _, group in members) if head_keys[group] == key]
        chosen = max(owned, key=lambda group: weight.get(group, 0)) if owned else members[0][0]
        new |= {claim: chosen for claim, group in members if group != chosen}
    if not new:
        return claims
    return claims.with_columns(pl.col("claim_id").replace_strict(new, default=pl.col("group_id")).alias("group_id"))


def to_compare(claims: pl.DataFrame) -> pl.DataFrame:
    """The claims whose group the fold of today may change: those of groups with several texts, those it reads anew."""
    quotes = claims.select("claim_id", "group_id", "quote")
    several = pl.col("quote").n_unique().over("group_id") > 1
    plain = pl.col("quote").str.replace_all(_INVISIBLE, "")
    return quotes.filter(several | plain.str.contains(_WRITTEN_IN_TWO_WAYS).any().over("group_id"))
