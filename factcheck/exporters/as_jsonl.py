"""JSON Lines: one object per claim, nested and complete, for programs; the texts are the originals."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO

import polars as pl

from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile

# Valid inside JSON, but line ends to JavaScript before 2019 and to Python's splitlines.
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\u0085": "\\u0085"}


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One file with an object a line, keys in the profile's order; times are ISO 8601 with a zone, null is null."""
    made = _lines(rows, profile, context)
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), made)])


def stream(batches: Iterable[pl.DataFrame], profile: Profile, context: ExportContext, file: IO[bytes]) -> Draft:
    """The same file of batches of rows."""
    for rows in batches:
        file.write(_lines(rows, profile, context))
    return Draft()


def _lines(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> bytes:
    language = profile.language or context.language
    return encoded(columns.chosen(rows, profile.columns or columns.RECORD, context, language))


def encoded(records: pl.DataFrame) -> bytes:
    """An object a line, in UTF-8."""
    buffer = io.BytesIO()
    records.write_ndjson(buffer)
    made = buffer.getvalue()
    for char, escape in _LINE_ENDS.items():
        if char.encode() in made:
            made = made.replace(char.encode(), escape.encode())
    return made


FORMAT = Format("jsonl", ".jsonl", render, stream=stream, reads_evidence=True)
