"""Which column of a sheet is which, however it is titled. Pure.

Three witnesses: the heading, the names that our workbook gives its columns (programs carry them along when a column
moves), and what was shown in a column and still stands in it. The column of claim ids is known by its ids. Where the
witnesses contradict each other, or a column of ours is gone while there is one that nobody knows, the file is refused
with the headings named: a cell read in the wrong column, or not read, would be an editor's word lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Final, NamedTuple

from factcheck.errors import Rejected
from factcheck.folding import match_key
from factcheck.importers.xlsx_cells import Sheet
from factcheck.models import EditorialField

HEADINGS: Final = "HEADINGS"
CLAIM_ID: Final = "claim_id"
FIELDS: Final = tuple(str(field) for field in EditorialField)
COLUMN_OF: Final = {field: "editorial_state" if field == EditorialField.STATE else field for field in FIELDS}
STATE_CODE: Final = "state_code"
"""A column of the codes of states, which counts where there is none of their labels."""
IS_CLAIM_ID: Final = re.compile(r"clm_[0-9a-f]{20}")
_LOOKED_AT: Final = 100
"""Rows from the top among which a heading is looked for however it is typed; below, as it was written."""
_MANY: Final = 5
"""So many columns of ours that nobody fills in make a sheet ours where none of the editors' is titled."""

Shown = Mapping[str, Mapping[str, str | None]]
"""What was shown of each claim, by its id: the columns of `hidden_sheet.SHOWN`."""


class Known(NamedTuple):
    """The columns that a file had: a column by each heading it may have, and the fields among them.

    `names` tells `CLAIM_ID`, the fields, `STATE_CODE` and, by any other word, columns that nobody fills in; of several
    headings of a column, the one it had is the last.
    """

    names: Mapping[str, str]
    had: frozenset[str]


class Table(NamedTuple):
    """A sheet's columns by field and `CLAIM_ID`, and its rows without those of headings and titles."""

    name: str
    columns: dict[str, int]
    rows: dict[int, dict[int, str]]


class _Head(NamedTuple):
    """The row of headings: its number, the texts in it, and what each is the heading of."""

    number: int
    texts: dict[int, str]
    named: dict[int, str]


def table(sheet: Sheet, shown: Shown, known: Known, state_of: Callable[[str], str | None]) -> Table | None:
    """The sheet's table; None where it is none of ours. Raises Rejected (HEADINGS) where a cell could be misread."""
    head = header(sheet, known.names)
    titled = {name for name in head.named.values() if name in FIELDS}
    others = len(set(head.named.values()) - titled)
    is_ours = others >= _MANY and others * 2 > len({name for name in known.names.values() if name not in FIELDS})
    ids = _ids(sheet, shown, head, is_ours=bool(titled) or is_ours)
    trusted = {} if ids is None or sheet.named.get(CLAIM_ID) != ids else sheet.named
    if not (titled or is_ours or trusted.keys() & known.had):
        return None
    if ids is None:
        if is_ours or len(titled) * 2 >= len(known.had):
            raise _refused(sheet, "has no column of claim ids: put it back")
        return None
    if not head.number:
        first = min(number for number, cells in sheet.rows.items() if IS_CLAIM_ID.fullmatch(cells.get(ids, "").strip()))
        above = max((number for number in sheet.rows if number < first), default=0)
        head = _Head(above, sheet.rows.get(above, {}), {})
    rows = {
        number: cells
        for number, cells in sheet.rows.items()
        if number > head.number or (number < head.number and IS_CLAIM_ID.fullmatch(cells.get(ids, "").strip()))
    }
    content = _Content(rows, ids, shown, state_of)
    columns = _Columns(sheet, head, ids, trusted, known, content).found()
    return Table(sheet.name, {CLAIM_ID: ids, **columns}, rows)


def header(sheet: Sheet, names: Mapping[str, str]) -> _Head:
    """The row with the most headings, two at least; of number 0 where there is none."""
    keys = {match_key(text): name for text, name in names.items()}
    numbers = sorted(sheet.rows)
    for lines, name_of in ((numbers[:_LOOKED_AT], lambda text: keys.get(match_key(text))), (numbers, names.get)):
        best = _Head(0, {}, {})
        for number in lines:
            cells = sheet.rows[number]
            named = {column: name for column, text in cells.items() if (name := name_of(text))}
            if len(set(named.values())) > max(1, len(set(best.named.values()))):
                best = _Head(number, cells, named)
        if best.number:
            return best
    return best


def _ids(sheet: Sheet, shown: Shown, head: _Head, *, is_ours: bool) -> int | None:
    """The column of claim ids: the one titled so where no other holds more of them."""
    held = Counter(
        column
        for cells in sheet.rows.values()
        for column, text in cells.items()
        if text.lstrip().startswith("clm_") and text.strip() in shown
    )
    most = max(held.values(), default=0)
    titled = [column for column, name in head.named.items() if name == CLAIM_ID and held[column] == most]
    found = titled or [column for column, count in held.items() if count == most]
    if len(found) > 1 and sheet.named.get(CLAIM_ID) in found:
        return sheet.named[CLAIM_ID]
    if len(found) > 1 and is_ours:
        raise _refused(sheet, f"has {len(found)} columns of claim ids: delete all but one")
    return found[0] if len(found) == 1 else None


class _Content:
    """What stands in columns of what was shown."""

    def __init__(
        self, rows: Mapping[int, Mapping[int, str]], ids: int, shown: Shown, state_of: Callable[[str], str | None]
    ) -> None:
        self.columns = {column for cells in rows.values() for column in cells} - {ids}
        self.state_of = state_of
        self.told: dict[str, list[tuple[Mapping[int, str], dict[str, str]]]] = {field: [] for field in FIELDS}
        self.counted: dict[tuple[int, str, str | None], int] = {}
        for cells in rows.values():
            row = shown.get(cells.get(ids, "").strip())
            said = {field: text for field in FIELDS if row is not None and (text := _said(row, field))}
            for field in said:
                self.told[field].append((cells, said))

    def stands(self, column: int, field: str, *, unlike: str | None = None) -> int:
        """In how many rows the column still holds what was shown of the field (and not of another one)."""
        key = (column, field, unlike)
        if key not in self.counted:
            self.counted[key] = sum(
                said.get(unlike or "") != said[field] and self._cell(cells, column, field) == said[field]
                for cells, said in self.told[field]
            )
        return self.counted[key]

    def holds(self, column: int, field: str) -> bool:
        """Whether the column holds half of what was shown of the field, and there was something."""
        return 0 < len(self.told[field]) <= self.stands(column, field) * 2

    def _cell(self, cells: Mapping[int, str], column: int, field: str) -> str | None:
        text = clean(cells.get(column, ""))
        return self.state_of(text) if field == EditorialField.STATE and text else text


class _Columns:
    """The columns of one sheet's fields, found by their witnesses."""

    def __init__(
        self, sheet: Sheet, head: _Head, ids: int, trusted: Mapping[str, int], known: Known, content: _Content
    ) -> None:
        self.sheet, self.head, self.content, self.had = sheet, head, content, known.had
        self.trusted = {field: column for field, column in trusted.items() if field in FIELDS and column != ids}
        self.own = {name: text for text, name in known.names.items()}  # the heading it had is the last of each
        self.titled: dict[str, list[int]] = {}
        for column, name in sorted(head.named.items()):
            if column != ids:
                self.titled.setdefault(name, []).append(column)
        if EditorialField.STATE not in self.titled and STATE_CODE in self.titled:
            self.titled[str(EditorialField.STATE)] = self.titled.pop(STATE_CODE)

    def found(self) -> dict[str, int]:
        columns = {field: self._one(field) for field in FIELDS}
        found = {field: column for field, column in columns.items() if column is not None}
        self._refuse_exchanged(found)
        missing = [field for field in FIELDS if field in self.had and field not in found]
        unknown = self._unknown(found)
        for field in list(missing):
            holding = [column for column in unknown if self.content.holds(column, field)]
            if len(holding) == 1 and not any(self.content.holds(holding[0], one) for one in missing if one != field):
                found[field] = holding[0]
                missing.remove(field)
                unknown.remove(holding[0])
        if missing and unknown:
            ours = " and ".join(f"'{self.own[field]}'" for field in missing)
            theirs = " and ".join(self._title(column) for column in unknown)
            what = (
                f"has no column titled {ours}, but {theirs}, which may be of it: put the heading back over its column"
            )
            raise _refused(self.sheet, f"{what}, or take out the columns that are yours")
        return found

    def _one(self, field: str) -> int | None:
        """The column by its heading and its name; None where neither tells."""
        titled = self.titled.get(field, [])
        if len(titled) > 1:
            raise _refused(self.sheet, f"has two columns titled '{self.own[field]}': delete one of them")
        by_heading = titled[0] if titled else None
        by_name = self.trusted.get(field)
        if by_name is None or by_name == by_heading:
            return by_heading
        other = self.head.named.get(by_name)
        if other is None and by_heading is None:
            return by_name
        if other is None and by_name not in self.content.columns:
            return by_heading
        if by_heading is not None and self.content.stands(by_heading, field) > self.content.stands(by_name, field):
            return by_heading
        what = f"has the title {self._title(by_name)} over the column that was '{self.own[field]}'"
        raise _refused(self.sheet, f"{what}: put its own back")

    def _refuse_exchanged(self, found: Mapping[str, int]) -> None:
        """Refuses a column that holds what was shown in another one, more than that one and more than its own."""
        stands = self.content.stands
        for field, other in permutations(FIELDS, 2):
            if field not in found or other not in {*found, *self.had}:
                continue
            strayed = stands(found[field], other, unlike=field)
            stayed = stands(found[other], other, unlike=field) if other in found else 0
            if strayed > max(stayed, stands(found[field], field, unlike=other)):
                held = f"has under '{self.own[field]}' what stood under '{self.own[other]}'"
                raise _refused(self.sheet, f"{held}: put the headings, or the words, back where they were")

    def _unknown(self, found: Mapping[str, int]) -> list[int]:
        """The columns that hold something and may be any: without a heading of ours, or with one that stands twice."""
        sure = {columns[0] for name, columns in self.titled.items() if len(columns) == 1 and name not in FIELDS}
        # A heading of claim ids over other cells says nothing of them.
        sure -= set(self.titled.get(CLAIM_ID, []))
        return sorted(self.content.columns - sure - set(found.values()))

    def _title(self, column: int) -> str:
        text = self.head.texts.get(column, "").strip()
        return f"'{text[:60]}'" if text else f"column {_letters(column)} without a heading"


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refused(sheet: Sheet, what: str) -> Rejected:
    return Rejected(HEADINGS, f"the sheet '{sheet.name}' {what}")


def clean(text: str) -> str:
    """The text as a cell keeps it: line ends as a line feed, no white space at its ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _said(row: Mapping[str, str | None], field: str) -> str | None:
    """What the cell of the field showed: the words, or else the proposal that stood there; None for nothing."""
    text = row[COLUMN_OF[field]] or (row["proposal"] if field == EditorialField.CLAIM_REVIEWED else None)
    return clean(text) or None if text else None
