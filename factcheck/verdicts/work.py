"""What each checker has done and what is left: counts of answers, never a judgement of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from factcheck.models import AnnotationState

PACE_DAYS = 7
"""The pace is that of the last so many days."""
ENOUGH_ANSWERS = 10
"""Answers in these days below which nothing is said of the end."""

_DAY = timedelta(days=1)
CHECKERS = pl.Schema(
    {
        "annotator_id": pl.String(),
        "done": pl.Int64(),
        "skipped": pl.Int64(),
        "open": pl.Int64(),
        "median_seconds": pl.Float64(),
        "last_answer": pl.Datetime("us", "UTC"),
    }
)


class Outlook(NamedTuple):
    """How many answers are missing, how many came a day lately, and the days until all are there; None: cannot tell."""

    missing: int
    per_day: float | None
    days: float | None


def open_claims(sent: pl.DataFrame, states: pl.DataFrame, needed: Mapping[str, int]) -> pl.DataFrame:
    """The claims with fewer answers than `needed` in their project: `project`, `claim_id`, `missing` answers, sorted.

    `sent` has (`project`, `claim_id`) of every task; `states` are the last states of annotations, by the claim for
    which they count. A person's answers to one claim are one answer.
    """
    wanted = pl.DataFrame(
        {"project": list(needed), "needed": list(needed.values())}, {"project": pl.String(), "needed": pl.Int64()}
    )
    answers = _of(states, AnnotationState.SUBMITTED).group_by("project", "claim_id").len("answers")
    tasks = sent.select("project", "claim_id").unique().join(wanted, on="project")
    found = tasks.join(answers, on=["project", "claim_id"], how="left")
    missing = (pl.col("needed") - pl.col("answers").fill_null(0).cast(pl.Int64())).alias("missing")
    return found.select("project", "claim_id", missing).filter(pl.col("missing") > 0).sort("project", "claim_id")


def by_checker(sent: pl.DataFrame, states: pl.DataFrame, needed: Mapping[str, int]) -> pl.DataFrame:
    """One row per annotator with an answer or a skip, sorted by id, over the projects of `needed`.

    Columns: `annotator_id`, `done` (claims with a live answer of theirs), `skipped` (claims they passed over and did
    not answer), `open` (claims that still miss an answer and that they have neither answered nor skipped, in projects
    they have worked in), `median_seconds` (of Label Studio's lead times of their live answers; null where it has
    none), `last_answer` (UTC). Arguments as in `open_claims`; a claim in two projects counts in each.
    """
    mine = states.filter(pl.col("project").is_in(list(needed)))
    done, skips = _of(mine, AnnotationState.SUBMITTED), _of(mine, AnnotationState.SKIPPED)
    key = ["annotator_id", "project", "claim_id"]
    skips = skips.join(done, on=key, how="anti")
    met = pl.concat([done, skips])
    left = met.select("annotator_id", "project").unique().join(open_claims(sent, mine, needed), on="project")
    left = left.join(met, on=key, how="anti")
    live = mine.filter(pl.col("state") == str(AnnotationState.SUBMITTED))
    times = live.group_by("annotator_id").agg(
        pl.col("lead_time").median().alias("median_seconds"), pl.col("updated_at").max().alias("last_answer")
    )
    people = met.select("annotator_id").unique()
    for name, rows in (("done", done), ("skipped", skips), ("open", left)):
        people = people.join(rows.group_by("annotator_id").len(name), on="annotator_id", how="left")
    counted = people.with_columns(pl.col("done", "skipped", "open").fill_null(0))
    found = counted.join(times, on="annotator_id", how="left").sort("annotator_id")
    return found.select(pl.col(name).cast(kind) for name, kind in CHECKERS.items())


def outlook(missing: int, answered_at: pl.Series, *, now: datetime) -> Outlook:
    """How long it takes until no answer is missing, at the pace of the last seven days.

    `answered_at` are the times of all live answers. Where the first of them is younger than seven days the pace is that
    of the days since then, one at least. With fewer than ten answers in these days there is too little to tell.
    """
    lately = answered_at.filter((answered_at > now - PACE_DAYS * _DAY) & (answered_at <= now))
    if lately.len() < ENOUGH_ANSWERS:
        return Outlook(missing, None, 0.0 if not missing else None)
    first = answered_at.min()
    assert isinstance(first, datetime)
    days = min(float(PACE_DAYS), max(1.0, (now - first) / _DAY))
    per_day = lately.len() / days
    return Outlook(missing, per_day, missing / per_day)


def _of(states: pl.DataFrame, state: AnnotationState) -> pl.DataFrame:
    """The claims that each person left in this state: `annotator_id`, `project`, `claim_id`."""
    return states.filter(pl.col("state") == str(state)).select("annotator_id", "project", "claim_id").unique()
