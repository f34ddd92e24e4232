"""`corrections`: every change of a published verdict; `history`: every change of a verdict or status."""

from __future__ import annotations

from typing import Any

import polars as pl

from factcheck.dataset import Dataset
from factcheck.dataset.withdrawals import SUPERSEDED, WITHDRAWN
from factcheck.models import REGROUPING, Status
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


def corrections(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """Every change of a verdict that a release had shown: when, which claim, before, after and why; oldest first."""
    data = Desk(settings).readable(as_of)
    return _told(data, data.corrections(as_of), as_of)


def history(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """Every change of a verdict or status, published or not, as rows of `corrections`; oldest first."""
    data = Desk(settings).readable(as_of)
    return _told(data, data.history(as_of), as_of)


def _told(data: Dataset, changed: pl.DataFrame, as_of: str | None) -> list[dict[str, Any]]:
    quotes = data.claims(as_of).select("claim_id", "quote", "lang").collect()
    rows = changed.join(quotes, on="claim_id", how="left", maintain_order="left")
    return rows.select(
        "claim_id",
        "quote",
        "lang",
        "version",
        "published_in",
        corrected_at="committed_at",
        before=pl.coalesce("before_verdict", "before_status"),
        after=pl.coalesce("verdict", "status"),
        reason=_reason(),
        evidence="evidence",
    ).to_dicts()


def _reason() -> pl.Expr:
    """What the annotators gave as their reason; another policy, a restored version or lost votes say so themselves.

    Why a person withdrew a claim is the desk's own: only that it was so is said.
    """
    decided = pl.col("status") == str(Status.DECIDED)
    return (
        pl.when(pl.col("cause") == "policy")
        .then(pl.lit("another policy: ") + pl.col("message"))
        .when(pl.col("cause").is_in(["restore", "import", *REGROUPING]))
        .then(pl.col("cause") + pl.lit(": ") + pl.col("message"))
        .when(pl.col("status") == WITHDRAWN)
        .then(pl.lit("the claim was withdrawn"))
        .when(pl.col("status") == SUPERSEDED)
        .then(pl.lit("the claim has other words now, which are checked anew"))
        .when(decided | pl.col("before_verdict").is_null())
        .then(pl.col("rationales").list.join("\n"))
        .otherwise(pl.lit("the annotators no longer agree"))
    )
