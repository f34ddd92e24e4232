"""`queue`: what the annotators do not agree on."""

from __future__ import annotations

from typing import Any

from factcheck import verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes
from factcheck.settings import Settings


def queue(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """The contested claims, least agreement first, each with its quote and the anonymised votes."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    waiting = verdicts.queue(data.verdicts(as_of).collect(), standing_votes(desk, as_of))
    quotes = data.claims(as_of).select("claim_id", "quote", "lang", "claimant").collect()
    return waiting.join(quotes, on="claim_id", how="left", maintain_order="left").to_dicts()
