"""What a person has to decide: contested claims with what was said about them, without who said it."""

from __future__ import annotations

import polars as pl

from factcheck.models import Status
from factcheck.verdicts.tally import CHOICES

_SAID = pl.Struct(
    {
        "voter": pl.String(),
        "choice": pl.String(),
        "reason": pl.String(),
        "confidence": pl.String(),
        "rationale": pl.String(),
        "evidence": pl.List(pl.String()),
    }
)
QUEUE = pl.Schema({"claim_id": pl.String(), "n_votes": pl.Int64(), "agreement": pl.Float64(), "votes": pl.List(_SAID)})
"""The columns of the queue; `votes` holds structs of voter ("A", "B" ...), choice, reason and so on."""


def queue(verdicts: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """The contested claims (`QUEUE`), those with the least agreement first, then those with more votes, then by id.

    `verdicts` are rows of `VerdictChange`, `votes` of `VOTES`. Letters run from A within each claim. A letter tells
    nothing about a person: votes stand in the order of what they say (choice, then words), not of time or name, so a
    person has another letter on another claim.
    """
    contested = verdicts.filter(pl.col("status") == str(Status.CONTESTED)).select("claim_id", "n_votes", "agreement")
    said = (
        votes.join(contested, on="claim_id", how="semi")
        .sort(
            "claim_id",
            pl.col("choice").cast(pl.Enum(CHOICES)),
            "reason",
            "rationale",
            pl.col("evidence").list.join("\n"),
            "confidence",
            nulls_last=True,
        )
        .with_columns(_letters(pl.int_range(pl.len()).over("claim_id")).alias("voter"))
        .group_by("claim_id", maintain_order=True)
        .agg(pl.struct(name for name, _ in _SAID).alias("votes"))
    )
    return (
        contested.join(said, on="claim_id", how="left")
        # Another roster than the one that decided may have nobody who voted.
        .with_columns(pl.col("votes").fill_null(pl.lit([], said.schema["votes"])))
        .sort("agreement", pl.col("n_votes").neg(), "claim_id")
        .match_to_schema(QUEUE)
    )


def _letters(place: pl.Expr) -> pl.Expr:
    """A to Z, then A2 to Z2 and so on."""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    letter = (place % len(letters)).replace_strict(range(len(letters)), letters, return_dtype=pl.String)
    again = place // len(letters)
    return letter + pl.when(again > 0).then((again + 1).cast(pl.String)).otherwise(pl.lit(""))
