"""Cells by expressions: escapes, moments and heights, each against what says it of one cell."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.escape import unescape

from factcheck.exporters import sheet_xml, verdict_cells
from tests.exporters.export_rows import TEXTS

NONE = pl.lit("")


def test_every_character_comes_back() -> None:
    chars = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    chars += ["a_x0041_b", "_x000D_", "_x0041_x0042_", "_x005F_x005F_", "]]>"]
    frame = verdict_cells.numbered(pl.DataFrame({"text": chars}))
    cells = frame.select(sheet_xml.text("A", pl.col("text"), NONE)).to_series()
    read = [element.text for element in ET.fromstring(f"<row>{cells.str.join().item()}</row>").iter("t")]
    assert [text for text, back in zip(chars, read, strict=True) if unescape(back or "") != text] == []


@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_is_excels(moment: datetime) -> None:
    frame = verdict_cells.numbered(pl.DataFrame({"at": [moment]}, {"at": pl.Datetime("us", "UTC")}))
    cell = frame.select(sheet_xml.moment("A", pl.col("at"), NONE)).item()
    found = float(cell.partition("<v>")[2].partition("</v>")[0])
    assert abs(found - to_excel(moment.replace(tzinfo=None))) < 1e-6


@given(
    texts=st.lists(st.none() | TEXTS | st.text("ab\n", max_size=90), min_size=1, max_size=4), width=st.integers(1, 20)
)
def test_a_row_is_as_high_as_its_texts(texts: list[str | None], width: int) -> None:
    frame = pl.DataFrame({"a": texts, "b": texts}, {"a": pl.String, "b": pl.String})
    found = verdict_cells.heights(frame, [("a", width, True), ("b", width, False)])
    wanted = []
    for text in texts:
        lines = [-(-len(line) // width) or 1 for line in (text or "").split("\n")]
        wanted.append(15 * min(sum(lines), 27) if sum(lines) > 1 else None)
    assert found.to_list() == wanted


@given(number=st.integers(0, 16_383))
def test_letters_of_columns(number: int) -> None:
    from openpyxl.utils import get_column_letter

    assert sheet_xml.letters_of(number) == get_column_letter(number + 1)
