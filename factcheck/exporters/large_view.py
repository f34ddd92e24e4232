"""A view that need not fit into memory: parts on disk, each in order, read together in the order of the whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck.exporters.view import SCHEMA

BATCH = 10_000
"""Rows that are in memory at once."""
BLOCK = 1_000
"""Rows that are read from a part at once."""


class Order(NamedTuple):
    """The columns that rows are sorted by, and which of these go down; nulls come last.

    Together they have to tell any two rows apart, or rows that are equal in them may come in any order.
    """

    columns: Sequence[str]
    descending: Sequence[bool]

    def sorted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows in this order."""
        return rows.sort(self.columns, descending=list(self.descending), nulls_last=True)


OF_A_VIEW = Order(["published_at", "claim_id"], [True, False])
"""As `view` has its rows: the newest article first."""


class LargeView(NamedTuple):
    """Rows in parts on disk, each part in order; `turns` names the part that each row of the whole comes from.

    `folder` is where its parts are, and where those of a view made of it can be.
    """

    folder: Path
    parts: Sequence[Path]
    turns: pl.Series
    order: Order
    schema: pl.Schema

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.turns.len()

    def in_parts(self) -> Iterator[pl.DataFrame]:
        """Its rows, a part at a time, in no order that means anything."""
        return map(pl.read_ipc, self.parts)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Its rows in their order; one frame without rows where there are none."""
        if not self.height:
            yield pl.DataFrame(schema=self.schema)
        sources = [_Source(part) for part in self.parts]
        for at in range(0, self.height, BATCH):
            counts = self.turns.slice(at, BATCH).value_counts().sort("part").iter_rows()
            yield self.order.sorted(pl.concat([piece for part, count in counts for piece in sources[part].take(count)]))

    def whole(self) -> pl.DataFrame:
        """All of it in memory, for what cannot be made of less."""
        return pl.concat(list(self.batches()))


class _Source:
    """A part that is read from its beginning, a block at a time."""

    def __init__(self, path: Path) -> None:
        self._rows = pl.scan_ipc(path)
        self._next = 0
        self._block = self._rows.head(0).collect()

    def take(self, count: int) -> Iterator[pl.DataFrame]:
        """Its next rows, as many as asked for."""
        while count > self._block.height:
            yield self._block
            count -= self._block.height
            self._block = self._rows.slice(self._next, BLOCK).collect()
            self._next += BLOCK
        yield self._block.head(count)
        self._block = self._block.slice(count)


def large_view(
    frames: Iterable[pl.DataFrame], folder: Path, order: Order = OF_A_VIEW, schema: pl.Schema = SCHEMA
) -> LargeView:
    """The rows of the frames, each of them sorted and written to a file of its own in a new folder of `folder`."""
    place = folder / secrets.token_hex(8)
    place.mkdir(mode=0o700)
    parts: list[Path] = []
    heights: list[int] = []
    for number, frame in enumerate(frames):
        parts.append(_written(order.sorted(frame), place / f"{number}.arrow", order))
        heights.append(frame.height)
    if not parts:
        return LargeView(place, [], pl.Series("part", [], pl.UInt32), order, schema)
    # From files of their own: as columns of the rows they would keep all texts of the rows in memory.
    keys = pl.scan_ipc([_keys(part) for part in parts]).collect()
    rows = keys.select(pl.arg_sort_by(order.columns, descending=list(order.descending), nulls_last=True)).to_series()
    part_of = pl.concat([pl.repeat(number, n, dtype=pl.UInt32, eager=True) for number, n in enumerate(heights)])
    return LargeView(place, parts, part_of[rows].alias("part"), order, schema)


def _written(rows: pl.DataFrame, path: Path, order: Order) -> Path:
    rows.write_ipc(path, compression="lz4", record_batch_size=BLOCK)
    rows.select(order.columns).write_ipc(_keys(path))
    return path


def _keys(part: Path) -> Path:
    return part.with_suffix(".keys")
