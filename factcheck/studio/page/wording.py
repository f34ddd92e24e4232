"""Every word of a checker's page as a record, and the desk's own words laid over ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from factcheck.errors import ConfigError
from factcheck.models import Choice, Confidence, Reason
from factcheck.text import Direction


class Wording(NamedTuple):
    """The words of one language."""

    direction: Direction
    verdict: str
    verdict_missing: str
    verified: str
    verified_means: str
    disputed: str
    disputed_means: str
    opinion: str
    opinion_means: str
    unproven: str
    unproven_means: str
    not_a_claim: str
    not_a_claim_means: str
    reason: str
    false: str
    misleading: str
    partly_true: str
    out_of_context: str
    outdated: str
    doctored: str
    rationale: str
    rationale_hint: str
    evidence: str
    evidence_hint: str
    confidence: str
    low: str
    medium: str
    high: str
    more: str
    same_as: str
    same_as_hint: str
    corrected_claim: str
    corrected_claim_hint: str
    claimant: str
    outlet: str
    date: str
    source: str
    also_in: str
    unknown: str
    withdrawn: str
    decision: str
    votes: str
    sure: str
    no_reason: str
    settled: str
    title: str
    queue_title: str
    description: str

    @property
    def choices(self) -> dict[str, str]:
        """The label of each `models.Choice`, in the order of the keys."""
        return {choice: self._asdict()[choice] for choice in Choice}

    @property
    def definitions(self) -> dict[str, str]:
        """What each `models.Choice` means, in a sentence."""
        return {choice: self._asdict()[f"{choice}_means"] for choice in Choice}

    @property
    def reasons(self) -> dict[str, str]:
        """The label of each `models.Reason`."""
        return {reason: self._asdict()[reason] for reason in Reason}

    @property
    def levels(self) -> dict[str, str]:
        """The label of each `models.Confidence`."""
        return {level: self._asdict()[level] for level in Confidence}


def reworded(words: Wording, own: Mapping[str, str]) -> Wording:
    """The words with the desk's own in their place; `own` has the names of fields of `Wording`.

    Raises ConfigError where two answers of a question would read the same.
    """
    made = Wording(**{**words._asdict(), **own})
    for labels in (made.choices, made.reasons, made.levels):
        said: dict[str, str] = {}
        for stored, label in labels.items():
            if (other := said.setdefault(label.casefold(), stored)) != stored:
                raise ConfigError(
                    f"{other} and {stored} would both read {label!r}",
                    subject="[wording]",
                    hint=f"choose another word for {stored}, or give {other} one of its own",
                )
    return made
