"""An export as flat tables with keys: verdicts, where the claims appeared, evidence, status history. Pure."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from factcheck.errors import ConfigError
from factcheck.exporters import columns
from factcheck.exporters.addresses import with_sources
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile
from factcheck.exporters.view import APPEARANCE
from factcheck.frames import UTC_MICROSECONDS

_APART = frozenset({"appearances", "sources", "evidence", "evidence_urls", "evidence_kinds"})
"""Columns that have a table of their own."""
_LABELS = ("status_label", "verdict_label", "reason_label")
VERDICTS = (
    *("claim_id", "quote", "lang", "claimant", "status", "verdict", "reason", *_LABELS),
    *("claim_reviewed", "headline", "summary", "page_url", "topic", "editorial_state"),
    *("n_votes", "n_verified", "n_disputed", "n_opinion", "n_unproven", "n_not_a_claim", "agreement", "rationales"),
    *("decided_at", "policy", "verdict_origin", "verdict_source", "check_worthiness"),
    *("article_id", "title", "publisher", "source_chain", "url", "published_at", "published_raw", "n_appearances"),
    *("first_published_at", "modified_at", "n_corrections", "corrected_at"),
    *("dataset_version", "dataset_tag", "dataset_hash", "dataset_committed_at"),
)
"""Columns of the table of verdicts, where the profile names none."""
APPEARANCES = pl.Schema(
    {"claim_id": pl.String(), "appearance_id": pl.String()}
    | {name: kind for name, kind in APPEARANCE.items() if name != "claim_id"}
)
EVIDENCE = pl.Schema(
    {
        "claim_id": pl.String(),
        "position": pl.Int64(),
        "url": pl.String(),
        "archived_url": pl.String(),
        "kind": pl.String(),
        "quote": pl.String(),
    }
)
STATUS_HISTORY = pl.Schema(
    {"claim_id": pl.String(), "lang": pl.String(), "state": pl.String(), "merged_into": pl.String()}
    | {
        f"{point}_{name}": dtype
        for point in ("first", "latest", "current")
        for name, dtype in {
            "status": pl.String(),
            "verdict": pl.String(),
            "at": UTC_MICROSECONDS,
            "version": pl.Int64(),
            "policy": pl.String(),
        }.items()
    }
    | {"n_corrections": pl.Int64()}
)
"""The columns of `Dataset.status_history`, which a test compares."""
KEYS = {
    "verdicts": ("claim_id",),
    "appearances": ("appearance_id",),
    "evidence": ("claim_id", "position"),
    "status_history": ("claim_id",),
}
"""The primary key of each table."""
REFERRING = ("appearances", "evidence")
"""The tables whose claim_id is one of the table of verdicts; a claim of the status history may have gone from it."""


class Tables(NamedTuple):
    """The tables: a row per claim, per place where it stood, per piece of evidence, per claim that had a result."""

    verdicts: pl.DataFrame
    appearances: pl.DataFrame
    evidence: pl.DataFrame
    status_history: pl.DataFrame


def tables(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Tables:
    """The tables of a view's rows, each in the order of its key but for the verdicts, whose order is that of the rows.

    `verdicts` has the profile's columns, `VERDICTS` where it names none, and always claim_id and dataset_version; what
    has a table of its own is not in it, and a list is one text, an entry a line. The status history is the context's,
    in the languages of the profile alone.
    """
    language = profile.language or context.language
    wanted = [name for name in profile.columns or VERDICTS if name not in _APART]
    if "claim_id" not in wanted:
        wanted = ["claim_id", *wanted]
    return Tables(
        columns.flattened(columns.chosen(rows, wanted, context, language)),
        appearances(rows),
        evidence(rows),
        history(profile, context),
    )


def history(profile: Profile, context: ExportContext) -> pl.DataFrame:
    """The status history in the languages of the profile, by claim."""
    found = pl.DataFrame(schema=STATUS_HISTORY) if context.status_history is None else context.status_history
    if profile.filters.languages:
        found = found.filter(pl.col("lang").is_in(profile.filters.languages))
    return found.select(list(STATUS_HISTORY)).sort("claim_id")


def refuse_withdrawn(profile: Profile) -> None:
    """Raises ConfigError where the profile shows what was withdrawn: its verdict would read as one that stands."""
    if profile.filters.withdrawn:
        raise ConfigError(
            f"{profile.format} has no verdict of a claim that was withdrawn; its status history tells of it",
            subject=profile.name,
            hint="remove `withdrawn` from [filters], or use the format parquet",
        )


def appearances(rows: pl.DataFrame) -> pl.DataFrame:
    """Where the claims of a view's rows stood; `appearance_id` is the id of the claim that was cut out there."""
    found = rows.select("claim_id", "appearances").explode("appearances", empty_as_null=False, keep_nulls=False)
    struct = pl.col("appearances").struct
    names = [name for name in APPEARANCES if name not in {"claim_id", "appearance_id"}]
    return (
        found.select("claim_id", struct.field("claim_id").alias("appearance_id"), *(struct.field(one) for one in names))
        .cast(APPEARANCES)
        .sort("claim_id", "published_at", "appearance_id", nulls_last=True)
    )


def evidence(rows: pl.DataFrame) -> pl.DataFrame:
    """The evidence of a view's rows, `position` from 1 within each claim."""
    some = rows.filter(pl.col("evidence").list.len() > 0).sort("claim_id")
    found = with_sources(some).select("claim_id", "sources").explode("sources", empty_as_null=False, keep_nulls=False)
    struct = pl.col("sources").struct
    names = [name for name in EVIDENCE if name not in {"claim_id", "position"}]
    return (
        found.select(
            "claim_id",
            pl.int_range(1, pl.len() + 1).over("claim_id").alias("position"),
            *(struct.field(one) for one in names),
        )
        .cast(EVIDENCE)
        .sort("claim_id", "position")
    )
