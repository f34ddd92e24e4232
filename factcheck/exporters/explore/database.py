"""The edge that writes the SQLite file: slice by slice, so that memory does not grow with the claims.

The same rows give the same bytes: one transaction, rows in order, no journal, and the two counters of the header that
tell how a file came to be are set to what a new file has.
"""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from factcheck import fs
from factcheck.exporters.explore import schema, search
from factcheck.exporters.flat_tables import Tables
from factcheck.folding import match_key
from factcheck.text import ZWNJ

_HEADER: Final = {24: 1, 92: 1, 96: 3_037_000}
"""Bytes of the file's header, each a number of four bytes: how often it was changed, for which change the next one
counts, and which library wrote it last (https://www.sqlite.org/fileformat.html, 1.3)."""
_ID: Final = int.from_bytes(b"fact", "big")
"""What `file` and others know it by."""


def write(path: Path, slices: Iterable[Tables], history: pl.DataFrame, about: Mapping[str, str]) -> None:
    """Writes the file at a path where nothing is yet; it is on disk when this returns.

    `slices` are the tables of some claims each, at least one, whose status histories are not read: that is `history`.
    Raises OSError where the disk fails or is full.
    """
    with _as_a_file(path), contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        for setting in ("page_size = 4096", "journal_mode = off", "synchronous = off", f"application_id = {_ID}"):
            base.execute(f"pragma {setting}")
        base.execute("begin")
        claims = _rows(base, slices)
        _insert(base, "status_history", schema.plain(history))
        base.executemany("insert into folding values (?, ?)", search.folding())
        base.executemany("insert into about values (?, ?)", about.items())
        _run(base, schema.indexes(claims))
        base.execute("insert into claims_search (claims_search) values ('optimize')")
        base.execute("commit")
        base.execute("analyze")
    with path.open("r+b") as file:
        for place, number in _HEADER.items():
            file.seek(place)
            file.write(number.to_bytes(4, "big"))
    fs.sync([path])


@contextlib.contextmanager
def _as_a_file(path: Path) -> Iterator[None]:
    """What SQLite says of the disk, as whoever writes other files says it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(path)) from error


def _rows(base: sqlite3.Connection, slices: Iterable[Tables]) -> Mapping[str, pl.DataType]:
    """Puts the claims and what belongs to them into the tables, made by the first slice; the claims' columns."""
    claims: Mapping[str, pl.DataType] = {}
    number = 0
    words, marks = ", ".join(("rowid", *schema.SEARCHED, "parts")), ", ".join("?" * (len(schema.SEARCHED) + 2))
    for part in slices:
        if not claims:
            claims = part.verdicts.schema
            _run(base, schema.tables(claims))
        numbered = part.verdicts.with_columns(number=pl.int_range(number + 1, number + 1 + part.verdicts.height))
        _insert(base, "claims", schema.plain(numbered))
        _insert(base, "appearances", schema.plain(part.appearances))
        _insert(base, "evidence", part.evidence)
        base.executemany(f"insert into claims_search ({words}) values ({marks})", _words(numbered))  # noqa: S608 - ours
        number += part.verdicts.height
    return claims


def _words(claims: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """The number of each claim, its folded words, and `parts`: those of words with a ZWNJ, which many type as a space.

    None of a column that the profile leaves out.
    """
    there = [pl.col(name) if name in claims.columns else pl.lit("").alias(name) for name in schema.SEARCHED]
    for number, *texts in claims.select("number", *there).iter_rows():
        found = [text or "" for text in texts]
        parted = " ".join(text for text in found if ZWNJ in text).replace(ZWNJ, " ")
        yield (number, *map(match_key, found), match_key(parted))


def _insert(base: sqlite3.Connection, table: str, frame: pl.DataFrame) -> None:
    names, marks = ", ".join(frame.columns), ", ".join("?" * frame.width)
    for part in frame.iter_slices(10_000):
        base.executemany(f"insert into {table} ({names}) values ({marks})", part.iter_rows())  # noqa: S608 - our names


def _run(base: sqlite3.Connection, statements: str) -> None:
    """Each statement; `executescript` would end the transaction."""
    for statement in statements.split(";\n"):
        if statement.strip():
            base.execute(statement)
