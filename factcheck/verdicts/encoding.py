"""Votes as integers, for the mathematics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.verdicts.tally import CHOICES, Counts, choice_codes, claim_codes

Ints = npt.NDArray[np.int64]


class Coded(NamedTuple):
    """Votes as places in `claims`, `annotators` (both sorted) and `CHOICES`.

    Sorted by claim and annotator, so that a sum of floats does not depend on the order the votes came in.
    """

    claims: pl.Series
    annotators: pl.Series
    claim: Ints
    annotator: Ints
    choice: Ints

    def counts(self) -> Counts:
        """The number of votes by claim and choice."""
        cells = np.bincount(self.claim * len(CHOICES) + self.choice, minlength=len(self.claims) * len(CHOICES))
        return cells.astype(np.int64).reshape(-1, len(CHOICES))


def code(votes: pl.DataFrame, claims: pl.Series | None = None) -> Coded:
    """The votes as integers; `claims` are the sorted distinct ids to keep, None for all that have votes."""
    if claims is not None:
        return _code(votes, claims, claim_codes(claims, votes))
    claims = _distinct(votes["claim_id"])
    places = claim_codes(claims, votes)
    if places.has_nulls():
        claims = votes["claim_id"].unique().sort()
        places = claim_codes(claims, votes)
    return _code(votes, claims, places)


def _code(votes: pl.DataFrame, claims: pl.Series, places: pl.Series) -> Coded:
    annotators = votes["annotator_id"].unique().sort()
    annotator = votes["annotator_id"].cast(pl.Enum(annotators)).to_physical().cast(pl.Int64)
    listed = places.is_not_null().to_numpy()
    size = max(len(annotators), 1)
    pair = (places.fill_null(0) * size + annotator).to_numpy()
    cell = np.sort((pair * len(CHOICES) + choice_codes(votes).astype(np.int64))[listed])
    pair, choice = np.divmod(cell, len(CHOICES))
    return Coded(claims, annotators, *np.divmod(pair, size), choice)


def _distinct(ids: pl.Series) -> pl.Series:
    """The sorted distinct ids, four times faster than by the ids themselves; one is missing where two share a hash."""
    hashes = ids.hash().to_numpy()
    order = np.argsort(hashes)
    hashes = hashes[order]
    return ids.gather(order[np.flatnonzero(np.diff(hashes, prepend=hashes[:1] + np.uint64(1)))]).sort()
