"""Which claims changed last: what a feed of the newest verdicts is made of, without reading the others.

Only what a verdict is and when it came is read of every claim; the words of the newest ones are read afterwards.
"""

from __future__ import annotations

import polars as pl

from factcheck.dataset import withdrawals
from factcheck.dataset.dataset import Dataset

_OUTCOME = ("status", "verdict")


def outcomes(dataset: Dataset, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims as of a version, those that changed last first, and every change of a verdict or status among them.

    The first frame has claim_id, status and verdict as they stand (a status of `withdrawals.GONE` where the claim is
    not there any more) and `version`, the last that brought it a row of verdicts or took it away or back. The second
    one has claim_id, version, before_verdict, verdict and committed_at: what of `Dataset.history` a feed needs.
    """
    rows = dataset.verdict_changes(number).select("claim_id", "version", *_OUTCOME).collect()
    spans = withdrawals.without(rows, dataset.claim_changes(number)).sort("claim_id", "version")
    newest = rows.sort("claim_id", "version").group_by("claim_id").agg(row=pl.col("version").last())
    last = (
        spans.group_by("claim_id")
        .agg(pl.col(*_OUTCOME, "version").last())
        .join(newest, on="claim_id", how="left")
        .with_columns(version=pl.max_horizontal("version", "row"))
        .drop("row")
        .sort("version", "claim_id", descending=[True, False])
    )
    # The rows are in order, so the row before is the claim's own where it is the claim's at all.
    again = pl.col("claim_id") == pl.col("claim_id").shift(1)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in _OUTCOME)
    changed = spans.with_columns(before_verdict=pl.col("verdict").shift(1)).filter(again & differs)
    log = dataset.versions(number).select("version", "committed_at")
    return last, changed.join(log, on="version").select(
        "claim_id", "version", "before_verdict", "verdict", "committed_at"
    )
