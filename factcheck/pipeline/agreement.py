"""`agreement`: how far the annotators agree."""

from __future__ import annotations

from typing import Any, NamedTuple

from factcheck import verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes
from factcheck.reading.standing import RESAMPLES, By, agreement_by
from factcheck.settings import Settings


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


def agreement(settings: Settings, *, by: By | None, as_of: str | None, seed: int) -> Agreement:
    """How far the annotators agree; `by` is lang, week, earlier or None. Intervals: a bootstrap with `seed`."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    votes = standing_votes(desk, as_of)
    parts = agreement_by(data, as_of, votes, by, seed=seed, resamples=RESAMPLES).to_dicts() if by else []
    return Agreement(
        overall=verdicts.agreement(votes, seed=seed, resamples=RESAMPLES).to_dicts()[0],
        groups=parts,
        annotators=verdicts.by_annotator(votes, seed=seed, resamples=RESAMPLES).to_dicts(),
        pairs=verdicts.pairs(votes).to_dicts(),
        confusion=verdicts.confusion(votes).to_dicts(),
        edited_by_others=verdicts.edited_by_others(votes).height,
    )
