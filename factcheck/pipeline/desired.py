"""What the Label Studio projects of a desk should hold: the tasks for checkers, and those for its leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import frames, verdicts
from factcheck import settings as settings_package
from factcheck.errors import ConfigError
from factcheck.models import AnnotationState, ClaimState, Origin, Status, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier import earlier_of_tasks
from factcheck.pipeline.remote_project import our_config
from factcheck.pipeline.rule import standing_votes
from factcheck.pipeline.task_batches import CLAIM, tasks_in_batches
from factcheck.pipeline.tension import COMPARED, beside_in_tasks
from factcheck.reading.standing import QUEUE, in_groups
from factcheck.settings import Project
from factcheck.studio.api.client import Client
from factcheck.studio.page.adjudication_tasks import queue_tasks
from factcheck.studio.page.label_config import words_of
from factcheck.studio.page.predictions import predictions
from factcheck.studio.page.tasks import tasks
from factcheck.studio.sync.project import find_project
from factcheck.studio.sync.push import remote_claims


class Wanted(NamedTuple):
    """What a Label Studio project should be: its name here, its settings there, and the tasks it holds."""

    name: str
    title: str
    config: str
    overlap: int
    tasks: pl.DataFrame
    predictions: dict[str, str] | None = None
    """Suggested verdicts by claim id; None where the project shows none."""
    earlier: Mapping[str, str | None] | None = None
    """What the tasks tell of earlier verdicts, to be remembered (`Workspace.remember_earlier`); None for nothing."""


def wanted_of_projects(desk: Desk, project: str | None, client: Client | None = None) -> Iterator[Wanted]:
    """What the named project, or each of factcheck.toml, should be.

    `client` is asked what tasks tell of earlier verdicts, where that is not remembered.
    """
    for name, wanted in desk.projects(project).items():
        suggested = predictions(_verdicts(desk)) if wanted.predictions else None
        made, earlier = _desired(desk, name, wanted, client)
        yield Wanted(
            name,
            _title(desk, wanted),
            our_config(desk, name),
            wanted.annotators_per_claim,
            made,
            suggested,
            earlier,
        )


def _title(desk: Desk, wanted: Project) -> str:
    """The project's title; the one that nobody chose is said in the desk's language."""
    if "title" in wanted.model_fields_set:
        return wanted.title
    return words_of(desk.settings.desk.language, desk.settings.wording.own).title


def _desired(
    desk: Desk, name: str, wanted: Project, client: Client | None
) -> tuple[pl.DataFrame, dict[str, str | None]]:
    """The tasks a project should hold (its languages, worth checking, or pushed before), and their earlier verdicts."""
    claims = desk.claims([*CLAIM, *COMPARED])
    settings = desk.settings
    worth = pl.col("check_worthiness") >= settings.claims.min_check_worthiness
    mine = pl.col("lang").is_in(wanted.languages) if wanted.languages else pl.lit(value=True)
    # A claim that was sent stays known to the project: also when its score falls under a new threshold, and when the
    # project has lost its language; then it leaves the checkers' queue like a withdrawn one.
    sent = desk.sent(name)
    pushed = pl.col("group_id").is_in(sent["group_id"].to_list())
    state = pl.when(mine).then(pl.col("state")).otherwise(pl.lit(str(ClaimState.WITHDRAWN)))
    # What another desk has checked already is not worth an hour of ours.
    elsewhere = pl.col("group_id").is_in(_decided_elsewhere(desk))
    chosen = claims.filter(
        (worth.any().over("group_id") & (pl.col("state") == str(ClaimState.ACTIVE)) & mine & ~elsewhere) | pushed
    ).with_columns(state.alias("state"))
    raised = _raised(desk, wanted, chosen)
    names = _task_names(sent)
    chosen = _under_task_names(chosen, names, _left_over(claims, sent, names))
    groups = chosen["group_id"].to_list()
    beside = beside_in_tasks(desk, claims)
    del claims
    earlier = earlier_of_tasks(desk, name, wanted, tasks=groups, client=client)
    raised |= {task: raised[group] for group, task in names.items() if group in raised}
    beside |= {task: beside[group] for group, task in names.items() if group in beside}
    told = {claim: text for claim, text in earlier.items() if text is not None}

    def made(some: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
        return tasks(
            some,
            claims_stage.context(articles, some.unique("claim_id", maintain_order=True)),
            articles,
            project=name,
            language=settings.desk.language,
            own=settings.wording.own,
            clock=settings.desk.clock,
            overlap=wanted.annotators_per_claim,
            raised=raised,
            earlier=told,
            beside=beside,
        )

    return tasks_in_batches(desk, chosen, made), earlier


def _task_names(sent: pl.DataFrame) -> dict[str, str]:
    """The claim by whose id a group has its task, for groups that have none under their own name: groups became one."""
    own = sent.filter(pl.col("claim_id") == pl.col("group_id")).select("group_id")
    others = sent.join(own, on="group_id", how="anti").unique("group_id", keep="first", maintain_order=True)
    return dict(others.select("group_id", "claim_id").iter_rows())


def _left_over(claims: pl.DataFrame, sent: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The claims with a task of their own beside that of their group: each alone, and out of the checkers' queue.

    The votes on it count for the group.
    """
    spare = sent.filter(pl.col("claim_id") != pl.col("group_id"), ~pl.col("claim_id").is_in(list(names.values())))
    alone = claims.join(spare.select("claim_id"), on="claim_id", how="semi", maintain_order="left")
    return alone.with_columns(group_id="claim_id", state=pl.lit(str(ClaimState.WITHDRAWN)))


def _under_task_names(chosen: pl.DataFrame, names: dict[str, str], left_over: pl.DataFrame) -> pl.DataFrame:
    """The chosen claims in groups called as their tasks are, and those left over; a claim may stand in both."""
    if not names and left_over.is_empty():
        return chosen
    return pl.concat([chosen.with_columns(pl.col("group_id").replace(names)), left_over])


def _decided_elsewhere(desk: Desk) -> list[str]:
    """Group ids whose verdict an import brought."""
    return _verdicts(desk).filter(pl.col("origin") == str(Origin.IMPORT))["claim_id"].to_list()


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


def wanted_of_queue(desk: Desk, client: Client) -> Wanted:
    """The leads' project: what is contested now; what was contested when it was sent leaves their queue.

    A claim that a lead has decided is not among its tasks: it stays as the lead saw it.
    """
    settings = desk.settings
    if not settings.verdicts.leads:
        raise ConfigError(
            "nobody is allowed to decide contested claims",
            subject=settings_package.FILE_NAME,
            hint="name the leads' e-mail addresses: [verdicts] leads = [...]",
        )
    data = desk.readable()
    standing = data.verdicts().collect()
    waiting = verdicts.queue(standing, standing_votes(desk))
    remote = find_project(client, mark=desk.mark(QUEUE), known=desk.known_project(QUEUE))
    sent = remote_claims(client, remote.project_id) if remote else []
    decided = standing.filter(pl.col("adjudicator").is_not_null())["claim_id"]
    wanted = {*waiting["claim_id"], *sent} - set(decided)
    claims, articles = desk.claims(), desk.articles()
    united = desk.united().filter(pl.col("claim_id").is_in(sent))
    left_over = _left_over(claims, united, {})
    mine = pl.concat([claims.filter(pl.col("group_id").is_in(list(wanted))), left_over])
    # Contested although somebody has answered: whoever that was may not decide, so there is room for one more.
    answers = data.last_states().filter(pl.col("project") == QUEUE, pl.col("state") == str(AnnotationState.SUBMITTED))
    answered = in_groups(answers, desk.united())["claim_id"]
    desired = queue_tasks(
        waiting,
        mine,
        claims_stage.context(articles, mine.unique("claim_id", maintain_order=True)),
        articles,
        project=QUEUE,
        language=settings.desk.language,
        own=settings.wording.own,
        clock=settings.desk.clock,
        raised={claim: count + 1 for claim, count in answered.value_counts().iter_rows()},
    )
    words = words_of(settings.desk.language, settings.wording.own)
    title = settings.queue.title if "title" in settings.queue.model_fields_set else words.queue_title
    return Wanted(QUEUE, title, our_config(desk, QUEUE), 1, desired)
