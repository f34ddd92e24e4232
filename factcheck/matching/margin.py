"""How much nearer two texts are to each other than to what else is near them: the ratio margin.

Artetxe & Schwenk 2019, arXiv 1811.01136, section 3.2: the cosine of x and y divided by the mean cosine of x with its k
nearest y, and of y with its k nearest x. A sentence that is near to everything loses, and languages whose vectors lie
farther apart need no threshold of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NEIGHBOURS = 4
"""k; the paper takes 4 as well."""
_ROWS = 1024


def neighbourhood(vectors: Floats, others: Floats, k: int = NEIGHBOURS) -> Floats:
    """The mean cosine of each unit vector with its k nearest others (all, where there are fewer): float32, (vectors,).

    Memory is that of 1,024 rows of cosines. Without others it is 0.
    """
    k = min(k, len(others))
    if not k:
        return np.zeros(len(vectors), np.float32)
    means = np.empty(len(vectors), np.float32)
    for first, cosines in _blocks(vectors, others):
        means[first : first + len(cosines)] = np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1)
    return means


def ratios(cosines: Floats, of_rows: Floats, of_columns: Floats) -> Floats:
    """The ratio margins of a matrix of cosines, given the neighbourhoods of its rows and columns."""
    mean = (of_rows[:, None] + of_columns[None, :]) / np.float32(2)
    margins: Floats = np.divide(cosines, mean, out=np.zeros_like(cosines), where=mean > 0)
    return margins


def nearest(queries: Floats, candidates: Floats, *, top: int = 1, k: int = NEIGHBOURS) -> pl.DataFrame:
    """The `top` candidates of each query by ratio margin, the best first, of equal ones the one with the lower number.

    Both are unit vectors, float32 (rows, dimension). Columns: `query` and `candidate` (row numbers from 0), `cosine`,
    `margin` (1 is no nearer than the neighbourhood).
    """
    top = min(top, len(candidates))
    of_queries, of_candidates = neighbourhood(queries, candidates, k), neighbourhood(candidates, queries, k)
    parts = [_SCHEMA.to_frame()]
    for first, cosines in _blocks(queries, candidates) if top else ():
        margins = ratios(cosines, of_queries[first : first + len(cosines)], of_candidates)
        best = np.argsort(-margins, axis=1, kind="stable")[:, :top]
        rows = np.repeat(np.arange(len(cosines)), top)
        found = (rows, best.ravel())
        parts.append(
            pl.DataFrame(
                {"query": rows + first, "candidate": found[1], "cosine": cosines[found], "margin": margins[found]},
                schema=_SCHEMA,
            )
        )
    return pl.concat(parts)


_SCHEMA = pl.Schema({"query": pl.Int64, "candidate": pl.Int64, "cosine": pl.Float32, "margin": pl.Float32})


def _blocks(rows: Floats, columns: Floats) -> Iterator[tuple[int, Floats]]:
    """The cosines of some rows with all columns at a time, and the number of the first row."""
    for first in range(0, len(rows), _ROWS):
        yield first, rows[first : first + _ROWS] @ columns.T
