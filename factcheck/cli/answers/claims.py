"""Answers about single claims: found, matched, mended, worded, decided on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from factcheck.cli.answers.daily import Fell
from factcheck.matching.facts import Relation
from factcheck.models import ClaimEventKind
from factcheck.pipeline.editorial import Word, Written
from factcheck.pipeline.event_commit import Mended
from factcheck.pipeline.work import Work
from factcheck.schemas.shapes import of_fields, of_row
from factcheck.verdicts.agreement import MEASURES
from factcheck.verdicts.proposals import PROPOSALS
from factcheck.verdicts.queue import QUEUE
from factcheck.verdicts.work import CHECKERS


class MendedClaim(TypedDict):
    """What becomes of a claim; `by` are the claims that supersede it, or the group it is in now."""

    claim_id: str
    quote: str
    what: Literal["new", "back", "withdrawn", "superseded", "moved", "edited"]
    by: list[str]


class Earlier(TypedDict):
    """A claim with a verdict that has words of the question; 1 is the score of the same words."""

    claim_id: str
    quote: str
    lang: str | None
    verdict: str
    reason: str | None
    decided_at: datetime | None
    published_at: datetime | None
    origin: str | None
    outlet: str | None
    url: str | None
    score: float


class Searched(TypedDict):
    """What was decided before about a claim, and among how many it was looked for."""

    question: str
    searched: int
    version: int
    found: list[Earlier]


class Pair(TypedDict):
    """Two claims that may be one, of which so many answers of checkers say so; `command` merges them.

    It is null where they say different things or contradict each other, `score` where their words are not alike.
    """

    one: str
    other: str
    score: float | None
    relation: Relation
    reasons: list[str]
    quotes: list[str]
    checkers: int
    command: str | None


class Matched(TypedDict):
    """How many pairs may be one; `found` has those asked for with --review."""

    pairs: int
    tension: int
    refused: int
    found: list[Pair]


class Refused(TypedDict):
    """Two claims that a person says are not one, or no longer says so; `changed` is false where it was so already."""

    one: str
    other: str
    changed: bool


_VALUES: dict[str, Any] = {"quote": str | None, "lang": str | None}
_PROPOSAL: Any = of_fields(of_row("ProposalColumns", PROPOSALS, known=PROPOSALS), commands=list[str], **_VALUES)
_CONTESTED: Any = of_fields(
    of_row("QueueColumns", QUEUE, known=("claim_id", "n_votes", "votes")), claimant=str | None, **_VALUES
)


class Proposals(TypedDict):
    """What checkers propose beside their votes; `commands` do it."""

    proposals: list[_PROPOSAL]


class Queue(TypedDict):
    """The contested claims with their votes; a letter stands for a person, and for another one in each claim."""

    claims: list[_CONTESTED]


_FIGURES: Any = of_row("Agreement", MEASURES, known=("n_claims", "n_votes"))


class ByGroup(_FIGURES):  # type: ignore[misc]
    """Agreement in one language or week, or with an earlier verdict in view or not: one of the three is there."""

    lang: str | None = None
    week: str | None = None
    earlier: Literal["shown", "none", "unknown"] | None = None
    votes: int | None = None


class ByAnnotator(TypedDict):
    """How far somebody agrees with the others on the same claims; `question` is what may be worth asking."""

    annotator_id: str
    n_votes: int
    n_shared: int
    agreement: float | None
    low: float | None
    high: float | None
    question: str | None


class PairOfAnnotators(TypedDict):
    """How far two people agree."""

    annotator_a: str
    annotator_b: str
    n_claims: int
    raw: float | None
    kappa: float | None


class Confused(TypedDict):
    """How often one person chose this where another chose that."""

    annotator_a: str
    annotator_b: str
    choice_a: str
    choice_b: str
    n: int


class Agreed(TypedDict):
    """How far the annotators agree."""

    overall: _FIGURES
    groups: list[ByGroup]
    annotators: list[ByAnnotator]
    pairs: list[PairOfAnnotators]
    confusion: list[Confused]
    edited_by_others: int


_CHECKER: Any = of_fields(
    of_row("CheckerColumns", CHECKERS, known=("annotator_id", "done", "skipped", "open")),
    agreement=float | None,
    shared=int | None,
)


class ProjectWork(TypedDict):
    """The work in one project."""

    project: str
    tasks: int
    open: int
    finished: int
    missing_answers: int
    checkers: list[_CHECKER]


class OldestOpen(TypedDict):
    """The claim that has waited longest."""

    claim_id: str
    project: str
    quote: str
    since: datetime
    missing_answers: int


_MENDED = of_fields(Mended, kind=ClaimEventKind, changes=list[MendedClaim], verdicts=list[Fell])
_WORK = of_fields(
    Work, without=("names",), checkers=list[_CHECKER], projects=list[ProjectWork], oldest_open=OldestOpen | None
)

ANSWERS: dict[str, Any] = {
    **dict.fromkeys(
        ("claim add", "claim edit", "claim split", "claim merge", "withdraw", "undo"),
        _MENDED,
    ),
    "write": of_fields(Written, words=list[of_fields(Word)]),  # type: ignore[misc]
    "search": Searched,
    "match": Matched | Refused,
    "proposals": Proposals,
    "queue": Queue,
    "agreement": Agreed,
    "work": _WORK,
}
