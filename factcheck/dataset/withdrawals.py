"""When a claim stood nowhere: its group was withdrawn, or other words took its place. Pure.

The verdict of such a claim stays in its rows, and readers do not see it any more.
"""

from __future__ import annotations

import polars as pl

from factcheck.models import ClaimState

WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"
GONE = (WITHDRAWN, SUPERSEDED)
"""What stands in the place of a status where the claim is not shown."""
_ACTIVE = str(ClaimState.ACTIVE)
_ROWS = ["claim_id", "group_id", "state", "supersedes", "version"]


def without(outcomes: pl.DataFrame, changes: pl.LazyFrame) -> pl.DataFrame:
    """The outcomes of groups (claim_id, version, status, verdict ...), with rows where they went and came back.

    `changes` are all rows of claims. While all claims of a group are withdrawn its outcome has one of `GONE` as status
    and nothing else. By claim_id and version; no two rows in a row have one status and verdict.
    """
    marks = _marks(changes, outcomes["claim_id"])
    if marks.is_empty():
        return outcomes.sort("claim_id", "version")
    touched = outcomes.join(marks, on="claim_id", how="semi")
    points = pl.concat([touched.select("claim_id", "version"), marks.select("claim_id", "version")]).unique()
    told = [name for name in outcomes.columns if name not in {"claim_id", "version"}]
    # No claim is checked before it is there, so a group's first row says what it was decided as.
    stood = _as_of(points, touched, told).filter(pl.col("status").is_not_null())
    both = _as_of(stood.select("claim_id", "version"), marks, ["gone"]).join(stood, on=["claim_id", "version"])
    empty = pl.when(pl.col("gone").is_null())
    nothing = [
        pl.lit([], dtype) if isinstance(dtype, pl.List) else pl.lit(None, dtype) for dtype in both.schema.values()
    ]
    blank = dict(zip(both.columns, nothing, strict=True)) | {"policy": pl.lit("")}
    shown = both.with_columns(
        pl.coalesce("gone", "status").alias("status"),
        *(empty.then(name).otherwise(blank[name]).alias(name) for name in told if name != "status"),
    )
    rest = outcomes.join(marks, on="claim_id", how="anti")
    return pl.concat([rest, _changed(shown.select(outcomes.columns))]).sort("claim_id", "version")


def gone(changes: pl.LazyFrame) -> list[str]:
    """The groups of which all claims are withdrawn now."""
    last = changes.filter(pl.col("version") == pl.col("version").max().over("claim_id")).select("group_id", "state")
    active = pl.col("state") == _ACTIVE
    return (
        last.group_by("group_id").agg(active.any().alias("any")).filter(~pl.col("any")).collect()["group_id"].to_list()
    )


def _marks(changes: pl.LazyFrame, groups: pl.Series) -> pl.DataFrame:
    """The versions at which a group (claim_id) went or came back, and what it is from then on (`gone`, null: there).

    Of the given groups those that were withdrawn at some time. A group without claims has gone into another one: its
    verdict rows say so.
    """
    nothing = pl.DataFrame(schema={"claim_id": pl.String, "version": pl.Int64, "gone": pl.String})
    ever = changes.filter(pl.col("state") != _ACTIVE).select("group_id").unique().collect()["group_id"]
    ever = ever.filter(ever.is_in(groups.implode()))
    if ever.is_empty():
        return nothing
    members = changes.filter(pl.col("group_id").is_in(ever.implode())).select("claim_id").unique()
    rows = _until(changes.join(members, on="claim_id", how="semi").select(_ROWS).collect())
    active = pl.col("state") == _ACTIVE
    came = rows.select("group_id", "version", n=pl.lit(1), shown=active.cast(pl.Int64))
    went = rows.filter(pl.col("until").is_not_null()).select(
        "group_id", version="until", n=pl.lit(-1), shown=-active.cast(pl.Int64)
    )
    counts = (
        pl.concat([came, went])
        .group_by("group_id", "version")
        .agg(pl.col("n", "shown").sum())
        .sort("group_id", "version")
        .with_columns(pl.col("n", "shown").cum_sum().over("group_id"))
        .filter(pl.col("group_id").is_in(ever.implode()))
        .with_columns(is_gone=(pl.col("n") > 0) & (pl.col("shown") == 0))
    )
    turns = counts.filter(pl.col("is_gone").ne_missing(pl.col("is_gone").shift(1).over("group_id")))
    replaced = _replaced(changes, rows, turns.filter("is_gone"))
    kind = pl.when("replaced").then(pl.lit(SUPERSEDED)).otherwise(pl.lit(WITHDRAWN))
    return (
        turns.join(replaced.with_columns(replaced=True), on=["group_id", "version"], how="left")
        .with_columns(gone=pl.when("is_gone").then(kind))
        .select("version", "gone", claim_id="group_id")
        .select(nothing.columns)
    )


def _replaced(changes: pl.LazyFrame, members: pl.DataFrame, went: pl.DataFrame) -> pl.DataFrame:
    """Of the groups that went at a version those in whose place other words stood then."""
    heirs = (
        changes.filter(pl.col("supersedes").is_in(members["claim_id"].unique().implode())).select("claim_id").unique()
    )
    there = _until(changes.join(heirs, on="claim_id", how="semi").select(_ROWS).collect())
    there = there.filter(pl.col("state") == _ACTIVE).select("since", "until", member="supersedes")
    own = members.select("group_id", member="claim_id").unique()
    found = went.select("group_id", "version").join(own, on="group_id").join(there, on="member")
    at_that_time = (pl.col("since") <= pl.col("version")) & (
        pl.col("until").is_null() | (pl.col("until") > pl.col("version"))
    )
    return found.filter(at_that_time).select("group_id", "version").unique()


def _until(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `since`, their version, and `until`, the version of the claim's next row; null for its last."""
    return rows.sort("claim_id", "version").with_columns(
        since="version", until=pl.col("version").shift(-1).over("claim_id")
    )


def _as_of(points: pl.DataFrame, rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """What the rows said of each claim_id as of each version of the points; null before their first."""
    said = rows.select("claim_id", "version", *columns).sort("version")
    return points.sort("version").join_asof(said, on="version", by="claim_id", strategy="backward")


def _changed(rows: pl.DataFrame) -> pl.DataFrame:
    before = [pl.col(name).shift(1).over("claim_id").ne_missing(pl.col(name)) for name in ("status", "verdict")]
    first = pl.col("version") == pl.col("version").min().over("claim_id")
    return rows.sort("claim_id", "version").filter(first | pl.any_horizontal(before))
