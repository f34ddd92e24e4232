"""`doctor`: whether the dataset is what Label Studio holds, found by reading everything again and changing nothing."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.dataset import Dataset, annotators
from factcheck.models import AnnotationEvent, AnnotationState, ClaimState
from factcheck.pipeline.deciding import changed_verdicts
from factcheck.pipeline.desk import QUEUE, Desk
from factcheck.settings import Settings
from factcheck.studio.client import Client
from factcheck.studio.project import find_project
from factcheck.studio.pull import pull
from factcheck.studio.push import remote_tasks

DIFFERENCES = pl.Schema(
    {"kind": pl.String(), "project": pl.String(), "claim_id": pl.String(), "subject": pl.String(), "what": pl.String()}
)
"""A difference: `kind` is missing_here, gone_there, other_content, no_task, two_tasks or verdict; which claim of which
project, which annotation or task, and what a person can read."""

_PULL, _FULL, _PUSH = "factcheck pull", "factcheck pull --full", "factcheck push"
_SAID = ("state", "choice", "rationale", "evidence", "confidence", "annotator_id", "edited_by")


class Difference(NamedTuple):
    """A row of `DIFFERENCES`, and the command that mends it."""

    kind: str
    project: str
    claim_id: str
    subject: str
    what: str
    mend: str


@dataclass
class Diagnosis:
    """What was compared and what differs; `unreadable` annotations are there and no answer, so not compared."""

    annotations: int = 0
    tasks: int = 0
    unreadable: int = 0
    differences: list[Difference] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def equal(self) -> bool:
        """Whether a full pull would bring nothing, every pushed claim has its one task and every verdict its votes."""
        return not self.differences


def compare(rebuilt: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """How two views of the same annotations differ, as a frame of `DIFFERENCES` and `annotation_key`. Pure.

    Both are frames of AnnotationEvent with one row per annotation: as read from the server, where `deleted` stands for
    what is not there any more, and as the dataset has it last. What the server shows but nobody can read is in
    neither kind of row, and is no difference.
    """
    both = rebuilt.join(known, on="annotation_key", how="left", suffix="_here", maintain_order="left")
    rows = [found for row in both.iter_rows(named=True) if (found := _difference(row)) is not None]
    return pl.DataFrame(rows, {**DIFFERENCES, "annotation_key": pl.String()}, orient="row")


def compare_tasks(remote: pl.DataFrame, pushed: Collection[str], *, project: str) -> pl.DataFrame:
    """Pushed claims without a task and claims with several, as a frame of `DIFFERENCES`. Pure.

    `remote` has `claim_id` and `task_id` of every task of ours; `pushed` are the active claims that were sent.
    """
    there = remote.group_by("claim_id").agg(pl.col("task_id").sort()).sort("claim_id")
    rows = [
        ("no_task", project, claim, "", "was pushed and has no task")
        for claim in sorted(set(pushed) - set(there["claim_id"]))
    ]
    rows += [
        ("two_tasks", project, claim, f"tasks {', '.join(map(str, tasks))}", f"has {len(tasks)} tasks")
        for claim, tasks in there.filter(pl.col("task_id").list.len() > 1).iter_rows()
    ]
    return pl.DataFrame(rows, DIFFERENCES, orient="row")


def doctor(settings: Settings, *, project: str | None, now: datetime) -> Diagnosis:
    """The diagnosis of the newest version against every task on the server; nothing is written on either side.

    The desk's lock is held meanwhile, so that no other run of ours moves what is compared. What checkers do at the
    same time is a difference that the next pull mends, and is shown as one.
    """
    began = time.monotonic()
    desk = Desk(settings)
    found = Diagnosis()
    names = desk.watched(project)
    with desk.workspace.writing("doctor", now=now), desk.client() as client:
        data = desk.dataset
        known = data.last_states().select(frames.schema(AnnotationEvent).names())
        for name in names:
            _look(desk, client, data, known, name, found, now=now)
        found.differences += _verdicts(desk, data)
    if project is None:
        forgotten = known.filter(~pl.col("project").is_in(names))
        found.warnings += [
            f"{count:,} annotations of project '{name}', which factcheck.toml does not name, were not compared"
            for name, count in forgotten["project"].value_counts().sort("project").iter_rows()
        ]
    found.seconds = time.monotonic() - began
    return found


def _look(
    desk: Desk, client: Client, data: Dataset, known: pl.DataFrame, name: str, found: Diagnosis, *, now: datetime
) -> None:
    """Add what is to be said of one project."""
    groups = desk.claims().group_by(claim_id="group_id").agg("state", "lang")
    sent = _sent(desk, name, groups)
    remote = find_project(client, mark=desk.mark(name))
    mine = known.filter(pl.col("project") == name)
    if remote is None:
        live = mine.filter(pl.col("state") != str(AnnotationState.DELETED)).height
        if sent or live:
            what = f"the project is gone, with {len(sent):,} claims that were pushed and {live:,} annotations"
            found.differences.append(Difference("no_task", name, "", "", what, _PUSH))
        return
    project_id = remote.project_id

    def read(states: pl.DataFrame, cursor: dict[str, Any], *, full: bool) -> pl.DataFrame:
        pulled = pull(
            client,
            project_id,
            states,
            cursor,
            project=name,
            now=now,
            annotator_id=lambda user: annotators.annotator_id(data, desk.server_name, user),
            full=full,
        )
        if full:
            found.unreadable += pulled.rejected.height
        return pulled.events.join(groups, on="claim_id", how="semi")

    # States whose content nobody remembers: each annotation comes again as it is now, under the key it has here.
    rebuilt = read(mine.with_columns(content_hash=pl.lit("")), {}, full=True)
    found.annotations += rebuilt.filter(pl.col("state") != str(AnnotationState.DELETED)).height
    differing = compare(rebuilt, mine)
    waiting: set[str] = set()
    if differing.height:
        head = data.version()
        cursors = desk.staging.cursor(head.version_hash if head else None) or data.cursor()
        waiting = set(read(mine, cursors.get(name, {}), full=False)["annotation_key"])
    found.differences += [
        Difference(**row, mend=_PULL if key in waiting else _FULL)
        for key, row in zip(differing["annotation_key"], differing.drop("annotation_key").to_dicts(), strict=True)
    ]
    tasks = remote_tasks(client, project_id, groups["claim_id"].to_list())
    found.tasks += tasks.height
    found.differences += [Difference(**row, mend=_PUSH) for row in compare_tasks(tasks, sent, project=name).to_dicts()]


def _sent(desk: Desk, name: str, groups: pl.DataFrame) -> list[str]:
    """The claims that a project was sent and should still have; the queue changes with every vote, so it has none."""
    if name == QUEUE:
        return []
    active = groups.filter(
        pl.col("state").list.contains(str(ClaimState.ACTIVE)), pl.col("claim_id").is_in(desk.workspace.pushed(name))
    )
    if languages := desk.settings.projects[name].languages:
        active = active.filter(pl.col("lang").list.eval(pl.element().is_in(languages)).list.any())
    return active["claim_id"].to_list()


def _verdicts(desk: Desk, data: Dataset) -> list[Difference]:
    """Verdicts that are not what the dataset's own events give under the policy of its newest version."""
    head = data.version()
    if head is None or head.policy != desk.rule():  # the next pull decides everything again, as a version of its own
        return []
    stale = changed_verdicts(desk, frames.empty(AnnotationEvent), desk.policy(), everything=True)
    return [
        Difference("verdict", "", row["claim_id"], "", f"the votes give {row['verdict'] or row['status']}", _PULL)
        for row in stale.iter_rows(named=True)
    ]


def _difference(row: dict[str, Any]) -> tuple[str, ...] | None:
    subject = f"task {row['task_id']}, annotation {row['annotation_id']}"
    where = (row["project"], row["claim_id"], subject)
    said = row["choice"] or row["state"]
    if row["state_here"] is None:
        return "missing_here", *where, f"{said} there, not in the dataset", row["annotation_key"]
    if row["state"] == AnnotationState.DELETED:
        if row["state_here"] == AnnotationState.DELETED:
            return None
        return "gone_there", *where, f"{said} in the dataset, deleted there", row["annotation_key"]
    if row["content_hash"] == row["content_hash_here"]:
        return None
    fields = [name for name in _SAID if row[name] != row[f"{name}_here"]] or ["claim"]
    here = row["choice_here"] if row["state_here"] == AnnotationState.SUBMITTED else row["state_here"]
    what = f"{', '.join(fields)} differ: {said} there, {here} in the dataset"
    return "other_content", *where, what, row["annotation_key"]
