"""Our own workbook as an editor sends it back: which cells are not any more what was shown in them. Pure.

Rows are found by their claim id and columns by `workbook_columns`, so that sheets may be sorted, filtered, cut, and
have columns moved, added or titled anew. A row that was deleted says nothing. The hidden sheet that
`exporters.editing_sheet` writes says of which dataset, version and profile the workbook is, and what was shown of each
claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from factcheck import hidden_sheet
from factcheck.importers.draft import STAGE
from factcheck.importers.workbook_columns import CLAIM_ID, COLUMN_OF, FIELDS, IS_CLAIM_ID, Shown, Table, clean, header
from factcheck.importers.xlsx_cells import Sheet
from factcheck.models import EditorialField, Rejection
from factcheck.text import storable

SHOWN: Final = pl.Schema(dict.fromkeys(hidden_sheet.SHOWN, pl.String()))
"""What a workbook showed of each claim."""


class Facts(NamedTuple):
    """Of which dataset, version and profile the workbook is; `headers` names its columns by header."""

    dataset_id: str
    version: int
    profile: str
    headers: dict[str, str]


class Edit(NamedTuple):
    """A cell that is not what was shown in it: the claim's id, the field, the words now (None: emptied), the place."""

    claim_id: str
    field: str
    value: str | None
    place: str


class Found(NamedTuple):
    """The edits, each claim and field once; what could not be taken; claims whose cell still holds the proposal."""

    edits: list[Edit]
    rejected: list[Rejection]
    proposed: set[str]


def facts(found: Sequence[Sheet]) -> tuple[Facts, pl.DataFrame] | None:
    """What the hidden sheet says, with the rows of `SHOWN`; None where there is no such sheet."""
    for sheet in found:
        corner = next((column for column, text in sheet.rows.get(1, {}).items() if text == hidden_sheet.MARK), None)
        if corner is None:
            continue
        said = {cells.get(corner, ""): cells.get(corner + 1, "") for cells in sheet.rows.values()}
        named = {key.removeprefix("column:"): value for key, value in said.items() if key.startswith("column:")}
        if not said.get("version", "").isdecimal():
            continue
        columns = {text: column for column, text in sheet.rows[1].items() if column < corner}
        rows = [
            {name: cells.get(columns[name]) for name in SHOWN if name in columns}
            for number, cells in sheet.rows.items()
            if number > 1 and IS_CLAIM_ID.fullmatch(cells.get(columns.get("claim_id", 0), ""))
        ]
        shown = pl.DataFrame(rows, schema=SHOWN, orient="row").unique("claim_id", keep="first", maintain_order=True)
        headers = {header: name for name, header in named.items()}
        return Facts(said.get("dataset_id", ""), int(said["version"]), said.get("profile", ""), headers), shown
    return None


def edits(tables: Sequence[Table], known: Shown, *, subject: str, state_of: Callable[[str], str | None]) -> Found:
    """What the tables say otherwise than was shown of each claim.

    `state_of` gives the code of a state by what a cell says. Rejections, each with the whole text of its cell:
    NO_CLAIM for words without the id of a claim, NOT_SHOWN for a claim that the workbook had not, CONTRADICTS where a
    claim stands twice with different words, UNKNOWN_STATE.
    """
    told: dict[tuple[str, str], list[Edit]] = {}
    rejected: list[Rejection] = []
    proposed: set[str] = set()
    for table in tables:
        for cell in _cells(table, subject):
            outcome = _edit(cell, known.get(cell.claim_id), state_of)
            if isinstance(outcome, Rejection):
                rejected.append(outcome)
            elif outcome is not None and outcome.value == _proposal(known[cell.claim_id], cell.field):
                proposed.add(cell.claim_id)
            elif outcome is not None:
                told.setdefault((cell.claim_id, cell.field), []).append(outcome)
    kept: list[Edit] = []
    for same in told.values():
        if len({edit.value for edit in same}) == 1:
            kept.append(same[0])
            continue
        both = " and ".join(repr(edit.value or "") for edit in same)
        why = f"{same[0].claim_id} stands here more than once, with {both}: keep one"
        rejected += [refused("CONTRADICTS", edit.place, why, edit.value) for edit in same]
    return Found(kept, rejected, proposed)


def _edit(
    cell: Edit, row: Mapping[str, str | None] | None, state_of: Callable[[str], str | None]
) -> Edit | Rejection | None:
    """What the cell says otherwise than the row showed; None where it says the same, or nothing of no claim."""
    text = cell.value
    if row is None:
        if text is None:
            return None
        if not IS_CLAIM_ID.fullmatch(cell.claim_id):
            return refused("NO_CLAIM", cell.place, "stands in a row without a claim id: put it back", text)
        why = f"is of {cell.claim_id}, a claim that this file did not have when it was made: put its own id back"
        return refused("NOT_SHOWN", cell.place, why, text)
    if cell.field == EditorialField.STATE and text is not None:
        state = state_of(text)
        if state is None:
            return refused("UNKNOWN_STATE", cell.place, f"{text!r} is no state: choose one of the list", text)
        cell = cell._replace(value=state)
    was = row[COLUMN_OF[cell.field]]
    return cell if cell.value != (clean(was) if was else None) else None


def _proposal(row: Mapping[str, str | None], field: str) -> str | None:
    """The proposal that stood in the cell of the field; "" where none did, which no cell holds."""
    words = row["proposal"]
    stood = field == EditorialField.CLAIM_REVIEWED and row["claim_reviewed"] is None and words
    return clean(words) if stood and words else ""


def refused(code: str, place: str, reason: str, text: str | None) -> Rejection:
    """A rejection that keeps the whole text: an editor's words are not to be had again."""
    payload = None if text is None else storable(text)
    return Rejection(stage=STAGE, code=code, subject=storable(place), reason=storable(reason), payload=payload)


def _cells(table: Table, subject: str) -> Iterator[Edit]:
    """Each cell that editors fill in, empty ones too, with whatever stands in the place of its row's claim id."""
    for number, cells in table.rows.items():
        claim = cells.get(table.columns[CLAIM_ID], "").strip()
        for field in FIELDS:
            if (column := table.columns.get(field)) is not None:
                place = f"{subject}, {table.name}, row {number}, {field}"
                yield Edit(claim, field, clean(cells.get(column, "")) or None, place)


def sheet_of(rows: Sequence[Sequence[str]], name: str) -> Sheet:
    """Rows of texts, of a CSV file for example, as a sheet."""
    numbered = {
        number: {column: text for column, text in enumerate(cells, start=1) if text}
        for number, cells in enumerate(rows, start=1)
    }
    return Sheet(name, numbered)


def column(sheet: Sheet, names: Mapping[str, str], name: str) -> set[str]:
    """The texts of a named column outside of the row of headings, empty cells left out."""
    head = header(sheet, names)
    columns = {column for column, own in head.named.items() if own == name}
    return {
        cells[one] for number, cells in sheet.rows.items() if number != head.number for one in columns & cells.keys()
    }
