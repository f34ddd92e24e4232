"""What checkers did since the last pull, as annotation events: each submit, edit, skip and delete exactly once.

Label Studio has no history, so the last known states are compared with what the server has now. A task moves
(`updated_at`) whenever an annotation of it is made, changed or deleted; only a deleted task leaves no trace, so the
number of tasks is watched and, where it does not add up, all task ids are compared.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.errors import Rejected, ServerError
from factcheck.models import AnnotationEvent, AnnotationState, Rejection, digest, event_id
from factcheck.studio import payload, wire
from factcheck.studio.client import Client, Person
from factcheck.studio.payload import Answer
from factcheck.studio.snapshot import snapshot

OVERLAP = timedelta(minutes=10)
"""How far behind the cursor a pull looks again: clocks step back, equal times straddle pages, commits come late."""

SHORT_OVERLAP = timedelta(seconds=30)
"""How far where the server's clock has gone on like ours since the last pull and a wide look is not due.

So a pull soon after a push of many tasks does not read them all.
"""

WIDE_EVERY = timedelta(minutes=10)
"""How often a pull looks wide whatever the clocks say: from `OVERLAP` before the last wide look on."""

_SAME_PACE = timedelta(seconds=10)
_FEW_TASKS = 1000
"""From so many tasks on one export is read instead of pages."""

_EXPORT_PACE = 4
"""How many times as fast as pages an export is read, measured: also for a part of the tasks that is larger than that,
as after a push of many."""

SWEEP_EVERY = timedelta(days=1)
"""How often all task ids are compared although the number of tasks adds up."""

PAGE_SIZE = 500
"""Tasks a page: about two seconds of the server's time and a megabyte of ours."""


class Pulled(NamedTuple):
    """Events (frame of AnnotationEvent, oldest first), rejected annotations (frame of Rejection), and the new cursor.

    The caller commits events and cursor together or neither. `people` are the users behind the annotators of this
    pull. `seen` annotations and deletions were looked at: `accepted` of them are events or already known, the others
    are in `rejected`.
    """

    events: pl.DataFrame
    rejected: pl.DataFrame
    cursor: dict[str, Any]
    people: list[Person]
    seen: int
    accepted: int


def pull(
    client: Client,
    project_id: int,
    known: pl.DataFrame,
    cursor: Mapping[str, Any],
    *,
    project: str,
    now: datetime,
    annotator_id: Callable[[int], str],
    full: bool = False,
    since: datetime | None = None,
    sweep: bool = False,
    known_users: Collection[int] = (),
    page_size: int = PAGE_SIZE,
) -> Pulled:
    """Everything that is new in the project `project_id`, called `project` in factcheck.toml.

    `known` is a frame of AnnotationEvent: all events or the last one of each annotation. `cursor` is what the last
    pull returned, empty before the first. `full` looks at every task whatever the cursor says. With `since` only tasks
    updated later are looked at: for one who looks often, and now and then without it. `sweep` compares all task ids.
    Where nobody but `known_users` worked, `people` is empty. `annotator_id` turns a user's number into the opaque id.
    Raises what `Client` raises; nothing is changed anywhere.
    """
    reader = _Reader(project_id, project, _last_states(known, project), now, annotator_id)
    if since is None or client.server_time is None:
        client.check_server(allow_unsafe=True)  # the version is the caller's business; this asks the time
    started = client.server_time or now  # of an earlier answer, if at all too early: then a little is asked for again
    everything, wide = True, True
    if not full and "since" in cursor:
        wide = since is None and not _clocks_agree(cursor, now, started)
        window = since or _window(cursor, wide=wide)
        pages = client.tasks(project_id, since=window, size=page_size)
        first = next(pages, [])
        everything = len(first) == page_size and _mostly_moved(client, project_id, window)
        pages = chain([first], pages)
    if everything:
        wide, pages = True, _all_tasks(client, reader, page_size)
    with _fewer_collections():
        for tasks in pages:
            reader.read(tasks)
    after = _gone_tasks(client, reader, cursor, now, everything=everything, sweep=sweep)
    users = reader.users
    return Pulled(
        events=reader.events(),
        rejected=frames.from_records(Rejection, reader.rejected),
        cursor=after | _clocks(cursor, now, started, wide=wide),
        people=[person for person in client.people() if person.user_id in users] if users - {*known_users} else [],
        seen=reader.seen,
        accepted=reader.accepted,
    )


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Reading makes no cycles; looking for some among the objects of every page took two fifths of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _clocks(cursor: Mapping[str, Any], now: datetime, started: datetime, *, wide: bool) -> dict[str, str]:
    """The part of the cursor that tells the next pull from when on it looks: server times, and ours beside them.

    What changed while this pull ran is asked for again, so its beginning counts.
    """
    here = {"since": started.isoformat(), "at": now.isoformat()}
    if wide:
        return here | {"wide_since": started.isoformat(), "wide_at": now.isoformat()}
    return here | {key: cursor[key] for key in ("wide_since", "wide_at") if key in cursor}


def _window(cursor: Mapping[str, Any], *, wide: bool) -> datetime:
    if wide:
        return payload.time(cursor.get("wide_since", cursor["since"])) - OVERLAP
    return payload.time(cursor["since"]) - SHORT_OVERLAP


def _clocks_agree(cursor: Mapping[str, Any], now: datetime, started: datetime) -> bool:
    """Whether the server's clock and ours went on alike since the last pull, and the last wide look is not long ago.

    A server's clock that was set back is behind ours.
    """
    if not {"at", "wide_since", "wide_at"} <= cursor.keys():
        return False
    ours, theirs = now - payload.time(cursor["at"]), started - payload.time(cursor["since"])
    recent = timedelta(0) <= now - payload.time(cursor["wide_at"]) < WIDE_EVERY
    return recent and ours >= timedelta(0) and abs(theirs - ours) <= _SAME_PACE


def _mostly_moved(client: Client, project_id: int, since: datetime) -> bool:
    """Whether so many tasks moved that everything is read in less time than they are page by page."""
    moved = client.count(project_id, since=since)
    return moved >= _FEW_TASKS and moved * _EXPORT_PACE > client.count(project_id)


def _all_tasks(client: Client, reader: _Reader, page_size: int) -> Iterator[list[dict[str, Any]]]:
    """Every task with its annotations, once: from an export, and from pages what that does not have."""
    if client.count(reader.project_id) < _FEW_TASKS:
        yield from client.tasks(reader.project_id, size=page_size)
        return
    try:
        yield from snapshot(client, reader.project_id, size=page_size)
    except ServerError:  # a server that cannot export, or a file that breaks off: the pages have everything
        yield from _not_read(client.tasks(reader.project_id, size=page_size), reader)
    # An export that lacks a task would make its annotations deleted ones.
    if client.count(reader.project_id) != len(reader.tasks):
        ids = {task["id"] for page in client.pages(reader.project_id, size=10_000, include="id") for task in page}
        if missing := ids - reader.tasks:
            yield from _not_read(client.tasks(reader.project_id, above=min(missing) - 1, size=page_size), reader)


def _not_read(pages: Iterator[list[dict[str, Any]]], reader: _Reader) -> Iterator[list[dict[str, Any]]]:
    for tasks in pages:
        yield [task for task in tasks if task["id"] not in reader.tasks]


def _gone_tasks(
    client: Client, reader: _Reader, cursor: Mapping[str, Any], now: datetime, *, everything: bool, sweep: bool
) -> dict[str, Any]:
    """Deletions of all annotations of tasks that are gone, and the part of the cursor that finds them next time."""
    top = int(cursor.get("top", 0))
    if everything:
        reader.forget_tasks_except(reader.tasks)
        return {"tasks": len(reader.tasks), "top": max(reader.tasks, default=0), "swept_at": now.isoformat()}
    fresh = sum(task > top for task in reader.tasks)
    counted = client.count(project_id=reader.project_id)
    due = sweep or now - payload.time(cursor["swept_at"]) >= SWEEP_EVERY
    if counted == int(cursor["tasks"]) + fresh and not due:
        highest = max(reader.tasks, default=0)
        return {"tasks": counted, "top": max(top, highest), "swept_at": cursor["swept_at"]}
    ids = {task["id"] for page in client.pages(reader.project_id, size=10_000, include="id") for task in page}
    # New tasks that the server's clock, set back, hid from the window.
    if any(task > top for task in ids - reader.tasks):
        for tasks in _not_read(client.tasks(reader.project_id, above=top), reader):
            reader.read(tasks)
    # A task that went while this pull ran was read already: it is counted, so that the next pull misses it.
    ids |= reader.tasks
    reader.forget_tasks_except(ids)
    return {"tasks": len(ids), "top": max(ids, default=0), "swept_at": now.isoformat()}


def _last_states(known: pl.DataFrame, project: str) -> pl.DataFrame:
    mine = known.filter(pl.col("project") == project)
    return mine.sort("seq").unique("annotation_key", keep="last", maintain_order=True)


class _Reader:
    """Compares tasks with the last known states of their annotations."""

    def __init__(
        self, project_id: int, project: str, known: pl.DataFrame, now: datetime, annotator_id: Callable[[int], str]
    ) -> None:
        self.project_id = project_id
        self.tasks: set[int] = set()
        self.users: set[int] = set()
        self.seen = 0
        self.accepted = 0
        self.rejected: list[Rejection] = []
        self._project, self._known, self._now, self._annotator_id = project, known, now, annotator_id
        self._pages: list[pl.DataFrame] = []

    def events(self) -> pl.DataFrame:
        """The events so far, oldest first."""
        return pl.concat([frames.empty(AnnotationEvent), *self._pages]).sort("updated_at", "annotation_key")

    def read(self, tasks: list[dict[str, Any]]) -> None:
        """Take in a page of tasks with their annotations."""
        ids = [task["id"] for task in tasks]
        self.tasks.update(ids)
        states = {row["annotation_key"]: row for row in self._of_tasks(ids).iter_rows(named=True)}
        rows = [row for task in tasks for row in self._task(task, states)]
        self._keep(rows)

    def forget_tasks_except(self, ids: set[int]) -> None:
        """Deletions for every live annotation whose task is not among `ids`."""
        gone = self._known.filter(~pl.col("task_id").is_in(list(ids)), pl.col("state") != str(AnnotationState.DELETED))
        self._keep([self._deleted(row, self._now) for row in gone.iter_rows(named=True)])

    def _keep(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._pages.append(pl.DataFrame(rows, frames.schema(AnnotationEvent), orient="row"))

    def _of_tasks(self, ids: list[int]) -> pl.DataFrame:
        return self._known.filter(pl.col("task_id").is_in(ids)) if self._known.height else self._known

    def _task(self, task: dict[str, Any], states: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """New events of one task."""
        annotations = task.get("annotations")
        self.seen += len(annotations) if isinstance(annotations, list) else 1
        if not isinstance(annotations, list):
            why = f"the task holds {task['broken']}" if "broken" in task else "the task has no list of annotations"
            self._reject(task, None, Rejected("BAD_PAYLOAD", why))
            return
        try:
            moved = payload.time(task.get("updated_at"))
            claim = self._claim(task)
        except Rejected as error:
            for annotation in annotations:
                self._reject(task, annotation, error)
            return
        present: set[str] = set()
        for annotation in annotations:
            try:
                answer = payload.read(annotation)
                key = f"{self._project}:{answer.annotation_id}:{answer.created_at.isoformat()}"
                present.add(key)
                row = self._answer(claim, task["id"], key, answer, states.get(key))
            except Rejected as error:
                present |= self._keys_like(annotation, states)
                self._reject(task, annotation, error)
                continue
            self.accepted += 1
            if row is not None:
                yield row
        for key, state in states.items():
            if state["task_id"] == task["id"] and key not in present and state["state"] != AnnotationState.DELETED:
                yield self._deleted(state, moved)

    def _claim(self, task: dict[str, Any]) -> str:
        data = task.get("data")
        claim = data.get("claim_id") if isinstance(data, dict) else None
        if task.get("project") != self.project_id:
            raise Rejected("FOREIGN_TASK", f"the task belongs to project {wire.short(task.get('project'), 40)}")
        if not isinstance(claim, str) or not re.match(payload.CLAIM_ID_PATTERN, claim):
            raise Rejected("FOREIGN_TASK", "the task was not made by factcheck: its data has no claim id")
        return claim

    def _answer(
        self, claim: str, task_id: int, key: str, answer: Answer, state: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """The event of a state that is not yet known."""
        if answer.author is not None:
            annotator = self._annotator_id(answer.author)
            self.users.add(answer.author)
        elif state is not None:  # the user was deleted since
            annotator = state["annotator_id"]
        else:
            raise Rejected("NO_ANNOTATOR", "the user who made it is deleted and was never seen")
        editor = None if answer.editor is None else self._annotator_id(answer.editor)
        if answer.editor is not None:
            self.users.add(answer.editor)
        said = {
            "state": str(answer.state),
            "choice": answer.choice,
            "rationale": answer.rationale,
            "evidence": answer.evidence,
            "confidence": answer.confidence,
            "annotator_id": annotator,
        }
        # A star (ground truth) makes who set it the last editor, though nothing that was said has changed.
        same = state is not None and all(state[name] == value for name, value in said.items())
        said["edited_by"] = state["edited_by"] if state is not None and same else editor
        content_hash = digest(claim, said)
        if state is not None and state["content_hash"] == content_hash:
            return None
        return self._event(
            said
            | {
                "claim_id": claim,
                "annotation_key": key,
                "project": self._project,
                "task_id": task_id,
                "annotation_id": answer.annotation_id,
                "lead_time": answer.lead_time,
                "created_at": answer.created_at,
                "updated_at": answer.updated_at,
                "content_hash": content_hash,
            },
            state,
        )

    def _deleted(self, state: dict[str, Any], when: datetime) -> dict[str, Any]:
        self.seen += 1
        self.accepted += 1
        content_hash = digest(state["claim_id"], str(AnnotationState.DELETED), state["content_hash"])
        gone = {"state": str(AnnotationState.DELETED), "updated_at": when, "content_hash": content_hash}
        return self._event(state | gone, state)

    def _event(self, row: dict[str, Any], state: dict[str, Any] | None) -> dict[str, Any]:
        seq = 1 if state is None else state["seq"] + 1
        made = event_id(annotation_key=row["annotation_key"], seq=seq, content_hash=row["content_hash"])
        return row | {"event_id": made, "seq": seq, "observed_at": self._now}

    def _keys_like(self, annotation: Any, states: dict[str, dict[str, Any]]) -> set[str]:
        """The known annotation an unreadable payload may be: present and broken is not deleted."""
        number = annotation.get("id") if isinstance(annotation, dict) else None
        return {key for key, state in states.items() if number is None or state["annotation_id"] == number}

    def _reject(self, task: dict[str, Any], annotation: Any, error: Rejected) -> None:
        number = annotation.get("id", "?") if isinstance(annotation, dict) else "?"
        self.rejected.append(
            Rejection(
                stage="pull",
                code=error.reason_code,
                subject=f"{self._project}: task {task['id']}, annotation {wire.short(number, 40)}",
                reason=error.what,
                payload=wire.short(annotation),
            )
        )
