"""JSON Lines: one object per claim, nested and complete, for programs; the texts are the originals."""

from __future__ import annotations

import polars as pl

from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile

# Valid inside JSON, but line ends to JavaScript before 2019 and to Python's splitlines.
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\u0085": "\\u0085"}


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One file with an object a line, keys in the profile's order; times are ISO 8601 with a zone, null is null."""
    language = profile.language or context.language
    records = columns.chosen(rows, profile.columns or columns.RECORD, context, language)
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), encoded(records))])


def encoded(records: pl.DataFrame) -> bytes:
    """An object a line, in UTF-8."""
    text = records.write_ndjson()
    assert text is not None
    for char, escape in _LINE_ENDS.items():
        text = text.replace(char, escape)
    return text.encode()


FORMAT = Format("jsonl", ".jsonl", render)
