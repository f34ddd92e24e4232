"""`pull`: what the annotators and the leads did comes home, and becomes a version."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_room
from factcheck import frames
from factcheck.dataset import annotators
from factcheck.models import AnnotationEvent, Rejection, Report
from factcheck.pipeline.deciding import NOT_COUNTED, changed_verdicts, decide_again, uncounted
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.studio.client import Client
from factcheck.studio.project import find_project
from factcheck.studio.pull import pull as pull_project

Say = Callable[[str], None]
_PEOPLE = {"user_id": pl.Int64(), "name": pl.String(), "email": pl.String()}


class Look(NamedTuple):
    """How a watch looks: through a client it keeps open, at what changed lately, at all task ids after deletions.

    `projects` are the ids of the Label Studio projects it has found, by name; None where it has not looked.
    """

    client: Client
    since: datetime | None = None
    sweep: bool = False
    projects: Mapping[str, int] | None = None


def pull(
    settings: Settings, *, project: str | None, full: bool, now: datetime, say: Say, look: Look | None = None
) -> Report:
    """The report of taking in what the annotators did; commits a version where something changed."""
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("watch" if look else "pull", now=now):
        with nullcontext(look) if look else _own_look(desk) as looking:
            found = _observe(desk, looking, project, full=full, now=now, say=say)
        version = _commit(desk, found, now=now)
        desk.workspace.quarantine(found.rejected, now=now)
        desk.workspace.note_pull(now=now)
    say(f"version {version} committed" if version else "nothing new: no version")
    states = dict(found.events["state"].value_counts().sort("state").iter_rows())
    return Report(
        stage="pull",
        seen=found.seen,
        accepted=found.seen - found.rejected.height,
        rejected=found.rejected.height,
        counts={"events": found.events.height, **states, **({"version": version} if version else {})},
        rejections=frames.to_records(Rejection, found.rejected),
        warnings=[NOT_COUNTED.format(people)] if version and (people := uncounted(desk)) else [],
        seconds=time.monotonic() - began,
        next_steps=["factcheck log", f"factcheck diff {version - 1} {version}", "factcheck export"]
        if version
        else ["factcheck status"],
    )


class _Observed(NamedTuple):
    """What the projects hold that the dataset does not: events, what was put aside, where the next pull begins."""

    events: pl.DataFrame
    rejected: pl.DataFrame
    cursors: dict[str, Any]
    seen: int


@contextmanager
def _own_look(desk: Desk) -> Iterator[Look]:
    with desk.client() as client:
        yield Look(client)


def _observe(desk: Desk, look: Look, project: str | None, *, full: bool, now: datetime, say: Say) -> _Observed:
    data = desk.dataset
    head = data.version()
    cursors = dict(desk.staging.cursor(head.version_hash if head else None) or data.cursor())
    known = data.last_states()
    events, rejected, seen = [frames.empty(AnnotationEvent)], [frames.empty(Rejection)], 0
    met = _users(desk) if look.since else ()
    for name in desk.watched(project):
        project_id = _find(desk, look.client, name) if look.projects is None else look.projects.get(name)
        if project_id is None:
            continue
        if full or name not in cursors:
            say(f"{name}: reading every task, about a minute for 50,000")
        pulled = pull_project(
            look.client,
            project_id,
            known,
            cursors.get(name, {}),
            project=name,
            now=now,
            annotator_id=lambda user: annotators.annotator_id(data, desk.server_name, user),
            full=full,
            since=look.since,
            sweep=look.sweep,
            known_users=met,
        )
        annotators.remember(data, desk.server_name, pl.DataFrame(pulled.people, _PEOPLE, orient="row"))
        ours, strange = _of_known_claims(desk, pulled.events)
        events.append(ours)
        rejected += [pulled.rejected, strange]
        seen += pulled.seen
        cursors[name] = pulled.cursor
    return _Observed(pl.concat(events), pl.concat(rejected), cursors, seen)


def _find(desk: Desk, client: Client, name: str) -> int | None:
    remote = find_project(client, mark=desk.mark(name))
    return remote.project_id if remote else None


def _users(desk: Desk) -> list[int]:
    """The server's users the dataset knows already."""
    return annotators.people(desk.dataset).filter(pl.col("server") == desk.server_name)["user_id"].to_list()


def _of_known_claims(desk: Desk, events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events of claims the desk has, and the others as rejections: a verdict without a claim could not be read."""
    known = desk.claims().select(claim_id="group_id").unique()
    strange = events.join(known, on="claim_id", how="anti")
    rejections = [
        Rejection(
            stage="pull",
            code="UNKNOWN_CLAIM",
            subject=f"project {row['project']}, task {row['task_id']}, annotation {row['annotation_id']}",
            reason=f"its claim {row['claim_id']} is not here; ingest its article again, then `factcheck claims` and "
            "`factcheck pull --full`",
        )
        for row in strange.iter_rows(named=True)
    ]
    return events.join(known, on="claim_id", how="semi"), frames.from_records(Rejection, rejections)


def _commit(desk: Desk, found: _Observed, *, now: datetime) -> int | None:
    """The number of the version that holds what was observed; None where there was nothing to say."""
    data = desk.dataset
    # A change of policy is a version of its own, so that its diff shows what the policy did and nothing else.
    decide_again(desk, now=now)
    head = data.version()
    changed = changed_verdicts(desk, found.events, desk.policy())
    if found.events.is_empty() and changed.is_empty():
        desk.staging.save_cursor(head.version_hash if head else None, found.cursors)
        return None
    articles, claims = desk.staging.articles(), desk.staging.claims()
    version = dataset_room.commit(
        data,
        articles=articles,
        claims=claims,
        events=found.events,
        verdicts=changed,
        cause="pull",
        cursor=found.cursors,
        policy=desk.rule(),
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=claims["claim_id"])
    return version.version if version else None
