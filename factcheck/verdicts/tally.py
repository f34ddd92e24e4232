"""How many votes of each kind every claim has."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.models import Choice

CHOICES = tuple(str(choice) for choice in Choice)
"""The choices in the order of the columns of every array of counts or probabilities."""
_LATER = CHOICES.index(str(Choice.UNPROVEN))
Counts = npt.NDArray[np.int64]
_PLACES = np.uint64(0b111)  # the three bits of a packed key that hold the choice
assert len(CHOICES) <= int(_PLACES) + 1
_SEEDS = (0, 1)


def tally(claim_ids: pl.Series, votes: pl.DataFrame) -> Counts:
    """The number of votes by claim (row, in the order of `claim_ids`, which are distinct) and choice (`CHOICES`).

    Votes for claims that are not listed are left out.
    """
    fast = _by_hash(claim_ids, votes)
    return _by_id(claim_ids, votes) if fast is None else fast


def counts_by_hash(votes: pl.DataFrame) -> tuple[npt.NDArray[np.uint64], Counts]:
    """The counts of each claim that has votes, beside the 61 bits of its id's hash that they are sorted by.

    Sorting a million integers costs a tenth of grouping a million strings. That two of 200,000 ids share a hash, and
    so a row, has one chance in 10^8: nothing to a statistic, too much for a verdict, see `tally`.
    """
    if votes.is_empty():
        return np.zeros(0, np.uint64), np.zeros((0, len(CHOICES)), np.int64)
    keys = votes["claim_id"].hash(_SEEDS[0]).to_numpy() & ~_PLACES
    keys |= choice_codes(votes)
    keys.sort()
    starts = _starts(keys)
    choices, claims = (keys[starts] & _PLACES).astype(np.intp), keys[starts] & ~_PLACES
    first = _starts(claims)
    counts = np.zeros((len(first), len(CHOICES)), np.int64)
    row = np.repeat(np.arange(len(first)), np.diff(first, append=len(claims)))
    counts[row, choices] = np.diff(starts, append=len(keys))
    return claims[first], counts


def _by_hash(claim_ids: pl.Series, votes: pl.DataFrame) -> Counts | None:
    """The counts through hashes of ids, or None where that cannot be proved right.

    A second hash is the proof: each vote's summed over the votes equals each claim's times its votes, summed over the
    claims, unless a vote was counted for a claim that only shares its first hash.
    """
    known = claim_ids.hash(_SEEDS[0]).to_numpy() & ~_PLACES
    order = np.argsort(known)
    known = known[order]
    found, rows = counts_by_hash(votes)
    place = np.searchsorted(known, found)
    listed = place < len(known)
    if (known[1:] == known[:-1]).any() or not listed.all() or (known[place] != found).any():
        return None
    counts = np.zeros((len(known), len(CHOICES)), np.int64)
    counts[order[place]] = rows
    expected = (claim_ids.hash(_SEEDS[1]).to_numpy() * counts.sum(axis=1).astype(np.uint64)).sum()
    return counts if votes["claim_id"].hash(_SEEDS[1]).to_numpy().sum() == expected else None


def _starts(ordered: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
    """Where each run of equal values starts; the array is not empty."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


def _by_id(claim_ids: pl.Series, votes: pl.DataFrame) -> Counts:
    cells = votes.select(
        claim_codes(claim_ids, votes).alias("claim"),
        pl.Series("choice", choice_codes(votes)).cast(pl.Int64),
    ).drop_nulls()
    cell = (cells["claim"] * len(CHOICES) + cells["choice"]).to_numpy()
    counts = np.bincount(cell, minlength=len(claim_ids) * len(CHOICES))
    return counts.reshape(len(claim_ids), len(CHOICES)).astype(np.int64)


def claim_codes(claim_ids: pl.Series, votes: pl.DataFrame) -> pl.Series:
    """The place in `claim_ids` of each vote's claim (Int64), null where it is not listed."""
    places = pl.DataFrame({"claim_id": claim_ids, "claim": pl.int_range(len(claim_ids), eager=True)})
    return votes.select("claim_id").join(places, on="claim_id", how="left", maintain_order="left")["claim"]


def choice_codes(votes: pl.DataFrame) -> npt.NDArray[np.uint8]:
    """The place in `CHOICES` of each vote's choice."""
    return votes["choice"].cast(pl.Enum(CHOICES)).to_physical().cast(pl.UInt8).to_numpy()


def kinds_in_play(cast: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.intp]:
    """The places in `CHOICES` of the choices that a model of voters has to reckon with, given those that were cast.

    All of them, but `unproven` only where somebody voted so: it came later than the others, and a model that knew of
    one more way to be wrong would judge all the votes cast before anew.
    """
    places = np.arange(len(CHOICES))
    return places if (cast == _LATER).any() else places[places != _LATER]


def winners(counts: Counts, margin: int) -> npt.NDArray[np.int64]:
    """By claim the place in `CHOICES` of the choice that leads the next one by `margin` votes or more, else -1."""
    top: Counts = counts[:, 0]
    second: Counts = np.zeros(len(counts), np.int64)
    best: Counts = np.zeros(len(counts), np.int64)
    for place in range(1, counts.shape[1]):
        column = counts[:, place]
        best = np.where(column > top, place, best)
        second = np.maximum(second, np.minimum(top, column))
        top = np.maximum(top, column)
    return np.where(top - second >= max(margin, 1), best, -1)
