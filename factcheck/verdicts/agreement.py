"""How much annotators agree beyond chance, with intervals, for everything or by language, week or annotator."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.verdicts.encoding import Ints
from factcheck.verdicts.tally import Counts, counts_by_hash, tally

Floats = npt.NDArray[np.float64]
LEVEL = 0.95
"""Of the intervals: the share of bootstrap samples that lie inside."""


class Measures(NamedTuple):
    """One value each, or one for each row of weights; NaN where there is nothing to measure or only one choice."""

    alpha: Floats
    kappa: Floats
    raw: Floats


def measures(counts: Counts, weights: Ints | None = None) -> Measures:
    """Agreement from the number of votes by claim (row) and choice (column); a row with one vote pairs with nothing.

    `alpha` is Krippendorff's for nominal data, any number of votes a claim (Krippendorff 2011, "Computing
    Krippendorff's Alpha-Reliability", section D). `kappa` is Fleiss' (1971, "Measuring nominal scale agreement among
    many raters", Psychological Bulletin 76(5)), with each claim's own number of votes where they differ. `raw` is the
    mean over claims of the share of pairs of votes that agree.

    `weights` (samples by claims) says how often each row counts: one result for each sample.
    """
    if weights is None:
        counts, times = _kinds(counts)
        weights = times[None]
    paired = counts.sum(axis=1) > 1
    counts, weigh = counts[paired], weights[:, paired]
    sizes = counts.sum(axis=1)
    total = weigh @ sizes
    by_choice = weigh @ counts
    claims = weigh.sum(axis=1)
    same = (counts * (counts - 1)).sum(axis=1) / (sizes - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is NaN: nothing to measure
        observed = 1 - weigh @ same / total
        expected = 1 - (by_choice * (by_choice - 1)).sum(axis=1) / (total * (total - 1))
        raw = weigh @ (same / sizes) / claims
        chance = ((by_choice / total[:, None]) ** 2).sum(axis=1)
        alpha, kappa = 1 - observed / expected, (raw - chance) / (1 - chance)
    one_choice = (by_choice > 0).sum(axis=1) < 2  # noqa: PLR2004 - without a second choice chance is undefined
    return Measures(np.where(one_choice, np.nan, alpha), np.where(one_choice, np.nan, kappa), raw)


def agreement(
    votes: pl.DataFrame, groups: pl.DataFrame | None = None, *, seed: int, resamples: int = 1000
) -> pl.DataFrame:
    """Agreement on all claims, or one row per group, sorted by it.

    `groups` has `claim_id` and one more column, e.g. `lang` (see `weeks` for `week`); a claim without a group, or
    with a null one, is in the group null. Columns: the group's (where asked for), `n_claims` with two votes or more,
    `n_votes` on them, `alpha`, `alpha_low`, `alpha_high`, `kappa`, `raw`, `raw_low`, `raw_high`. Null where there is
    nothing to measure. Intervals are 95 % percentiles over `resamples` draws of the claims with `seed`, so they say
    how much depends on which claims were checked, not on who checked them.
    """
    if groups is None:
        return pl.DataFrame([_row(counts_by_hash(votes)[1], seed, resamples)], schema=MEASURES)
    claims = votes["claim_id"].unique().sort()
    counts = tally(claims, votes)
    name = next(column for column in groups.columns if column != "claim_id")
    of_claim = claims.to_frame("claim_id").join(
        groups.unique("claim_id"), on="claim_id", how="left", maintain_order="left"
    )
    places = of_claim.with_row_index("place").group_by(name).agg("place").sort(name)
    rows = [{name: value} | _row(counts[place], seed, resamples) for value, place in places.rows()]
    return pl.DataFrame(rows, schema={name: groups.schema[name]} | MEASURES)


def by_earlier(votes: pl.DataFrame, *, seed: int, resamples: int = 1000) -> pl.DataFrame:
    """Agreement among votes given with an earlier verdict in view, without one, and where that is not known.

    The columns are those of `agreement` after `earlier` (shown, none, unknown) and `votes`, how many were given so; a
    part without votes has no row. A vote pairs with votes of its own part alone.
    """
    parts = [("shown", True), ("none", False), ("unknown", None)]
    rows = []
    for name, saw in parts:
        mine = votes.filter(pl.col("saw_earlier").eq_missing(pl.lit(saw, pl.Boolean)))
        if mine.height:
            rows.append(
                {"earlier": name, "votes": mine.height} | _row(counts_by_hash(mine)[1], seed=seed, resamples=resamples)
            )
    return pl.DataFrame(rows, schema={"earlier": pl.String(), "votes": pl.Int64()} | MEASURES)


def weeks(votes: pl.DataFrame) -> pl.DataFrame:
    """The ISO week (UTC) of each claim's last vote as `claim_id`, `week` ("2026-W12"), for `agreement`."""
    return votes.group_by("claim_id").agg(pl.col("voted_at").max().dt.strftime("%G-W%V").alias("week"))


MEASURES: dict[str, pl.DataType] = {"n_claims": pl.Int64(), "n_votes": pl.Int64()} | dict.fromkeys(
    ("alpha", "alpha_low", "alpha_high", "kappa", "raw", "raw_low", "raw_high"), pl.Float64()
)


def _row(counts: Counts, seed: int, resamples: int) -> dict[str, float | int | None]:
    counts = counts[counts.sum(axis=1) > 1]
    if not len(counts):
        return dict.fromkeys(MEASURES) | {"n_claims": 0, "n_votes": 0}
    # Drawing how often each kind of claim comes is drawing claims, only much faster.
    kinds, times = _kinds(counts)
    found = measures(kinds, times[None])
    draws = np.random.default_rng(seed).multinomial(len(counts), times / len(counts), resamples)
    sampled = measures(kinds, draws)
    row: dict[str, float | int | None] = {"n_claims": len(counts), "n_votes": int(counts.sum())}
    values = {
        "alpha": float(found.alpha[0]),
        **dict(zip(("alpha_low", "alpha_high"), interval(sampled.alpha), strict=True)),
        "kappa": float(found.kappa[0]),
        "raw": float(found.raw[0]),
        **dict(zip(("raw_low", "raw_high"), interval(sampled.raw), strict=True)),
    }
    return row | {name: None if np.isnan(value) else value for name, value in values.items()}


def _kinds(counts: Counts) -> tuple[Counts, Ints]:
    """The distinct rows, and how often each comes: claims with the same counts are alike."""
    base = int(counts.max(initial=0)) + 1
    if base ** counts.shape[1] > np.iinfo(np.int64).max:
        kinds, times = np.unique(counts, axis=0, return_counts=True)
        return kinds, times.astype(np.int64)
    # One number a row sorts many times faster than a row does.
    places = base ** np.arange(counts.shape[1])
    packed, times = np.unique(counts @ places, return_counts=True)
    return packed[:, None] // places % base, times.astype(np.int64)


def interval(sampled: Floats) -> tuple[float, float]:
    """The percentiles between which `LEVEL` of the samples lie, NaN without samples; NaN samples are left out."""
    sampled = sampled[~np.isnan(sampled)]
    if not len(sampled):
        return np.nan, np.nan
    low, high = np.quantile(sampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
