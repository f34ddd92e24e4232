"""Earlier verdicts on claims that are like a new one in their words and not against it in their facts."""

from __future__ import annotations

from typing import Final

import polars as pl

from factcheck.dataset import Dataset
from factcheck.matching import lexical_index
from factcheck.matching.facts import Relation, compare, facts_of_claim
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier_index import earlier_index
from factcheck.pipeline.match import dated
from factcheck.pipeline.search import standing
from factcheck.verdicts import EARLIER

LEAST: Final = 0.25
"""Of posts about claims that were checked before, the best hit from here on is the right one 19 times in 20."""
MOST: Final = 3
"""A checker reads so many; each of them has to be worth it."""
_LOOKED_AT: Final = 12


def similar(desk: Desk, data: Dataset, claims: pl.DataFrame) -> pl.DataFrame:
    """The earlier verdicts (`verdicts.EARLIER`) on claims like those, at most `MOST` of each, the likest first.

    `claims` are rows of Claim, one of each group, by whose id they go. A claim whose facts are different is none, one
    that tells other figures of the same thing is: its relation says so. No verdict on the claim's own group is told.
    """
    kept = earlier_index(desk, data)
    asked = dated(claims)
    hits = [
        (row["group_id"], hit, min(1.0, score / found.own))
        for row in asked.iter_rows(named=True)
        if (found := lexical_index.search(kept.segments, row["quote"], _LOOKED_AT)).own
        for hit, score in zip(found.ids, found.scores, strict=True)
    ]
    close = pl.DataFrame(hits, {"asked": pl.String(), "hit": pl.String(), "score": pl.Float64()}, orient="row").filter(
        pl.col("score") >= LEAST
    )
    there = standing(data, close["hit"].unique().to_list())
    # `standing` names the group; who looks for dates goes by the claim that was hit.
    read = dated(there.rename({"claim_id": "found_id", "hit": "claim_id"})).rename({"claim_id": "hit"})
    pairs = close.join(read, on="hit").filter(pl.col("asked") != pl.col("found_id"))
    asked_facts = {row["group_id"]: facts_of_claim(row) for row in asked.iter_rows(named=True)}
    relations = [
        str(compare(asked_facts[row["asked"]], facts_of_claim(row)).relation) for row in pairs.iter_rows(named=True)
    ]
    return (
        pairs.with_columns(pl.Series("relation", relations, pl.String))
        .filter(pl.col("relation") != str(Relation.DIFFERENT))
        .sort("asked", "score", "hit", descending=[False, True, False])
        .unique(["asked", "found_id"], keep="first", maintain_order=True)
        .group_by("asked", maintain_order=True)
        .head(MOST)
        .select(
            "found_id",
            "quote",
            "verdict",
            "reason",
            "decided_at",
            "origin",
            "url",
            "relation",
            claim_id="asked",
            source="outlet",
            score=pl.col("score").round(3),
        )
        .select(EARLIER.names())
        .cast(EARLIER)
    )
