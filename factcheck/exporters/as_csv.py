"""CSV for spreadsheets and scripts: RFC 4180, UTF-8 with BOM, and no cell that a spreadsheet would run.

A text that opens with `= + - @`, a tab, a line end or one of their full-width forms would be a formula to Excel,
LibreOffice or Sheets (CWE-1236). It gets an apostrophe before it, and so does a text that opens with an apostrophe,
so that taking one leading apostrophe off every text gives the original back: see `unguarded`. Numbers are no texts.
"""

from __future__ import annotations

import io

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
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One CSV file; times are ISO 8601 in UTC, lists have an entry a line, null is empty and "" is quoted."""
    language = profile.language or context.language
    table = columns.flattened(columns.chosen(rows, profile.table_columns(), context, language))
    texts = table.with_columns(guarded(pl.col(pl.String)))
    shown = columns.headers(table.columns, language if profile.headers == "labels" else None, profile.labels)
    buffer = io.BytesIO()
    texts.rename(dict(zip(table.columns, shown, strict=True))).write_csv(
        buffer,
        include_bom=True,  # without it Excel reads UTF-8 as the machine's old code page
        line_terminator="\r\n",
        quote_style="non_numeric",
        datetime_format=_TIME,
    )
    file = Rendered(profile.file_name(context, FORMAT.suffix), buffer.getvalue())
    return Draft([file], _notes(table, rows["claim_id"]))


def _notes(table: pl.DataFrame, claims: pl.Series) -> list[str]:
    """Which texts a spreadsheet would cut when it opens the file; in the file they are whole."""
    maybe = [(name, table[name].str.len_chars() > CELL_UNITS // 2) for name in table.select(pl.col(pl.String)).columns]
    long = [
        (claim, name)
        for name, found in maybe
        for claim, text in zip(claims.filter(found), table[name].filter(found), strict=True)
        if units(text) > CELL_UNITS
    ]
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
    """The texts as they were before `guarded`."""
    return texts.str.strip_prefix(_GUARD)


FORMAT = Format("csv", ".csv", render)
