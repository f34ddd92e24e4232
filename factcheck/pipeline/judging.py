"""`decide`, `queue`, `agreement`, `corrections`: what people agree on, what they do not, and what was put right."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import verdicts
from factcheck.models import AnnotationEvent, Status
from factcheck.pipeline.deciding import Decision, decide_again, ids_of
from factcheck.pipeline.desk import QUEUE, Desk
from factcheck.settings import Settings

RESAMPLES = 1000


class Agreement(NamedTuple):
    """Agreement over all claims and in groups, each annotator and pair, and who said what where another said that."""

    overall: dict[str, Any]
    groups: list[dict[str, Any]]
    annotators: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    confusion: list[dict[str, Any]]
    edited_by_others: int

    def as_dict(self) -> dict[str, Any]:
        """The same for --json."""
        return self._asdict()


def decide(settings: Settings, *, yes: bool, now: datetime) -> Decision:
    """What the policy and roster of the settings make of the events there are, as a version where something differs.

    Raises UsageError where many verdicts would change or go and `yes` is not given.
    """
    desk = Desk(settings)
    with desk.workspace.writing("decide", now=now):
        desk.readable()
        return decide_again(desk, yes=yes, now=now)


def queue(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """The contested claims, least agreement first, each with its quote and the anonymised votes."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    waiting = verdicts.queue(data.verdicts(as_of).collect(), standing_votes(desk, as_of))
    quotes = data.claims(as_of).select("claim_id", "quote", "lang", "claimant").collect()
    return waiting.join(quotes, on="claim_id", how="left", maintain_order="left").to_dicts()


def agreement(settings: Settings, *, by: str | None, as_of: str | None, seed: int) -> Agreement:
    """How far the annotators agree; `by` is lang, week or None. Intervals come from a bootstrap with `seed`."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    votes = standing_votes(desk, as_of)
    groups: list[dict[str, Any]] = []
    if by == "week":
        groups = verdicts.agreement(votes, verdicts.weeks(votes), seed=seed, resamples=RESAMPLES).to_dicts()
    elif by == "lang":
        langs = data.claims(as_of).select("claim_id", "lang").collect()
        groups = verdicts.agreement(votes, langs, seed=seed, resamples=RESAMPLES).to_dicts()
    return Agreement(
        overall=verdicts.agreement(votes, seed=seed, resamples=RESAMPLES).to_dicts()[0],
        groups=groups,
        annotators=verdicts.by_annotator(votes, seed=seed, resamples=RESAMPLES).to_dicts(),
        pairs=verdicts.pairs(votes).to_dicts(),
        confusion=verdicts.confusion(votes).to_dicts(),
        edited_by_others=verdicts.edited_by_others(votes).height,
    )


def corrections(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """Every change of a verdict that had been published: when, which claim, before, after and why; oldest first."""
    data = Desk(settings).readable(as_of)
    quotes = data.claims(as_of).select("claim_id", "quote", "lang").collect()
    rows = data.corrections(as_of).join(quotes, on="claim_id", how="left", maintain_order="left")
    return rows.select(
        "claim_id",
        "quote",
        "lang",
        "version",
        corrected_at="committed_at",
        before="before_verdict",
        after=pl.coalesce("verdict", "status"),
        reason=_reason(),
        evidence="evidence",
    ).to_dicts()


def _reason() -> pl.Expr:
    """What the annotators gave as their reason; another policy, a restored version or lost votes say so themselves."""
    decided = pl.col("status") == str(Status.DECIDED)
    return (
        pl.when(pl.col("cause") == "policy")
        .then(pl.lit("another policy: ") + pl.col("message"))
        .when(pl.col("cause").is_in(["restore", "import"]))
        .then(pl.col("cause") + pl.lit(": ") + pl.col("message"))
        .when(decided)
        .then(pl.col("rationales").list.join("\n"))
        .otherwise(pl.lit("the annotators no longer agree"))
    )


def standing_votes(desk: Desk, as_of: str | None = None) -> pl.DataFrame:
    """The votes (`verdicts.VOTES`) that stand as of a version, those of the roster alone."""
    events = desk.readable(as_of).annotations(as_of).collect().select(list(AnnotationEvent.model_fields))
    return verdicts.votes(events, roster=ids_of(desk, desk.settings.verdicts.roster), queue_projects=[QUEUE])
