"""What a push remembers of a project, so that the next one need not read 50,000 tasks to find that nothing differs.

The ledger is a cache and the remote is the truth: it is believed only where the server confirms it, only to leave
tasks alone, and never longer than a day. What seems to differ is looked up before anything is written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from factcheck.models import ClaimState
from factcheck.studio import payload
from factcheck.studio.client import Client

ROWS = pl.Schema(
    {"claim_id": pl.String(), "content_hash": pl.String(), "overlap": pl.Int64(), "is_labeled": pl.Boolean()}
)
"""What is known of a task, by its claim."""

BELIEVED = timedelta(days=1)
"""How long after a whole reading; so also a change that the server's times hide is found within a day."""

_BACK = timedelta(seconds=1)
_INCLUDE = "id,data,overlap,is_labeled,created_at"


class Ledger(NamedTuple):
    """A project as a push left it: number of tasks, newest update time, project-wide overlap, tasks (`ROWS`).

    `read_at` is the server's time when the whole list was last read.
    """

    project_id: int
    total: int
    newest: str
    overlap: int
    read_at: datetime
    rows: pl.DataFrame


def recall(client: Client, project_id: int, ledger: Ledger | None) -> pl.DataFrame | None:
    """The tasks (`ROWS`) as they are now, or None where the ledger cannot be believed and all have to be read.

    The server has to have the newest task of then, as many tasks as then and were made since, and the same overlap: a
    bulk change of it moves no update time. Every task that it updated since is read; a claim with another task is left
    out, as one that is not known.
    """
    if ledger is None or ledger.project_id != project_id:
        return None
    overlap, total = client.project(project_id).overlap, client.count(project_id)
    now = client.server_time
    if overlap != ledger.overlap or now is None or not timedelta(0) <= now - ledger.read_at < BELIEVED:
        return None
    newest = payload.time(ledger.newest)
    moved = [
        task
        for page in client.tasks(project_id, since=newest - _BACK, size=1000, include=_INCLUDE)
        for task in page
        if isinstance(task.get("data"), dict)
    ]
    if not moved:  # the server's clock, or its database, was set back
        return None
    rows = [
        (task["data"].get("claim_id"), task["data"].get("content_hash"), task["overlap"], bool(task["is_labeled"]))
        for task in moved
    ]
    changed = pl.DataFrame(rows, ROWS, orient="row")
    added = changed.filter(pl.Series([payload.time(task.get("created_at")) > newest for task in moved]))
    if total != ledger.total + added.height:  # something is gone
        return None
    copied = added.join(ledger.rows, on="claim_id", how="semi")
    known = pl.concat([ledger.rows.join(changed, on="claim_id", how="anti"), changed])
    return known.join(copied, on="claim_id", how="anti")


def as_wanted(desired: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The tasks of `desired` (a frame of `tasks.SCHEMA`) that need no change as far as `rows` tell."""
    withdrawn = pl.col("state") == str(ClaimState.WITHDRAWN)
    known = rows.rename({"content_hash": "known_hash", "overlap": "known_overlap"}).unique("claim_id", keep="none")
    right = pl.when(withdrawn).then(pl.col("is_labeled")).otherwise(pl.col("overlap") <= pl.col("known_overlap"))
    same = desired.join(known, on="claim_id", how="inner", maintain_order="left")
    return same.filter((pl.col("content_hash") == pl.col("known_hash")) & right).select(desired.columns)


def keep(client: Client, project_id: int, desired: pl.DataFrame, *, total: int, read_at: datetime) -> Ledger | None:
    """The ledger of a project that a push brought to `desired`; None where it does not have `total` tasks now."""
    if not total or client.count(project_id) != total or (newest := client.newest(project_id)) is None:
        return None
    rows = desired.select(
        "claim_id", "content_hash", "overlap", is_labeled=pl.col("state") == str(ClaimState.WITHDRAWN)
    )
    return Ledger(project_id, total, newest, client.project(project_id).overlap, read_at, rows)
