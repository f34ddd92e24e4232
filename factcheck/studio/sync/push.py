"""Claims to Label Studio: the difference between what shall be there and what is, and only that.

Label Studio has no idempotency key, so the remote is the truth: every task carries its claim id, the plan is made from
what the server lists, a batch whose answer was lost is looked up before anything is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

import polars as pl

from factcheck.errors import ProtocolError
from factcheck.models import ClaimState
from factcheck.studio.api import responses
from factcheck.studio.api.client import Client
from factcheck.studio.page.tasks import EARLIER
from factcheck.studio.sync.push_cache import PushCache, as_wanted, keep, recall, sent_by
from factcheck.studio.sync.sending import send
from factcheck.studio.sync.standing import FIELDS, REMOTE, Standing, unreadable

PLAN = pl.Schema(
    {
        "claim_id": pl.String(),
        "action": pl.String(),
        "task_id": pl.Int64(),
        "change": pl.String(),
        "overlap": pl.Int64(),
        "is_labeled": pl.Boolean(),
        "doubt": pl.String(),
    }
)
"""One step: action is create, update, retire, remove (a second task of a claim that nobody answered) or unchanged;
`change` says what, for a person to read; then what the task's overlap and `is_labeled` shall be. `doubt` is why answers
given up to now may be about something else than the claim, null where they are not."""

_LOOK_UP = 2000
"""Up to so many claims are looked up by id; for more the whole list is read, which then costs less."""


class Surveyed(NamedTuple):
    """What a push is to do: the steps (a frame of `PLAN`) for the claims of `rest`, and the tasks (`REMOTE`) of those.

    `same` are the wanted tasks that the cache showed to be unchanged, with `known` its rows; `total` is how many tasks
    the project had, `read_at` the server's time when all of them were last read.
    """

    steps: pl.DataFrame
    rest: pl.DataFrame
    remote: pl.DataFrame
    same: pl.DataFrame
    known: pl.DataFrame | None
    total: int
    read_at: datetime | None


class Pushed(NamedTuple):
    """The plan a push followed (a frame of `PLAN`), and how many steps of each kind it took.

    `cache` is for the next push, None where this one is not sure of what it left. What the cache of the last push
    showed to be unchanged is counted and not in the plan. `remote` are the tasks that were looked at (`REMOTE`).
    """

    plan: pl.DataFrame
    created: int
    updated: int
    retired: int
    removed: int
    unchanged: int
    cache: PushCache | None
    remote: pl.DataFrame


def remote_tasks(client: Client, project_id: int, claim_ids: Sequence[str]) -> pl.DataFrame:
    """The tasks that carry these claims' ids, by ascending task id, as a frame of `REMOTE`."""
    pages: Iterable[list[dict[str, Any]]]
    if len(claim_ids) <= _LOOK_UP:
        pages = [client.lookup(project_id, claim_ids, include=FIELDS)]
    else:
        pages = client.pages(project_id, include=FIELDS)
    names_alone = pl.DataFrame({"claim_id": claim_ids}, {"claim_id": pl.String()}).with_columns(
        content_hash=pl.lit(None, pl.String)
    )
    return _rows(client, project_id, pages, Standing(names_alone), claim_ids)


def remote_claims(client: Client, project_id: int) -> list[str]:
    """The ids of all claims that have a task in the project, each once, oldest task first."""
    found = [task.get("data") for page in client.pages(project_id, include="id,data") for task in page]
    claims = [data.get("claim_id") for data in found if isinstance(data, dict)]
    return list(dict.fromkeys(claim for claim in claims if isinstance(claim, str)))


def remote_earlier(client: Client, project_id: int, claim_ids: Sequence[str] | None = None) -> dict[str, str | None]:
    """What the tasks of these claims, or all, tell of earlier verdicts; None for a task that is older than that."""
    pages: Iterable[list[dict[str, Any]]] = client.pages(project_id, include="id,data")
    if claim_ids is not None and len(claim_ids) <= _LOOK_UP:
        pages = [client.lookup(project_id, claim_ids, include="id,data")]
    found: dict[str, str | None] = {}
    for task in (task for page in pages for task in page):
        data = task.get("data")
        if isinstance(data, dict) and isinstance(claim := data.get("claim_id"), str):
            text = data.get(EARLIER)
            found.setdefault(claim, text if isinstance(text, str) else None)
    return found


def survey(client: Client, project_id: int, desired: pl.DataFrame, *, cache: PushCache | None = None) -> Surveyed:
    """What a push of `desired` would do now; nothing is written.

    All tasks are read, each is known by what it shows and by the cache, whatever claim id it carries; only where the
    server confirms the `cache` of the last push is what it showed to be unchanged left out.
    """
    total = client.count(project_id)
    known = recall(client, project_id, cache)
    same = desired.clear() if known is None else as_wanted(desired, known)
    rest = desired.join(same, on="claim_id", how="anti", maintain_order="left")
    read_at = cache.read_at if cache and known is not None else client.server_time
    standing = Standing(desired, sent_by(cache) if cache and cache.project_id == project_id else None)
    claim_ids = rest["claim_id"].to_list()
    pages: Iterable[list[dict[str, Any]]] = client.pages(project_id, include=FIELDS)
    if known is not None and len(claim_ids) <= _LOOK_UP:
        pages = [client.lookup(project_id, claim_ids, include=FIELDS)]
    remote = _rows(client, project_id, pages, standing, claim_ids)
    remote = with_people(client, project_id, rest, remote.filter(pl.col("claim_id").is_in(claim_ids)))
    return Surveyed(plan(rest, remote), rest, remote, same, known, total, read_at)


def with_people(client: Client, project_id: int, desired: pl.DataFrame, remote: pl.DataFrame) -> pl.DataFrame:
    """The tasks with the number of people where the number of votes alone does not tell whether a task is done.

    One person may have answered twice, and any member can write into a task's counters.
    """
    wanted = desired.filter(pl.col("state") != str(ClaimState.WITHDRAWN)).select("claim_id", at_least="overlap")
    full = pl.col("votes") >= pl.max_horizontal("overlap", "at_least")
    strange = (
        remote.filter(pl.col("content_hash").is_not_null())
        .join(wanted, on="claim_id")
        .filter(pl.col("is_labeled") != full)
    )
    people = client.people_on(project_id, strange["task_id"].to_list())
    counted = pl.DataFrame([*people.items()], {"task_id": pl.Int64(), "people": pl.Int64()}, orient="row")
    return remote.drop("people").join(counted, on="task_id", how="left", maintain_order="left").select(REMOTE.names())


def plan(desired: pl.DataFrame, remote: pl.DataFrame) -> pl.DataFrame:
    """The steps from the remote to the desired state in the order of `desired`, as a frame of `PLAN`. Pure.

    `desired` is a frame of `tasks.SCHEMA`, `remote` one of `REMOTE`. A withdrawn claim is marked and taken out of the
    checkers' queue, never deleted. Overlap is raised, never lowered. Of several tasks of a claim the answered one, then
    the oldest, is kept; the others are removed only where nobody has answered them. A task that cannot be read is left
    alone, and its claim gets no other.
    """
    unanswered = pl.col("votes") + pl.col("skips") == 0
    ranked = remote.sort(pl.col("content_hash").is_null(), unanswered, "task_id", maintain_order=True)
    first = ranked.unique("claim_id", keep="first", maintain_order=True)
    steps = [
        _step(row)
        for row in desired.join(first, on="claim_id", how="left", maintain_order="left").iter_rows(named=True)
    ]
    spare = ranked.join(first.select("task_id"), on="task_id", how="anti").filter(unanswered)
    steps += [
        (row["claim_id"], "remove", row["task_id"], "a second task of this claim", None, None, None)
        for row in spare.iter_rows(named=True)
    ]
    return pl.DataFrame(steps, PLAN, orient="row")


def push(
    client: Client,
    project_id: int,
    desired: pl.DataFrame,
    *,
    cache: PushCache | None = None,
    predictions: Mapping[str, str] | None = None,
    writers: int = 1,
    mending: Callable[[Mapping[int | None, str]], AbstractContextManager[None]] = lambda _: nullcontext(),
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Pushed:
    """Bring the project to the desired state; pushing twice is pushing once, under any sequence of faults.

    `cache` is the one of the last push. `predictions` go with the new tasks of these claims. `writers` is how many
    imports run at once: more than one makes a server on SQLite slower, two are best on PostgreSQL. Tasks that showed
    other words than ours are repaired inside of `mending`, which is told why by task. `progress` is told how many steps
    of how many are done. Raises Unavailable where the server stays away: what was done is done, and the next push goes
    on from there.
    """
    found = survey(client, project_id, desired, cache=cache)
    steps = found.steps
    work = steps.filter(pl.col("action") != "unchanged")
    done, lock = 0, Lock()

    def advance(count: int) -> None:
        nonlocal done
        with lock:
            done += count
            progress(done, work.height)

    changed = work.filter(pl.col("action").is_in(["update", "retire"]))
    wrong = changed.filter(pl.col("doubt").is_not_null())
    with mending(dict(wrong.select("task_id", "doubt").iter_rows())) if wrong.height else nullcontext():
        sure = _update(client, wrong, found.rest, advance)
    new = found.rest.join(work.filter(pl.col("action") == "create"), on="claim_id", how="semi", maintain_order="left")
    made = send(
        client,
        project_id,
        new,
        predictions=predictions or {},
        arrived=lambda claims: remote_tasks(client, project_id, claims),
        writers=writers,
        advance=advance,
    )
    sure &= _update(client, changed.filter(pl.col("doubt").is_null()), found.rest, advance)
    sure &= _update(client, _to_raise(client, project_id, new), new, lambda _: None)
    removed = _remove(client, project_id, work.filter(pl.col("action") == "remove")["task_id"].to_list(), advance)
    if made.doubt:
        # A batch given up for lost may still have been stored after we looked.
        again = survey(client, project_id, desired).steps.filter(pl.col("action") == "remove")
        removed += _remove(client, project_id, again["task_id"].to_list(), advance)
    return Pushed(
        steps,
        created=new.height,
        updated=steps.filter(pl.col("action") == "update").height,
        retired=steps.filter(pl.col("action") == "retire").height,
        removed=removed,
        unchanged=steps.filter(pl.col("action") == "unchanged").height + found.same.height,
        cache=_cache(client, project_id, desired, found, made.tasks, gone=removed) if sure and not made.doubt else None,
        remote=found.remote,
    )


def _cache(
    client: Client, project_id: int, desired: pl.DataFrame, found: Surveyed, made: Mapping[str, int], *, gone: int
) -> PushCache | None:
    created = found.steps.filter(pl.col("action") == "create").height
    if found.read_at is None or found.remote["content_hash"].null_count():
        return None
    tasks = dict(found.known.select("claim_id", "task_id").iter_rows()) if found.known is not None else {}
    kept = found.steps.filter(pl.col("action") != "remove", pl.col("task_id").is_not_null())
    tasks |= dict(kept.select("claim_id", "task_id").iter_rows()) | dict(made)
    return keep(client, project_id, desired, tasks=tasks, total=found.total + created - gone, read_at=found.read_at)


def _rows(
    client: Client, project_id: int, pages: Iterable[list[dict[str, Any]]], standing: Standing, claim_ids: Sequence[str]
) -> pl.DataFrame:
    """The tasks as a frame of `REMOTE`, by ascending task id."""
    hidden: list[int] = []
    # Page by page, so that the tasks' texts do not pile up.
    rows = [
        row
        for page in pages
        for task in _legible(page, hidden)
        if isinstance(task.get("data"), dict) and (row := standing.row(task)) is not None
    ]
    missing = sorted(set(claim_ids) - {row[0] for row in rows})
    found = [(client.claim_on(project_id, task_id, missing), task_id) for task_id in hidden]
    rows += [unreadable(claim, task_id) for claim, task_id in found if claim is not None]
    return pl.DataFrame(rows, REMOTE, orient="row").sort("task_id")


def _legible(page: list[dict[str, Any]], hidden: list[int]) -> Iterator[dict[str, Any]]:
    """The tasks of the page that the server could show, the others' numbers in `hidden`.

    Raises ProtocolError for one that may be ours and that readers would not read alike.
    """
    for task in page:
        if task.get("unreadable"):
            hidden.append(task["id"])
        elif why := task.get("broken") or responses.broken(task):
            raise ProtocolError(
                f"a task holds {why}", subject=f"task {task['id']}", hint="delete it in Label Studio, then push again"
            )
        else:
            yield task


def _step(row: dict[str, Any]) -> tuple[Any, ...]:
    """The step for one claim: a row of desired joined with its task, if there is one."""
    withdrawn = row["state"] == ClaimState.WITHDRAWN
    claim, task = row["claim_id"], row["task_id"]
    if task is None:
        what = ("unchanged", None, "withdrawn, never sent") if withdrawn else ("create", None, "new")
        return (claim, *what, None, None, None)
    there = row["content_hash_right"]
    if there is None:
        return claim, "unchanged", task, "Label Studio cannot show this task (500)", None, None, None
    changes = ["text"] if row["content_hash"] != there else []
    if row["changed"] is not None:
        changes = [f"{row['changed']} changed in Label Studio"]
    doubt = "its words were changed in Label Studio" if "words" in (row["changed"] or "") else None
    if withdrawn:
        if not row["is_labeled"]:
            changes.append("out of the queue")
        return claim, "retire" if changes else "unchanged", task, ", ".join(changes), row["overlap_right"], True, doubt
    overlap = max(row["overlap"], row["overlap_right"])
    if overlap > row["overlap_right"]:
        changes.append(f"overlap {row['overlap_right']} -> {overlap}")
    done = (row["votes"] if row["people"] is None else row["people"]) >= overlap
    if done != row["is_labeled"] and overlap == row["overlap_right"]:
        changes.append("out of the queue, enough people have answered" if done else "back into the queue")
    return claim, "update" if changes else "unchanged", task, ", ".join(changes), overlap, done, doubt


def _to_raise(client: Client, project_id: int, new: pl.DataFrame) -> pl.DataFrame:
    """The steps for new tasks that more people shall see than their project says: an import cannot tell it."""
    more = new.filter(pl.col("overlap") > client.project(project_id).overlap) if new.height else new
    if more.is_empty():
        return pl.DataFrame(schema=PLAN)
    steps = plan(more, remote_tasks(client, project_id, more["claim_id"].to_list()))
    return steps.filter(pl.col("action") == "update")


def _update(client: Client, steps: pl.DataFrame, desired: pl.DataFrame, advance: Callable[[int], None]) -> bool:
    """Change the tasks in place, each to its data in `desired`; whether all are known to be changed."""
    sure = True
    with_data = steps.join(desired.select("claim_id", "data"), on="claim_id", maintain_order="left")
    for step in with_data.iter_rows(named=True):
        # `is_labeled` is what takes a task out of the checkers' queue, or brings it back.
        sure &= client.update_task(
            step["task_id"], data=json.loads(step["data"]), overlap=step["overlap"], is_labeled=step["is_labeled"]
        )
        advance(1)
    return sure


def _remove(client: Client, project_id: int, task_ids: list[int], advance: Callable[[int], None]) -> int:
    removed = 0
    for task_id in task_ids:
        # The list is a moment old, and an answer given since must not go with the task.
        if client.unanswered(project_id, task_id):
            client.delete_task(task_id)
            removed += 1
        advance(1)
    return removed
