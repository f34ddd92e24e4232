"""A thousand rows edited at random, and saved again by what editors have: every edit back, nothing else changed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factcheck.dataset.verify import verify
from factcheck.exporters import editorial
from tests import libreoffice
from tests.pipeline.edited_workbooks import HEADERS, Newsroom, edit_at_random, rewritten, saved, texts

ROWS = 1_000


def of_openpyxl(book: Any, rng: random.Random, folder: Path) -> tuple[str, bytes]:
    return "back.xlsx", saved(book)


def of_another_program(book: Any, rng: random.Random, folder: Path) -> tuple[str, bytes]:
    return "back.xlsx", rewritten(book, rng)


def of_libreoffice(book: Any, rng: random.Random, folder: Path) -> tuple[str, bytes]:
    return libreoffice.converted(saved(book), "back.xlsx", "xlsx", folder / "office")


def csv_of_libreoffice(book: Any, rng: random.Random, folder: Path) -> tuple[str, bytes]:
    return libreoffice.converted(saved(book), "back.xlsx", libreoffice.CSV, folder / "office")


def csv_by_hand(book: Any, rng: random.Random, folder: Path) -> tuple[str, bytes]:
    file = io.StringIO(newline="")
    lines = [["" if one.value is None else str(one.value) for one in line] for line in book.worksheets[0].iter_rows()]
    csv.writer(file, delimiter=";").writerows(lines)
    return "back.csv", file.getvalue().replace("_x005F_x0041_", "_x0041_").encode("utf-8-sig")


WAYS = {way.__name__: way for way in (of_openpyxl, of_another_program, of_libreoffice, csv_of_libreoffice, csv_by_hand)}


def expected(room: Newsroom, done: dict[tuple[str, str], str], stale: set[str]) -> dict[str, dict[str, str | None]]:
    """What stands after the edits: theirs, without those of stale rows, and the proposals that approval takes over."""
    found: dict[str, dict[str, str | None]] = {}
    for (claim, field), value in done.items():
        if claim not in stale:
            row = found.setdefault(claim, dict.fromkeys(HEADERS))
            row[field] = editorial.state_of(value) if field == "state" else value.strip()
    for number, claim in enumerate(room.ids):
        row = found.get(claim, {})
        if row.get("state") in {"approved", "published"} and row["claim_reviewed"] is None and number % 2:
            row["claim_reviewed"] = f"پیشنهاد {number}"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_every_edit_of_a_thousand_rows_comes_back_and_stale_rows_are_named(tmp_path: Path, way: str) -> None:
    give: Callable[[Any, random.Random, Path], tuple[str, bytes]] = WAYS[way]
    room, rng = Newsroom(tmp_path / "desk", ROWS), random.Random(way)
    book = room.workbook()
    done = edit_at_random(book.worksheets[0], room.ids, rng, texts)
    assert len(done) > ROWS
    name, content = give(book, rng, tmp_path)
    changed = rng.sample([number for number in range(ROWS) if number % 3], 20)
    room.decide_all(changed, "disputed")
    stale = {room.ids[number] for number in changed}
    back = room.bring(content, name)
    refused = {(one.code, one.payload) for one in back.report.rejections}
    told = [one for one in back.report.rejections if one.code == "STALE_VERDICT"]
    assert len(told) == len(back.report.rejections) == sum(claim in stale for claim, _ in done), refused
    assert {claim for claim in stale if any(claim in one.reason for one in told)} == {c for c, _ in done if c in stale}
    assert sorted(one.payload or "" for one in told) == sorted(
        (editorial.state_of(value) or "") if field == "state" else value.strip()
        for (claim, field), value in done.items()
        if claim in stale
    )
    assert room.standing() == expected(room, done, stale)
    head = room.data.head
    assert back.report.version == head
    again = room.bring(content, name)
    assert (again.report.version, again.words, room.data.head) == (None, [], head)
    assert verify(room.data.uri).findings == []


RETITLED = {"Claim ID": "Code", "Page headline": "Schlagzeile", "Topic": None, "Page summary": "خلاصهٔ من", "Claim": "x"}


@pytest.mark.parametrize("way", ["of_openpyxl", "of_libreoffice"])
def test_a_column_is_known_however_it_is_titled(tmp_path: Path, way: str) -> None:
    room, rng = Newsroom(tmp_path / "desk"), random.Random(7)
    sheet = (book := room.workbook()).worksheets[0]
    done = edit_at_random(sheet, room.ids, rng, texts)
    for head in sheet[1]:
        head.value = RETITLED.get(head.value, head.value)
    sheet.insert_rows(1, 2)
    name, content = WAYS[way](book, rng, tmp_path)
    back = room.bring(content, name)
    assert back.report.rejections == []
    assert room.standing() == expected(room, done, set())


@pytest.mark.parametrize("way", ["of_another_program", "csv_of_libreoffice", "csv_by_hand"])
def test_where_no_column_has_a_name_a_strange_title_is_refused_and_nothing_is_lost(tmp_path: Path, way: str) -> None:
    room, rng = Newsroom(tmp_path / "desk"), random.Random(7)
    sheet = (book := room.workbook()).worksheets[0]
    edit_at_random(sheet, room.ids, rng, texts)
    (head,) = [head for head in sheet[1] if head.value == "Page headline"]
    head.value = "Schlagzeile"
    name, content = WAYS[way](book, rng, tmp_path)
    back = room.bring(content, name)
    (refused,) = back.report.rejections
    assert (refused.code, back.report.version, room.standing()) == ("HEADINGS", None, {})
    assert all(word in refused.reason for word in ("Page headline", "Schlagzeile"))


@pytest.mark.parametrize("way", WAYS)
def test_headings_of_two_columns_exchanged_are_refused(tmp_path: Path, way: str) -> None:
    room, rng = Newsroom(tmp_path / "desk"), random.Random(7)
    sheet = (book := room.workbook()).worksheets[0]
    at = {head.value: head.column for head in sheet[1]}
    for claim in range(2, 8):
        sheet.cell(claim, at["Page headline"]).value = f"تیتر {claim}"
    room.bring(saved(book))
    sheet = (book := room.workbook()).worksheets[0]
    sheet.cell(1, at["Page headline"]).value, sheet.cell(1, at["Topic"]).value = "Topic", "Page headline"
    name, content = WAYS[way](book, rng, tmp_path)
    (refused,) = room.bring(content, name).report.rejections
    assert refused.code == "HEADINGS"
    assert all(word in refused.reason for word in ("'Page headline'", "'Topic'"))
    assert all(row["headline"] and not row["topic"] for row in room.standing().values())
