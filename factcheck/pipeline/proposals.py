"""`proposals`: what checkers propose beside their votes."""

from __future__ import annotations

import shlex
from typing import Any

import polars as pl

from factcheck import verdicts
from factcheck.dataset import Dataset
from factcheck.models import ClaimState
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.text import strip_controls


def proposals(settings: Settings, *, as_of: str | None) -> list[dict[str, Any]]:
    """The proposals that stand (`verdicts.PROPOSALS`), each with the claim's quote; nobody's name or id.

    `commands` are those that do what is proposed: none where the claim was withdrawn, has these words or is one claim
    with the other already.
    """
    data = Desk(settings).readable(as_of)
    claims = data.claims(as_of).collect()
    found = proposals_of(data, claims, as_of)
    quotes = claims.select("claim_id", "quote", "lang")
    rows = found.join(quotes, on="claim_id", how="left", maintain_order="left").to_dicts()
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))
    standing = {*active["claim_id"], *active["group_id"]}
    return [row | {"commands": _commands(row, standing)} for row in rows]


def proposals_of(data: Dataset, claims: pl.DataFrame, as_of: str | None = None) -> pl.DataFrame:
    """The proposals (`verdicts.PROPOSALS`) that stand, looked up by the claims' ids, words and addresses."""
    addresses = data.articles(as_of).select("article_id", "url").collect()
    return verdicts.proposals(data.last_states(as_of=as_of), claims.join(addresses, on="article_id", how="left"))


def _commands(row: dict[str, Any], standing: set[str]) -> list[str]:
    claim, proposed = row["claim_id"], strip_controls(row["proposal"])[0].strip()
    if claim not in standing:
        return []
    if row["kind"] == "same_as":
        return [f"factcheck claim merge {claim} {other} --dry-run" for other in row["matches"] if other in standing]
    if not proposed or proposed == row["quote"]:
        return []
    return [f"factcheck claim edit {claim} --text={shlex.quote(proposed)} --dry-run"]
