"""What became of each claim that ever had a result for readers: its first, its latest and what stands now.

The row stays when the claim goes, so that a reader who kept an older copy can find out what became of it. The shape is
that of the status history of Community Notes: first, current and most recent status.
"""

from __future__ import annotations

import polars as pl

from factcheck.dataset import anonymous, corrections, withdrawals
from factcheck.frames import UTC_MICROSECONDS
from factcheck.models import Status

FOR_READERS = (Status.DECIDED, Status.UNPROVEN)
"""The statuses that are a result for readers."""
MERGED = "merged"
_POINTS = ("first", "latest", "current")
_OF_POINT = {
    "status": pl.String(), "verdict": pl.String(), "at": UTC_MICROSECONDS, "version": pl.Int64(), "policy": pl.String(),
}  # fmt: skip
SCHEMA = pl.Schema(
    {"claim_id": pl.String(), "lang": pl.String(), "state": pl.String(), "merged_into": pl.String()}
    | {f"{point}_{name}": dtype for point in _POINTS for name, dtype in _OF_POINT.items()}
    | {"n_corrections": pl.Int64()}
)
"""Columns of the status history.

`state` is active, withdrawn, superseded (other words stand in its place) or merged (its claims are in the group
`merged_into` now). `first_` and `latest_` are the first and the last result that readers were shown, whether it still
stands or not; `current_` is what the version says, which of a claim that has gone is its state and no verdict.
`_version` brought it, `_at` is when that was committed, `_policy` the rule that decided; empty where none did.
`n_corrections` counts the changes of what releases had shown.
"""


def status_history(dataset: corrections.Dataset, number: int, corrected: pl.DataFrame) -> pl.DataFrame:
    """The rows of `SCHEMA` as of version `number`, by claim; `corrected` are the corrections as of it."""
    log = dataset.versions(number).select("version", at="committed_at")
    rows = (
        corrections.spans(dataset, number)
        .join(log, on="version", how="left", maintain_order="left")
        .sort("claim_id", "version")
        .select("claim_id", *_OF_POINT)
    )
    rules = rows["policy"].unique().drop_nulls().to_list()
    rows = rows.with_columns(pl.col("policy").replace({rule: anonymous.rule(rule) for rule in rules}))
    result = pl.col("status").is_in([str(status) for status in FOR_READERS])
    wanted = {"first": result, "latest": result, "current": pl.lit(value=True)}
    ends = {"first": pl.Expr.first, "latest": pl.Expr.last, "current": pl.Expr.last}
    told = (
        rows.group_by("claim_id", maintain_order=True)
        .agg(
            ends[point](pl.col(name).filter(wanted[point])).alias(f"{point}_{name}")
            for point in _POINTS
            for name in _OF_POINT
        )
        .filter(pl.col("first_status").is_not_null())
    )
    groups = dataset.claims(number).select("claim_id", "lang", "group_id").collect()
    counts = corrected.group_by("claim_id").agg(n_corrections=pl.len().cast(pl.Int64))
    gone = pl.col("current_status").is_in(withdrawals.GONE)
    moved = pl.col("group_id") != pl.col("claim_id")
    state = pl.when(moved).then(pl.lit(MERGED)).when(gone).then("current_status").otherwise(pl.lit("active"))
    return (
        told.join(groups, on="claim_id", how="left")
        .join(counts, on="claim_id", how="left")
        .with_columns(
            pl.col("n_corrections").fill_null(0),
            state=state,
            merged_into=pl.when(moved).then("group_id"),
            # What a claim was counted as before it went into another group is not what readers see of it now.
            current_status=pl.when(moved).then(pl.lit(MERGED)).otherwise("current_status"),
            current_verdict=pl.when(~moved).then("current_verdict"),
        )
        .sort("claim_id")
        .select(list(SCHEMA))
        .cast(SCHEMA)
    )
