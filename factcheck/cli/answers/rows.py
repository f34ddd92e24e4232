"""Rows that several answers and frames have: what changed between two versions, versions themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from factcheck.models import Claim, Version
from factcheck.schemas.shapes import of_record


class Difference(TypedDict):
    """A claim whose verdict or status is another one in the later of two versions."""

    claim_id: str
    change: Literal["new", "changed", "withdrawn", "status"]
    before_status: str | None
    before_verdict: str | None
    after_status: str | None
    after_verdict: str | None
    version: int
    n_votes: int | None
    agreement: float | None
    policy: str | None
    rationales: list[str] | None
    evidence: list[str] | None
    decided_at: datetime | None


class VerdictDifference(Difference):
    """The same with the claim's words, as of the later version."""

    quote: str | None
    lang: str | None
    claimant: str | None


class Correction(TypedDict):
    """A change of a verdict: what it was, what it became, why."""

    claim_id: str
    quote: str | None
    lang: str | None
    version: int
    published_in: str | None
    corrected_at: datetime
    before: str | None
    after: str | None
    reason: str | None
    evidence: list[str] | None


VersionTold = of_record(Version, without=("cursor",))
"""A version without the sync cursor, which is the program's own."""
LoggedVersion = of_record(Version, without=("cursor",), tags=list[str])
ClaimTold = of_record(Claim, version=int | None, seconds=float | None)
"""`version` is null for a claim that waits to be committed; `seconds` is when in the recording it was said."""
