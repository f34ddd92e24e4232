"""The rows of a dataset as they may leave the desk: the same claims and verdicts, nothing that leads to a person. Pure.

Ids of people, annotations and events are replaced; times of people's work become days, in which a count of
microseconds keeps the order of what happened to one claim, because verdicts depend on it. Working times are left out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from factcheck.models import canonical_json

EVENT_KEPT: Final = frozenset(
    {
        "claim_id",
        "seq",
        "project",
        "state",
        "choice",
        "reason",
        "rationale",
        "evidence",
        "confidence",
        "saw_earlier",
        "version",
        "commit_id",
        "mark",
    }
)
EVENT_REPLACED: Final = frozenset(
    {"event_id", "annotation_key", "task_id", "annotation_id", "annotator_id", "edited_by", "content_hash"}
    | {"created_at", "updated_at", "observed_at"}
)
CLAIM_EVENT_KEPT: Final = frozenset({"kind", "claims", "made", "changed", "version", "commit_id"})
CLAIM_EVENT_REPLACED: Final = frozenset({"event_id", "undoes", "who", "at"})
CLAIM_EVENT_LEFT_OUT: Final = frozenset({"why"})
EVENT_LEFT_OUT: Final = frozenset({"lead_time", "mark_reason", "task_updated_at", "same_as", "corrected_claim"})
OF_THE_DESK: Final = ("claim_in_words", "context")
"""Columns of claims for the desk alone: a wording that no person took over, and what somebody wrote for checkers."""
_WORK: Final = ("created_at", "updated_at", "observed_at")
_PEOPLE: Final = re.compile(r" people:[0-9a-f]{12}\b")


def rule(policy: str) -> str:
    """The rule without the digest of the roster's addresses, which a reader who knows some could try to match."""
    return _PEOPLE.sub(" people:named", policy)


def anonymous(frames: Mapping[str, pl.DataFrame], *, salt: bytes) -> dict[str, pl.DataFrame]:
    """The stored rows of the tables of `layout.DATA`, each in its own schema.

    `salt` makes the new ids; once it is thrown away nobody can go back from them. The order of ids in which ties are
    broken stays as it was.
    """
    events, verdicts = frames["annotations"], frames["verdicts"]
    days = _days(events, verdicts)
    of_claims = frames["claim_events"]
    before = sorted(_people(events, verdicts) | {*of_claims["who"].drop_nulls()})
    # Drawn, then given out in order: where two voted at the same time, the smaller id's reason comes first.
    people = dict(zip(before, sorted("ant_" + _keyed(salt, one)[:20] for one in before), strict=True))
    return {
        "articles": frames["articles"].with_columns(
            # A path tells whose folder the article lay in.
            source=pl.coalesce(
                pl.col("source").str.extract(r"^(https?://.*)$"),
                pl.col("source").str.extract(r"!(https?://.*)$"),  # an address in a web archive of the desk's
                pl.col("source").str.extract(r"([^/\\]*)[/\\]*$"),
            ),
            fetched_at=pl.col("fetched_at").dt.truncate("1d"),
        ),
        "claims": frames["claims"].with_columns(pl.lit(None, pl.String).alias(name) for name in OF_THE_DESK),
        "annotations": _events(events, days, people, salt),
        "verdicts": _on_days(verdicts, "decided_at", days).with_columns(
            _renamed("adjudicator", people), policy=pl.col("policy").str.replace(_PEOPLE.pattern, "")
        ),
        "claim_events": _claim_events(of_claims, people, salt),
        # Drafts are nobody else's, and what was published says the desk's name: a fork begins with words of its own.
        "editorial": frames["editorial"].clear(),
    }


def versions(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `versions` with days, without the cursor and the roster's digest; hashes are the caller's to make."""
    return rows.with_columns(
        pl.col("committed_at").dt.truncate("1d"),
        *(pl.col(name).map_elements(rule, pl.String) for name in ("policy", "message")),
        cursor=pl.lit("{}"),
        counts=pl.col("counts").map_elements(_counted, pl.String),
    )


def _counted(counts: str) -> str:
    """The counts of a version without those of rows that a fork has not."""
    return canonical_json({table: rows for table, rows in json.loads(counts).items() if table != "editorial"})


def _events(events: pl.DataFrame, days: pl.DataFrame, people: Mapping[str, str], salt: bytes) -> pl.DataFrame:
    order = pl.col("annotation_key").rank("dense").cast(pl.Int64)
    for name in _WORK:
        events = _on_days(events, name, days)
    hashes = {one: _keyed(salt, one) for one in events["content_hash"].unique()}
    return events.with_columns(
        _renamed("annotator_id", people),
        _renamed("edited_by", people),
        _renamed("content_hash", hashes),
        event_id=pl.Series([f"evt_{rank:020x}" for rank in events["event_id"].rank("dense")], dtype=pl.String),
        annotation_key=pl.format("{}:{}", "project", order.cast(pl.String).str.zfill(12)),
        annotation_id=order,
        task_id=pl.col("claim_id").rank("dense").cast(pl.Int64),
        **{name: pl.lit(None, events.schema[name]) for name in events.columns if name not in _TOLD},
    )


def _claim_events(events: pl.DataFrame, people: Mapping[str, str], salt: bytes) -> pl.DataFrame:
    """The events on days; their ids are made anew, because the old ones hold the exact time."""
    ids = {one: f"evt_{_keyed(salt, one)[:20]}" for one in events["event_id"]}
    return events.with_columns(
        _renamed("event_id", ids),
        _renamed("undoes", ids),
        _renamed("who", people),
        pl.col("at").dt.truncate("1d"),
        **{
            name: pl.lit(None, events.schema[name])
            for name in events.columns
            if name not in CLAIM_EVENT_KEPT | CLAIM_EVENT_REPLACED
        },
    )


_TOLD: Final = EVENT_KEPT | EVENT_REPLACED


def _days(events: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """By claim, each time something happened to it (`time`) and what stands for it (`day`)."""
    columns = [events.select("claim_id", time=name) for name in _WORK]
    times = pl.concat([*columns, verdicts.select("claim_id", time="decided_at")]).drop_nulls("time").unique()
    day = pl.col("time").dt.truncate("1d")
    nth = pl.col("time").rank("dense").over("claim_id", day).cast(pl.Int64) - 1
    return times.with_columns(day=day + pl.duration(microseconds=nth))


def _on_days(frame: pl.DataFrame, column: str, days: pl.DataFrame) -> pl.DataFrame:
    names = frame.columns
    coarse = days.rename({"time": column, "day": "_day"})
    joined = frame.join(coarse, on=["claim_id", column], how="left", maintain_order="left")
    return joined.drop(column).rename({"_day": column}).select(names)


def _people(events: pl.DataFrame, verdicts: pl.DataFrame) -> set[str]:
    columns = (events["annotator_id"], events["edited_by"], verdicts["adjudicator"])
    return {one for column in columns for one in column.drop_nulls().unique()}


def _renamed(column: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(list(names), list(names.values()), default=None, return_dtype=pl.String)


def _keyed(salt: bytes, value: str) -> str:
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()
