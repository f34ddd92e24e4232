"""What checkers did since the last pull, as annotation events: each submit, edit, skip and delete exactly once.

Label Studio has no history, so the last known states are compared with what the server has now. A task moves
(`updated_at`) whenever an annotation of it is made, changed or deleted, but not by every action of the server: so the
number of tasks and of answers is compared at every pull, and everything is read once a day.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.errors import Rejected, ServerError
from factcheck.models import AnnotationState, Mark, Rejection
from factcheck.process_wide import Lent
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import Person, Summary
from factcheck.studio.api.snapshot import snapshot
from factcheck.studio.sync import payload
from factcheck.studio.sync.doubts import Doubt
from factcheck.studio.sync.forgetting import NUMBERED_TWICE, OLDER, RETURNED, Consent, Limits, judge, project_changed
from factcheck.studio.sync.numbers import Numbers
from factcheck.studio.sync.reader import Reader
from factcheck.studio.sync.states import About, Row, to_frame
from factcheck.studio.sync.windows import clocks, clocks_agree, window

_FEW_TASKS = 1000
"""From so many tasks on one export is read instead of pages."""

_EXPORT_PACE = 4
"""How many times as fast as pages an export is read, measured: also for a part of the tasks that is larger than that,
as after a push of many."""

FULL_EVERY = timedelta(days=1)
"""How often everything is read although nothing seems to have changed: some actions of the server leave no sign."""

PAGE_SIZE = 500
"""Tasks a page: about two seconds of the server's time and a megabyte of ours."""

_SET_BACK = timedelta(hours=1)
"""A clock of ours that was set back by more has lost count of the days."""

_ASK = 500
"""Up to so many answers that are seen nowhere are asked for by their number before they are taken for deleted."""


def _fewer_collections() -> tuple[int, int, int]:
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    return before


COLLECTIONS = Lent(_fewer_collections, lambda before: gc.set_threshold(*before))
"""Fewer collections of garbage: reading makes no cycles; looking for some among the objects of every page took two
fifths of its time."""

_LIVE = [str(AnnotationState.SUBMITTED), str(AnnotationState.PUT_ASIDE)]


class Pulled(NamedTuple):
    """Events (frame of AnnotationEvent, oldest first), rejected annotations (frame of Rejection), and the new cursor.

    The caller commits events and cursor together or neither. `people` are the users behind the annotators of this
    pull. `seen` annotations and deletions were looked at: `accepted` of them are events or already known, the others
    are in `rejected`, with what each is `about`. `waits` says why votes that are missing wait for a person's word, ""
    where none does. `everything` tells whether all tasks were read; `read` are those that were, `other_words` those of
    them that do not show what was sent.
    """

    events: pl.DataFrame
    rejected: pl.DataFrame
    cursor: dict[str, Any]
    people: list[Person]
    seen: int
    accepted: int
    waits: str
    everything: bool
    about: list[About]
    read: set[int]
    other_words: set[int]


def pull(
    client: Client,
    project_id: int,
    known: pl.DataFrame,
    cursor: Mapping[str, Any],
    *,
    project: str,
    now: datetime,
    annotator_id: Callable[[int], str],
    created_at: str = "",
    stamp: int | None = None,
    stamped: int = 0,
    full: bool = False,
    full_every: timedelta = FULL_EVERY,
    since: datetime | None = None,
    sweep: bool = False,
    consent: Consent = Consent(),  # noqa: B008 - a constant
    limits: Limits = Limits(),  # noqa: B008 - a constant
    words: Callable[[Collection[str]], Mapping[str, Collection[str]]] | None = None,
    doubts: Collection[Doubt] = (),
    forgotten: Collection[str] = (),
    known_users: Collection[int] = (),
    page_size: int = PAGE_SIZE,
) -> Pulled:
    """Everything that is new in the project `project_id`, called `project` in factcheck.toml and made at `created_at`.

    `known` is a frame of AnnotationEvent: all events or the last one of each annotation. `cursor` is what the last
    pull returned, empty before the first. The project's description bears the dataset's version `stamp`, and we
    stamped it with `stamped`. `full` looks at every task whatever the cursor says; so does a pull `full_every` after
    the last such one. With `since` only tasks updated later are looked at: for one who looks often, and now and then
    without it. `sweep` compares all task ids. Where nobody but `known_users` worked, `people` is empty. For the others
    see `Reader` and `judge`. Raises what `Client` raises; nothing is changed anywhere.
    """
    mine = _last_states(known, project)
    changed = project_changed(cursor, project_id, created_at) if created_at else ""
    reader = Reader(
        project_id,
        project,
        mine,
        now,
        annotator_id,
        words=words,
        doubts=doubts,
        accept=consent.accept_put_aside,
        unread=() if changed else cursor.get("unread", ()),
        forgotten=forgotten,
        numbers=Numbers(cursor, mine),
        another=bool(changed),
    )
    if since is None or client.server_time is None:
        client.check_server(allow_unsafe=True)  # the version is the caller's business; this asks the time
    started = client.server_time or now  # of an earlier answer, if at all too early: then a little is asked for again
    stamped = max(stamped, int(cursor.get("stamp", 0)))
    older = OLDER if stamp is not None and stamp < stamped else ""
    full = full or "since" not in cursor or bool(changed or older) or any(consent)
    full = full or (since is None and _due(cursor, now, full_every))
    look = _Look(client, reader, page_size, went_back=bool(older))
    wide = full or (since is None and not clocks_agree(cursor, now, started))
    with COLLECTIONS.taken():
        if full or not look.at_what_moved(since or window(cursor, wide=wide)):
            wide = look.at_everything()
        else:
            look.for_gone_tasks(cursor, sweep=sweep)
            look.for_the_missing()
            # One who looks often leaves that to the look now and then, unless something is missing.
            if (since is None or reader.missing()) and not look.adds_up(cursor):
                wide = look.at_everything()
        if not changed:
            look.for_the_hidden()
            look.for_the_missing()
    reader.conclude()
    # Votes that wait go on to until they are there again or a person has spoken, whatever the sign was: it may pass.
    # That none is missing any more is only seen by a whole reading.
    waited = str(cursor.get("waits", ""))
    waits = "" if look.everything else waited
    judged = judge(
        reader.withdrawals.values(),
        mine,
        consent=consent,
        limits=limits,
        now=now,
        changed=changed or waited or older or _sign(reader),
        unchanged=reader.unchanged,
        still_there=look.still_there,
        whole_at=payload.time(cursor["whole_at"]) if "whole_at" in cursor else None,
    )
    events = to_frame(reader.rows + judged.events)
    users = reader.users
    return Pulled(
        events=events,
        rejected=frames.from_records(Rejection, reader.rejected + judged.waiting),
        cursor=look.cursor(cursor, events, now)
        | clocks(cursor, now, started, wide=wide)
        | _whose(cursor, project_id, created_at, stamped if stamp is None else stamp, judged.why or waits)
        | _whole(cursor, now, everything=look.everything and not judged.why)
        | reader.numbers.cursor(everything=look.everything, waits=bool(judged.why or waits)),
        people=[person for person in client.people() if person.user_id in users] if users - {*known_users} else [],
        seen=reader.seen,
        accepted=reader.accepted + len(judged.events),
        waits=judged.why or waits,
        everything=look.everything,
        about=[*reader.about, *judged.about],
        read=reader.tasks,
        other_words=reader.other_words,
    )


def _sign(reader: Reader) -> str:
    """What the answers themselves say of a server that went back, or ""."""
    if reader.returned:
        return RETURNED
    return NUMBERED_TWICE if reader.numbers.handed_out_twice else ""


class _Look:
    """How the server is read: what moved, everything, what is gone."""

    def __init__(self, client: Client, reader: Reader, page_size: int, *, went_back: bool) -> None:
        self.client, self.reader, self.page_size, self._went_back = client, reader, page_size, went_back
        self.project_id = reader.project_id
        self.everything = False
        self._ids: set[int] | None = None
        self._summary: Summary | None = None
        self._newest = ""

    def at_what_moved(self, since: datetime) -> bool:
        """Read the tasks updated since; False, and nothing read, where reading everything is quicker."""
        pages = self.client.tasks(self.project_id, since=since, size=self.page_size)
        first = next(pages, [])
        if len(first) == self.page_size and _mostly_moved(self.client, self.project_id, since):
            return False
        self._read(chain([first], pages))
        return True

    def at_everything(self) -> bool:
        """Read every task that was not read yet; always True."""
        self._read(_not_read(_all_tasks(self.client, self.reader, self.page_size), self.reader))
        self.reader.miss_tasks_except(self.reader.tasks)
        self.everything = True
        return True

    def for_gone_tasks(self, cursor: Mapping[str, Any], *, sweep: bool) -> None:
        """Miss the answers of tasks that are gone, and read new ones that the server's clock, set back, has hidden."""
        top = int(cursor.get("top", 0))
        fresh = sum(task > top for task in self.reader.tasks)
        if self._told().tasks == int(cursor["tasks"]) + fresh and not sweep:
            return
        pages = self.client.pages(self.project_id, size=10_000, include="id")
        self._ids = {task["id"] for page in pages for task in page}
        if any(task > top for task in self._ids - self.reader.tasks):
            self._read(_not_read(self.client.tasks(self.project_id, above=top), self.reader))
        # A task that went while this pull ran was read already: it is counted, so that the next pull misses it.
        self._ids |= self.reader.tasks
        self.reader.miss_tasks_except(self._ids)

    def adds_up(self, cursor: Mapping[str, Any]) -> bool:
        """Whether the number of answers and the newest time are what the last pull and this one explain."""
        told = self._told()
        if told.newest > self._newest and told.newest != cursor.get("newest"):
            return True  # somebody worked while this pull ran: the next one sees that, and counts
        if "answers" not in cursor or told.newest < str(cursor.get("newest", "")):
            return False
        missing = [state | {"state": str(AnnotationState.DELETED)} for state in self.reader.missing()]
        return bool(cursor["answers"] == self._unexplained([*self.reader.rows, *missing]))

    def for_the_hidden(self) -> None:
        """Ask for each answer known of a task that cannot be read: its person may have taken it back all the same."""
        for state in [*self.reader.hidden.values()][:_ASK]:
            if self.client.annotation(state["annotation_id"]) is None:
                self.reader.take_back(state)
        self.reader.hidden.clear()

    def for_the_missing(self) -> None:
        """Read the answers that are seen nowhere where the server still has them: on another task of the project."""
        missing = self.reader.missing()
        if len(missing) > _ASK:
            if not self.everything:
                self.at_everything()
            return
        where = {state["annotation_key"]: self._task_of(state) for state in missing}
        if tasks := {task for task in where.values() if task is not None} - self.reader.unread:
            self._read(self.client.tasks_of(self.project_id, sorted(tasks)))
        # On a task that cannot be read it is there all the same.
        self.reader.present |= {key for key, task in where.items() if task in self.reader.unread}

    def still_there(self, state: Row) -> bool:
        """Whether the server has the annotation as late as we know it."""
        found = self.client.annotation(state["annotation_id"])
        try:
            return found is not None and (
                payload.identity(found) == (state["annotation_id"], state["created_at"])
                and payload.time(found.get("updated_at")) >= state["updated_at"]
            )
        except Rejected:
            return False

    def cursor(self, before: Mapping[str, Any], events: pl.DataFrame, now: datetime) -> dict[str, Any]:
        """What the next pull compares with: numbers of tasks and answers, the highest task, the newest time."""
        told, top = self._told(), int(before.get("top", 0))
        ids = self.reader.tasks if self.everything else self._ids
        found = {
            "tasks": told.tasks if ids is None else len(ids),
            "top": max(ids, default=0) if ids is not None else max(top, max(self.reader.tasks, default=0)),
            "newest": told.newest,
            "answers": before.get("answers"),
            "full_at": now.isoformat() if self.everything else before.get("full_at"),
            "unread": sorted(self.reader.unread | ({*before.get("unread", ())} - self.reader.tasks)) or None,
        }
        if self.everything and told.newest <= self._newest:  # nobody worked meanwhile
            found["answers"] = self._unexplained(events.to_dicts())
        return {key: value for key, value in found.items() if value is not None}

    def _unexplained(self, events: Iterable[Row]) -> int:
        """How many answers the server counts beside those we know; it counts no skips."""
        known = self.reader.known
        here = dict(known.filter(_counted()).select("annotation_key", pl.lit(value=True)).iter_rows())
        for row in events:
            here[row["annotation_key"]] = row["state"] in _LIVE and row["mark"] != Mark.KEPT
        return self._told().answers - sum(here.values())

    def _read(self, pages: Iterable[list[Row]]) -> None:
        for tasks in pages:
            self.reader.read(tasks)
            self._newest = max([self._newest, *(str(task.get("updated_at", "")) for task in tasks)])

    def _told(self) -> Summary:
        if self._summary is None:
            self._summary = self.client.summary(self.project_id)
        return self._summary

    def _task_of(self, state: Row) -> int | None:
        """The task on which the annotation stands now; None where it is gone."""
        found = self.client.annotation(state["annotation_id"])
        if found and found.get("unreadable"):
            if self._went_back:  # it may be another one that got the number since
                return None
            self.reader.present.add(state["annotation_key"])
            return None
        try:
            same = found is not None and payload.identity(found) == (state["annotation_id"], state["created_at"])
        except Rejected:
            return None
        return found["task"] if found and same and isinstance(found.get("task"), int) else None


def _due(cursor: Mapping[str, Any], now: datetime, every: timedelta) -> bool:
    """Whether everything has to be read again; votes that wait for a person's word are looked at each time."""
    if cursor.get("waits") or "full_at" not in cursor:
        return True
    return not -_SET_BACK <= now - payload.time(cursor["full_at"]) < every


def _whose(cursor: Mapping[str, Any], project_id: int, created_at: str, stamp: int, why: str) -> dict[str, Any]:
    """Which project was read. While votes are missing it stays the one that had them, so that they stay missed."""
    before = {key: cursor[key] for key in ("project_id", "project_created_at", "stamp") if key in cursor}
    if why:
        return before | {"waits": why}
    read = {"project_id": project_id, "project_created_at": created_at} if created_at else {}
    return read | {"stamp": stamp}


def _whole(cursor: Mapping[str, Any], now: datetime, *, everything: bool) -> dict[str, str]:
    """When everything was last read and nothing was missing."""
    if everything:
        return {"whole_at": now.isoformat()}
    return {"whole_at": cursor["whole_at"]} if "whole_at" in cursor else {}


def _counted() -> pl.Expr:
    """The known annotations that the server's own number of answers has."""
    return pl.col("state").is_in(_LIVE) & pl.col("mark").ne_missing(str(Mark.KEPT))


def _mostly_moved(client: Client, project_id: int, since: datetime) -> bool:
    """Whether so many tasks moved that everything is read in less time than they are page by page."""
    moved = client.count(project_id, since=since)
    return moved >= _FEW_TASKS and moved * _EXPORT_PACE > client.count(project_id)


def _all_tasks(client: Client, reader: Reader, page_size: int) -> Iterator[list[Row]]:
    """Every task with its annotations: from an export, and from pages what that does not have."""
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


def _not_read(pages: Iterator[list[Row]], reader: Reader) -> Iterator[list[Row]]:
    for tasks in pages:
        yield [task for task in tasks if task["id"] not in reader.tasks]


def _last_states(known: pl.DataFrame, project: str) -> pl.DataFrame:
    mine = known.filter(pl.col("project") == project)
    return mine.sort("seq").unique("annotation_key", keep="last", maintain_order=True)
