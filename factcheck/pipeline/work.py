"""`work`: who has done how much, what is open, and how long it takes; from the dataset and what push remembers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames, verdicts
from factcheck.dataset import annotators
from factcheck.models import AnnotationEvent, AnnotationState
from factcheck.pipeline.desk import Desk
from factcheck.reading.standing import QUEUE, in_groups
from factcheck.settings import Settings

_SENT = pl.Schema({"project": pl.String(), "claim_id": pl.String()})


class Work(NamedTuple):
    """The work of each checker, over all projects and in each; `unknown` says what cannot be told from here.

    Nobody is named but in `names`, by annotator id, for the desk's eyes alone.
    """

    checkers: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    oldest_open: dict[str, Any] | None
    missing_answers: int
    answers_per_day: float | None
    days_left: float | None
    last_pull: datetime | None
    unknown: list[str]
    names: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same for --json: opaque ids, no names."""
        return {name: value for name, value in self._asdict().items() if name != "names"}


def work(settings: Settings, *, project: str | None, now: datetime) -> Work:
    """What every checker has done and what is left, as of the last pull; no server is asked."""
    desk = Desk(settings)
    needed = {name: one.annotators_per_claim for name, one in desk.projects(project).items()}
    states, sent = _states(desk), _sent(desk, needed)
    mine = states.filter(pl.col("project").is_in(list(needed)))
    live = mine.filter(pl.col("state") == str(AnnotationState.SUBMITTED))
    open_ = verdicts.open_claims(sent, mine, needed)
    ahead = verdicts.outlook(int(open_["missing"].sum()), live["updated_at"], now=now)
    last_pull = desk.workspace.last_pull()
    return Work(
        checkers=_checkers(sent, mine, needed),
        projects=[_project(name, sent, mine, {name: people}) for name, people in needed.items()],
        oldest_open=_oldest(desk, open_),
        missing_answers=ahead.missing,
        answers_per_day=ahead.per_day,
        days_left=ahead.days,
        last_pull=last_pull,
        unknown=_unknown(sent, mine, ahead, last_pull=last_pull),
        names=_names(desk),
    )


def _states(desk: Desk) -> pl.DataFrame:
    """The last states of all annotations but the leads', by the claim for which they count."""
    data = desk.committed()
    if data is None or not data.head:
        return frames.empty(AnnotationEvent)
    states = data.last_states().select(frames.schema(AnnotationEvent).names())
    return in_groups(states.filter(pl.col("project") != QUEUE), desk.united())


def _sent(desk: Desk, needed: dict[str, int]) -> pl.DataFrame:
    rows = [(name, claim) for name in needed for claim in desk.sent(name)["group_id"].unique().sort()]
    return pl.DataFrame(rows, _SENT, orient="row")


def _checkers(sent: pl.DataFrame, states: pl.DataFrame, needed: dict[str, int]) -> list[dict[str, Any]]:
    """What each did, and the share of the others' votes on the same claims that say what theirs say."""
    agreeing = verdicts.by_annotator(verdicts.votes(states), seed=0, resamples=1)
    shares = agreeing.select("annotator_id", "agreement", shared="n_shared")
    done = verdicts.by_checker(sent, states, needed)
    return done.join(shares, on="annotator_id", how="left", maintain_order="left").to_dicts()


def _project(name: str, sent: pl.DataFrame, states: pl.DataFrame, needed: dict[str, int]) -> dict[str, Any]:
    mine = pl.col("project") == name
    open_ = verdicts.open_claims(sent, states, needed)
    checkers = _checkers(sent.filter(mine), states.filter(mine), needed)
    tasks = sent.filter(mine).height
    return {
        "project": name,
        "tasks": tasks,
        "open": open_.height,
        "finished": tasks - open_.height,
        "missing_answers": int(open_["missing"].sum()),
        "checkers": checkers,
    }


def _oldest(desk: Desk, open_: pl.DataFrame) -> dict[str, Any] | None:
    """The open claim whose article came first; nobody keeps when a task was sent."""
    if open_.is_empty():
        return None
    claims = desk.claims().select("group_id", "article_id", "quote")
    articles = desk.articles().select("article_id", "fetched_at")
    found = open_.join(claims, left_on="claim_id", right_on="group_id").join(articles, on="article_id")
    if found.is_empty():
        return None
    first = found.sort("fetched_at", "claim_id").row(0, named=True)
    return {
        "claim_id": first["claim_id"],
        "project": first["project"],
        "quote": first["quote"],
        "since": first["fetched_at"],
        "missing_answers": first["missing"],
    }


def _unknown(
    sent: pl.DataFrame, states: pl.DataFrame, ahead: verdicts.Outlook, *, last_pull: datetime | None
) -> list[str]:
    said = []
    if last_pull is None and states.is_empty():
        said.append("no answer was pulled yet: run `factcheck pull`")
    if sent.is_empty():
        said.append("this machine has pushed no claim: what is open is known only where `factcheck push` was run")
    if ahead.missing and ahead.days is None:
        said.append(
            f"too little to tell how long it takes: fewer than {verdicts.ENOUGH_ANSWERS} answers "
            f"in the last {verdicts.PACE_DAYS} days"
        )
    return said


def _names(desk: Desk) -> dict[str, str]:
    data = desk.committed()
    if data is None:
        return {}
    rows = annotators.people(data).filter(~pl.col("forgotten"))
    return {own: name or email for own, name, email in rows.select("annotator_id", "name", "email").iter_rows()}
