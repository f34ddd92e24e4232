"""From the events of the dataset to the verdicts they give: after a pull, and when the policy has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl

from factcheck import dataset as dataset_room
from factcheck import frames, verdicts
from factcheck.dataset import annotators
from factcheck.models import IMPORTED_POLICY, AnnotationEvent, AnnotationState, Status, VerdictChange, Version
from factcheck.pipeline.desk import QUEUE, Desk

NOT_COUNTED = "annotators whose answers do not count, because verdicts.roster lacks their addresses: {}"


def decide_again(desk: Desk, *, now: datetime) -> Version | None:
    """The version that another policy or roster made of the same events; None where it changes nothing."""
    data = desk.dataset
    head = data.version()
    rule = desk.rule()
    if head is None or head.policy == rule:
        return None
    return dataset_room.commit(
        data,
        verdicts=changed_verdicts(desk, frames.empty(AnnotationEvent), desk.policy(), everything=True),
        cause="policy",
        message=f"{head.policy} -> {rule}",
        policy=rule,
        now=now,
    )


def changed_verdicts(
    desk: Desk, events: pl.DataFrame, policy: verdicts.Policy, *, everything: bool = False
) -> pl.DataFrame:
    """models.VerdictChange rows of the claims whose verdict or standing the new events, or all events, change.

    A policy that learns about voters from all claims decides all of them; another one only those with news.
    """
    data = desk.dataset
    columns = frames.schema(AnnotationEvent).names()
    earlier, before = data.annotations().select(columns), data.verdicts().select(frames.schema(VerdictChange).names())
    if policy.local and not everything:
        touched = pl.col("claim_id").is_in(events["claim_id"].unique().to_list())
        earlier, before = earlier.filter(touched), before.filter(touched)
    known = before.collect()
    all_events = pl.concat([earlier.collect(), events.select(columns)])
    votes = verdicts.votes(all_events, roster=ids_of(desk, desk.settings.verdicts.roster), queue_projects=[QUEUE])
    leads = ids_of(desk, desk.settings.verdicts.leads) or []
    decisions = verdicts.decisions(all_events, leads=leads, queue_projects=[QUEUE])
    claim_ids = pl.concat([known["claim_id"], all_events["claim_id"]]).unique()
    after = verdicts.decide(claim_ids, votes, policy, decisions=decisions)
    return _worth_a_row(verdicts.changes(known, after), known)


def ids_of(desk: Desk, emails: Collection[str]) -> list[str] | None:
    """The annotator ids behind the e-mail addresses; None for no address at all, which means everybody."""
    if not emails:
        return None
    people = annotators.people(desk.dataset)
    wanted = [email.lower() for email in emails]
    return people.filter(pl.col("email").str.to_lowercase().is_in(wanted))["annotator_id"].to_list()


def uncounted(desk: Desk) -> int:
    """How many people's answers do not count because their addresses are not on the roster."""
    counted = ids_of(desk, desk.settings.verdicts.roster)
    data = desk.committed()
    if counted is None or data is None:
        return 0
    submitted = pl.col("state") == str(AnnotationState.SUBMITTED)
    live = data.last_states().filter(submitted, pl.col("project") != QUEUE)
    return live.filter(~pl.col("annotator_id").is_in(counted))["annotator_id"].n_unique()


def _worth_a_row(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something: a claim nobody voted on has none, and an imported decision stands until a vote."""
    imported = before.filter(pl.col("policy").str.starts_with(IMPORTED_POLICY)).select("claim_id")
    unvoted = rows.filter(pl.col("status") == str(Status.UNREVIEWED))
    silent = pl.concat(
        [
            unvoted.join(before, on="claim_id", how="anti").select("claim_id"),
            unvoted.join(imported, on="claim_id", how="semi").select("claim_id"),
        ]
    )
    return rows.join(silent, on="claim_id", how="anti").sort("claim_id")
