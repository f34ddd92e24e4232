"""A column is read as what it is or the file is refused: whatever people do to headings, no cell is lost or misread."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from factcheck.errors import Rejected
from factcheck.exporters.editing_sheet import header_names
from factcheck.exporters.editorial import state_of
from factcheck.importers.workbook_columns import FIELDS, Known, Table, clean, table
from factcheck.importers.xlsx_cells import Sheet

TITLES = {
    "quote": "Claim",
    "claim_reviewed": "Claim in our words",
    "headline": "Page headline",
    "summary": "Page summary",
    "topic": "Topic",
    "page_url": "Page address",
    "state": "Editorial state",
    "url": "Link",
    "claim_id": "Claim ID",
    "dataset_version": "Dataset version",
}
PERSIAN = {"headline": "تیتر صفحه", "claim_id": "شناسهٔ ادعا", "state": "وضعیت انتشار"}
KNOWN = Known(
    header_names("en") | {text: name if name in {*FIELDS, "claim_id"} else f"column {name}"
                          for name, text in TITLES.items()},
    frozenset(FIELDS),
)  # fmt: skip
IDS = [f"clm_{number:020x}" for number in range(8)]
Row = dict[str, str | None]


@dataclass
class Column:
    """A column as it lies: what it is, its title now, and its cells by claim."""

    origin: str | None
    title: str
    cells: dict[str, str] = field(default_factory=dict)


def shown_at_random(rng: random.Random, share: float) -> dict[str, Row]:
    """What a workbook showed: each text of a field once, a share of the cells filled."""
    found = {}
    for claim in IDS:
        row: Row = {name: f"{name} of {claim[-1]}" if rng.random() < share else None for name in FIELDS}
        row["editorial_state"] = rng.choice(["draft", "approved"]) if row.pop("state") else None
        row["proposal"] = None if row["claim_reviewed"] or rng.random() < 0.5 else f"proposal {claim[-1]}"
        found[claim] = {"claim_id": claim, **row}
    return found


def sheet_of(shown: dict[str, Row], rng: random.Random, edits: float) -> list[Column]:
    """The columns as they were written, with a share of the editors' cells edited since."""
    columns = []
    for name, title in TITLES.items():
        column = Column(name, title)
        for claim, row in shown.items():
            if name in FIELDS:
                key = "editorial_state" if name == "state" else name
                text = row[key] or (row["proposal"] if name == "claim_reviewed" else None)
                if rng.random() < edits:
                    text = "published" if name == "state" else f"new {name} {rng.randrange(99)}"
            else:
                text = {"claim_id": claim, "dataset_version": "3"}.get(name, f"{name} {claim}")
            if text:
                column.cells[claim] = text
        columns.append(column)
    return columns


def written(columns: list[Column], rng: random.Random, *, named: bool, top: int) -> Sheet:
    """The sheet, its rows in any order and some of them deleted, with names that went along with the columns."""
    rows: dict[int, dict[int, str]] = {1: {1: "For Sunday"}} if top > 1 else {}
    rows[top] = {number: column.title for number, column in enumerate(columns, 1) if column.title}
    order = rng.sample(IDS, rng.randint(4, len(IDS)))
    for line, claim in enumerate(order, top + 1):
        rows[line] = {number: column.cells[claim] for number, column in enumerate(columns, 1) if claim in column.cells}
    names = {
        column.origin: number
        for number, column in enumerate(columns, 1)
        if column.origin in {*FIELDS, "claim_id"}
    }  # fmt: skip
    return Sheet("Verdicts", rows, {str(name): number for name, number in names.items()} if named else {})


def retitled(column: Column, rng: random.Random) -> None:
    own = TITLES.get(column.origin or "", "")
    column.title = rng.choice(
        [
            "",
            "Überschrift",
            f"  {own}\u00a0",
            own.upper(),
            PERSIAN.get(column.origin or "", own),
            f"{own} (new)",
            "Title",
        ]
    )


def changed(columns: list[Column], rng: random.Random, *, exchanges: bool) -> list[Column]:
    """What people do to columns: move, add, delete, title anew and, where `exchanges`, give them others' titles."""
    for _ in range(rng.randint(1, 4)):
        what = rng.choice(["move", "add", "delete", "retitle", "retitle", *(["exchange", "copy"] if exchanges else [])])
        column = rng.choice(columns)
        if what == "move":
            columns.remove(column)
            columns.insert(rng.randrange(len(columns) + 1), column)
        elif what == "add":
            cells = {claim: f"note {rng.randrange(99)}" for claim in IDS if rng.random() < 0.5}
            columns.insert(rng.randrange(len(columns) + 1), Column(None, rng.choice(["Notes", "", "Title"]), cells))
        elif what == "delete" and column.origin != "claim_id":
            columns.remove(column)
        elif what == "retitle":
            retitled(column, rng)
        elif what == "exchange":
            other = rng.choice(columns)
            column.title, other.title = other.title, column.title
        elif what == "copy":
            rng.choice(columns).title = column.title
    return columns


def read(found: Table, columns: list[Column]) -> dict[str, str | None]:
    """Of which column each field was read."""
    return {name: columns[found.columns[name] - 1].origin for name in FIELDS if name in found.columns}


def holding(columns: list[Column], claims: set[str]) -> set[str]:
    """The editors' columns that are there and have something in a row."""
    return {str(one.origin) for one in columns if one.origin in FIELDS and one.cells.keys() & claims}


def outcome(sheet: Sheet, shown: dict[str, Row]) -> Table | None:
    """The table; None where the file was refused, as it should be refused."""
    found, error = None, None
    try:
        found = table(sheet, shown, KNOWN, state_of)
    except Rejected as refused:
        error = refused
    event("read" if error is None else "refused")
    assert found is not None or (
        error is not None and (error.reason_code, "Verdicts" in error.what) == ("HEADINGS", True)
    )
    return found


@settings(max_examples=400)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0, 0.3, 1]), top=st.integers(1, 3))
def test_columns_that_carry_their_names_are_read_as_what_they_are_or_the_file_is_refused(
    seed: int, share: float, top: int
) -> None:
    rng = random.Random(seed)
    shown = shown_at_random(rng, share)
    columns = changed(sheet_of(shown, rng, 0.3), rng, exchanges=True)
    # A column that somebody added under a title of ours, where ours is gone, is what its title says.
    assume(not any(one.origin is None and one.title in TITLES.values() for one in columns))
    sheet = written(columns, rng, named=True, top=top)
    if found := outcome(sheet, shown):
        told = read(found, columns)
        assert all(name == origin for name, origin in told.items())
        assert holding(columns, {row[found.columns["claim_id"]] for row in found.rows.values()}) <= told.keys()


@settings(max_examples=400)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0, 0.3, 1]), top=st.integers(1, 3))
def test_columns_without_names_are_read_as_what_they_are_or_the_file_is_refused(
    seed: int, share: float, top: int
) -> None:
    rng = random.Random(seed)
    shown = shown_at_random(rng, share)
    columns = changed(sheet_of(shown, rng, 0.3), rng, exchanges=False)
    sheet = written(columns, rng, named=False, top=top)
    if found := outcome(sheet, shown):
        told = read(found, columns)
        assert all(name == origin for name, origin in told.items())
        assert holding(columns, {row[found.columns["claim_id"]] for row in found.rows.values()}) <= told.keys()


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), pair=st.permutations(FIELDS), named=st.booleans())
def test_headings_that_were_exchanged_are_noticed_by_what_stands_under_them(
    seed: int, pair: list[str], named: bool
) -> None:
    rng = random.Random(seed)
    shown = shown_at_random(rng, 1)
    columns = sheet_of(shown, rng, 0.2)
    one, other = (next(column for column in columns if column.origin == name) for name in pair[:2])
    one.title, other.title = other.title, one.title
    sheet = written(columns, rng, named=named, top=1)
    ids = [row[9] for number, row in sheet.rows.items() if number > 1]
    assume(all(any(column.cells.get(claim) == _told(shown[claim], str(column.origin)) for claim in ids)
               for column in (one, other)))  # fmt: skip
    with pytest.raises(Rejected) as refused:
        table(sheet, shown, KNOWN, state_of)
    assert TITLES[pair[0]] in refused.value.what or TITLES[pair[1]] in refused.value.what


def _told(row: Row, name: str) -> str | None:
    return row["editorial_state" if name == "state" else name]


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), named=st.booleans(), share=st.sampled_from([0, 0.5]))
def test_moved_added_sorted_translated_and_spaced_columns_are_never_refused(
    seed: int, named: bool, share: float
) -> None:
    rng = random.Random(seed)
    shown = shown_at_random(rng, share)
    columns = sheet_of(shown, rng, 0.3)
    rng.shuffle(columns)
    for column in columns:
        own = column.title
        column.title = rng.choice([own, f" {own}\t", own.lower(), PERSIAN.get(column.origin or "", own)])
    columns.insert(rng.randrange(len(columns)), Column(None, "Notes", dict.fromkeys(IDS, "mine")))
    found = table(written(columns, rng, named=named, top=2), shown, KNOWN, state_of)
    assert found is not None
    assert read(found, columns) == {name: name for name in FIELDS}


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_titles_say_named_columns_are_read_where_no_title_is_of_another(seed: int) -> None:
    rng = random.Random(seed)
    shown = shown_at_random(rng, 0.3)
    columns = sheet_of(shown, rng, 0.3)
    for number, column in enumerate(columns):
        column.title = rng.choice(["", f"Spalte {number}"])
    rng.shuffle(columns)
    found = table(written(columns, rng, named=True, top=1), shown, KNOWN, state_of)
    assert found is not None
    assert read(found, columns) == {name: name for name in FIELDS}
    assert len(found.rows) >= 4


def small(**titles: str) -> tuple[Sheet, dict[str, Row]]:
    """A sheet without names in which only headlines stand, with these titles."""
    shown: dict[str, Row] = {
        claim: {"claim_id": claim, **dict.fromkeys(FIELDS), "editorial_state": None, "proposal": None}
        for claim in IDS[:2]
    }
    shown[IDS[0]]["headline"] = "stood here"
    heads = TITLES | titles
    at = {name: number for number, name in enumerate(heads, 1)}
    rows = {1: {at[name]: text for name, text in heads.items() if text}}
    rows[2] = {at["claim_id"]: IDS[0], at["headline"]: "stood here", at["topic"]: "new"}
    rows[3] = {at["claim_id"]: IDS[1], at["headline"]: "new", at["dataset_version"]: "3"}
    return Sheet("Verdicts", rows), shown


def test_a_column_in_which_what_was_shown_still_stands_is_known_without_title_or_name() -> None:
    sheet, shown = small(headline="Schlagzeile")
    found = table(sheet, shown, KNOWN, state_of)
    assert found is not None
    assert found.columns["headline"] == 3


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        ({"topic": "Sujet"}, ["'Topic'", "'Sujet'"]),
        ({"topic": ""}, ["'Topic'", "column E without a heading"]),
        ({"topic": "Title"}, ["'Topic'", "'Title'"]),
        ({"topic": "Page headline"}, ["two columns titled 'Page headline'"]),
        ({"topic": "Claim"}, ["'Topic'", "'Claim'"]),
        ({"headline": "Topic", "topic": "Page headline"}, ["'Topic'", "'Page headline'"]),
        ({"headline": "Topic", "topic": "x"}, ["'Topic'", "'Page headline'"]),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_headings_named(titles: dict[str, str], told: list[str]) -> None:
    sheet, shown = small(**titles)
    with pytest.raises(Rejected) as refused:
        table(sheet, shown, KNOWN, state_of)
    assert all(text in refused.value.what for text in told), refused.value.what


def test_a_heading_that_was_sorted_into_the_rows_costs_no_row() -> None:
    sheet, shown = small()
    rows = {1: sheet.rows[2], 2: sheet.rows[1], 3: sheet.rows[3]}
    found = table(Sheet("Verdicts", rows), shown, KNOWN, state_of)
    assert found is not None
    assert sorted(found.rows) == [1, 3]
    deep: dict[int, dict[int, str]] = {number: {1: "x"} for number in range(4, 400)}
    found = table(
        Sheet("Verdicts", deep | {1: sheet.rows[2], 2: sheet.rows[3], 400: sheet.rows[1]}), shown, KNOWN, state_of
    )
    assert found is not None
    assert sorted(found.rows) == [1, 2]


def test_sheets_that_are_not_ours_are_left_alone() -> None:
    _, shown = small()
    rows: dict[str, dict[int, dict[int, str]]] = {
        "empty": {},
        "changes": {1: {1: "What changed", 2: "Claim", 3: "Claim ID"}, 2: {3: IDS[0]}},
        "notes": {1: {1: "Topic", 2: "Notes"}, 2: {1: "x"}},
        "twice": {1: {1: IDS[0], 2: IDS[0]}},
    }
    assert [table(Sheet(name, cells), shown, KNOWN, state_of) for name, cells in rows.items()] == [None] * 4


def test_a_table_without_claim_ids_is_refused() -> None:
    sheet, shown = small()
    rows = {number: {at: text for at, text in cells.items() if at != 9} for number, cells in sheet.rows.items()}
    with pytest.raises(Rejected, match="no column of claim ids"):
        table(Sheet("Verdicts", rows), shown, KNOWN, state_of)
    both: dict[int, Any] = {number: cells | {12: cells[9]} for number, cells in sheet.rows.items()}
    with pytest.raises(Rejected, match="2 columns of claim ids"):
        table(Sheet("Verdicts", both), shown, KNOWN, state_of)


def test_line_ends_and_white_space_at_the_ends_are_no_edit() -> None:
    assert clean(" a\r\nb\rc \n") == "a\nb\nc"
