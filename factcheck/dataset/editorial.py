"""What editors wrote of claims as it stands: the last value of each field, and the state it is in. Pure.

Rows follow the group's claim id, as verdicts do. Other words make another claim, which begins without an editor's
words; a claim merged into another is told by the other's, and has its own back when the merge is undone.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from factcheck.dataset import withdrawals
from factcheck.models import EditorialField, EditorialState, Status

STATE: Final = "editorial_state"
WORDS: Final = tuple(str(field) for field in EditorialField if field is not EditorialField.STATE)
SCHEMA: Final = pl.Schema(dict.fromkeys(("claim_id", *WORDS, STATE), pl.String()))
"""A row per claim of which something stands: each field's words, null where there are none, and the state."""
SETTLED: Final = tuple(str(one) for one in (Status.DECIDED, Status.UNPROVEN, Status.NOT_A_CLAIM))
"""Statuses that tell readers something; what waits for votes tells them nothing, whatever it waits for."""
_SIGNED: Final = [str(EditorialState.APPROVED), str(EditorialState.PUBLISHED)]


def nothing() -> pl.DataFrame:
    """That nobody wrote anything."""
    return pl.DataFrame(schema=SCHEMA)


def turns(changes: pl.DataFrame, claims: pl.LazyFrame) -> pl.DataFrame:
    """The versions (claim_id, version) that changed what readers are told of a claim: a result, another one, none.

    `changes` are all rows of verdicts of these claims, `claims` all rows of claims: one that is withdrawn tells
    nothing any more. A claim that waits for votes has no result, whatever it waits for.
    """
    outcomes = changes.select("claim_id", "version", "status", "verdict", "reason")
    gone = withdrawals.without(outcomes, claims)
    return pl.concat([_turns(outcomes), _turns(gone)]).unique().sort("claim_id", "version")


def standing(rows: pl.DataFrame, turned: pl.DataFrame) -> pl.DataFrame:
    """What stands of all editorial rows (with `version`), in the columns of `SCHEMA`, by claim_id.

    A field has the value of its newest version, and in one version of its latest time. Approved or published words
    read as `needs_review` where a version after the state's own one is among the `turned`: only a person's next state
    ends that, and nothing that a program forgets to write can.
    """
    last = rows.sort("version", "at", "edit_id").unique(["claim_id", "field"], keep="last", maintain_order=True)
    field, state = pl.col("field"), str(EditorialField.STATE)
    wide = last.group_by("claim_id").agg(
        *(pl.col("value").filter(field == name).first().alias(name) for name in WORDS),
        pl.col("value").filter(field == state).first().alias(STATE),
        pl.col("version").filter(field == state).first().alias("stated_in"),
    )
    newest = turned.group_by("claim_id").agg(turned_in=pl.col("version").max())
    overtaken = pl.col(STATE).is_in(_SIGNED) & (pl.col("turned_in") > pl.col("stated_in"))
    return (
        wide.join(newest, on="claim_id", how="left")
        .with_columns(
            pl.when(overtaken.fill_null(value=False))
            .then(pl.lit(str(EditorialState.NEEDS_REVIEW)))
            .otherwise(STATE)
            .alias(STATE)
        )
        .filter(pl.any_horizontal(pl.col(*WORDS, STATE).is_not_null()))
        .select(list(SCHEMA))
        .cast(SCHEMA)
        .sort("claim_id")
    )


def _turns(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Of rows of results those that say otherwise than the claim's row before; the first one differs from no result."""
    told = ["status", "verdict", "reason"]
    shown = outcomes.sort("claim_id", "version").with_columns(
        pl.when(pl.col("status").is_in([*SETTLED, *withdrawals.GONE])).then("status").alias("status")
    )
    differs = [pl.col(name).ne_missing(pl.col(name).shift(1).over("claim_id")) for name in told]
    return shown.filter(pl.any_horizontal(*differs)).select("claim_id", "version")
