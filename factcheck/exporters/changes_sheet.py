"""The sheet of changes, which stands first in a workbook that was asked what changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Protocol

import polars as pl

from factcheck.exporters import labels
from factcheck.exporters.as_csv import CELL_UNITS, FORMULA_OPENINGS, units
from factcheck.exporters.changes import REMOVALS
from factcheck.exporters.changes_message import why
from factcheck.languages import Language
from factcheck.text import direction_of_language

_BEGINNING: Final = 500
"""Code points of a text too long for a cell that the cell shows before it points to the sheet of long texts."""
_RIGHT, _LEFT = 2, 1
_FILLS: Final = {"removal": ("#F8CBC6", "#8A0F06"), "change": ("#FFE699", "#6B4E00"), "new": ("#C6E7CE", "#0B5A1E")}
_WIDTHS: Final = {"kind": 24, "quote": 42, "claimant": 18, "before": 18, "after": 18, "why": 36, "when": 18,
                  "version": 11, "page": 40, "claim_id": 26}  # fmt: skip


class Sheet(Protocol):
    """A worksheet of xlsxwriter and the cell formats of its workbook."""

    sheet: Any
    language: Language

    def format(self, **properties: Any) -> Any:
        """The cell format with these properties."""


def write(target: Sheet, changes: pl.DataFrame) -> list[tuple[str, str, str]]:
    """A row per change under its headings; where nothing changed it says so. Texts are texts, never formulas.

    What comes back are the texts that fit in no cell: claim id, column and text, for the sheet of long texts.
    """
    long_texts: list[tuple[str, str, str]] = []
    language = target.language
    headings = {name: labels.OF_CHANGES.get(name) or labels.COLUMNS[name] for name in _WIDTHS}
    bold = target.format(bold=True, text_wrap=True, bottom=1)
    for number, (name, width) in enumerate(_WIDTHS.items()):
        target.sheet.set_column(number, number, width)
        target.sheet.write_string(0, number, headings[name][language], bold)
    target.sheet.freeze_panes(1, 0)
    if changes.is_empty():
        target.sheet.write_string(1, 0, labels.NO_CHANGE[language], target.format())
        return long_texts
    target.sheet.autofilter(0, 0, changes.height, len(_WIDTHS) - 1)
    for row, change in enumerate(changes.iter_rows(named=True), start=1):
        for number, value in enumerate(_cells(change, language)):
            if isinstance(value, datetime):
                style = target.format(num_format="yyyy-mm-dd hh:mm", align="center")
                target.sheet.write_datetime(row, number, value.astimezone(UTC).replace(tzinfo=None), style)
            elif isinstance(value, int):
                target.sheet.write_number(row, number, value, target.format(num_format="0", align="center"))
            elif value:
                name = list(_WIDTHS)[number]
                style = target.format(**_style(name, value, change))
                if len(value) > CELL_UNITS // 2 and units(value) > CELL_UNITS:
                    long_texts.append((change["claim_id"], name, value))
                    where = f"{labels.CONTINUED[language]} «{labels.SHEET_LONG_TEXTS[language]}»"
                    value = f"{value[:_BEGINNING]} … [{where}]"  # noqa: PLW2901 - what the cell shows of it
                target.sheet.write_string(row, number, value, style)
    return long_texts


def _cells(change: dict[str, Any], language: Language) -> list[Any]:
    return [
        change["kind_label"],
        change["quote"],
        change["claimant"],
        *(change[side]["label"] if change[side] else None for side in ("before", "after")),
        why(change, language),
        change["committed_at"],
        change["version"],
        change["page"],
        change["claim_id"],
    ]


def _style(name: str, value: str, change: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"text_wrap": name not in {"page", "claim_id"}}
    if name == "kind":
        kind = change["kind"]
        paint = _FILLS["removal" if kind in REMOVALS else "new" if kind == "verdict_new" else "change"]
        properties |= {"bg_color": paint[0], "font_color": paint[1], "bold": True}
    if name in {"quote", "claimant"} and change["lang"]:
        rtl = direction_of_language(change["lang"]) == "rtl"
        properties |= {"reading_order": _RIGHT if rtl else _LEFT, "align": "right" if rtl else "left"}
    if name in {"page", "claim_id"}:
        properties["reading_order"] = _LEFT
    if value.startswith(tuple(FORMULA_OPENINGS)):
        properties["quote_prefix"] = True
    return properties
