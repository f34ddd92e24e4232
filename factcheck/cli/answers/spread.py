"""Answers about how a claim travelled, and about other figures of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from typing_extensions import TypedDict

from factcheck.matching.spread import SPREAD
from factcheck.models import Status, Verdict
from factcheck.schemas.shapes import of_row

_PLACE: Any = of_row(
    "Appearance",
    {name: kind for name, kind in SPREAD.items() if name != "group_id"},
    known=("article_id", "quote", "first", "figures", "changed"),
)


class Appeared(_PLACE):  # type: ignore[misc]
    """A place where the claim stands; `claim_id` is null in a copy of which nobody made a claim.

    `first` where nobody is known to have been earlier. A copy names the article it is of (`copy_of`), that one's
    outlet, what kind of copy it is and how much of the one text stands in the other. `changed` are the figures and
    days that are others than in the first appearance.
    """

    copied_from: str | None


class Beside(TypedDict):
    """A claim that tells other figures of the same thing as the claim `beside`: where it stood first, its verdict.

    `score` is how alike they are, null where their words are the same but for what has digits.
    """

    beside: str
    claim_id: str
    score: float | None
    reasons: list[str]
    article_id: str | None
    publisher: str | None
    title: str | None
    url: str | None
    lang: str | None
    published_at: datetime | None
    published_raw: str | None
    published_day: date | None
    quote: str
    claimant: str | None
    status: Status | None
    verdict: Verdict | None


class Travelled(TypedDict):
    """A claim's appearances in order of time; `first` are who had it first, `picture` the file that --svg wrote."""

    claim_id: str
    quote: str
    lang: str | None
    claimant: str | None
    first: list[str]
    appearances: list[Appeared]
    tension: list[Beside]
    picture: str | None


ANSWERS: dict[str, Any] = {"spread": Travelled}
