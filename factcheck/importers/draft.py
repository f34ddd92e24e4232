"""What the readers of tables and of ClaimReview hand on: one draft or one rejection for each decision they met."""

from __future__ import annotations

from dataclasses import dataclass

from factcheck.errors import failure
from factcheck.models import Rejection
from factcheck.text import storable

STAGE = "import"
_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A rating as published: its words, and a number on its scale, all as text."""

    words: tuple[str, ...] = ()
    value: str = ""
    worst: str = ""
    best: str = ""

    def __str__(self) -> str:
        """The rating for a message."""
        scale = f" of {self.worst or '?'}..{self.best or '?'}" if self.worst or self.best else ""
        number = f"{self.value}{scale}" if self.value else ""
        return "; ".join(part for part in (*self.words, number) if part)


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """Where the claim was made: address, outlet, title and date as written; each empty where unknown."""

    url: str = ""
    publisher: str = ""
    title: str = ""
    published_raw: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One earlier decision as its reader found it; `subject` says where it stands in which file."""

    subject: str
    claim: str
    ratings: tuple[Rating, ...]
    status: str = ""
    claimant: str = ""
    claimant_same_as: tuple[str, ...] = ()
    reviewer: str = ""
    reviewer_same_as: tuple[str, ...] = ()
    review_urls: tuple[str, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    claimed_raw: str = ""
    decided_raw: str = ""
    rationales: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    is_plain: bool = False
    """Whether the texts are known to hold no markup: those of our own exports."""


Candidate = Draft | Rejection


def reject(code: str, subject: str, reason: str, payload: str | None = None) -> Rejection:
    """A rejection of this stage; of the payload only the first 500 code points are kept."""
    shown = None if payload is None else storable(payload[:_SHOWN])
    return Rejection(stage=STAGE, code=code, subject=storable(subject), reason=storable(reason), payload=shown)


def unexpected(error: Exception, subject: str, payload: str | None = None) -> Rejection:
    """The rejection of a record that made its reader fail in a way that nobody foresaw: UNEXPECTED."""
    reason = f"could not be read because of a bug ({failure(error)}): remove it, and report this line"
    return reject("UNEXPECTED", subject, reason, payload)
