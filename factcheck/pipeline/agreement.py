"""`agreement`: how far the annotators agree."""

from __future__ import annotations

from typing import Any, NamedTuple

from factcheck import verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes
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


def agreement(settings: Settings, *, by: str | None, as_of: str | None, seed: int) -> Agreement:
    """How far the annotators agree; `by` is lang, week, earlier or None. Intervals: a bootstrap with `seed`."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    votes = standing_votes(desk, as_of)
    groups: list[dict[str, Any]] = []
    if by == "week":
        groups = verdicts.agreement(votes, verdicts.weeks(votes), seed=seed, resamples=RESAMPLES).to_dicts()
    elif by == "lang":
        langs = data.claims(as_of).select("claim_id", "lang").collect()
        groups = verdicts.agreement(votes, langs, seed=seed, resamples=RESAMPLES).to_dicts()
    elif by == "earlier":
        groups = verdicts.by_earlier(votes, seed=seed, resamples=RESAMPLES).to_dicts()
    return Agreement(
        overall=verdicts.agreement(votes, seed=seed, resamples=RESAMPLES).to_dicts()[0],
        groups=groups,
        annotators=verdicts.by_annotator(votes, seed=seed, resamples=RESAMPLES).to_dicts(),
        pairs=verdicts.pairs(votes).to_dicts(),
        confusion=verdicts.confusion(votes).to_dicts(),
        edited_by_others=verdicts.edited_by_others(votes).height,
    )
