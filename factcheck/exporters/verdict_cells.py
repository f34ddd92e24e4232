"""The cells of a sheet of verdicts by expressions: what stands in each, how it looks, and how high its row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.days import is_bare
from factcheck.exporters import columns, sheet_xml
from factcheck.exporters.as_csv import FORMULA_OPENINGS
from factcheck.exporters.sheet_xml import NUMBER
from factcheck.models import Status, Verdict
from factcheck.text import direction_of_language

WRAPPED: Final = frozenset({"verdict_label", "status_label", "publisher", "published_on", "decided_on"})
IN_CLAIMS_LANGUAGE: Final = frozenset({"quote", "claimant", "title"})
FILLS: Final[Mapping[str, tuple[str, str]]] = {
    Verdict.VERIFIED: ("#C6E7CE", "#0B5A1E"),
    Verdict.DISPUTED: ("#F8CBC6", "#8A0F06"),
    Verdict.OPINION: ("#D6E4F5", "#123F73"),
    Status.CONTESTED: ("#FFE699", "#6B4E00"),
}
"""Cell and letter of a verdict or status; the words say the same, so that a print without colours reads as well."""
_PAINTED: Final = {"verdict_label": "verdict", "status_label": "status"}
_RIGHT, _LEFT = 2, 1  # values of Excel's readingOrder; 0 leaves it to the first strong letter of the cell
_LINE, _MOST_LINES = 15, 27
"""Points of one line, and how many lines the highest row (409 points) shows."""
_FORMULA: Final = f"^[{re.escape(FORMULA_OPENINGS)}]"
_AT_ONCE: Final = 8_192
Look = dict[str, Any]
"""Properties of a cell's format."""


class Cell(NamedTuple):
    """How a column's cells look: by the number in the frame's column `code`, the place among the sheet's formats."""

    name: str
    letters: str
    code: str
    looks: dict[int, int]
    kind: str
    """text, number, moment or own: an editor's, which is there without a text too."""


def look_of_texts(name: str, rows: pl.DataFrame, *, wrapped: bool) -> list[tuple[pl.Expr, list[Look]]]:
    """What a text cell's look depends on: for each a column of numbers, and the properties that each number means.

    The frame has the claim's `about_lang`, `about_verdict` and `about_status`.
    """
    text = pl.col(name)
    wraps = pl.lit(1) if wrapped else text.str.contains("\n", literal=True).cast(pl.Int64)
    found: list[tuple[pl.Expr, list[Look]]] = [(wraps, [{"text_wrap": False}, {"text_wrap": True}])]
    found.append((text.str.contains(_FORMULA).cast(pl.Int64), [{}, {"quote_prefix": True}]))
    if name in _PAINTED:
        of = pl.col(f"about_{_PAINTED[name]}").fill_null("")
        numbers = {str(key): number for number, key in enumerate(FILLS, start=1)}
        paints = [{"bg_color": cell, "font_color": letter, "bold": True} for cell, letter in FILLS.values()]
        found.append((of.replace_strict(numbers, default=0, return_dtype=pl.Int64), [{}, *paints]))
    if name in IN_CLAIMS_LANGUAGE:
        langs = [lang for lang in rows["lang"].unique() if lang]
        numbers = {lang: 2 if direction_of_language(lang) == "rtl" else 1 for lang in langs} or {"": 0}
        sides = [{}, {"reading_order": _LEFT, "align": "left"}, {"reading_order": _RIGHT, "align": "right"}]
        code = pl.col("about_lang").fill_null("").replace_strict(numbers, default=0, return_dtype=pl.Int64)
        found.append((code, sides))
    return found


def coded(parts: Sequence[tuple[pl.Expr, list[Look]]]) -> tuple[pl.Expr, dict[int, Look]]:
    """One number for all that a look depends on, and the look of each number."""
    code, step = pl.lit(0), 1
    looks: dict[int, Look] = {0: {}}
    for expr, choices in parts:
        code += expr * step
        looks = {
            number + step * place: look | more for number, look in looks.items() for place, more in enumerate(choices)
        }
        step *= len(choices)
    return code, looks


def look_of_moments(name: str, rows: pl.DataFrame) -> tuple[pl.Expr, dict[int, Look]]:
    """A day without a time shows none."""
    looks: dict[int, Look] = {
        number: {"num_format": form, "align": "center"}
        for number, form in enumerate(("yyyy-mm-dd hh:mm", "yyyy-mm-dd"))
    }
    if name != "published_at":
        return pl.lit(0), looks
    midnight = (
        rows.select("published_at", "published_raw")
        .with_row_index("row")
        .filter(pl.col("published_at").dt.time() == pl.time(0))
    )
    bare = [row for row, day, raw in midnight.iter_rows() if is_bare(day, raw)]
    return pl.int_range(pl.len()).is_in(pl.Series(bare, dtype=pl.Int64).implode()).cast(pl.Int64), looks


def look_of_numbers(name: str) -> Look:
    """A share has two places behind the point."""
    return {"num_format": "0.00" if columns.TYPES[name] == pl.Float64 else "0", "align": "center"}


def heights(table: pl.DataFrame, wide: Sequence[tuple[str, int, bool]]) -> pl.Series:
    """Points of each row, null for a line: as high as the texts that wrap.

    `wide` are names of text columns, their widths in characters and whether all their texts wrap, or only those of
    several lines.
    """
    # LibreOffice opens every row one line high, whatever wraps in it, unless its height is written down.
    lines = [_lines(name, width, always=always) for name, width, always in wide]
    most = pl.max_horizontal([*lines, pl.lit(1, pl.Int64)]) if lines else pl.lit(1, pl.Int64)
    points = pl.when(most > 1).then(pl.min_horizontal(most, pl.lit(_MOST_LINES)) * _LINE)
    return table.select(points=points.cast(pl.Int64))["points"] if table.height else pl.Series([], dtype=pl.Int64)


def _lines(name: str, width: int, *, always: bool) -> pl.Expr:
    text = pl.col(name)
    several = text.str.contains("\n", literal=True)
    pieces = pl.when(several).then(text).str.split("\n")
    summed = pieces.list.eval(_height(pl.element(), width)).list.sum()
    return pl.when(several).then(summed).otherwise(_height(text, width) if always else pl.lit(1, pl.Int64))


def _height(text: pl.Expr, width: int) -> pl.Expr:
    return ((text.str.len_chars().cast(pl.Int64) + (width - 1)) // width).clip(lower_bound=1)


def parts(frame: pl.DataFrame, cells: Sequence[Cell], styles: Mapping[str, dict[int, str]]) -> Iterator[pl.Series]:
    """The rows of the sheet without their ends, so many at once; `styles` are attributes by column and code.

    The frame has the cells' columns and codes, `height`, and NUMBER.
    """
    made = [_xml(cell, styles[cell.name]) for cell in cells]
    for part in frame.iter_slices(_AT_ONCE):
        yield part.select(row=sheet_xml.row(made, pl.col("height"))).to_series()


def _xml(cell: Cell, styles: dict[int, str]) -> pl.Expr:
    value = pl.col(cell.name)
    none = pl.lit(None, pl.String)
    style = pl.col(cell.code).replace_strict(styles, default=None, return_dtype=pl.String) if styles else none
    if cell.kind == "moment":
        return sheet_xml.moment(cell.letters, value, style)
    if cell.kind == "number":
        return sheet_xml.number(cell.letters, value, style)
    written = sheet_xml.text(cell.letters, value, style)
    return pl.coalesce(written, sheet_xml.blank(cell.letters, style)) if cell.kind == "own" else written


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the numbers that its rows have on a sheet, under one row of headers."""
    return frame.with_columns(pl.int_range(2, pl.len() + 2).alias(NUMBER))
