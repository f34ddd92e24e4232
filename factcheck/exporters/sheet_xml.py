"""Rows of a worksheet as XML (ECMA-376, SpreadsheetML) by expressions: texts stand in their cells, as texts.

A piece is null where there is nothing: an empty cell is no element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

NUMBER: Final = "__number"
"""The row's number on the sheet, from 1, in the frames that rows are made of."""
_LITERAL: Final = r"_(x[0-9a-fA-F]{4})"
"""What looks like an escape of Excel's (ST_Xstring) and is a text; the end of one may begin the next."""
_ESCAPES: Final = {
    **{chr(code): f"_x{code:04X}_" for code in (*range(9), *range(0x0B, 0x20), 0xFFFE, 0xFFFF)},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
}
_DAY: Final = 86_400_000_000
_UNIX: Final = 25_568
"""Days from the last of 1899, which is Excel's day 0, to the first of 1970."""
_NO_LEAP_DAY: Final = 60
"""Excel has a 29th of February 1900; days behind it are counted one on."""


def text(column: str, value: pl.Expr, style: pl.Expr) -> pl.Expr:
    """A cell with the text; `style` is its attribute (` s="3"`), `column` the letters of the sheet's column."""
    escaped = value.str.replace_all(_LITERAL, "_x005F_${1}").str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    opening = ' t="inlineStr"><is><t xml:space="preserve">'
    return pl.concat_str(*_place(column), style, pl.lit(opening), escaped, pl.lit("</t></is></c>"))


def number(column: str, value: pl.Expr, style: pl.Expr) -> pl.Expr:
    """A cell with the number."""
    return pl.concat_str(*_place(column), style, pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>"))


def moment(column: str, value: pl.Expr, style: pl.Expr) -> pl.Expr:
    """A cell with the moment, which is in UTC, as Excel counts it."""
    days = value.dt.timestamp("us") / _DAY + _UNIX
    return number(column, days + (days >= _NO_LEAP_DAY).cast(pl.Int64), style)


def blank(column: str, style: pl.Expr) -> pl.Expr:
    """A cell that has a style and nothing in it."""
    return pl.concat_str(*_place(column), style, pl.lit("/>"))


def row(cells: Sequence[pl.Expr], height: pl.Expr | None = None) -> pl.Expr:
    """A row without its end; `height` in points, null where the sheet's own is enough."""
    parts = [pl.lit('<row r="'), pl.col(NUMBER).cast(pl.String)]
    if height is not None:
        parts.append(pl.concat_str(pl.lit('" ht="'), height.cast(pl.String), pl.lit('" customHeight="1')))
    return pl.concat_str(*parts, pl.lit('">'), *cells, ignore_nulls=True)


def _place(column: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return pl.lit(f'<c r="{column}'), pl.col(NUMBER).cast(pl.String), pl.lit('"')


def letters_of(number: int) -> str:
    """The letters of a column, from 0."""
    letters = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        letters, number = chr(ord("A") + rest) + letters, number - 1
    return letters
