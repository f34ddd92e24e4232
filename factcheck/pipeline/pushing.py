"""`push`: each Label Studio project is brought to what it should hold; the leads' queue too."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import frames, verdicts
from factcheck import settings as settings_room
from factcheck.errors import ConfigError
from factcheck.models import IMPORTED_POLICY, AnnotationState, ClaimState, Report, Status, VerdictChange
from factcheck.pipeline import ledgers
from factcheck.pipeline.desk import QUEUE, Desk
from factcheck.pipeline.judging import standing_votes
from factcheck.pipeline.progress import progress
from factcheck.settings import Project, Settings
from factcheck.studio import postgres
from factcheck.studio.client import Client
from factcheck.studio.label_config import label_config, queue_config
from factcheck.studio.predictions import predictions
from factcheck.studio.project import ensure_project, find_project
from factcheck.studio.push import REMOTE, Pushed, plan, remote_claims, remote_tasks
from factcheck.studio.push import push as push_tasks
from factcheck.studio.queue_tasks import queue_tasks
from factcheck.studio.tasks import tasks

Say = Callable[[str], None]


class Wanted(NamedTuple):
    """What a Label Studio project should be: its name here, its settings there, and the tasks it holds."""

    name: str
    title: str
    config: str
    overlap: int
    tasks: pl.DataFrame
    predictions: dict[str, str] | None = None
    """Suggested verdicts by claim id; None where the project shows none."""


class Planned(NamedTuple):
    """What a push would do: its report, and each step (`STEPS`) that is not "unchanged"."""

    report: Report
    steps: pl.DataFrame


STEPS = pl.Schema({"project": pl.String(), "action": pl.String(), "claim": pl.String(), "change": pl.String()})
"""A step as a person reads it: `claim` is the claim's text as it stands in the task."""


def push(settings: Settings, *, project: str | None, now: datetime, say: Say, queue: bool = False) -> Report:
    """The report of bringing the projects, or the leads' queue, to what they should hold."""
    began = time.monotonic()
    counts: Counter[str] = Counter()
    seen = 0
    with _at_work(settings, now) as (desk, client):
        for wanted in [_queue(desk, client)] if queue else _projects(desk, project):
            seen += wanted.tasks.height
            counts.update(_push(desk, client, wanted, say))
    after = f"factcheck pull   (after {'a lead has decided' if queue else 'the checkers have worked'})"
    return _report("push", seen, counts, after, began=began, queue=queue)


def plan_push(settings: Settings, *, project: str | None, now: datetime, say: Say, queue: bool = False) -> Planned:
    """What `push` would do, and nothing of it done."""
    began = time.monotonic()
    planned = [pl.DataFrame(schema=STEPS)]
    counts: Counter[str] = Counter()
    seen = 0
    with _at_work(settings, now) as (desk, client):
        for wanted in [_queue(desk, client)] if queue else _projects(desk, project):
            seen += wanted.tasks.height
            steps = _plan(desk, client, wanted, say)
            counts.update(dict(steps["action"].value_counts().sort("action").iter_rows()))
            planned.append(_readable(steps.filter(pl.col("action") != "unchanged"), wanted))
    again = "factcheck push --queue" if queue else "factcheck push"
    return Planned(_report("push (dry run)", seen, counts, again, began=began, queue=queue), pl.concat(planned))


@contextmanager
def _at_work(settings: Settings, now: datetime) -> Iterator[tuple[Desk, Client]]:
    desk = Desk(settings)
    with desk.workspace.writing("push", now=now), desk.client() as client:
        _ = desk.identity  # opens the dataset: a read-only folder or a full disk is said before anything is pushed
        yield desk, client


def _report(stage: str, seen: int, counts: Mapping[str, int], next_step: str, *, began: float, queue: bool) -> Report:
    nothing = (
        "nothing is contested"
        if queue
        else "no claim is worth checking; see `factcheck claims` and claims.min_check_worthiness"
    )
    return Report(
        stage=stage,
        seen=seen,
        accepted=seen,
        rejected=0,
        counts=dict(counts),
        warnings=[] if seen else [nothing],
        seconds=time.monotonic() - began,
        next_steps=[next_step],
    )


def _readable(steps: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """The steps as a person reads them (`STEPS`)."""
    claim = pl.col("data").str.json_path_match("$.claim").alias("claim")
    return steps.join(wanted.tasks, on="claim_id", how="left", maintain_order="left").select(
        pl.lit(wanted.name).alias("project"), "action", claim, "change"
    )


def _projects(desk: Desk, project: str | None) -> Iterator[Wanted]:
    config = label_config(desk.settings.desk.language)
    for name, wanted in desk.projects(project).items():
        suggested = predictions(_verdicts(desk)) if wanted.predictions else None
        yield Wanted(name, wanted.title, config, wanted.annotators_per_claim, _desired(desk, name, wanted), suggested)


def _desired(desk: Desk, name: str, wanted: Project) -> pl.DataFrame:
    """The tasks a project should hold: its languages, worth checking, or pushed before."""
    claims, articles = desk.claims(), desk.articles()
    settings = desk.settings
    worth = pl.col("check_worthiness") >= settings.claims.min_check_worthiness
    mine = pl.col("lang").is_in(wanted.languages) if wanted.languages else pl.lit(value=True)
    # A claim that was sent stays known to the project: also when its score falls under a new threshold, and when the
    # project has lost its language; then it leaves the checkers' queue like a withdrawn one.
    pushed = pl.col("group_id").is_in(desk.workspace.pushed(name))
    state = pl.when(mine).then(pl.col("state")).otherwise(pl.lit(str(ClaimState.WITHDRAWN)))
    # What another desk has checked already is not worth an hour of ours.
    elsewhere = pl.col("group_id").is_in(_decided_elsewhere(desk))
    chosen = claims.filter(
        (worth.any().over("group_id") & (pl.col("state") == str(ClaimState.ACTIVE)) & mine & ~elsewhere) | pushed
    ).with_columns(state.alias("state"))
    return tasks(
        chosen,
        claims_stage.context(articles, chosen),
        articles,
        project=name,
        language=settings.desk.language,
        overlap=wanted.annotators_per_claim,
        raised=_raised(desk, wanted, chosen),
    )


def _decided_elsewhere(desk: Desk) -> list[str]:
    """Group ids whose verdict an import brought."""
    imported = pl.col("policy").str.starts_with(IMPORTED_POLICY)
    return _verdicts(desk).filter(imported)["claim_id"].to_list()


def _raised(desk: Desk, wanted: Project, claims: pl.DataFrame) -> dict[str, int]:
    """How many people the contested claims and the most check-worthy ones get, by group id."""
    worthy = claims.filter(pl.col("check_worthiness") >= wanted.worthy_from)["group_id"].unique()
    raised = dict.fromkeys(worthy.to_list(), wanted.annotators_when_worthy)
    if wanted.annotators_when_contested:
        contested = _verdicts(desk).filter(pl.col("status") == str(Status.CONTESTED))
        for claim in contested["claim_id"].to_list():
            raised[claim] = max(raised.get(claim, 0), wanted.annotators_when_contested)
    return raised


def _verdicts(desk: Desk) -> pl.DataFrame:
    data = desk.committed()
    return data.verdicts().collect() if data and data.head else frames.empty(VerdictChange)


def _queue(desk: Desk, client: Client) -> Wanted:
    """The leads' project: what is contested now; what was contested when it was sent leaves their queue.

    A claim that a lead has decided is not among its tasks: it stays as the lead saw it.
    """
    settings = desk.settings
    if not settings.verdicts.leads:
        raise ConfigError(
            "nobody may decide contested claims",
            subject=settings_room.FILE_NAME,
            hint="name the leads' e-mail addresses: [verdicts] leads = [...]",
        )
    data = desk.readable()
    standing = data.verdicts().collect()
    waiting = verdicts.queue(standing, standing_votes(desk))
    remote = find_project(client, mark=desk.mark(QUEUE))
    sent = remote_claims(client, remote.project_id) if remote else []
    decided = standing.filter(pl.col("adjudicator").is_not_null())["claim_id"]
    wanted = {*waiting["claim_id"], *sent} - set(decided)
    claims, articles = desk.claims(), desk.articles()
    mine = claims.filter(pl.col("group_id").is_in(list(wanted)))
    # Contested although somebody has answered: whoever that was may not decide, so there is room for one more.
    answered = data.last_states().filter(pl.col("project") == QUEUE, pl.col("state") == str(AnnotationState.SUBMITTED))[
        "claim_id"
    ]
    desired = queue_tasks(
        waiting,
        mine,
        claims_stage.context(articles, mine),
        articles,
        project=QUEUE,
        language=settings.desk.language,
        raised={claim: count + 1 for claim, count in answered.value_counts().iter_rows()},
    )
    return Wanted(QUEUE, settings.queue.title, queue_config(settings.desk.language), 1, desired)


def _plan(desk: Desk, client: Client, wanted: Wanted, say: Say) -> pl.DataFrame:
    remote = ensure_project(
        client,
        mark=desk.mark(wanted.name),
        title=wanted.title,
        config=wanted.config,
        overlap=wanted.overlap,
        create=False,
        say=say,
    )
    if remote is None:
        say(f"{wanted.name}: the project would be made")
        return plan(wanted.tasks, pl.DataFrame(schema=REMOTE))
    return plan(wanted.tasks, remote_tasks(client, remote.project_id, wanted.tasks["claim_id"].to_list()))


def _push(desk: Desk, client: Client, wanted: Wanted, say: Say) -> dict[str, int]:
    name = wanted.name
    remote = ensure_project(
        client,
        mark=desk.mark(name),
        title=wanted.title,
        config=wanted.config,
        overlap=wanted.overlap,
        predictions=wanted.predictions is not None,
        say=say,
    )
    assert remote is not None
    if name != QUEUE:
        # Before anything is sent: what may be in Label Studio must not be cut out differently afterwards.
        desk.workspace.remember_pushed(name, wanted.tasks["claim_id"].to_list())

    ledger = ledgers.load(desk, name)
    # Until this push has ended well, nobody knows what it left.
    ledgers.save(desk, name, None)
    # Measured: parallel imports bring SQLite to its knees, and PostgreSQL a fifth more. Of a server that is not ours we
    # do not know which it has.
    on_postgres = desk.settings.studio.url is None and postgres.remembered(desk.studio_folder) is not None
    pushed: Pushed = push_tasks(
        client,
        remote.project_id,
        wanted.tasks,
        ledger=ledger,
        predictions=wanted.predictions,
        writers=2 if on_postgres else 1,
        progress=progress(name, say),
    )
    ledgers.save(desk, name, pushed.ledger)
    say(f"{name}: {client.url}/projects/{remote.project_id}/data")
    return {
        "created": pushed.created,
        "updated": pushed.updated,
        "retired": pushed.retired,
        "removed": pushed.removed,
        "unchanged": pushed.unchanged,
    }
