"""Claims to Label Studio: the difference between what shall be there and what is, and only that.

Label Studio has no idempotency key, so the remote is the truth: every task carries its claim id, the plan is made from
what the server lists, a batch whose answer was lost is looked up before anything is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import polars as pl

from factcheck.errors import Unavailable
from factcheck.models import ClaimState
from factcheck.studio.client import Client, TooLarge
from factcheck.studio.wire import Unanswered

REMOTE = pl.Schema(
    {
        "claim_id": pl.String(),
        "task_id": pl.Int64(),
        "content_hash": pl.String(),
        "overlap": pl.Int64(),
        "is_labeled": pl.Boolean(),
        "votes": pl.Int64(),
        "skips": pl.Int64(),
    }
)
"""A task on the server, with the number of its submitted and skipped annotations."""

PLAN = pl.Schema(
    {
        "claim_id": pl.String(),
        "action": pl.String(),
        "task_id": pl.Int64(),
        "change": pl.String(),
        "overlap": pl.Int64(),
        "is_labeled": pl.Boolean(),
    }
)
"""One step: action is create, update, retire, remove (a second task of a claim that nobody answered) or unchanged;
`change` says what, for a person to read; then what the task's overlap and `is_labeled` shall be."""

_INCLUDE = "id,data,overlap,is_labeled,total_annotations,cancelled_annotations"
_LOOK_UP = 2000
"""Up to so many claims are looked up by id; for more the whole list is read, which then costs less."""

_MAX_BYTES = 4_000_000
_FIRST_BATCH, _LARGEST_BATCH = 100, 2000
_FAST, _SLOW = 2.0, 20.0


class Pushed(NamedTuple):
    """The plan a push followed (a frame of `PLAN`), and how many steps of each kind it took."""

    plan: pl.DataFrame
    created: int
    updated: int
    retired: int
    removed: int
    unchanged: int


def remote_tasks(client: Client, project_id: int, claim_ids: Sequence[str]) -> pl.DataFrame:
    """The tasks of these claims on the server by ascending task id, as a frame of `REMOTE`."""
    if len(claim_ids) <= _LOOK_UP:
        found = client.lookup(project_id, claim_ids, include=_INCLUDE)
    else:
        found = [task for page in client.pages(project_id, include=_INCLUDE) for task in page]
    wanted = set(claim_ids)
    rows = [_remote(task) for task in found if isinstance(task.get("data"), dict)]
    return pl.DataFrame([row for row in rows if row[0] in wanted], REMOTE, orient="row").sort("task_id")


def plan(desired: pl.DataFrame, remote: pl.DataFrame) -> pl.DataFrame:
    """The steps from the remote to the desired state in the order of `desired`, as a frame of `PLAN`. Pure.

    `desired` is a frame of `tasks.SCHEMA`, `remote` one of `REMOTE`. A withdrawn claim is marked and taken out of the
    checkers' queue, never deleted. Overlap is raised, never lowered. Of several tasks of a claim the answered one, then
    the oldest, is kept; the others are removed only where nobody has answered them.
    """
    unanswered = pl.col("votes") + pl.col("skips") == 0
    ranked = remote.sort(unanswered, "task_id", maintain_order=True)
    first = ranked.unique("claim_id", keep="first", maintain_order=True)
    steps = [
        _step(row)
        for row in desired.join(first, on="claim_id", how="left", maintain_order="left").iter_rows(named=True)
    ]
    spare = ranked.join(first.select("task_id"), on="task_id", how="anti").filter(unanswered)
    steps += [
        (row["claim_id"], "remove", row["task_id"], "a second task of this claim", None, None)
        for row in spare.iter_rows(named=True)
    ]
    return pl.DataFrame(steps, PLAN, orient="row")


def push(
    client: Client,
    project_id: int,
    desired: pl.DataFrame,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Pushed:
    """Bring the project to the desired state; pushing twice is pushing once, under any sequence of faults.

    `progress` is told how many steps of how many are done. Raises Unavailable where the server stays away: what was
    done is done, and the next push goes on from there.
    """
    steps = plan(desired, remote_tasks(client, project_id, desired["claim_id"].to_list()))
    work = steps.filter(pl.col("action") != "unchanged")
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, work.height)

    rows = {row["claim_id"]: row for row in desired.iter_rows(named=True)}
    doubt = _create(client, project_id, [rows[name] for name in _claims(work, "create")], advance)
    for step in work.filter(pl.col("action").is_in(["update", "retire"])).iter_rows(named=True):
        # `is_labeled` is what takes a task out of the checkers' queue, or brings it back.
        data = json.loads(rows[step["claim_id"]]["data"])
        client.update_task(step["task_id"], data=data, overlap=step["overlap"], is_labeled=step["is_labeled"])
        advance(1)
    removed = _remove(client, project_id, work.filter(pl.col("action") == "remove")["task_id"].to_list(), advance)
    if doubt:
        # A batch given up for lost may still have been stored after we looked.
        again = plan(desired, remote_tasks(client, project_id, desired["claim_id"].to_list()))
        removed += _remove(client, project_id, again.filter(pl.col("action") == "remove")["task_id"].to_list(), advance)
    counts = dict(steps["action"].value_counts().iter_rows())
    return Pushed(
        steps,
        created=counts.get("create", 0),
        updated=counts.get("update", 0),
        retired=counts.get("retire", 0),
        removed=removed,
        unchanged=counts.get("unchanged", 0),
    )


def _remote(task: dict[str, Any]) -> tuple[Any, ...]:
    data = task["data"]
    return (
        data.get("claim_id"),
        task["id"],
        data.get("content_hash"),
        task.get("overlap") or 1,
        bool(task.get("is_labeled")),
        task.get("total_annotations") or 0,
        task.get("cancelled_annotations") or 0,
    )


def _step(row: dict[str, Any]) -> tuple[Any, ...]:
    """The step for one claim: a row of desired joined with its task, if there is one."""
    withdrawn = row["state"] == ClaimState.WITHDRAWN
    claim, task = row["claim_id"], row["task_id"]
    if task is None:
        what = ("unchanged", None, "withdrawn, never sent") if withdrawn else ("create", None, "new")
        return (claim, *what, None, None)
    changes = ["text"] if row["content_hash"] != row["content_hash_right"] else []
    if withdrawn:
        if not row["is_labeled"]:
            changes.append("out of the queue")
        return claim, "retire" if changes else "unchanged", task, ", ".join(changes), row["overlap_right"], True
    overlap = max(row["overlap"], row["overlap_right"])
    if overlap > row["overlap_right"]:
        changes.append(f"overlap {row['overlap_right']} -> {overlap}")
    done = row["votes"] >= overlap
    return claim, "update" if changes else "unchanged", task, ", ".join(changes), overlap, done


def _claims(work: pl.DataFrame, action: str) -> list[str]:
    return work.filter(pl.col("action") == action)["claim_id"].to_list()


def _create(client: Client, project_id: int, rows: list[dict[str, Any]], advance: Callable[[int], None]) -> bool:
    """Make the tasks, batch by batch; says whether the answer of any batch was lost."""
    waiting, size, doubt = rows, _FIRST_BATCH, False
    started, pause = client.clock(), 1.0
    while waiting:
        batch = _batch(waiting, size)
        sent = client.clock()
        try:
            client.import_tasks(project_id, [row["data"] for row in batch])
        except TooLarge:
            if len(batch) == 1:
                raise
            size = len(batch) // 2
            continue
        except Unanswered as error:
            doubt = True
            wait = max(pause, error.retry_after or 0.0)
            if client.clock() - started + wait > client.deadline:
                raise Unavailable(
                    f"the server stays away, {len(waiting)} claims are not sent",
                    subject=client.url,
                    hint="push again when it is back: what was sent is found there",
                ) from error
            client.sleep(wait)
            present = set(remote_tasks(client, project_id, [row["claim_id"] for row in batch])["claim_id"])
            size, pause = max(1, size // 2), min(pause * 2, 30.0)
        else:
            present = {row["claim_id"] for row in batch}
            took = client.clock() - sent
            size = min(size * 2, _LARGEST_BATCH) if took < _FAST else max(1, size // 2) if took > _SLOW else size
            started, pause = client.clock(), 1.0
        left = [row for row in batch if row["claim_id"] not in present]
        advance(len(batch) - len(left))
        waiting = left + waiting[len(batch) :]
    return doubt


def _batch(rows: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """The next rows: at most `size`, at most _MAX_BYTES, at least one."""
    total = 0
    for count, row in enumerate(rows[:size]):
        total += len(row["data"].encode())
        if total > _MAX_BYTES and count:
            return rows[:count]
    return rows[:size]


def _remove(client: Client, project_id: int, task_ids: list[int], advance: Callable[[int], None]) -> int:
    removed = 0
    for task_id in task_ids:
        # The list is a moment old, and an answer given since must not go with the task.
        if client.unanswered(project_id, task_id):
            client.delete_task(task_id)
            removed += 1
        advance(1)
    return removed
