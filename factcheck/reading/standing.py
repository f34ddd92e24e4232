"""Whose votes stand in a dataset: the answers of the people who count, each for the claim it was cast on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import polars as pl

from factcheck import verdicts
from factcheck.dataset import AsOf, Dataset, annotators
from factcheck.models import AnnotationEvent
from factcheck.settings.model import Verdicts

By = Literal["lang", "week", "earlier"]
RESAMPLES = 1000
"""Draws from which intervals are made."""
QUEUE = "queue"
"""Name of the project in which leads decide; events of it are decisions, not votes."""


RULE = ":rule"
"""Key in the cursor of a version, beside the projects: whose answers counted (annotator ids), and who leads."""


def standing_votes(data: Dataset, as_of: AsOf, roster: Collection[str] | None) -> pl.DataFrame:
    """The votes (`verdicts.VOTES`) as of a version, of the annotators of the roster; None is everybody's."""
    return verdicts.votes(_events(data, as_of), roster=roster, queue_projects=[QUEUE])


def standing_decisions(data: Dataset, as_of: AsOf, leads: Collection[str]) -> pl.DataFrame:
    """The decisions (`verdicts.VOTES`) of leads (annotator ids) as of a version."""
    return verdicts.decisions(_events(data, as_of), leads=leads, queue_projects=[QUEUE])


def _events(data: Dataset, as_of: AsOf) -> pl.DataFrame:
    rows = data.annotations(as_of).collect().select(list(AnnotationEvent.model_fields))
    return in_groups(rows, data.united(as_of))


def ids_of(data: Dataset, emails: Collection[str]) -> list[str] | None:
    """The annotator ids behind the e-mail addresses; None for no address at all, which means everybody."""
    if not emails:
        return None
    people = annotators.people(data)
    wanted = [email.lower() for email in emails]
    return people.filter(pl.col("email").str.to_lowercase().is_in(wanted))["annotator_id"].to_list()


def in_groups(events: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The events with the claim for which they count: the group of the claim whose words stood on the task.

    `groups` (claim_id, group_id) has the claims that are in another's group; see `Dataset.united`.
    """
    if groups.is_empty() or events.is_empty():
        return events
    named = events.join(groups.unique("claim_id"), on="claim_id", how="left", maintain_order="left")
    return named.with_columns(pl.coalesce("group_id", "claim_id").alias("claim_id")).drop("group_id")


def agreement_by(
    data: Dataset, as_of: AsOf, votes: pl.DataFrame, by: By | pl.DataFrame | None, *, seed: int, resamples: int
) -> pl.DataFrame:
    """How far the annotators agree (`verdicts.agreement`): one row, or one for each part of the votes.

    `by` is a language, the week of the votes, whether the task told of an earlier verdict, or a frame with `claim_id`
    and one column more.
    """
    if isinstance(by, str) and by == "earlier":
        return verdicts.by_earlier(votes, seed=seed, resamples=resamples)
    groups: pl.DataFrame | None
    if isinstance(by, str):
        groups = verdicts.weeks(votes) if by == "week" else data.claims(as_of).select("claim_id", "lang").collect()
    else:
        groups = by
    return verdicts.agreement(votes, groups, seed=seed, resamples=resamples)


def policy_of(chosen: Verdicts) -> verdicts.Policy:
    """The policy that the settings say."""
    parameters: dict[str, float] = {"min_votes": chosen.min_votes}
    if chosen.policy == "majority":
        parameters["margin"] = chosen.margin
    elif chosen.policy != "unanimous" and chosen.threshold is not None:
        parameters["threshold"] = chosen.threshold
    return verdicts.make(chosen.policy, adjudicated=bool(chosen.leads), **parameters)
