"""CSV for spreadsheets and scripts: RFC 4180, UTF-8 with BOM, and no cell that a spreadsheet would run.

A text that opens with `= + - @`, a tab, a line end or one of their full-width forms would be a formula to Excel,
LibreOffice or Sheets (CWE-1236). It gets an apostrophe before it, and so does a text that opens with an apostrophe,
so that taking one leading apostrophe off every text gives the original back: see `unguarded`. Numbers are no texts.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO

import polars as pl

from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile

CELL_UNITS = 32_767
"""What a cell of Excel holds, in UTF-16 units."""
FORMULA_OPENINGS = "=+-@\t\r\n＝＋－＠"
_GUARD = "'"
_OPENS = rf"^[{_GUARD}=+\-@\t\r\n＝＋－＠]"
_GUARDED = rf"^{_GUARD}([{_GUARD}=+\-@\t\r\n＝＋－＠])"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One CSV file; times are ISO 8601 in UTC, lists have an entry a line, null is empty and "" is quoted."""
    buffer = io.BytesIO()
    notes = _write([rows], profile, context, buffer)
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), buffer.getvalue())], notes)


def stream(batches: Iterable[pl.DataFrame], profile: Profile, context: ExportContext, file: IO[bytes]) -> Draft:
    """The same file of batches of rows."""
    return Draft(notes=_write(batches, profile, context, file))


def _write(batches: Iterable[pl.DataFrame], profile: Profile, context: ExportContext, file: IO[bytes]) -> list[str]:
    language = profile.language or context.language
    long: list[tuple[str, str]] = []
    is_first = True
    for rows in batches:
        table = columns.flattened(columns.chosen(rows, profile.table_columns(), context, language))
        texts = table.with_columns(guarded(pl.col(pl.String)))
        shown = columns.headers(table.columns, language if profile.headers == "labels" else None, profile.labels)
        texts.rename(dict(zip(table.columns, shown, strict=True))).write_csv(
            file,
            include_bom=is_first,  # without it Excel reads UTF-8 as the machine's old code page
            include_header=is_first,
            line_terminator="\r\n",
            quote_style="non_numeric",
            datetime_format=_TIME,
        )
        long += _long(table, rows["claim_id"])
        is_first = False
    return _notes(long)


def _long(table: pl.DataFrame, claims: pl.Series) -> list[tuple[str, str]]:
    """Claim and column of the texts that a spreadsheet would cut when it opens the file; in the file they are whole."""
    # No text has more UTF-16 units than bytes.
    maybe = [(name, table[name].str.len_bytes() > CELL_UNITS) for name in table.select(pl.col(pl.String)).columns]
    return [
        (claim, name)
        for name, found in maybe
        for claim, text in zip(claims.filter(found), table[name].filter(found), strict=True)
        if units(text) > CELL_UNITS
    ]


def _notes(long: list[tuple[str, str]]) -> list[str]:
    if not long:
        return []
    claim, name = long[0]
    cut = f"longer than the {CELL_UNITS} characters that a cell of Excel holds, the first is {name} of {claim}"
    return [f"{len(long)} texts are {cut}; they are complete in this file, but Excel cuts them: export xlsx for Excel"]


def units(text: str) -> int:
    """The length of a text as Excel counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def guarded(texts: pl.Expr) -> pl.Expr:
    """The texts with an apostrophe before each that a spreadsheet would take for a formula."""
    return pl.when(texts.str.contains(_OPENS)).then(_GUARD + texts).otherwise(texts).name.keep()


def unguarded(texts: pl.Expr) -> pl.Expr:
    """The texts as they were before `guarded`; an apostrophe that it did not put there stays."""
    return texts.str.replace(_GUARDED, "${1}")


FORMAT = Format("csv", ".csv", render, stream=stream, reads_evidence=True)
