"""`match`: claims that may be one, for people to decide on; nothing is merged here."""

from __future__ import annotations

from typing import Any

import polars as pl

from factcheck.claims.dates import named_dates
from factcheck.folding import fold_with_offsets
from factcheck.frames import schema
from factcheck.importers.records import EXTRACTOR
from factcheck.matching.facts import Relation
from factcheck.matching.proposals import LEAST, proposals
from factcheck.models import Claim, ClaimState
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


def match(settings: Settings, *, least: float = LEAST) -> list[dict[str, Any]]:
    """The pairs of claims that may be one, the likeliest first: one, other, score, relation, reasons, quotes, command.

    Claims are those of the newest version and those that wait to be sent. `tension` is a pair that tells other figures
    of the same thing: it has no command, for it is not to be merged. Pairs whose facts are different are not told.
    """
    claims = dated(Desk(settings).claims().filter(pl.col("state") == str(ClaimState.ACTIVE)))
    found = proposals(claims, least=least).filter(pl.col("relation") != str(Relation.DIFFERENT))
    quotes = dict(claims.sort(pl.col("claim_id") == pl.col("group_id")).select("group_id", "quote").iter_rows())
    return [
        row
        | {
            "quotes": [quotes[row["one"]], quotes[row["other"]]],
            "command": None
            if row["relation"] == Relation.TENSION
            else f"factcheck claim merge {row['one']} {row['other']} --dry-run",
        }
        for row in found.to_dicts()
    ]


def dated(claims: pl.DataFrame) -> pl.DataFrame:
    """The claims with the dates in the words of those that an import brought: it reads none."""
    imported = claims.filter(pl.col("extractor") == EXTRACTOR, pl.col("dates").is_null())
    read = [
        named_dates(quote, fold_with_offsets(quote).text, lang or "", None)
        for quote, lang in imported.select("quote", "lang").iter_rows()
    ]
    dates = imported.select("claim_id").with_columns(pl.Series("read", read, schema(Claim)["dates"]))
    both = claims.join(dates, on="claim_id", how="left", maintain_order="left")
    return both.with_columns(pl.coalesce("dates", "read").alias("dates")).drop("read")
