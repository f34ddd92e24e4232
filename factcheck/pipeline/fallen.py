"""Results that readers may know and that become others or go: each is told by its claim, never only counted."""

from __future__ import annotations

import polars as pl

from factcheck.dataset import Dataset, diff
from factcheck.pipeline.merged import SETTLED
from factcheck.text import isolate

VERDICT = pl.col("verdict")
RESULT = pl.coalesce("verdict", pl.when(pl.col("status").is_in(SETTLED)).then("status"))
"""What a row of verdicts tells readers: the verdict, else that the claim is unproven or none; null for nothing."""
SCHEMA = pl.Schema({**diff.SCHEMA, "quote": pl.String(), "lang": pl.String(), "claimant": pl.String()})
_NAMED = 3


def fallen(rows: pl.DataFrame, data: Dataset) -> pl.DataFrame:
    """One row (`SCHEMA`, as of `Dataset.diff` with the claim's words) for each result that is another one or gone.

    `rows` are models.VerdictChange rows that the next version of the dataset would bring. By claim_id.
    """
    if rows.is_empty() or not data.head:
        return pl.DataFrame(schema=SCHEMA)
    mine = pl.col("claim_id").is_in(rows["claim_id"].to_list())
    was = data.verdicts().filter(mine, RESULT.is_not_null()).collect()
    was = was.select("claim_id", before_status="status", before_verdict="verdict", before_result=RESULT)
    gone = rows.join(was, on="claim_id").filter(RESULT.ne_missing(pl.col("before_result")))
    if gone.is_empty():  # as with most pulls: the claims need no look
        return pl.DataFrame(schema=SCHEMA)
    found = diff.diff(gone.lazy().with_columns(version=pl.lit(data.head + 1, pl.Int64), before_version=pl.lit(None)))
    words = data.claims().filter(pl.col("claim_id").is_in(found["claim_id"].to_list()))
    quotes = words.select("claim_id", "quote", "lang", "claimant").unique("claim_id").collect()
    return found.join(quotes, on="claim_id", how="left", maintain_order="left").match_to_schema(SCHEMA)


def told(fell: pl.DataFrame, *, version: int) -> list[str]:
    """Warnings of results that a version changed or withdrew: the first ones by name, and where all of them stand."""
    if fell.is_empty():
        return []
    named = [
        f"claim {row['claim_id']} {isolate('“' + (row['quote'] or '')[:80] + '”')} was "
        f"{_result(row, 'before')} and is {_result(row, 'after')} now"
        for row in fell.head(_NAMED).iter_rows(named=True)
    ]
    more = fell.height - len(named)
    return [*named, *([f"{more:,} more such claims: `factcheck diff {version - 1} {version}`"] if more else [])]


def _result(row: dict[str, str | None], when: str) -> str:
    return (row[f"{when}_verdict"] or row[f"{when}_status"] or "").replace("_", " ")
