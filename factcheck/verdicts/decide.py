"""Votes and a policy as verdicts."""

from __future__ import annotations

import numpy as np
import polars as pl

from factcheck.frames import schema
from factcheck.models import Choice, Origin, Status, Verdict, VerdictChange
from factcheck.verdicts.policy import Adjudicator, Ballots, Policy, Winners
from factcheck.verdicts.tally import CHOICES, Counts, choice_codes, claim_codes, tally

_WITHOUT_VERDICT = (Choice.UNPROVEN, Choice.NOT_A_CLAIM)
"""The choices that give a status of the same name when they win, and no verdict."""
_TEXTS = ("rationales", "evidence")


def decide(
    claim_ids: pl.Series | pl.DataFrame,
    votes: pl.DataFrame,
    policy: Policy,
    *,
    decisions: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The verdict or status of every claim: rows of `VerdictChange`, one per distinct claim id, sorted by it.

    `claim_ids` is a series, or a frame with a column `claim_id`; votes for other claims get no row. `votes` and
    `decisions` are frames of `VOTES`, one row per claim and annotator, and one per claim. Only the policy
    `adjudicator` reads `decisions`: where one stands, it is the verdict, whatever the votes say.

    A claim is `unreviewed` without a vote, `single` below the policy's `min_votes`, `contested` where the policy finds
    no winner, `unproven` or `not_a_claim` where that choice wins, else `decided`. `rationales` and `evidence` are those
    of the votes that carry the outcome, oldest first; `reason`, which only a disputed claim has, is the one that most
    of them give, none on a tie, and a lead's decision brings its own. The result depends on the arguments alone, and
    not on the order of their rows.
    """
    ids = (claim_ids["claim_id"] if isinstance(claim_ids, pl.DataFrame) else claim_ids).unique().sort()
    counts = tally(ids, votes)
    outcome = np.where(counts.sum(axis=1) < policy.min_votes, -1, policy.winners(Ballots(ids, votes, counts)))
    # From here a claim is its place in `ids`: integers group and join many times faster than ids.
    said = votes.select(claim_codes(ids, votes).alias("place"), pl.exclude("claim_id")).drop_nulls("place")
    table = pl.DataFrame(
        [
            ids.alias("claim_id"),
            pl.int_range(len(ids), eager=True).alias("place"),
            _words(outcome, CHOICES).alias("choice"),
            _status(counts, outcome, policy.min_votes),
            pl.Series("n_votes", counts.sum(axis=1)),
            *(pl.Series(f"n_{choice}", counts[:, place]) for place, choice in enumerate(CHOICES)),
            _agreement(counts),
        ]
    ).with_columns(
        policy=pl.lit(policy.name),
        adjudicator=pl.lit(None, dtype=pl.String),
        origin=pl.lit(str(Origin.VOTES)),
        source=pl.lit(None, dtype=pl.String),
    )
    carries = pl.Series(choice_codes(said) == outcome[said["place"].to_numpy()])
    last = said.group_by("place").agg(pl.col("voted_at").max().alias("decided_at"))
    carrying = said.filter(carries)
    table = (
        table.join(last, on="place", how="left")
        .join(_texts(carrying, "place"), on="place", how="left")
        .join(_reasons(carrying, "place"), on="place", how="left")
    )
    if isinstance(policy, Adjudicator) and decisions is not None:
        table = _overrule(table, decisions)
    verdict = pl.when(pl.col("status") == str(Status.DECIDED)).then(pl.col("choice"))
    return (
        table.with_columns(verdict.alias("verdict"), pl.col(_TEXTS).fill_null([]))
        .with_columns(pl.when(pl.col("verdict") == str(Verdict.DISPUTED)).then("reason").alias("reason"))
        .select(list(schema(VerdictChange)))
        .match_to_schema(schema(VerdictChange))
        .sort("claim_id")
    )


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The rows of `after` that are new or have another result than the row of their claim in `before`.

    Both are rows of `VerdictChange`, one per claim: `before` the verdicts as of the last version (empty for the
    first), `after` what `decide` says now. Every column of the result counts, the time of the last vote too: so the
    verdicts as of a version do not depend on how many pulls the events came in. The policy's name alone makes no row:
    a row says by which policy its result came about, a version which one is in force. Sorted by `claim_id`.
    """
    columns = list(schema(VerdictChange))
    seen = before.select(pl.col(name).alias(name if name == "claim_id" else f"{name} before") for name in columns)
    values = [name for name in columns if name not in {"claim_id", "policy"}]
    new = after.select(columns).join(before.select("claim_id"), on="claim_id", how="anti")
    known = after.select(columns).join(seen, on="claim_id")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name} before")) for name in values)
    return pl.concat([new, known.filter(differs).select(columns)]).sort("claim_id")


def _status(counts: Counts, outcome: Winners, min_votes: int) -> pl.Series:
    n_votes = counts.sum(axis=1)
    words = (Status.UNREVIEWED, Status.SINGLE, Status.CONTESTED, *map(Status, _WITHOUT_VERDICT), Status.DECIDED)
    cases = [
        n_votes == 0,
        n_votes < min_votes,
        outcome == -1,
        *(outcome == CHOICES.index(str(choice)) for choice in _WITHOUT_VERDICT),
    ]
    return _words(np.select(cases, range(len(cases)), default=len(cases)), tuple(map(str, words))).alias("status")


def _words(places: Winners, words: tuple[str, ...]) -> pl.Series:
    """The words at the places, null at -1."""
    return pl.Series(words, dtype=pl.String).gather(pl.Series(places).replace(-1, None).cast(pl.UInt32))


def _agreement(counts: Counts) -> pl.Series:
    """The share of pairs of votes that agree, null below two votes."""
    n_votes = counts.sum(axis=1)
    pairs = n_votes * (n_votes - 1)
    same = (counts * (counts - 1)).sum(axis=1)
    share = np.divide(same, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    return pl.Series("agreement", share, nan_to_null=True)


def _texts(carrying: pl.DataFrame, claim: str) -> pl.DataFrame:
    """The rationales and evidence of the votes by `claim`; blank ones left out, evidence each once, oldest first."""
    rationale = pl.col("rationale").str.strip_chars()
    line = pl.element().str.strip_chars()
    evidence = pl.col("evidence").list.eval(line.filter(line != ""))
    return (
        carrying.filter(pl.col("rationale").is_not_null() | (pl.col("evidence").list.len() > 0))
        .select(claim, "voted_at", "annotator_id", rationale, evidence)
        .sort("voted_at", "annotator_id")
        .group_by(claim, maintain_order=True)
        .agg(
            pl.col("rationale").filter(pl.col("rationale") != "").alias("rationales"),
            pl.col("evidence").list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True),
        )
    )


def _reasons(carrying: pl.DataFrame, claim: str) -> pl.DataFrame:
    """The `reason` that most of the votes by `claim` give, null where two are given equally often."""
    often = carrying.drop_nulls("reason").group_by(claim, "reason").len()
    most = often.filter(pl.col("len") == pl.col("len").max().over(claim))
    return most.group_by(claim).agg(pl.when(pl.len() == 1).then(pl.col("reason").first()).alias("reason"))


def _overrule(table: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """The table with the rows of decided claims as the lead decided them; the counts stay those of the votes."""
    decided = decisions.select(
        "claim_id",
        pl.col("choice"),
        pl.when(pl.col("choice").is_in([str(choice) for choice in _WITHOUT_VERDICT]))
        .then("choice")
        .otherwise(pl.lit(str(Status.DECIDED)))
        .alias("status"),
        pl.col("reason"),
        pl.col("voted_at").alias("decided_at"),
        pl.col("annotator_id").alias("adjudicator"),
        pl.lit(str(Origin.ADJUDICATOR)).alias("origin"),
    ).join(_texts(decisions, "claim_id"), on="claim_id", how="left", maintain_order="left")
    decided = decided.with_columns(pl.col(_TEXTS).fill_null([]))
    kept = table.join(decided.select("claim_id"), on="claim_id", how="anti")
    overruled = table.drop([name for name in decided.columns if name != "claim_id"]).join(decided, on="claim_id")
    return pl.concat([kept, overruled.select(kept.columns)])
