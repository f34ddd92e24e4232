"""Which claim a task on the server is for, and whether it shows what we sent, whatever it says of itself.

Label Studio lets every member write into a task's data, so the claim id and the hash it carries are hints. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.models import digest
from factcheck.studio.page.label_config import VARIABLES, VOTES
from factcheck.studio.page.tasks import EARLIER, ORDER
from factcheck.studio.sync import payload

SHOWN = ("project", "lang", *VARIABLES, VOTES, "score", "state", ORDER, EARLIER)
"""The fields of a task's data that are ours besides its claim id and hash; others may lie beside them. One that a later
release does without stays here, or the tasks of earlier ones would look changed."""

FIELDS = "id,data,overlap,is_labeled,total_annotations,cancelled_annotations,created_at"
"""What is asked of a task to know where it stands."""

REMOTE = pl.Schema(
    {
        "claim_id": pl.String(),
        "task_id": pl.Int64(),
        "content_hash": pl.String(),
        "changed": pl.String(),
        "overlap": pl.Int64(),
        "is_labeled": pl.Boolean(),
        "votes": pl.Int64(),
        "skips": pl.Int64(),
        "people": pl.Int64(),
    }
)
"""A task on the server: the claim it is for, hash of what it shows (null where it cannot be read), what somebody
changed in it (null for nothing), number of its submitted and skipped annotations, and how many people submitted one,
null where nobody had to ask."""


class Sent(NamedTuple):
    """Which claim each task was sent for and the hash of what it shows, up to the time of the newest one.

    Numbers are given again later.
    """

    claims: Mapping[int, str]
    hashes: Mapping[int, str]
    newest: datetime


class Standing:
    """What the tasks of a project are, seen from those it should hold (`desired`, a frame of `tasks.SCHEMA`)."""

    def __init__(self, desired: pl.DataFrame, sent: Sent | None = None) -> None:
        self._wanted: dict[str, str | None] = dict(desired.select("claim_id", "content_hash").iter_rows())
        alone = desired.unique("content_hash", keep="none")
        self._by_hash: dict[str, str] = dict(alone.select("content_hash", "claim_id").iter_rows())
        self._sent = sent

    def row(self, task: dict[str, Any]) -> tuple[Any, ...] | None:
        """A row of `REMOTE`; None for a task of no claim that is wanted."""
        data = task["data"]
        shown, carried, kept = shown_hash(data), data.get("claim_id"), data.get("content_hash")
        claim = self._claim(task, shown, carried, kept)
        if claim is None:
            return None
        # A task that shows the right words under another name asked the right question. Where nothing is known of what
        # was sent, one that shows what it says it shows, under its own name, is as we sent it, if long ago.
        sent = self._sent.hashes.get(task["id"]) if self._sent is not None else None
        before = sent or (kept if carried == claim else None)
        words = "words" if shown not in (self._wanted[claim], before) else ""
        mark = "claim id" if carried != claim else "hash" if not words and kept != shown else ""
        changed = " and ".join(filter(None, (words, mark))) or None
        return (claim, task["id"], shown, changed, *counts(task), None)

    def _claim(self, task: dict[str, Any], shown: str, carried: Any, kept: Any) -> str | None:
        if self._sent is not None and (sent := self._sent.claims.get(task["id"])) in self._wanted:
            made = task.get("created_at")
            if isinstance(made, str) and payload.time(made) <= self._sent.newest:
                return sent
        for known_by in (shown, kept):
            if isinstance(known_by, str) and known_by in self._by_hash:
                return self._by_hash[known_by]
        return carried if isinstance(carried, str) and carried in self._wanted else None


def shown_hash(data: Mapping[str, Any]) -> str:
    """The hash of what a task shows: that of `tasks.SCHEMA` where it is what we sent."""
    return digest({name: data[name] for name in SHOWN if name in data})


def counts(task: Mapping[str, Any]) -> tuple[int, bool, int, int]:
    """Overlap, `is_labeled`, and the numbers of submitted and skipped annotations."""
    return (
        task.get("overlap") or 1,
        bool(task.get("is_labeled")),
        task.get("total_annotations") or 0,
        task.get("cancelled_annotations") or 0,
    )


def rearranged(remote: pl.DataFrame, *, overlap: int, everyone: bool) -> pl.DataFrame:
    """The tasks as Label Studio leaves them when a setting gives them the project's overlap.

    Unless it is for `everyone`, one for several people is given to the tasks that had several, if there are any.
    """
    several = pl.col("overlap") > 1
    moved = pl.lit(value=True) if everyone or overlap == 1 else several | ~several.any()
    done = pl.when(moved).then(pl.col("votes") >= overlap).otherwise("is_labeled")
    return remote.with_columns(
        overlap=pl.when(moved).then(pl.lit(overlap, pl.Int64)).otherwise("overlap"), is_labeled=done
    )


def unreadable(claim: str, task_id: int) -> tuple[Any, ...]:
    """The row of `REMOTE` of a task that the server cannot show: left alone, and there."""
    return claim, task_id, None, None, 1, False, 1, 0, None
