"""Verdicts of claims that a person made one: the votes of all sides together, and never one side's word silently."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

import polars as pl

from factcheck import verdicts
from factcheck.dataset import Dataset
from factcheck.models import ClaimEventKind, Origin, Status
from factcheck.pipeline.rule import Rule
from factcheck.reading.standing import QUEUE

WORDS = "words"
"""Column beside an event's claim_id, which is its group: the claim whose words stood on the task."""


class Merging(NamedTuple):
    """The claims that a merge is about, and when it was."""

    claims: Collection[str]
    at: datetime


def decided(
    data: Dataset, events: pl.DataFrame, claim_ids: pl.Series, rule: Rule, *, merging: Merging | None = None
) -> pl.DataFrame:
    """The verdict or status of every claim, as `verdicts.decide` gives it: rows of VerdictChange.

    `events` are last states of annotations by group, with `WORDS`. A group that a person merged counts the votes of
    all sides. Where the sides were settled each for itself and say different things, it is contested, until a lead
    decides after the merge or the sides agree.
    """
    votes = verdicts.votes(events.drop(WORDS), roster=rule.roster, queue_projects=[QUEUE])
    decisions = verdicts.decisions(events.drop(WORDS), leads=rule.leads, queue_projects=[QUEUE])
    pooled = verdicts.decide(claim_ids, votes, rule.policy, decisions=decisions)
    several = events.group_by("claim_id").agg(pl.col(WORDS).unique()).filter(pl.col(WORDS).list.len() > 1)
    if several.is_empty():
        return pooled
    merges = [*_merges(data), *([merging] if merging else [])]
    sides = {group: words for group, words in several.iter_rows() if _merged_at(words, merges)}
    if not sides:
        return pooled
    said = _each_for_itself(events, rule, [word for words in sides.values() for word in words])
    ruled = dict(decisions.select("claim_id", "voted_at").iter_rows())
    torn = [
        group
        for group, words in sides.items()
        if len({said[word] for word in words if word in said}) > 1
        and not (group in ruled and ruled[group] > (_merged_at(words, merges) or ruled[group]))
    ]
    return _contested(pooled, torn)


def _merges(data: Dataset) -> Iterator[Merging]:
    events = data.claim_events().filter(pl.col("kind") == str(ClaimEventKind.MERGE)).select("claims", "at").collect()
    for claims, at in events.iter_rows():
        yield Merging(claims, at)


def _merged_at(words: Collection[str], merges: list[Merging]) -> datetime | None:
    """When a person last merged two of these claims; None where nobody did."""
    return max((at for claims, at in merges if len({*words} & {*claims}) > 1), default=None)


def _each_for_itself(events: pl.DataFrame, rule: Rule, words: list[str]) -> dict[str, str]:
    """What the votes on each claim's own words settle: a verdict, that it is unproven, or that it is no claim."""
    own = events.with_columns(claim_id=WORDS).drop(WORDS)
    if rule.policy.local:
        own = own.filter(pl.col("claim_id").is_in(words))
    votes = verdicts.votes(own, roster=rule.roster, queue_projects=[QUEUE])
    decisions = verdicts.decisions(own, leads=rule.leads, queue_projects=[QUEUE])
    alone = verdicts.decide(own["claim_id"].unique(), votes, rule.policy, decisions=decisions)
    settled = alone.filter(pl.col("claim_id").is_in(words), pl.col("status").is_in(SETTLED))
    return dict(settled.select("claim_id", pl.coalesce("verdict", "status")).iter_rows())


def _contested(rows: pl.DataFrame, torn: list[str]) -> pl.DataFrame:
    mine = pl.col("claim_id").is_in(torn)
    nobody = [name for name in ("verdict", "reason", "adjudicator", "source") if name in rows.columns]
    return rows.with_columns(
        pl.when(mine).then(pl.lit(str(Status.CONTESTED))).otherwise("status").alias("status"),
        pl.when(mine).then(pl.lit(str(Origin.VOTES))).otherwise("origin").alias("origin"),
        *(pl.when(~mine).then(name).alias(name) for name in nobody),
        *(pl.when(mine).then(pl.lit([], pl.List(pl.String))).otherwise(name).alias(name) for name in _TEXTS),
    )


_TEXTS = ("rationales", "evidence")
SETTLED = [str(Status.DECIDED), str(Status.UNPROVEN), str(Status.NOT_A_CLAIM)]
