"""Claims to Label Studio: the difference between what shall be there and what is, and only that.

Label Studio has no idempotency key, so the remote is the truth: every task carries its claim id, the plan is made from
what the server lists, a batch whose answer was lost is looked up before anything is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, NamedTuple

import polars as pl

from factcheck.errors import ProtocolError, Unavailable
from factcheck.models import ClaimState
from factcheck.studio import wire
from factcheck.studio.client import Client, TooLarge
from factcheck.studio.ledger import Ledger, as_wanted, keep, recall
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

_MAX_BYTES = 16_000_000
_FIRST_BATCH, _LARGEST_BATCH = 1000, 5000
_FAST, _SLOW = 8.0, 30.0
"""Seconds of a batch: the next one is larger where this one was fast, smaller where it was slow."""


class Pushed(NamedTuple):
    """The plan a push followed (a frame of `PLAN`), and how many steps of each kind it took.

    `ledger` is for the next push, None where this one is not sure of what it left. What the ledger of the last push
    showed to be unchanged is counted and not in the plan.
    """

    plan: pl.DataFrame
    created: int
    updated: int
    retired: int
    removed: int
    unchanged: int
    ledger: Ledger | None


def remote_tasks(client: Client, project_id: int, claim_ids: Sequence[str]) -> pl.DataFrame:
    """The tasks of these claims on the server by ascending task id, as a frame of `REMOTE`."""
    if len(claim_ids) <= _LOOK_UP:
        pages: Iterable[list[dict[str, Any]]] = [client.lookup(project_id, claim_ids, include=_INCLUDE)]
    else:
        pages = client.pages(project_id, include=_INCLUDE)
    wanted = set(claim_ids)
    # Page by page, so that the tasks' texts do not pile up.
    rows = [_remote(task) for page in pages for task in page if _readable(task)]
    return pl.DataFrame([row for row in rows if row[0] in wanted], REMOTE, orient="row").sort("task_id")


def remote_claims(client: Client, project_id: int) -> list[str]:
    """The ids of all claims that have a task in the project, each once, oldest task first."""
    found = [task.get("data") for page in client.pages(project_id, include="id,data") for task in page]
    claims = [data.get("claim_id") for data in found if isinstance(data, dict)]
    return list(dict.fromkeys(claim for claim in claims if isinstance(claim, str)))


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
    ledger: Ledger | None = None,
    predictions: Mapping[str, str] | None = None,
    writers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Pushed:
    """Bring the project to the desired state; pushing twice is pushing once, under any sequence of faults.

    `ledger` is the one of the last push. `predictions` go with the new tasks of these claims. `writers` is how many
    imports run at once: more than one makes a server on SQLite slower, two are best on PostgreSQL. `progress` is told
    how many steps of how many are done. Raises Unavailable where the server stays away: what was done is done, and the
    next push goes on from there.
    """
    known = recall(client, project_id, ledger)
    same = desired.clear() if known is None else as_wanted(desired, known)
    rest = desired.join(same, on="claim_id", how="anti", maintain_order="left")
    total = client.count(project_id)
    read_at = ledger.read_at if ledger and known is not None else client.server_time
    steps = plan(rest, remote_tasks(client, project_id, rest["claim_id"].to_list()))
    work = steps.filter(pl.col("action") != "unchanged")
    done, lock = 0, Lock()

    def advance(count: int) -> None:
        nonlocal done
        with lock:
            done += count
            progress(done, work.height)

    new = rest.join(work.filter(pl.col("action") == "create"), on="claim_id", how="semi", maintain_order="left")
    doubt = _create_by(writers, client, project_id, new, predictions or {}, advance)
    _update(client, work.filter(pl.col("action").is_in(["update", "retire"])), rest, advance)
    _update(client, _to_raise(client, project_id, new), new, lambda _: None)
    removed = _remove(client, project_id, work.filter(pl.col("action") == "remove")["task_id"].to_list(), advance)
    if doubt:
        # A batch given up for lost may still have been stored after we looked.
        again = plan(desired, remote_tasks(client, project_id, desired["claim_id"].to_list()))
        removed += _remove(client, project_id, again.filter(pl.col("action") == "remove")["task_id"].to_list(), advance)
    return Pushed(
        steps,
        created=new.height,
        updated=steps.filter(pl.col("action") == "update").height,
        retired=steps.filter(pl.col("action") == "retire").height,
        removed=removed,
        unchanged=steps.filter(pl.col("action") == "unchanged").height + same.height,
        ledger=keep(client, project_id, desired, total=total + new.height - removed, read_at=read_at)
        if read_at and not doubt
        else None,
    )


def _readable(task: dict[str, Any]) -> bool:
    """Whether the task may be one of ours; raises ProtocolError for one that may be and cannot be read."""
    if why := task.get("broken") or wire.broken(task):
        raise ProtocolError(
            f"a task holds {why}", subject=f"task {task['id']}", hint="delete it in Label Studio, push again"
        )
    return isinstance(task.get("data"), dict)


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


def _create_by(
    writers: int,
    client: Client,
    project_id: int,
    new: pl.DataFrame,
    predictions: Mapping[str, str],
    advance: Callable[[int], None],
) -> bool:
    """Make the tasks, in as many parts at once as there are writers; says whether any answer was lost."""
    if writers == 1 or new.height <= _FIRST_BATCH:
        return _create(client, project_id, new, predictions, advance)
    share = -(-new.height // writers)
    with ThreadPoolExecutor(writers) as pool:
        parts = new.iter_slices(share)
        return any([*pool.map(lambda part: _create(client, project_id, part, predictions, advance), parts)])


def _create(
    client: Client,
    project_id: int,
    waiting: pl.DataFrame,
    predictions: Mapping[str, str],
    advance: Callable[[int], None],
) -> bool:
    """Make the tasks, batch by batch; says whether the answer of any batch was lost."""
    size, doubt = _FIRST_BATCH, False
    started, pause = client.clock(), 1.0
    while waiting.height:
        batch = _batch(waiting, size)
        sent = client.clock()
        left = batch.clear()
        try:
            suggested = {
                place: predictions[claim] for place, claim in enumerate(batch["claim_id"]) if claim in predictions
            }
            client.import_tasks(project_id, _texts(batch), suggested)
        except TooLarge:
            if batch.height == 1:
                raise
            size = batch.height // 2
            continue
        except Unanswered as error:
            doubt = True
            wait = max(pause, error.retry_after or 0.0)
            if client.clock() - started + wait > client.deadline:
                raise Unavailable(
                    f"the server stays away, {waiting.height} claims are not sent",
                    subject=client.url,
                    hint="push again when it is back: what was sent is found there",
                ) from error
            client.sleep(wait)
            left = batch.join(remote_tasks(client, project_id, batch["claim_id"].to_list()), on="claim_id", how="anti")
            size, pause = max(1, size // 2), min(pause * 2, 30.0)
        else:
            took = client.clock() - sent
            size = min(size * 4, _LARGEST_BATCH) if took < _FAST else max(1, size // 2) if took > _SLOW else size
            started, pause = client.clock(), 1.0
        advance(batch.height - left.height)
        waiting = pl.concat([left, waiting.slice(batch.height)])
    return doubt


def _to_raise(client: Client, project_id: int, new: pl.DataFrame) -> pl.DataFrame:
    """The steps for new tasks that more people shall see than their project says: an import cannot tell it."""
    more = new.filter(pl.col("overlap") > client.project(project_id).overlap) if new.height else new
    if more.is_empty():
        return pl.DataFrame(schema=PLAN)
    steps = plan(more, remote_tasks(client, project_id, more["claim_id"].to_list()))
    return steps.filter(pl.col("action") == "update")


def _update(client: Client, steps: pl.DataFrame, desired: pl.DataFrame, advance: Callable[[int], None]) -> None:
    """Change the tasks in place, each to its data in `desired`."""
    with_data = steps.join(desired.select("claim_id", "data"), on="claim_id", maintain_order="left")
    for step in with_data.iter_rows(named=True):
        # `is_labeled` is what takes a task out of the checkers' queue, or brings it back.
        client.update_task(
            step["task_id"], data=json.loads(step["data"]), overlap=step["overlap"], is_labeled=step["is_labeled"]
        )
        advance(1)


def _texts(batch: pl.DataFrame) -> Iterator[str]:
    """The tasks' data, a few at a time as Python strings."""
    for part in batch.iter_slices(500):
        yield from part["data"]


def _batch(rows: pl.DataFrame, size: int) -> pl.DataFrame:
    """The next rows: at most `size`, at most _MAX_BYTES, at least one."""
    batch = rows.head(size)
    fits = (batch["data"].str.len_bytes().cum_sum() <= _MAX_BYTES).sum()
    return batch.head(max(1, int(fits)))


def _remove(client: Client, project_id: int, task_ids: list[int], advance: Callable[[int], None]) -> int:
    removed = 0
    for task_id in task_ids:
        # The list is a moment old, and an answer given since must not go with the task.
        if client.unanswered(project_id, task_id):
            client.delete_task(task_id)
            removed += 1
        advance(1)
    return removed
