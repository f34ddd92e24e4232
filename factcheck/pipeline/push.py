"""`push`: each Label Studio project is brought to what it should hold; the leads' queue too."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.dataset import annotators
from factcheck.errors import AccessError, ServerError, Unavailable
from factcheck.models import Report
from factcheck.pipeline import after_push, push_cache
from factcheck.pipeline.desired import Wanted, wanted_of_projects, wanted_of_queue
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doubts import end_doubts, in_doubt
from factcheck.pipeline.progress import Progress, silent
from factcheck.pipeline.studio import INVITE
from factcheck.reading.standing import QUEUE
from factcheck.settings import Settings
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.local import postgres
from factcheck.studio.page.guide import instruction
from factcheck.studio.page.label_config import words_of
from factcheck.studio.sync.project import REARRANGE, drifted, ensure_project, stamp_push, wanted_settings
from factcheck.studio.sync.push import Pushed, plan, survey, with_people
from factcheck.studio.sync.push import push as push_tasks
from factcheck.studio.sync.push_cache import PushCache
from factcheck.studio.sync.standing import REMOTE, rearranged
from factcheck.studio.sync.tab import ensure_tab
from factcheck.text import isolate

Say = Callable[[str], None]


class Planned(NamedTuple):
    """What a push would do: its report, and each step (`STEPS`) that is not "unchanged"."""

    report: Report
    steps: pl.DataFrame


STEPS = pl.Schema({"project": pl.String(), "action": pl.String(), "claim": pl.String(), "change": pl.String()})
"""A step as a person reads it: `claim` is the claim's text as it stands in the task."""


def push(
    settings: Settings,
    *,
    project: str | None,
    now: datetime,
    say: Say,
    queue: bool = False,
    replace_config: bool = False,
    progress: Progress = silent,
) -> Report:
    """The report of bringing the projects, or the leads' queue, to what they should hold.

    With `replace_config` a labeling config that a person edited is replaced by ours. Raises LabelConfigChanged and
    ProjectGone as `ensure_project` does.
    """
    began = time.monotonic()
    counts: Counter[str] = Counter()
    seen = 0
    with _at_work(settings, now) as (desk, client):
        for wanted in [wanted_of_queue(desk, client)] if queue else wanted_of_projects(desk, project, client):
            seen += wanted.tasks.height
            counts.update(
                _push(desk, client, wanted, now=now, say=say, replace_config=replace_config, progress=progress)
            )
        first = not queue and annotators.people(desk.dataset).is_empty()
        names = [QUEUE] if queue else list(desk.projects(project))
        ids = [known.project_id for name in names if (known := desk.workspace.project(name))]
        address = desk.address_for_people(client.url)
        forgotten, opened = desk.not_cut(), after_push.doors(desk, address, ids if seen else [], lead=queue)
    after = f"factcheck pull   (after {'a lead has decided' if queue else 'the checkers have worked'})"
    report = _report("push", seen, counts, after, began=began, queue=queue)
    steps = ["factcheck claims", *report.next_steps] if forgotten else report.next_steps
    invite = [INVITE] if first and seen else []
    warnings = [*after_push.warning(forgotten), *([] if forgotten and not seen else report.warnings)]
    return report.model_copy(update={"next_steps": [*invite, *opened, *steps], "warnings": warnings})


def plan_push(
    settings: Settings,
    *,
    project: str | None,
    now: datetime,
    say: Say,
    queue: bool = False,
    replace_config: bool = False,
) -> Planned:
    """What `push` would do, and nothing of it done; raises what `push` would raise."""
    began = time.monotonic()
    planned = [pl.DataFrame(schema=STEPS)]
    counts: Counter[str] = Counter()
    seen = 0
    with _at_work(settings, now) as (desk, client):
        for wanted in [wanted_of_queue(desk, client)] if queue else wanted_of_projects(desk, project, client):
            seen += wanted.tasks.height
            steps, same = _plan(desk, client, wanted, now=now, say=say, replace_config=replace_config)
            counts.update(dict(steps["action"].value_counts().sort("action").iter_rows()))
            counts.update({"unchanged": same} if same else {})
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
        "no claim is contested"
        if queue
        else "no claim is worth checking; run `factcheck claims`, or lower claims.min_check_worthiness"
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


def _ensured(
    desk: Desk, client: Client, wanted: Wanted, *, create: bool, replace_config: bool, now: datetime, say: Say
) -> RemoteProject | None:
    """The project as it should be; as it is, or None, without `create`."""
    name = wanted.name
    language, own = desk.settings.desk.language, desk.settings.wording.own
    return ensure_project(
        client,
        mark=desk.mark(name),
        title=wanted.title,
        config=wanted.config,
        overlap=wanted.overlap,
        predictions=wanted.predictions is not None,
        known=desk.known_project(name),
        live=desk.live_annotations(name).height,
        instruction=instruction(language, own),
        invitation=words_of(language, own).description,
        replace_config=replace_config,
        mending=lambda why: in_doubt(desk, client, name, {None: why}, now=now),
        create=create,
        say=say,
    )


def _plan(
    desk: Desk, client: Client, wanted: Wanted, *, now: datetime, say: Say, replace_config: bool
) -> tuple[pl.DataFrame, int]:
    """The steps of a push, and how many tasks the cache shows to be unchanged besides."""
    remote = _ensured(desk, client, wanted, create=False, replace_config=replace_config, now=now, say=say)
    if remote is None:
        say(f"{wanted.name}: the project would be created")
        return plan(wanted.tasks, pl.DataFrame(schema=REMOTE)), 0
    settings = drifted(remote, wanted_settings(overlap=wanted.overlap, predictions=False))
    moves = bool(settings.keys() & REARRANGE)
    found = survey(
        client, remote.project_id, wanted.tasks, cache=None if moves else push_cache.load(desk, wanted.name, remote)
    )
    _tell_copies(wanted, found.remote, say, "push removes")
    if moves:
        everyone = "overlap_cohort_percentage" in settings
        there = rearranged(found.remote, overlap=max(wanted.overlap, remote.overlap), everyone=everyone)
        return plan(found.rest, with_people(client, remote.project_id, found.rest, there)), found.same.height
    return found.steps, found.same.height


def _tell_copies(wanted: Wanted, remote: pl.DataFrame, say: Say, removes: str) -> None:
    """Name the claims that stand on several tasks; only tasks without an answer are too many."""
    copies = remote.filter(pl.len().over("claim_id") > 1).sort("claim_id", "task_id")
    named = wanted.tasks.join(copies, on="claim_id", how="semi")
    texts = dict(named.select("claim_id", pl.col("data").str.json_path_match("$.claim")).iter_rows())
    for (claim, *_), tasks in copies.group_by("claim_id", maintain_order=True):
        listed = ", ".join(_copy(row) for row in tasks.iter_rows(named=True))
        empty = tasks.filter(pl.col("votes") + pl.col("skips") == 0).height
        advice = f"{removes} the tasks without answers" if empty else "nothing to do: each person's last answer counts"
        say(f"{wanted.name}: {isolate(texts[claim])} is on tasks {listed}: {advice}")


def _copy(row: dict[str, Any]) -> str:
    if row["content_hash"] is None:
        return f"{row['task_id']} (cannot be read)"
    answers = row["votes"] + row["skips"]
    return f"{row['task_id']} ({answers} {'answer' if answers == 1 else 'answers'})" if answers else f"{row['task_id']}"


def _tell_repairs(wanted: Wanted, steps: pl.DataFrame, say: Say) -> None:
    """Name the tasks whose words somebody had changed: their answers up to now are not counted."""
    for row in _readable(steps.filter(pl.col("doubt").is_not_null()), wanted).iter_rows(named=True):
        claim = isolate(row["claim"])
        say(f"{wanted.name}: {claim}: {row['change']}; corrected, and answers not yet pulled are quarantined")


def _push(
    desk: Desk,
    client: Client,
    wanted: Wanted,
    *,
    now: datetime,
    say: Say,
    replace_config: bool,
    progress: Progress,
) -> dict[str, int]:
    name = wanted.name
    remote = _ensured(desk, client, wanted, create=True, replace_config=replace_config, now=now, say=say)
    assert remote is not None
    desk.workspace.remember_project(name, remote.project_id, remote.created_at)
    # Before anybody can open the project: its first tab is the one that people see.
    tab = ensure_tab(
        client, remote.project_id, language=desk.settings.desk.language, say=lambda what: say(f"{name}: {what}")
    )
    if name != QUEUE:
        # Before anything is sent: what may be in Label Studio must not be cut out differently afterwards.
        desk.workspace.remember_earlier(name, wanted.earlier or {})
        desk.workspace.remember_pushed(name, wanted.tasks["claim_id"].to_list())

    cache = None if remote.rearranged else push_cache.load(desk, name, remote)
    # Until this push has ended well, nobody knows what it left.
    push_cache.save(desk, name, None)
    # Measured: parallel imports bring SQLite to its knees, and PostgreSQL a fifth more. Of a server that is not ours we
    # do not know which it has.
    on_postgres = desk.settings.studio.url is None and postgres.remembered(desk.studio_folder) is not None
    pushed: Pushed = push_tasks(
        client,
        remote.project_id,
        wanted.tasks,
        cache=cache,
        predictions=wanted.predictions,
        writers=2 if on_postgres else 1,
        mending=lambda reasons: in_doubt(desk, client, name, reasons, project_id=remote.project_id, now=now),
        progress=progress,
    )
    push_cache.save(desk, name, _stamped(client, pushed, cache, mark=desk.mark(name)))
    end_doubts(desk, client, name, project_id=remote.project_id, now=now)
    _tell_repairs(wanted, pushed.plan, say)
    _tell_copies(wanted, pushed.remote, say, "removed")
    address = f"{desk.address_for_people(client.url)}/projects/{remote.project_id}/data"
    say(f"{name}: {address}{'' if tab is None else f'?tab={tab}'}")
    return {
        "created": pushed.created,
        "updated": pushed.updated,
        "retired": pushed.retired,
        "removed": pushed.removed,
        "unchanged": pushed.unchanged,
    }


def _stamped(client: Client, pushed: Pushed, before: PushCache | None, *, mark: str) -> PushCache | None:
    """What the next push may believe, once the project bears its stamp: where nothing was changed the one it has."""
    left = pushed.cache
    if left is None:
        return None
    changed = pushed.plan.filter(pl.col("action") != "unchanged").height
    made = left._replace(stamp=before.stamp) if before and not changed else left.stamped()
    try:
        return made if stamp_push(client, made.project_id, mark=mark, stamp=made.stamp) else None
    except (ServerError, AccessError, Unavailable):  # all is pushed; the next push reads the whole project
        return None
