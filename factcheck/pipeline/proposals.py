"""`proposals`: what checkers propose beside their votes."""

from __future__ import annotations

from typing import Any

from factcheck import verdicts
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


def proposals(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """The proposals that stand (`verdicts.PROPOSALS`), each with the claim's quote; nobody's name or id."""
    data = Desk(settings).readable(as_of)
    addresses = data.articles(as_of).select("article_id", "url")
    claims = data.claims(as_of).join(addresses, on="article_id", how="left").collect()
    found = verdicts.proposals(data.last_states(as_of=as_of), claims)
    quotes = claims.select("claim_id", "quote", "lang")
    return found.join(quotes, on="claim_id", how="left", maintain_order="left").to_dicts()
