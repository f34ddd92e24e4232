"""What became of verdicts: `corrections` are the changes of published ones, `history` is every change there was.

A verdict is published where a release shows it. One that changed and changed back between two releases misled no
reader, and stands in the history alone. One whose claim was withdrawn, or has other words now, stands no more.
"""

from __future__ import annotations

from typing import Protocol

import polars as pl

from factcheck.dataset import anonymous, tagging, withdrawals
from factcheck.frames import UTC_MICROSECONDS
from factcheck.models import REGROUPING, ClaimState, Status

_OUTCOME = ["claim_id", "version", "status", "verdict", "policy", "rationales", "evidence"]
SCHEMA = pl.Schema(
    {
        "committed_at": UTC_MICROSECONDS,
        "version": pl.Int64(),
        "cause": pl.String(),
        "message": pl.String(),
        "claim_id": pl.String(),
        "published_in": pl.String(),
        "before_version": pl.Int64(),
        "before_status": pl.String(),
        "before_verdict": pl.String(),
        "verdict": pl.String(),
        "status": pl.String(),
        "policy": pl.String(),
        "rationales": pl.List(pl.String),
        "evidence": pl.List(pl.String),
    }
)


class Dataset(Protocol):
    """What is read of a dataset here; its own module imports this one."""

    def claims(self, as_of: int) -> pl.LazyFrame:
        """The claims as they stood, with `group_id`."""

    def claim_changes(self, as_of: int) -> pl.LazyFrame:
        """Every row of the claims up to the version."""

    def verdict_changes(self, as_of: int) -> pl.LazyFrame:
        """Every change up to the version, with what it was before."""

    def versions(self, as_of: int) -> pl.DataFrame:
        """The log up to the version."""


def releases(tags: pl.DataFrame) -> pl.DataFrame:
    """The versions that were released (`version`) and the release's name (`release`, the first one), by version.

    `tags` are all rows of the log, so that a release whose tag was moved since stays one.
    """
    return (
        tags.filter(pl.col("note") == pl.lit(tagging.RELEASE) + pl.col("name"))
        .select("version", release="name")
        .unique("version", keep="first", maintain_order=True)
        .sort("version")
    )


def corrections(dataset: Dataset, number: int, published: pl.DataFrame) -> pl.DataFrame:
    """Every change of a published verdict as of version `number`; the one count of release, command and export.

    For each claim what stood in one release is compared with what stands in the next one that says otherwise, and the
    last of them with what stands in the version. `published` are the releases; those after the version do not count.
    Columns: see `Dataset.corrections`. By version and claim_id.
    """
    points = published.filter(pl.col("version") <= number)
    if points.is_empty():
        nothing = dataset.verdict_changes(number).select(_OUTCOME).head(0).collect()
        return _told(_pairs(_until(nothing, number), points, number), dataset, number)
    stood = spans(dataset, number)
    own = _pairs(stood, points, number)
    parted = [_parted(dataset, version, stood, points, number) for version in regroupings(dataset.versions(number))]
    return _told(pl.concat([own, *parted]), dataset, number)


def history(dataset: Dataset, number: int) -> pl.DataFrame:
    """Every change of a claim's verdict or status after its first one; columns and order of `corrections`.

    `published_in` is null in it: whether a reader saw the change is for `corrections` to say.
    """
    before = ["status", "verdict", "version"]
    changed = (
        spans(dataset, number)
        .with_columns(pl.col(name).shift(1).over("claim_id").alias(f"before_{name}") for name in before)
        .filter(pl.col("before_version").is_not_null())
        .with_columns(published_in=pl.lit(None, pl.String))
    )
    return _told(changed, dataset, number)


def regroupings(versions: pl.DataFrame) -> list[int]:
    """The versions of a log that may have put claims into other groups."""
    return versions.filter(pl.col("cause").is_in(REGROUPING))["version"].to_list()


def spans(dataset: Dataset, number: int) -> pl.DataFrame:
    """For each claim the versions [version, until) in which it had one status and verdict, by claim and version.

    Where it was not shown, its status is one of `withdrawals.GONE` and it has no verdict.
    """
    first = pl.col("before_version").is_null()
    differs = pl.any_horizontal(pl.col(f"before_{name}").ne_missing(pl.col(name)) for name in ("status", "verdict"))
    rows = dataset.verdict_changes(number).filter(first | differs).select(_OUTCOME).collect()
    return _until(withdrawals.without(rows, dataset.claim_changes(number)), number)


def _until(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.with_columns(until=pl.col("version").shift(-1, fill_value=number + 1).over("claim_id"))


def _pairs(spans: pl.DataFrame, points: pl.DataFrame, number: int) -> pl.DataFrame:
    """What was published with what came after it, where that is another verdict or none.

    Of a claim's spans count those in which a release lies, and the one that stands now.
    """
    releases = points.select("release", released="version").sort("released")
    seen = (
        spans.with_columns(last=pl.col("until") - 1)
        .sort("last")
        .join_asof(releases, left_on="last", right_on="released", strategy="backward")
    )
    kept = seen.filter((pl.col("released") >= pl.col("version")) | (pl.col("until") == number + 1))
    before = {"before_status": "status", "before_verdict": "verdict", "before_version": "version"}
    return (
        kept.sort("claim_id", "version")
        .with_columns(
            pl.col("release").shift(1).over("claim_id").alias("published_in"),
            *(pl.col(name).shift(1).over("claim_id").alias(new) for new, name in before.items()),
        )
        .filter(pl.col("before_verdict").is_not_null() & pl.col("before_verdict").ne_missing(pl.col("verdict")))
        .drop("last", "released", "release")
    )


def _parted(dataset: Dataset, version: int, spans: pl.DataFrame, points: pl.DataFrame, number: int) -> pl.DataFrame:
    """The published verdicts that fell because a version took claims out of the group that had them.

    Readers saw such a claim under its old group's verdict, though it has no row of its own: its spans are those of
    the group until then, and those of its new group after.
    """
    moved = _moved(dataset, version)
    old = (
        spans.filter((pl.col("version") < version) & (pl.col("until") >= version))
        .rename({"claim_id": "was"})
        .join(moved, on="was")
        .with_columns(until=pl.lit(version, pl.Int64))
    )
    nothing = old.with_columns(
        version=pl.lit(version, pl.Int64),
        status=pl.lit(str(Status.UNREVIEWED)),
        verdict=pl.lit(None, pl.String),
        policy=pl.lit(""),
        rationales=pl.lit([], pl.List(pl.String)),
        evidence=pl.lit([], pl.List(pl.String)),
    )
    new = (
        spans.filter(pl.col("until") > version)
        .rename({"claim_id": "group_id"})
        .join(moved, on="group_id")
        .with_columns(version=pl.max_horizontal("version", pl.lit(version, pl.Int64)))
    )
    columns = ["was", "group_id", *spans.columns]
    rows = pl.concat([part.select(columns) for part in (old, new, nothing)])
    # One claim may stand for the parts of several groups, so the two groups together are the key here.
    rows = rows.unique(["was", "group_id", "version"], keep="first", maintain_order=True)
    names = rows.select("was", "group_id", "claim_id").unique().with_row_index("key").cast({"key": pl.String})
    keyed = rows.join(names.drop("claim_id"), on=["was", "group_id"]).drop("was", "group_id", "claim_id")
    keyed = keyed.rename({"key": "claim_id"}).select(spans.columns).sort("claim_id", "version")
    found = _pairs(_until(keyed, number), points, number).filter(pl.col("before_version") < version)
    return (
        found.rename({"claim_id": "key"})
        .join(names.select("key", "claim_id"), on="key")
        .select("claim_id", pl.exclude("claim_id", "key"))
    )


def _moved(dataset: Dataset, version: int) -> pl.DataFrame:
    """One claim (claim_id) of each part that a version moved from one group (was) to another (group_id)."""
    was = dataset.claims(version - 1).select("claim_id", "state", was="group_id").collect()
    now = dataset.claims(version).select("claim_id", "group_id").collect()
    moved = now.join(was, on="claim_id").filter(pl.col("group_id") != pl.col("was"))
    # A group that went into another one has a verdict row of its own.
    whole = moved.filter(pl.col("claim_id") == pl.col("was")).select("was")
    return (
        moved.join(whole, on="was", how="anti")
        .filter(pl.col("state") == str(ClaimState.ACTIVE))  # the others readers did not see
        .sort(pl.col("claim_id") != pl.col("group_id"), "claim_id")
        .unique(["was", "group_id"], keep="first", maintain_order=True)
    )


def _told(rows: pl.DataFrame, dataset: Dataset, number: int) -> pl.DataFrame:
    """The rows with when and why their version was made; a message that names a rule names nobody."""
    log = dataset.versions(number).select("version", "committed_at", "cause", "message")
    told = rows.join(log, on="version").select(list(SCHEMA)).sort("version", "claim_id")
    return told.with_columns(pl.col("message").map_elements(anonymous.rule, pl.String))
