"""What does not fit where people open it, and evidence that is not an address: whole somewhere, and said."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest

from factcheck.exporters import Exported, Profile, render
from factcheck.exporters.as_csv import CELL_UNITS
from tests.exporters.export_rows import CONTEXT, row, rows

LONG = "متن بلند\u200cتر 🙂 " * 5_000
URL = "https://news.example.com/" + "a" * 2_100


def exported(profile: str, **values: Any) -> Exported:
    return render(rows(row(**values)), profile, CONTEXT)


def csv_row(done: Exported) -> dict[str, str]:
    text = done.files[0].content.decode("utf-8-sig")
    before = csv.field_size_limit(10_000_000)
    try:
        return next(csv.DictReader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(before)


def test_a_long_text_and_a_long_address_are_whole_in_csv_and_said() -> None:
    done = exported("csv", rationales=[LONG], url=URL)
    assert csv_row(done)["rationales"] == LONG
    assert csv_row(done)["url"] == URL
    assert [note for note in done.notes if "longer than the 32767 characters" in note and "rationales of clm_" in note]
    assert not [note for note in exported("csv", rationales=["a" * CELL_UNITS]).notes if "32767" in note]
    assert [note for note in exported("csv", rationales=["🙂" * (CELL_UNITS // 2 + 1)]).notes if "32767" in note]


def test_a_long_text_and_a_long_address_are_whole_in_xlsx_and_said() -> None:
    done = exported("xlsx", rationales=[LONG], url=URL)
    book = openpyxl.load_workbook(io.BytesIO(done.files[0].content))
    main, long_texts = book.worksheets[0], book.worksheets[1]
    pieces = [line[3] for line in long_texts.iter_rows(min_row=2, values_only=True)]
    assert "".join(str(piece) for piece in pieces) == LONG
    cells = [cell for line in main.iter_rows() for cell in line]
    assert all(len(str(cell.value or "")) <= CELL_UNITS for cell in cells)
    assert [cell.hyperlink for cell in cells if cell.value == URL] == [None]
    assert [cell for cell in cells if str(cell.value).startswith(LONG[:100]) and "«" in str(cell.value)]
    assert len(done.notes) == 2


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "jsonl", "parquet", "claimreview"])
def test_evidence_that_is_no_address_is_kept_as_text_and_said(format_name: str) -> None:
    evidence = ["https://stats.example/1", "کتاب آمار، ص ۱۲", "javascript:alert(1)", "https://[x]/", "report.pdf"]
    done = exported(format_name, evidence=evidence)
    (said,) = [note for note in done.notes if "evidence" in note]
    assert "4 evidence entries" in said
    assert "کتاب آمار" in said
    assert not [note for note in exported(format_name, evidence=evidence[:1]).notes if "evidence" in note]
    if format_name == "csv":
        assert csv_row(done)["evidence"].split("\n") == evidence
    if format_name == "jsonl":
        assert json.loads(done.files[0].content.decode().splitlines()[0])["evidence"] == evidence
    if format_name == "claimreview":
        assert "a ClaimReview cites only addresses" in said
        assert b"javascript" not in b"".join(file.content for file in done.files)


def test_an_export_that_shows_no_evidence_says_nothing_of_it() -> None:
    profile = Profile(name="quotes", format="csv", columns=["quote"])
    assert render(rows(row(evidence=["a book"])), profile, CONTEXT).notes == []
