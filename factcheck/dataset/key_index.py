"""Which keys a table already has, without reading the table: per data file, its sorted key hashes.

A cache: it can be thrown away at any time and is built again from the data files. A file that is not what was
written is thrown away and built again too, so a damaged index never decides what is committed.
Keys are 64-bit hashes; rows are told apart by 128 bits (key and row). Hashes are polars' own, stable within one
polars version, which therefore stands in the file's name, as does the form of the records.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.dataset import older
from factcheck.dataset.layout import Layout
from factcheck.dataset.store import name_digest
from factcheck.models import Status, Verdict, digest

FOLDER = "_index"
SMALL = 50_000
MAX_SMALL = 16
STATUSES: list[str] = [str(status) for status in Status]
VERDICTS: list[str | None] = [None, *(str(verdict) for verdict in Verdict)]

_DTYPE = np.dtype([("key", "<u8"), ("version", "<i4"), ("row", "<u8"), ("code", "<i4")])


Column = npt.NDArray[np.integer[Any]]


class Segment(NamedTuple):
    """Key hashes in order, and of each row its version, its hash and, for a verdict, what it says."""

    key: Column
    version: Column
    row: Column
    code: Column


class Index:
    """The keys of every table; `folder` is None where the dataset is in an object store (memory only)."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._segments: dict[str, list[Segment]] = {}
        self._covered: dict[str, set[str]] = {}

    def latest(self, layout: Layout, keys: pl.Series) -> pl.DataFrame:
        """For each key its newest row: `version` (0 where the key is new), `row` hash, `code`; in the keys' order."""
        asked = _key_hash(keys)
        version = np.zeros(asked.size, dtype="<i4")
        row = np.zeros(asked.size, dtype="<u8")
        code = np.zeros(asked.size, dtype="<i4")
        for segment in self._segments.get(layout.name, []):
            at = np.searchsorted(segment.key, asked, side="right") - 1
            hit = (at >= 0) & (segment.key[at] == asked)
            newer = hit & (segment.version[at] > version)
            version[newer] = segment.version[at[newer]]
            row[newer] = segment.row[at[newer]]
            code[newer] = segment.code[at[newer]]
        return pl.DataFrame({"version": version.astype("<i8"), "row": row, "code": code.astype("<i8")})

    def cover(self, layout: Layout, paths: list[str], read: Callable[[str], pl.DataFrame]) -> None:
        """Takes in the data files that the index does not know yet; `read` gives a file's rows."""
        covered = self._covered.setdefault(layout.name, set())
        for path in paths:
            if path not in covered:
                segment = self._load(layout, path)
                if segment is None:
                    self.add(layout, path, read(path))
                else:
                    self._take(layout.name, path, segment)

    def add(self, layout: Layout, path: str, frame: pl.DataFrame) -> None:
        """Takes in a data file whose rows are at hand."""
        if path in self._covered.setdefault(layout.name, set()):
            return
        segment = _segment(layout, frame)
        self._save(layout, path, segment)
        self._take(layout.name, path, segment)

    def _take(self, table: str, path: str, segment: Segment) -> None:
        self._covered[table].add(path)
        segments = self._segments.setdefault(table, [])
        segments.append(segment)
        small = [one for one in segments if one.key.size < SMALL]
        if len(small) > MAX_SMALL:
            large = [one for one in segments if one.key.size >= SMALL]
            self._segments[table] = [*large, _merged(small)]

    def _name(self, layout: Layout, path: str) -> Path | None:
        if self._folder is None:
            return None
        # What a row hash and a code mean depends on the record's columns and on the enums.
        form = digest(layout.columns, STATUSES, VERDICTS)[:8]
        return self._folder / f"{name_digest(path)}.{pl.__version__}.{form}.idx"

    def _load(self, layout: Layout, path: str) -> Segment | None:
        name = self._name(layout, path)
        if name is None:
            return None
        try:
            data = name.read_bytes()
        except OSError:
            return None
        if not intact(data):
            return None
        rows = np.frombuffer(data, dtype=_DTYPE, offset=hashlib.sha256().digest_size)
        return Segment(*(np.ascontiguousarray(rows[field]) for field in Segment._fields))

    def _save(self, layout: Layout, path: str, segment: Segment) -> None:
        name = self._name(layout, path)
        if name is None:
            return
        rows = np.empty(segment.key.size, dtype=_DTYPE)
        for field in Segment._fields:
            rows[field] = getattr(segment, field)
        data = rows.tobytes()
        temporary = name.with_suffix(f".{os.getpid()}.tmp")
        # A cache that cannot be written costs time, nothing else: no fsync, and a full disk is not an error here.
        with contextlib.suppress(OSError):
            name.parent.mkdir(exist_ok=True)
            temporary.write_bytes(hashlib.sha256(data).digest() + data)
            temporary.replace(name)


def intact(data: bytes) -> bool:
    """Whether an index file's bytes are what was written."""
    size = hashlib.sha256().digest_size
    return hashlib.sha256(data[size:]).digest() == data[:size]


def row_hash(layout: Layout, frame: pl.DataFrame) -> pl.Series:
    """A 64-bit hash of each row's own columns (not of those that only the store knows), older rows filled in."""
    columns = []
    for name in layout.columns:
        dtype = frame.schema[name]
        column = pl.col(name)
        if not isinstance(dtype, pl.List):
            columns.append(column)
            continue
        words = column.list.eval(pl.element().struct.json_encode()) if dtype.inner == pl.Struct else column
        # The length keeps ["a", "b"] and ["a\\x1fb"] apart.
        columns.extend([words.list.join("\x1f"), column.list.len().alias(f"{name}#")])
    return frame.with_columns(older.filled(layout)).select(pl.struct(columns).hash(seed=17).alias("row"))["row"]


def code_of(status: pl.Expr, verdict: pl.Expr) -> pl.Expr:
    """A verdict row's status and verdict as one small number; see `decode`."""
    return status.replace_strict(STATUSES, list(range(len(STATUSES))), return_dtype=pl.Int32) * len(VERDICTS) + (
        verdict.replace_strict(VERDICTS[1:], list(range(1, len(VERDICTS))), default=0, return_dtype=pl.Int32)
    )


def decode(code: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The status and the verdict that `code_of` packed."""
    statuses = (code // len(VERDICTS)).replace_strict(list(range(len(STATUSES))), STATUSES, return_dtype=pl.String)
    verdicts = (code % len(VERDICTS)).replace_strict(list(range(len(VERDICTS))), VERDICTS, return_dtype=pl.String)
    return statuses, verdicts


def _segment(layout: Layout, frame: pl.DataFrame) -> Segment:
    key = _key_hash(frame[layout.key])
    version = frame["version"].to_numpy().astype("<i4")
    # Articles and events never change under their id: their rows are never compared.
    compared = layout.name in {"claims", "verdicts"}
    row = row_hash(layout, frame).to_numpy() if compared else np.zeros(frame.height, dtype="<u8")
    code = np.zeros(frame.height, dtype="<i4")
    if layout.name == "verdicts":
        code = frame.select(code_of(pl.col("status"), pl.col("verdict")).alias("code"))["code"].to_numpy()
    return _sorted(Segment(key, version, row, code))


def _sorted(segment: Segment) -> Segment:
    order = np.lexsort((segment.version, segment.key))
    return Segment(*(column[order] for column in segment))


def _merged(segments: list[Segment]) -> Segment:
    return _sorted(Segment(*(np.concatenate(columns) for columns in zip(*segments, strict=True))))


def _key_hash(keys: pl.Series) -> Column:
    return keys.hash(seed=23).to_numpy()
