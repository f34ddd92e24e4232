"""Rows as data files, and how a version lists them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from factcheck.dataset.layout import Layout
from factcheck.dataset.store import Table, Written

ROWS_PER_FILE = 100_000


def write_sorted(table: Table, rows: pl.DataFrame, number: int) -> Iterator[tuple[Written, pl.DataFrame]]:
    """The rows as files of at most a hundred thousand, sorted so that a claim's rows lie together; each file's rows.

    `number` is the newest version that has rows in them.
    """
    ordered = rows.select(list(table.layout.stored)).sort(table.layout.cluster, "version")
    for chunk in ordered.iter_slices(ROWS_PER_FILE):
        yield table.write(chunk, f"{number:08}"), chunk


def entry(layout: Layout, rows: pl.DataFrame, written: Written) -> dict[str, Any]:
    """How a version lists a data file of the table; see layout.FILE."""
    return {
        "table": layout.name,
        "path": written.path,
        "rows": written.rows,
        "size": written.size,
        "min_version": rows["version"].min(),
        "max_version": rows["version"].max(),
        "min_key": rows[layout.cluster].min(),
        "max_key": rows[layout.cluster].max(),
    }
