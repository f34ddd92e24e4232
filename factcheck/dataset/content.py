"""One digest for a set of rows: the same rows in any order, from any engine and any polars, give the same one.

Rows are sorted by their key and hashed column by column: little-endian 64-bit integers for numbers, times (UTC
microseconds), days (from 1970 on) and lengths, UTF-8 for text, one byte per row for null where there is one. A column
that is null everywhere adds nothing, so a column that a later format adds leaves the digests of older versions as they
are.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

import polars as pl

from factcheck.models import digest


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def rows_digest(frame: pl.DataFrame, *, key: str) -> str:
    """SHA-256 (64 hex digits) of the rows; `key` must be unique in the frame."""
    found = hashlib.sha256()
    rows = frame.sort(key)
    for name in sorted(frame.columns):
        column = rows[name]
        if column.null_count() < column.len():
            found.update(f"{name}:{column.len()}:".encode())
            _feed(found, column)
    return found.hexdigest()


def version_content(parts: dict[str, tuple[int, str]]) -> str:
    """The content hash of a version from (row count, digest) by table; tables without rows add nothing."""
    return digest([[table, rows, found] for table, (rows, found) in sorted(parts.items()) if rows])


def _feed(found: _Hash, column: pl.Series) -> None:
    nulls = column.null_count()
    found.update(b"\1" if nulls else b"\0")
    if nulls:
        found.update(column.is_null().cast(pl.UInt8).to_numpy().tobytes())
        column = column.drop_nulls()
    dtype = column.dtype
    if isinstance(dtype, pl.List):
        lengths = column.list.len()
        found.update(_integers(lengths))
        _feed(found, column.explode(empty_as_null=False))
    elif isinstance(dtype, pl.Struct):
        for name in sorted(field.name for field in dtype.fields):
            _feed(found, column.struct.field(name))
    elif dtype == pl.String:
        found.update(_integers(column.str.len_bytes()))
        found.update((column.str.join("").item() or "").encode("utf-8", "surrogatepass"))
    elif isinstance(dtype, pl.Datetime):
        found.update(_integers(column.dt.timestamp("us")))
    elif dtype == pl.Date:
        found.update(_integers(column.to_physical()))
    elif dtype == pl.Float64:
        # 0.0 added to -0.0 is 0.0: equal numbers have equal bytes.
        found.update((column + 0.0).to_numpy().astype("<f8").tobytes())
    elif dtype.is_integer() or dtype == pl.Boolean:
        found.update(_integers(column.cast(pl.Int64)))
    else:
        raise TypeError(f"{column.name}: {dtype} has no canonical form")


def _integers(column: pl.Series) -> bytes:
    return column.to_numpy().astype("<i8").tobytes()
