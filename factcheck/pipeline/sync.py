"""`push` and `pull`: claims to Label Studio, verdicts home."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import dataset as dataset_room
from factcheck import frames
from factcheck.dataset import annotators
from factcheck.models import AnnotationEvent, Rejection, Report
from factcheck.pipeline.deciding import changed_verdicts, decide_again
from factcheck.pipeline.desk import Desk
from factcheck.settings import Project, Settings
from factcheck.studio.client import Client
from factcheck.studio.label_config import label_config
from factcheck.studio.project import ensure_project, find_project
from factcheck.studio.pull import pull as pull_project
from factcheck.studio.push import Pushed, plan, remote_tasks
from factcheck.studio.push import push as push_tasks
from factcheck.studio.tasks import tasks

Say = Callable[[str], None]
_PEOPLE = {"user_id": pl.Int64(), "name": pl.String(), "email": pl.String()}


def push(settings: Settings, *, project: str | None, dry_run: bool, now: datetime, say: Say) -> Report:
    """The report of bringing each project to what it should hold; `dry_run` only plans."""
    began = time.monotonic()
    desk = Desk(settings)
    counts: dict[str, int] = {}
    seen = 0
    with desk.workspace.writing("push", now=now), desk.client() as client:
        _ = desk.identity  # opens the dataset: a read-only folder or a full disk is said before anything is pushed
        for name, wanted in desk.projects(project).items():
            desired = _desired(desk, name, wanted)
            seen += desired.height
            done = (_plan if dry_run else _push)(desk, client, name, wanted, desired, say)
            counts = {key: counts.get(key, 0) + value for key, value in done.items()}
    return Report(
        stage="push (dry run)" if dry_run else "push",
        seen=seen,
        accepted=seen,
        rejected=0,
        counts=counts,
        warnings=[] if seen else ["no claim is worth checking; see `factcheck claims` and claims.min_check_worthiness"],
        seconds=time.monotonic() - began,
        next_steps=["factcheck push"] if dry_run else ["factcheck pull   (after the checkers have worked)"],
    )


class Look(NamedTuple):
    """How a watch looks: through a client it keeps open, at what changed lately, at all task ids after deletions."""

    client: Client
    since: datetime | None = None
    sweep: bool = False


def pull(
    settings: Settings, *, project: str | None, full: bool, now: datetime, say: Say, look: Look | None = None
) -> Report:
    """The report of taking in what the annotators did; commits a version where something changed."""
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("watch" if look else "pull", now=now):
        with nullcontext(look) if look else _own_look(desk) as looking:
            found = _observe(desk, looking, project, full=full, now=now)
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


def _desired(desk: Desk, name: str, wanted: Project) -> pl.DataFrame:
    """The tasks a project should hold: its languages, worth checking, or pushed before."""
    claims, articles = desk.claims(), desk.articles()
    settings = desk.settings
    worth = pl.col("check_worthiness") >= settings.claims.min_check_worthiness
    # A claim that was sent stays known to the project, also when its score falls under a new threshold.
    pushed = pl.col("group_id").is_in(desk.workspace.pushed(name))
    mine = claims.filter((worth.any().over("group_id") & (pl.col("state") == "active")) | pushed)
    if wanted.languages:
        mine = mine.filter(pl.col("lang").is_in(wanted.languages))
    return tasks(
        mine,
        claims_stage.context(articles, mine),
        articles,
        project=name,
        language=settings.desk.language,
        overlap=wanted.annotators_per_claim,
    )


def _plan(desk: Desk, client: Client, name: str, wanted: Project, desired: pl.DataFrame, say: Say) -> dict[str, int]:
    remote = ensure_project(
        client,
        mark=desk.mark(name),
        title=wanted.title,
        config=label_config(desk.settings.desk.language),
        overlap=wanted.annotators_per_claim,
        create=False,
    )
    if remote is None:
        say(f"{name}: the project would be made")
        return {"create": desired.height}
    steps = plan(desired, remote_tasks(client, remote.project_id, desired["claim_id"].to_list()))
    for step in steps.filter(pl.col("action") != "unchanged").iter_rows(named=True):
        say(f"  {step['action']:<8} {step['claim_id']}  {step['change']}")
    return dict(steps["action"].value_counts().sort("action").iter_rows())


def _push(desk: Desk, client: Client, name: str, wanted: Project, desired: pl.DataFrame, say: Say) -> dict[str, int]:
    remote = ensure_project(
        client,
        mark=desk.mark(name),
        title=wanted.title,
        config=label_config(desk.settings.desk.language),
        overlap=wanted.annotators_per_claim,
    )
    assert remote is not None
    # Before anything is sent: what may be in Label Studio must not be cut out differently afterwards.
    desk.workspace.remember_pushed(name, desired["claim_id"].to_list())

    def progress(done: int, of: int) -> None:
        say(f"{name}: {done:,} of {of:,}")

    pushed: Pushed = push_tasks(client, remote.project_id, desired, progress=progress)
    say(f"{name}: {client.url}/projects/{remote.project_id}/data")
    return {
        "created": pushed.created,
        "updated": pushed.updated,
        "retired": pushed.retired,
        "removed": pushed.removed,
        "unchanged": pushed.unchanged,
    }


@contextmanager
def _own_look(desk: Desk) -> Iterator[Look]:
    with desk.client() as client:
        yield Look(client)


def _observe(desk: Desk, look: Look, project: str | None, *, full: bool, now: datetime) -> _Observed:
    data = desk.dataset
    head = data.version()
    cursors = dict(desk.staging.cursor(head.version_hash if head else None) or data.cursor())
    known = data.last_states()
    events, rejected, seen = [frames.empty(AnnotationEvent)], [frames.empty(Rejection)], 0
    for name in desk.projects(project):
        if (remote := find_project(look.client, mark=desk.mark(name))) is None:
            continue
        pulled = pull_project(
            look.client,
            remote.project_id,
            known,
            cursors.get(name, {}),
            project=name,
            now=now,
            annotator_id=lambda user: annotators.annotator_id(data, desk.server_name, user),
            full=full,
            since=look.since,
            sweep=look.sweep,
        )
        annotators.remember(data, desk.server_name, pl.DataFrame(pulled.people, _PEOPLE, orient="row"))
        ours, strange = _of_known_claims(desk, pulled.events)
        events.append(ours)
        rejected += [pulled.rejected, strange]
        seen += pulled.seen
        cursors[name] = pulled.cursor
    return _Observed(pl.concat(events), pl.concat(rejected), cursors, seen)


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
