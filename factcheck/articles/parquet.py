"""Parquet: the columns that are needed, and no more rows than the limits allow."""

from __future__ import annotations

import io
from dataclasses import replace

from factcheck.articles.draft import Candidate, Origin
from factcheck.articles.tables import chosen_columns, row_candidates
from factcheck.errors import Rejected

MAGIC = b"PAR1"


def parquet_candidates(data: bytes, origin: Origin) -> list[Candidate]:
    """One candidate for each row. Raises Rejected: UNREADABLE, COLUMNS, EMPTY, TOO_LARGE."""
    import polars as pl

    if not data.endswith(MAGIC):
        raise Rejected("PARTIAL", "is a Parquet file that is cut off", hint="fetch it again")
    try:
        names = list(pl.read_parquet_schema(io.BytesIO(data)))
        columns = list(dict.fromkeys(chosen_columns(names, replace(origin, notes=[])).values()))
        frame = pl.read_parquet(
            io.BytesIO(data), columns=columns, n_rows=origin.limits.max_rows + 1, glob=False, memory_map=False
        )
        if frame.estimated_size() > origin.limits.max_archive:
            raise Rejected("TOO_LARGE", f"holds more than {origin.limits.max_archive} bytes", hint="split it")
        return row_candidates(frame.to_dicts(), names, origin)
    except (pl.exceptions.PolarsError, OSError, ValueError, OverflowError) as error:
        what = f"is a damaged Parquet file: {' '.join(str(error).split())[:200]}"
        raise Rejected("UNREADABLE", what, hint="fetch it again") from error
    except pl.exceptions.PanicException as error:
        raise Rejected("UNREADABLE", "is a damaged Parquet file", hint="fetch it again") from error
