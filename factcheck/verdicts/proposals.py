"""What checkers propose beside their votes: that a claim repeats another one, or should have been cut otherwise."""

from __future__ import annotations

import re

import polars as pl

from factcheck import evidence
from factcheck.folding import identity_key
from factcheck.models import AnnotationState

PROPOSALS = pl.Schema(
    {
        "kind": pl.String(),
        "claim_id": pl.String(),
        "proposal": pl.String(),
        "n_answers": pl.UInt32(),
        "matches": pl.List(pl.String),
        "tasks": pl.List(pl.Int64),
    }
)
"""A row per claim and proposal: `kind` is same_as or corrected_claim, `proposal` the words as typed, `matches` the
claims (group ids) that a same_as may mean. Nobody's name or id stands in it."""
KINDS = ("same_as", "corrected_claim")
_CLAIM_ID = re.compile(r"clm_[0-9a-f]{20}")


def proposals(states: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """The proposals (`PROPOSALS`) that stand in the last states of the answers, by claim and kind.

    `states` are the last states of annotations (`models.AnnotationEvent`), of which the submitted ones are read;
    `claims` has `claim_id`, `group_id`, `quote`, and the article's `url`. A same_as is looked up as a claim's id, as
    an article's address, and as a claim's words; what is found nowhere matches nothing, and stays.
    """
    live = states.filter(pl.col("state") == str(AnnotationState.SUBMITTED))
    said = (
        pl.concat([live.select(pl.lit(kind).alias("kind"), "claim_id", "task_id", proposal=kind) for kind in KINDS])
        .drop_nulls("proposal")
        .group_by("kind", "claim_id", "proposal")
        .agg(pl.len().alias("n_answers"), pl.col("task_id").unique().sort().alias("tasks"))
        .sort("claim_id", "kind", "proposal")
    )
    group_of = dict(claims.select("claim_id", "group_id").iter_rows())
    by_words: dict[str, set[str]] = {}
    by_address: dict[str, set[str]] = {}
    asked = {text for kind, text in said.select("kind", "proposal").iter_rows() if kind == KINDS[0]}
    for group, quote, url in claims.select("group_id", "quote", "url").iter_rows() if asked else ():
        by_words.setdefault(identity_key(quote), set()).add(group)
        if url:
            by_address.setdefault(url, set()).add(group)
    matches = []
    for kind, claim, text in said.select("kind", "claim_id", "proposal").iter_rows():
        found: set[str] = set()
        if kind == KINDS[0]:
            found |= {group_of[one] for one in _CLAIM_ID.findall(text) if one in group_of}
            found |= {group for one in evidence.parse(text).addresses for group in by_address.get(one, ())}
            found |= by_words.get(identity_key(text), set())
        matches.append(sorted(found - {claim, group_of.get(claim, claim)}))
    return said.with_columns(pl.Series("matches", matches, pl.List(pl.String))).select(list(PROPOSALS)).cast(PROPOSALS)
