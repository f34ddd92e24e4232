"""What rows of older formats do not say in columns of their own, filled in where they are read.

On disk a row stays as it was written, because the hash of its version is over that. Formats 1 and 2 had no `origin`
and `source` in a verdict: the policy of an imported one was `import(<source>)`. Formats 1 to 3 had no `n_unproven`:
nobody could vote so. This is the only place that knows.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from factcheck.dataset.layout import Layout
from factcheck.models import Origin, Status

COMPLETE: Final = 4
"""The format since which every row says all there is to say."""
_IMPORTED: Final = "import("
_VERDICTS: Final = "verdicts"


def filled(layout: Layout) -> list[pl.Expr]:
    """The columns that an older row of the table has null and this format does not; they keep what a newer row says."""
    if layout.name != _VERDICTS:
        return []
    origin, source = _told_by_policy()
    older = pl.col("origin").is_null()
    return [
        pl.when(older).then(origin).otherwise("origin").alias("origin"),
        pl.when(older).then(source).otherwise("source").alias("source"),
        pl.col("n_unproven").fill_null(0),
    ]


def reduced(layout: Layout) -> list[pl.Expr]:
    """The same columns null wherever an older row says as much: rows that mean the same are then equal."""
    if layout.name != _VERDICTS:
        return []
    origin, source = _told_by_policy()
    told = pl.col("origin").eq_missing(origin) & pl.col("source").eq_missing(source)
    return [
        *(pl.when(~told).then(name).alias(name) for name in ("origin", "source")),
        pl.col("n_unproven").replace(0, None),
    ]


def _told_by_policy() -> tuple[pl.Expr, pl.Expr]:
    policy, adjudicated = pl.col("policy"), pl.col("adjudicator").is_not_null()
    # `restore` took verdicts back and left the policy as it was: such a row is nobody's verdict.
    decided = pl.col("status") == str(Status.DECIDED)
    imported = policy.str.starts_with(_IMPORTED) & decided & ~adjudicated
    origin = (
        pl.when(adjudicated)
        .then(pl.lit(str(Origin.ADJUDICATOR)))
        .when(imported)
        .then(pl.lit(str(Origin.IMPORT)))
        .otherwise(pl.lit(str(Origin.VOTES)))
    )
    return origin, pl.when(imported).then(policy.str.strip_prefix(_IMPORTED).str.strip_suffix(")"))
