"""One state of an annotation after the other, as rows of AnnotationEvent. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.models import AnnotationEvent, AnnotationState, Mark, digest, event_id, gone_hash

Row = dict[str, Any]


def to_frame(rows: list[Row]) -> pl.DataFrame:
    """The events as a frame of AnnotationEvent, oldest first."""
    return pl.DataFrame(rows, frames.schema(AnnotationEvent), orient="row").sort("updated_at", "annotation_key")


class About(NamedTuple):
    """What a rejection is about: its code, the task, and the claim where one is known. The sentence is for people."""

    code: str
    task_id: int
    claim_id: str = ""
    whole_task: bool = False
    """Whether it is the task that cannot be taken in, and not one of its answers."""


def next_event(row: Row, state: Row | None, now: datetime) -> Row:
    """The row as the state that follows `state`."""
    seq = 1 if state is None else state["seq"] + 1
    made = event_id(annotation_key=row["annotation_key"], seq=seq, content_hash=row["content_hash"])
    return row | {"event_id": made, "seq": seq, "observed_at": now}


def deleted(state: Row, moved: datetime | None, now: datetime) -> Row:
    """The event that an answer is there no more; `moved` is its task's time, None where that is gone too."""
    content_hash = digest(state["claim_id"], str(AnnotationState.DELETED), state["content_hash"])
    gone = {"state": str(AnnotationState.DELETED), "updated_at": moved or now, "content_hash": content_hash}
    return next_event(state | gone | {"mark": None, "mark_reason": None, "task_updated_at": moved}, state, now)


def kept_though_gone(state: Row, why: str) -> Row:
    """The answer as it was, which the server has not any more."""
    return marked(state, Mark.KEPT, why) | {"content_hash": gone_hash(state["annotation_key"])}


def known_gone(state: Row) -> bool:
    """Whether the answer is kept although the server has lost it: it is not missed again."""
    return bool(state["mark"] == Mark.KEPT and state["content_hash"] == gone_hash(state["annotation_key"]))


def marked(row: Row, mark: Mark, why: str | None) -> Row:
    """The row with the mark that says why what counts is not simply what the server says."""
    return row | {"mark": str(mark), "mark_reason": why}


def put_aside(row: Row, why: str) -> Row:
    """The row as one that is read and never counts."""
    return marked(row, Mark.PUT_ASIDE, why) | {"state": str(AnnotationState.PUT_ASIDE)}


def is_kept(state: Row) -> bool:
    """Whether ours stands although the server says otherwise."""
    return bool(state["mark"] == Mark.KEPT)


def is_vote(state: Row) -> bool:
    """Whether it is submitted and may count."""
    return bool(state["state"] == AnnotationState.SUBMITTED)
