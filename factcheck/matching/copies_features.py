"""What two texts are compared by: runs of five folded words, and whole lines, each as a number of 38 bits.

Words are split and hashed for all texts at once; each different word is folded once, by the fold that finds names
elsewhere. Of the runs every fourth number is kept, by its value alone (FracMinHash: Irber et al. 2022,
doi 10.1101/2022.01.11.475838), so that what is kept of a passage does not depend on what stands around it, and the
share of one text that stands in another can be estimated however different their lengths are.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from factcheck.folding import match_key

Numbers = NDArray[np.uint64]
RUN = 5
"""Words."""
ONE_IN = 4
LINE = 8
"""Words of a line that is compared as a whole; shorter ones are headings and captions, which strangers share."""
BITS = 38
_REMEMBERED = 300_000
"""Words; about 60 MB."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_OF_LINES = np.uint64(0xD6E8FEB86659FD93)
_MIXES = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))


class Features(NamedTuple):
    """The numbers of runs and lines, and the row of the text that has each; not sorted, with repetitions."""

    runs: Numbers
    run_rows: NDArray[np.int64]
    lines: Numbers
    line_rows: NDArray[np.int64]


class Words:
    """Words by the hash of what was typed; remembers those it has folded."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, ...]] = {}

    def hashed(self, typed: pl.Series) -> tuple[Numbers, NDArray[np.int64]]:
        """The hashes of the folded words of what stood between spaces, and how many words each of those was."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        codes, first, inverse = np.unique(typed.hash(0).to_numpy(), return_index=True, return_inverse=True)
        known = self._known
        new = [at for at, code in enumerate(codes.tolist()) if code not in known]
        for code, text in zip(codes[new].tolist(), typed.gather(first[new]).to_list(), strict=True):
            known[code] = tuple(_hash(word) for word in match_key(text).split())
        words = [known[code] for code in codes.tolist()]
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        flat = np.fromiter((one for some in words for one in some), np.uint64, int(lengths.sum()))
        counts = lengths[inverse]
        starts = (np.cumsum(lengths) - lengths)[inverse]
        return flat[np.repeat(starts, counts) + _within(counts)], counts


def features(texts: pl.Series, words: Words) -> Features:
    """The runs and lines of the texts; a null has none."""
    lines = pl.DataFrame({"row": np.arange(len(texts)), "line": texts.str.split("\n")}).explode("line")
    lines = lines.filter(pl.col("line").is_not_null()).with_columns(pl.col("line").str.split(" "))
    typed = lines["line"].list.len().to_numpy().astype(np.int64)
    hashed, counts = words.hashed(lines["line"].explode(empty_as_null=False))
    of_line = np.repeat(np.arange(len(typed)), typed)
    length = np.bincount(of_line, counts, minlength=len(typed)).astype(np.int64)
    row = lines["row"].to_numpy()
    runs, run_rows = _runs(hashed, np.repeat(row, length))
    whole = _lines(hashed, length)
    long = length >= LINE
    return Features(runs, run_rows, whole[long], row[long])


def _runs(words: Numbers, rows: NDArray[np.int64]) -> tuple[Numbers, NDArray[np.int64]]:
    count = max(len(words) - RUN + 1, 0)
    within = rows[:count] == rows[RUN - 1 :]
    run = words[:count].copy()
    for at in range(1, RUN):
        run *= _MULTIPLIER
        run += words[at : at + count]
    _mix(run)
    kept = within & (run < np.uint64(2**64 // ONE_IN))
    return run[kept] & np.uint64(2**BITS - 1), rows[:count][kept]


def _lines(words: Numbers, length: NDArray[np.int64]) -> Numbers:
    """A number for each line, out of its words and their places."""
    place = _within(length).astype(np.uint64)
    placed = (words ^ (place * _OF_LINES)) * _MULTIPLIER
    _mix(placed)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(placed, dtype=np.uint64)])
    ends = np.cumsum(length)
    whole: Numbers = sums[ends] - sums[ends - length]
    _mix(whole)
    return whole & np.uint64(2**BITS - 1)


def _mix(values: Numbers) -> None:
    """The finaliser of splitmix64 (Steele et al. 2014), in place: each bit depends on all of them."""
    for shift, by in _MIXES:
        values ^= values >> shift
        values *= by
    values ^= values >> np.uint64(31)


def _within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 ... for each of the counts."""
    ends = np.cumsum(counts)
    return np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)


def _hash(word: str) -> int:
    # Not Python's or polars' own: the index outlives the process and the release.
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
