"""The difference of two versions from the changes between them: which verdicts are new, changed, withdrawn."""

from __future__ import annotations

import polars as pl

from factcheck.frames import UTC_MICROSECONDS

SCHEMA = pl.Schema(
    {
        "claim_id": pl.String(),
        "change": pl.String(),
        "before_status": pl.String(),
        "before_verdict": pl.String(),
        "after_status": pl.String(),
        "after_verdict": pl.String(),
        "version": pl.Int64(),
        "n_votes": pl.Int64(),
        "agreement": pl.Float64(),
        "policy": pl.String(),
        "rationales": pl.List(pl.String),
        "evidence": pl.List(pl.String),
        "decided_at": UTC_MICROSECONDS,
    }
)


def diff(changes: pl.LazyFrame) -> pl.DataFrame:
    """One row per claim whose status or verdict is another one after the changes than before them.

    `changes` are the rows of `verdicts` that versions after a and up to b brought. Columns: claim_id, change (new,
    changed, withdrawn, status), before_status, before_verdict, after_status, after_verdict, then of the last row
    version, n_votes, agreement, policy, rationales, evidence, decided_at; sorted by claim_id. `new`: a verdict where
    there was none; `withdrawn`: none where there was one; `changed`: another verdict; `status`: no verdict before nor
    after, and another status.
    """
    first = ["before_status", "before_verdict"]
    ends = (
        changes.sort("version")
        .group_by("claim_id", maintain_order=True)
        .agg(pl.col(first).first(), pl.exclude("claim_id", "before_version", *first).last())
    )
    before, after = pl.col("before_verdict"), pl.col("after_verdict")
    return (
        ends.rename({"status": "after_status", "verdict": "after_verdict"})
        .with_columns(
            pl.when(before.is_null() & after.is_not_null())
            .then(pl.lit("new"))
            .when(before.is_not_null() & after.is_null())
            .then(pl.lit("withdrawn"))
            .when(before.ne_missing(after))
            .then(pl.lit("changed"))
            .when(pl.col("before_status").ne_missing(pl.col("after_status")))
            .then(pl.lit("status"))
            .alias("change"),
        )
        .filter(pl.col("change").is_not_null())
        .select(list(SCHEMA))
        .sort("claim_id")
        .collect()
    )


def reversed_diff(found: pl.DataFrame) -> pl.DataFrame:
    """The same difference seen from the other end: what was new is withdrawn, before and after change places."""
    return found.with_columns(
        pl.col("change").replace({"new": "withdrawn", "withdrawn": "new"}),
        pl.col("after_status").alias("before_status"),
        pl.col("after_verdict").alias("before_verdict"),
        pl.col("before_status").alias("after_status"),
        pl.col("before_verdict").alias("after_verdict"),
    )
