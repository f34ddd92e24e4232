"""The view that every exporter starts from: one row per claim group, as of one committed version.

Annotators do not appear in it, not even as opaque ids: an export says how many voted, not who.
"""

from __future__ import annotations

import polars as pl

from factcheck.errors import Corrupt
from factcheck.frames import UTC_MICROSECONDS, schema
from factcheck.hidden_sheet import EDITORIAL
from factcheck.models import Article, Claim, ClaimState, Status, VerdictChange

APPEARANCE = pl.Schema(
    {
        "claim_id": pl.String(),
        "article_id": pl.String(),
        "publisher": pl.String(),
        "url": pl.String(),
        "title": pl.String(),
        "lang": pl.String(),
        "published_at": UTC_MICROSECONDS,
        "quote": pl.String(),
    },
)

SCHEMA = pl.Schema(
    {
        "claim_id": pl.String(),
        "quote": pl.String(),
        "lang": pl.String(),
        "claimant": pl.String(),
        "claimant_role": pl.String(),
        "claimant_organisation": pl.String(),
        "state": pl.String(),
        "status": pl.String(),
        "verdict": pl.String(),
        "reason": pl.String(),
        "n_votes": pl.Int64(),
        "n_verified": pl.Int64(),
        "n_disputed": pl.Int64(),
        "n_opinion": pl.Int64(),
        "n_unproven": pl.Int64(),
        "n_not_a_claim": pl.Int64(),
        "agreement": pl.Float64(),
        "rationales": pl.List(pl.String),
        "evidence": pl.List(pl.String),
        "decided_at": UTC_MICROSECONDS,
        "policy": pl.String(),
        "verdict_origin": pl.String(),
        "verdict_source": pl.String(),
        "check_worthiness": pl.Float64(),
        "article_id": pl.String(),
        "title": pl.String(),
        "publisher": pl.String(),
        "source_chain": pl.List(pl.String),
        "url": pl.String(),
        "published_at": UTC_MICROSECONDS,
        "published_raw": pl.String(),
        "appearances": pl.List(pl.Struct(APPEARANCE)),
        "first_published_at": UTC_MICROSECONDS,
        "modified_at": UTC_MICROSECONDS,
        "n_corrections": pl.Int64(),
        "corrected_at": UTC_MICROSECONDS,
        "claim_reviewed": pl.String(),
        "headline": pl.String(),
        "summary": pl.String(),
        "page_url": pl.String(),
        "topic": pl.String(),
        "editorial_state": pl.String(),
    },
)
"""Columns of the view; the order of a full JSONL or Parquet export.

`verdict_origin` and `verdict_source` are `origin` and `source` of the verdict. `published_at` is the article's date,
`published_raw` what was written there.
`first_published_at` is when the first version that decided the claim was committed, `modified_at` when the last one
that changed its verdict was; both null for a claim never decided. `n_corrections` counts the changes of a published
verdict (`Dataset.corrections`), `corrected_at` is when the version of the last one was committed.
The last six are what editors wrote (`Dataset.editorial`), drafts too, all null where nobody wrote any.
"""

_RENAMED = {"origin": "verdict_origin", "source": "verdict_source"}
_VERDICT = [name for name in schema(VerdictChange) if name not in {"claim_id", "adjudicator"}]
_COUNTS = [name for name in _VERDICT if name.startswith("n_")]
OF_A_VERDICT = tuple(_RENAMED.get(name, name) for name in _VERDICT if name != "n_votes")
"""Columns that say what was decided, on what grounds and how: of a verdict that was taken back nobody is shown them."""


def view(
    articles: pl.DataFrame,
    claims: pl.DataFrame,
    verdicts: pl.DataFrame,
    versions: pl.DataFrame,
    corrections: pl.DataFrame | None = None,
    editorial: pl.DataFrame | None = None,
    *,
    elsewhere: pl.Series | None = None,
) -> pl.DataFrame:
    """One row per claim group in the columns of `SCHEMA`, newest article first.

    `articles` and `claims` are those of the version; `verdicts` all changes of verdicts up to it, with the `version`
    that brought each; `versions` has `version` and `committed_at`; `corrections` are `Dataset.corrections` as of the
    version, none where nothing was released; `editorial` is `Dataset.editorial` as of it.
    `elsewhere` has the ids of claims that exist and are not among `claims`, for who makes the view of some groups.
    A group is shown by its first claim (`group_id`);
    withdrawn copies are no appearances, and a group whose copies are all withdrawn has `state` withdrawn.
    Raises Corrupt where a claim's article, a verdict's claim or a verdict's version is not there.
    """
    _refuse_orphans(claims, "article_id", articles, "article_id")
    known = claims.select("claim_id")
    if elsewhere is not None:
        known = pl.concat([known, elsewhere.to_frame("claim_id")])
    _refuse_orphans(verdicts, "claim_id", known, "claim_id")
    _refuse_orphans(verdicts, "version", versions, "version")
    active = pl.col("state") == ClaimState.ACTIVE
    copies = (
        claims.select(list(schema(Claim)))
        .join(
            articles.select("article_id", "url", "publisher", "source_chain", "title", "published_at", "published_raw"),
            on="article_id",
            how="left",
        )
        # What a person corrected of the claim goes before what its article says.
        .with_columns(
            publisher=pl.coalesce("outlet", "publisher"),
            published_at=pl.coalesce("said_at", "published_at"),
            published_raw=pl.when(pl.col("said_at").is_null()).then("published_raw"),
        )
        .sort("published_at", "claim_id", nulls_last=True)
    )
    shown = (
        copies.sort(~active, pl.col("claim_id") != pl.col("group_id"), maintain_order=True)
        .unique("group_id", keep="first", maintain_order=True)
        .drop("claim_id")
        .rename({"group_id": "claim_id"})
    )
    appearances = (
        copies.filter(active | ~active.any().over("group_id"))
        .group_by("group_id", maintain_order=True)
        .agg(appearances=pl.struct(APPEARANCE.names()))
        .rename({"group_id": "claim_id"})
    )
    return (
        shown.join(appearances, on="claim_id", how="left")
        .join(_verdicts(verdicts, versions), on="claim_id", how="left")
        .join(_corrected(corrections, claims), on="claim_id", how="left")
        .join(_written(editorial), on="claim_id", how="left")
        .with_columns(
            pl.col("status").fill_null(str(Status.UNREVIEWED)),
            pl.col(*_COUNTS, "n_corrections").fill_null(0),
            pl.col("rationales", "evidence", "source_chain").fill_null([]),
        )
        .sort("published_at", "claim_id", descending=[True, False], nulls_last=True)
        .select(list(SCHEMA))
        .cast(SCHEMA)
    )


def _verdicts(changes: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """The last change of each claim, with the dates of its publication and last change."""
    dated = changes.join(versions.select("version", "committed_at"), on="version", how="left").sort("version")
    decided = pl.col("status") == Status.DECIDED
    return (
        dated.with_columns(first_published_at=pl.col("committed_at").filter(decided).min().over("claim_id"))
        .unique("claim_id", keep="last", maintain_order=True)
        .with_columns(modified_at=pl.when(pl.col("first_published_at").is_not_null()).then("committed_at"))
        .select("claim_id", *_VERDICT, "first_published_at", "modified_at")
        .rename(_RENAMED)
    )


def _corrected(corrections: pl.DataFrame | None, claims: pl.DataFrame) -> pl.DataFrame:
    """How often each group was corrected, and when last; a claim that has another group since counts for that one."""
    none = {"claim_id": pl.String(), "committed_at": UTC_MICROSECONDS}
    rows = pl.DataFrame(schema=none) if corrections is None else corrections.select(list(none))
    return (
        rows.join(claims.select("claim_id", "group_id"), on="claim_id")
        .group_by("group_id")
        .agg(n_corrections=pl.len().cast(pl.Int64), corrected_at=pl.col("committed_at").max())
        .rename({"group_id": "claim_id"})
    )


def _written(editorial: pl.DataFrame | None) -> pl.DataFrame:
    """Editors' words; rows of claims that are in another's group now meet no claim of the view."""
    none = dict.fromkeys(("claim_id", *EDITORIAL), pl.String())
    return pl.DataFrame(schema=none) if editorial is None else editorial.select(list(none))


def _refuse_orphans(frame: pl.DataFrame, key: str, target: pl.DataFrame, target_key: str) -> None:
    lost = frame.join(target, left_on=key, right_on=target_key, how="anti")
    if lost.height:
        raise Corrupt(
            f"{lost.height} rows refer to a {target_key} that does not exist",
            subject=f"{key} {lost[key][0]}",
            hint="run `factcheck verify` to find the version that lost it",
        )


assert set(APPEARANCE) <= set(schema(Claim)) | set(schema(Article))
