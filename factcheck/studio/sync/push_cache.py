"""What a push remembers of a project, so that the next one need not read 50,000 tasks to find that nothing differs.

The cache may be lost and the remote is the truth: it is believed only where the server confirms it, only to leave
tasks alone, never longer than a day, and not at all where reading everything takes a second or two. What seems to
differ is looked up before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

import polars as pl

from factcheck.models import ClaimState, digest
from factcheck.studio.api.client import Client
from factcheck.studio.sync import payload
from factcheck.studio.sync.standing import FIELDS, Sent, counts, shown_hash

ROWS = pl.Schema(
    {
        "claim_id": pl.String(),
        "task_id": pl.Int64(),
        "content_hash": pl.String(),
        "overlap": pl.Int64(),
        "is_labeled": pl.Boolean(),
    }
)
"""What is known of a task, by its claim; its number may be unknown."""

BELIEVED = timedelta(days=1)
"""How long after a whole reading: members can write into tasks without moving their update time (Label Studio's hidden
`add_data_field`), and nothing cheaper than reading them all shows it."""

READ_ALL = 2000
"""Up to so many tasks are read at every push, which takes a second or two."""

_BACK = timedelta(seconds=1)


class PushCache(NamedTuple):
    """A project as a push left it: number of tasks, newest update time, project-wide overlap, tasks (`ROWS`).

    `read_at` is the server's time when the whole list was last read. `stamp` stands in the project's description since
    then: a server that was put back to before the push does not have it, whatever else it has lost or got since.
    """

    project_id: int
    total: int
    newest: str
    overlap: int
    read_at: datetime
    rows: pl.DataFrame
    stamp: str = ""

    def stamped(self) -> Self:
        """The same with a stamp of its own."""
        made = digest(self.project_id, self.total, self.newest, self.read_at.isoformat())
        return self._replace(stamp=made[:12])


def recall(client: Client, project_id: int, cache: PushCache | None) -> pl.DataFrame | None:
    """The tasks (`ROWS`) as they are now, or None where the cache cannot be believed and all have to be read.

    The server has to have the newest task of then, as many tasks as then and were made since, and the same overlap: a
    bulk change of it moves no update time. Every task that it updated since is read: where one of them is not for the
    claim, or does not show the words, that the cache says, nothing of it is believed. A claim with another task, or
    whose task is in or out of the queue against its count of votes, is left out, as one that is not known.
    """
    if cache is None or cache.project_id != project_id:
        return None
    total = client.count(project_id)
    if total <= READ_ALL or not _is_fresh(client, cache):
        return None
    newest = payload.time(cache.newest)
    moved = [
        task for page in client.tasks(project_id, since=newest - _BACK, size=1000, include=FIELDS) for task in page
    ]
    # None at all: the server's clock, or its database, was set back.
    if not moved or any("broken" in task for task in moved):
        return None
    rows = pl.DataFrame([_row(task) for task in moved], ROWS, orient="row")
    is_new = pl.Series([payload.time(task.get("created_at")) > newest for task in moved])
    full = pl.Series([_is_full(task) for task in moved])
    added, changed = rows.filter(is_new), rows.filter(~is_new)
    there = changed.join(cache.rows, on=["claim_id", "content_hash"], how="inner")
    as_sent = there.filter(pl.col("task_id_right").is_null() | (pl.col("task_id_right") == pl.col("task_id")))
    something_gone = total != cache.total + added.height
    if something_gone or as_sent.height != changed.height or not changed["claim_id"].is_unique().all():
        return None
    withdrawn = cache.rows.filter("is_labeled")
    in_the_wrong_queue = rows.filter(pl.col("is_labeled") != full).join(withdrawn, on="claim_id", how="anti")
    known = pl.concat([cache.rows.join(changed, on="claim_id", how="anti"), changed])
    unsure = pl.concat([added, in_the_wrong_queue])
    return known.join(unsure, on="claim_id", how="anti")


def _is_fresh(client: Client, cache: PushCache) -> bool:
    """Whether all tasks were read within a day, and the project's overlap is still that of then."""
    overlap, now = client.project(cache.project_id).overlap, client.server_time
    return overlap == cache.overlap and now is not None and timedelta(0) <= now - cache.read_at < BELIEVED


def sent_by(cache: PushCache) -> Sent:
    """Which claim each task was sent for."""
    known = cache.rows.filter(pl.col("task_id").is_not_null())
    hashes = dict(known.select("task_id", "content_hash").iter_rows())
    return Sent(dict(known.select("task_id", "claim_id").iter_rows()), hashes, payload.time(cache.newest))


def as_wanted(desired: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The tasks of `desired` (a frame of `tasks.SCHEMA`) that need no change as far as `rows` tell."""
    withdrawn = pl.col("state") == str(ClaimState.WITHDRAWN)
    known = rows.rename({"content_hash": "known_hash", "overlap": "known_overlap"}).unique("claim_id", keep="none")
    right = pl.when(withdrawn).then(pl.col("is_labeled")).otherwise(pl.col("overlap") <= pl.col("known_overlap"))
    same = desired.join(known, on="claim_id", how="inner", maintain_order="left")
    return same.filter((pl.col("content_hash") == pl.col("known_hash")) & right).select(desired.columns)


def keep(
    client: Client,
    project_id: int,
    desired: pl.DataFrame,
    *,
    tasks: Mapping[str, int],
    total: int,
    read_at: datetime,
) -> PushCache | None:
    """The cache of a project that a push brought to `desired`, with the task of each claim as far as it is known.

    None where the project does not have `total` tasks now.
    """
    if not total or client.count(project_id) != total or (newest := client.newest(project_id)) is None:
        return None
    numbers = pl.DataFrame({"claim_id": list(tasks), "task_id": list(tasks.values())}, [*ROWS.items()][:2])
    withdrawn = pl.col("state") == str(ClaimState.WITHDRAWN)
    rows = desired.join(numbers, on="claim_id", how="left", maintain_order="left").select(
        "claim_id", "task_id", "content_hash", "overlap", is_labeled=withdrawn
    )
    return PushCache(project_id, total, newest, client.project(project_id).overlap, read_at, rows)


def _row(task: dict[str, Any]) -> tuple[Any, ...]:
    data = task["data"] if isinstance(task.get("data"), dict) else {}
    carried, shown = data.get("claim_id"), shown_hash(data)
    overlap, is_labeled, _, _ = counts(task)
    claim, as_it_says = carried if isinstance(carried, str) else None, shown == data.get("content_hash")
    return claim, task["id"], shown if as_it_says else None, overlap, is_labeled


def _is_full(task: dict[str, Any]) -> bool:
    """Whether as many have answered as shall."""
    overlap, _, votes, _ = counts(task)
    return votes >= overlap
