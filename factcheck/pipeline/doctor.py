"""`doctor`: whether the dataset is what Label Studio holds, found by reading everything again and changing nothing."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.dataset import Dataset
from factcheck.errors import LabelConfigChanged
from factcheck.models import AnnotationEvent, AnnotationState, ClaimState, Mark
from factcheck.pipeline import push_cache
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.observe import observe, server_of
from factcheck.pipeline.regroup import due
from factcheck.pipeline.remote_project import find, look_at_config, our_config
from factcheck.pipeline.rule import settings_rule, standing_rule
from factcheck.reading.standing import QUEUE
from factcheck.settings import Settings
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.sync.config_state import config_state
from factcheck.studio.sync.forgetting import CODE, Consent, absent
from factcheck.studio.sync.project import drift, wanted_settings
from factcheck.studio.sync.pull import Pulled
from factcheck.studio.sync.push import remote_tasks

DIFFERENCES = pl.Schema(
    {"kind": pl.String(), "project": pl.String(), "claim_id": pl.String(), "subject": pl.String(), "what": pl.String()}
)
"""A difference: `kind` is missing_here, gone_there, other_content, moved, votes_missing, other_words, unreadable_task,
lost_answer, no_task, two_tasks, config, settings or verdict; which claim of which project, which annotation or task,
and what a person can read."""

_PULL, _FULL, _PUSH = "factcheck pull", "factcheck pull --full", "factcheck push"
_KEEP, _REPLACE, _DECIDE = "factcheck pull --keep", "factcheck push --replace-config", "factcheck decide --yes"
_SAID = (
    *("state", "choice", "reason", "rationale", "evidence", "confidence", "same_as", "corrected_claim"),
    *("annotator_id", "edited_by"),
)


class Difference(NamedTuple):
    """A row of `DIFFERENCES`, and the command, or the sentence, that fixes it."""

    kind: str
    project: str
    claim_id: str
    subject: str
    what: str
    advice: str


@dataclass
class Diagnosis:
    """What was compared and what differs; `unreadable` annotations are there and no answer, so not compared.

    `kept` votes stand here although Label Studio has lost them or says otherwise, `put_aside` answers are there and
    do not count: both because a person or a rule said so, so they are no differences.
    """

    annotations: int = 0
    tasks: int = 0
    unreadable: int = 0
    kept: int = 0
    put_aside: int = 0
    differences: list[Difference] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def equal(self) -> bool:
        """Whether a full pull would bring nothing, every pushed claim has its one task and every verdict its votes."""
        return not self.differences


def compare(news: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """What a pull would bring, as a frame of `DIFFERENCES` and `annotation_key`. Pure.

    Both are frames of AnnotationEvent with one row per annotation: the events that are news, and the last states.
    """
    both = news.join(known, on="annotation_key", how="left", suffix="_here", maintain_order="left")
    rows = [_difference(row) for row in both.iter_rows(named=True)]
    return pl.DataFrame(rows, {**DIFFERENCES, "annotation_key": pl.String()}, orient="row")


def compare_tasks(remote: pl.DataFrame, pushed: Collection[str], *, project: str) -> pl.DataFrame:
    """Pushed claims without a task and claims with spare ones, as a frame of `DIFFERENCES`. Pure.

    `remote` is a frame of `push.REMOTE`; `pushed` are the active claims that were sent. A second task that somebody
    answered is no difference: its answers count for the claim as they stand.
    """
    there = remote.group_by("claim_id").agg(
        pl.col("task_id").sort(), empty=(pl.col("votes") + pl.col("skips") == 0).sum()
    )
    rows = [
        ("no_task", project, claim, "", "was pushed, but has no task in Label Studio")
        for claim in sorted(set(pushed) - set(there["claim_id"]))
    ]
    spare = there.filter(pl.col("task_id").list.len() > 1, pl.col("empty") > 0).sort("claim_id")
    rows += [
        ("two_tasks", project, claim, f"tasks {', '.join(map(str, tasks))}", f"has {len(tasks)} tasks")
        for claim, tasks in spare.select("claim_id", "task_id").iter_rows()
    ]
    return pl.DataFrame(rows, DIFFERENCES, orient="row")


def doctor(settings: Settings, *, project: str | None, now: datetime) -> Diagnosis:
    """The diagnosis of the newest version against every task on the server; neither is changed.

    The desk's lock is held meanwhile, so that no other run of ours moves what is compared. What checkers do at the
    same time is a difference that the next pull fixes, and is shown as one.
    """
    began = time.monotonic()
    desk = Desk(settings)
    found = Diagnosis()
    names = desk.watched(project)
    with desk.workspace.writing("doctor", now=now), desk.client() as client:
        data = desk.dataset
        known = data.last_states().select(frames.schema(AnnotationEvent).names())
        for name in names:
            _look(desk, client, known, name, found, now=now)
        found.differences += _verdicts(desk, data, found)
    if project is None:
        forgotten = known.filter(~pl.col("project").is_in(names))
        found.warnings += [
            f"{count:,} annotations of project '{name}', which factcheck.toml does not name, were not compared"
            for name, count in forgotten["project"].value_counts().sort("project").iter_rows()
        ]
    found.kept = known.filter(pl.col("mark") == str(Mark.KEPT), pl.col("project").is_in(names)).height
    found.put_aside = known.filter(
        pl.col("state") == str(AnnotationState.PUT_ASIDE), pl.col("project").is_in(names)
    ).height
    found.seconds = time.monotonic() - began
    return found


def _look(desk: Desk, client: Client, known: pl.DataFrame, name: str, found: Diagnosis, *, now: datetime) -> None:
    """Add what is to be said of one project."""
    groups = desk.claims().group_by(claim_id="group_id").agg("state", "lang")
    sent = _sent(desk, name, groups)
    remote = find(desk, client, name)
    mine = known.filter(pl.col("project") == name)
    if remote is None:
        found.differences += _without_project(name, mine, len(sent), now)
        return
    try:
        found.differences += _page(desk, name, remote)
    except LabelConfigChanged as error:
        found.differences.append(Difference("config", name, "", error.subject, error.what, _REPLACE))
        return  # what was answered since may mean anything
    if remote.copies:
        others = ", ".join(map(str, remote.copies))
        found.warnings.append(
            f"{name}: project {others} also carries our mark; remove it from that project's description"
        )
    cursors = desk.cursors()
    cursor = cursors.get(name, {})
    server = server_of(desk, cursors, name, remote)
    pulled = observe(desk, client, name, remote, mine, cursor, server=server, full=True, now=now)
    found.annotations += pulled.seen - pulled.rejected.height
    rejected = list(_rejected(name, pulled, mine))
    found.unreadable += pulled.rejected.height - len(rejected)
    found.differences += rejected
    differing = compare(pulled.events, mine)
    waiting: set[str] = set()
    if differing.height:
        waiting = set(
            observe(desk, client, name, remote, mine, cursor, server=server, now=now).events["annotation_key"]
        )
    found.differences += [
        Difference(**row, advice=_PULL if key in waiting else _FULL)
        for key, row in zip(differing["annotation_key"], differing.drop("annotation_key").to_dicts(), strict=True)
    ]
    tasks = remote_tasks(client, remote.project_id, groups["claim_id"].to_list())
    found.tasks += tasks.height
    found.differences += [
        Difference(**row, advice=_PUSH) for row in compare_tasks(tasks, sent, project=name).to_dicts()
    ]
    if any(item.advice.startswith(_PUSH) for item in found.differences):
        push_cache.save(desk, name, None)  # the next push looks for itself: some changes leave its cache no sign


def _without_project(name: str, mine: pl.DataFrame, sent: int, now: datetime) -> list[Difference]:
    """What is to be said of a project that is not there: votes wait for a word, then claims want a new one."""
    gone = absent(mine, why="the project is gone", consent=Consent(), now=now)
    if gone.waiting:
        what = f"the project is gone, with {sent:,} claims that were pushed and {len(gone.waiting):,} votes"
        return [Difference("votes_missing", name, "", "", what, _KEEP)]
    if sent:
        return [Difference("no_task", name, "", "", f"the project is gone, with {sent:,} claims", _PUSH)]
    return []


def _page(desk: Desk, name: str, remote: RemoteProject) -> Iterator[Difference]:
    """What somebody changed in the project; raises LabelConfigChanged where answers may mean something else."""
    subject = f"project {remote.project_id}"
    look_at_config(desk, name, remote)
    state = config_state(our_config(desk, name), remote.label_config, remote.description)
    if state != "ours":
        advice = _REPLACE if state == "edited" else _PUSH
        yield Difference("config", name, "", subject, f"its labeling config is {state}", advice)
    wanted = desk.settings.projects.get(name)
    settings = wanted_settings(
        overlap=wanted.annotators_per_claim if wanted else 1, predictions=bool(wanted and wanted.predictions)
    )
    push = f"{_PUSH} --queue" if name == QUEUE else _PUSH
    for sentence in drift(remote._replace(copies=()), settings):
        yield Difference("settings", name, "", subject, sentence, push)


def _rejected(name: str, pulled: Pulled, mine: pl.DataFrame) -> Iterator[Difference]:
    """What cannot be taken in and needs somebody: votes that are missing, tasks that are not as we sent them."""
    live = {*mine.filter(pl.col("state") == str(AnnotationState.SUBMITTED))["task_id"]}
    for row, about in zip(pulled.rejected.iter_rows(named=True), pulled.about, strict=True):
        subject, reason = row["subject"], row["reason"]
        if about.code == CODE:
            yield Difference("votes_missing", name, about.claim_id, subject, reason, _KEEP)
        elif about.code == "OTHER_WORDS" or (about.code == "FOREIGN_TASK" and about.task_id in live):
            yield Difference("other_words", name, about.claim_id, subject, reason, _PUSH)
        elif about.code == "NO_ANNOTATOR":
            advice = "delete that answer in Label Studio; somebody else has to give it"
            yield Difference("lost_answer", name, about.claim_id, subject, reason, advice)
        elif about.whole_task:
            advice = (
                "delete that task in Label Studio, then `factcheck pull` and `factcheck push`: its known votes stay"
            )
            yield Difference("unreadable_task", name, about.claim_id, subject, reason, advice)


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


def _verdicts(desk: Desk, data: Dataset, found: Diagnosis) -> list[Difference]:
    """Verdicts that are not what the dataset's own events give under the rule of its newest version."""
    head = data.version()
    if head is None:
        return []
    found.warnings += [said] if (said := due(desk)) else []
    rule = standing_rule(desk)
    if (asked := settings_rule(desk).name) != head.policy:
        found.warnings.append(
            f"the settings name the policy {asked}, but the newest version was decided by "
            f"{head.policy}: run `factcheck decide`"
        )
    if rule is None:
        return []
    stale = changed_verdicts(desk, frames.empty(AnnotationEvent), rule, everything=True)
    return [
        Difference("verdict", "", row["claim_id"], "", f"the votes give {row['verdict'] or row['status']}", _DECIDE)
        for row in stale.iter_rows(named=True)
    ]


def _difference(row: dict[str, Any]) -> tuple[str, ...]:
    subject = f"task {row['task_id']}, annotation {row['annotation_id']}"
    where = (row["project"], row["claim_id"], subject)
    key, said = row["annotation_key"], row["choice"] or row["state"]
    if row["mark"] is not None:
        said = f"{said} ({row['mark'].replace('_', ' ')}: {row['mark_reason']})"
    if row["state_here"] is None:
        return "missing_here", *where, f"{said} there, not in the dataset", key
    if row["state"] == AnnotationState.DELETED:
        return "gone_there", *where, f"{said} in the dataset, deleted there", key
    if row["task_id"] != row["task_id_here"]:
        return "moved", *where, f"is on that task now, was on task {row['task_id_here']}", key
    fields = [name for name in _SAID if row[name] != row[f"{name}_here"]] or ["mark"]
    here = row["choice_here"] if row["state_here"] == AnnotationState.SUBMITTED else row["state_here"]
    return "other_content", *where, f"{', '.join(fields)} differ: {said} there, {here} in the dataset", key
