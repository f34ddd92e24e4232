"""CSV for spreadsheets and scripts: RFC 4180, UTF-8 with BOM, and no cell that a spreadsheet would run.

A text that opens with `= + - @`, a tab, a line end or one of their full-width forms would be a formula to Excel,
LibreOffice or Sheets (CWE-1236). It gets an apostrophe before it, and so does a text that opens with an apostrophe,
so that taking one leading apostrophe off every text gives the original back: see `unguarded`. Numbers are no texts.
"""

from __future__ import annotations

import io

import polars as pl

from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Format, Rendered
from factcheck.exporters.profiles import Profile

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
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), buffer.getvalue())])


def guarded(texts: pl.Expr) -> pl.Expr:
    """The texts with an apostrophe before each that a spreadsheet would take for a formula."""
    return pl.when(texts.str.contains(_OPENS)).then(_GUARD + texts).otherwise(texts).name.keep()


def unguarded(texts: pl.Expr) -> pl.Expr:
    """The texts as they were before `guarded`."""
    return texts.str.strip_prefix(_GUARD)


FORMAT = Format("csv", ".csv", render)
