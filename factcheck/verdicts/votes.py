"""Annotation events as votes: one per person and claim, the last one counts."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from factcheck.frames import UTC_MICROSECONDS
from factcheck.models import AnnotationState

VOTES = pl.Schema(
    {
        "claim_id": pl.String(),
        "annotator_id": pl.String(),
        "choice": pl.String(),
        "reason": pl.String(),
        "rationale": pl.String(),
        "evidence": pl.List(pl.String()),
        "confidence": pl.String(),
        "voted_at": UTC_MICROSECONDS,
        "edited_by": pl.String(),
        "saw_earlier": pl.Boolean(),
    }
)
"""The columns of a frame of votes; (claim_id, annotator_id) is its key."""


def votes(
    events: pl.DataFrame,
    *,
    roster: Collection[str] | None = None,
    queue_projects: Collection[str] = (),
) -> pl.DataFrame:
    """The votes (`VOTES`) that stand after all the events, one row per claim and annotator, in no promised order.

    The state of an annotation is its event with the largest `seq`. Skipped and deleted annotations never vote; of
    several live ones of a person for a claim, the last by (`updated_at`, `annotation_key`) counts. The vote is its
    author's also where somebody else edited it: `edited_by` says who.

    `roster` holds the annotator ids that may vote, None for everybody. Annotations in `queue_projects` (names of
    projects where a lead decides contested claims) are decisions, not votes: see `decisions`. Neither the order of
    the events nor an event that comes twice changes the result.
    """
    live = _live(events).filter(~pl.col("project").is_in(list(queue_projects)))
    if roster is not None:
        live = live.filter(pl.col("annotator_id").is_in(list(roster)))
    return _last(live, "claim_id", "annotator_id")


def decisions(events: pl.DataFrame, *, leads: Collection[str], queue_projects: Collection[str]) -> pl.DataFrame:
    """The leads' decisions (`VOTES`), at most one row per claim: the last one by (`updated_at`, `annotation_key`).

    A decision is a live annotation in one of `queue_projects` by one of `leads` (annotator ids). A skip or a deletion
    takes it back.
    """
    live = _live(events).filter(
        pl.col("project").is_in(list(queue_projects)), pl.col("annotator_id").is_in(list(leads))
    )
    return _last(live, "claim_id")


def edited_by_others(votes: pl.DataFrame) -> pl.DataFrame:
    """The votes that somebody other than their author changed last, for a person to look at; order as in `votes`."""
    return votes.filter(pl.col("edited_by") != pl.col("annotator_id"))


def _live(events: pl.DataFrame) -> pl.DataFrame:
    """The last observed state of each annotation, where that state is submitted and carries a choice."""
    # Two machines that pull at once can give one number to two states: then the server's time decides, and last the
    # event_id, so that the order in the frame never does.
    latest = _largest(events, ["annotation_key"], ["seq", "updated_at", "event_id"])
    return latest.filter(pl.col("state") == str(AnnotationState.SUBMITTED), pl.col("choice").is_not_null())


def _last(live: pl.DataFrame, *key: str) -> pl.DataFrame:
    last = _largest(live, list(key), ["updated_at", "annotation_key"])
    return last.rename({"updated_at": "voted_at"}).select(list(VOTES))


def _largest(frame: pl.DataFrame, key: list[str], order: list[str]) -> pl.DataFrame:
    """One row per key: the largest by the first column of `order`, then the next ones; equal rows are one."""
    if not frame.select(key).is_duplicated().any():
        return frame
    for column in order:
        frame = frame.filter(pl.col(column) == pl.col(column).max().over(key))
    return frame.unique(key, keep="any")
