"""The cells of an XLSX file as texts: what stands in them, never what a formula would make of it.

Read are the parts of ECMA-376 that Excel, LibreOffice and Sheets write: shared and inline strings, numbers, dates as
serial days of either calendar, formulas as their text. Cells are sparse, so a cell far down costs one cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import IO, Any, Final, NamedTuple

from factcheck import hidden_sheet
from factcheck.errors import Rejected

MOST_BYTES: Final = 1_000_000_000
"""Of all parts unpacked: about what a million rows take."""
_LAST_COLUMN: Final = 16_384
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NAMED: Final = re.compile(r"(?:'((?:[^']|'')*)'|([^'!]+))!\$?([A-Z]{1,3})(?:\$?[0-9]+)?(?::\$?\3(?:\$?[0-9]+)?)?")
"""One column, or cells of one, of a sheet."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_DATES: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


NOT_A_WORKBOOK: Final = "NOT_A_WORKBOOK"


class Sheet(NamedTuple):
    """One sheet: its rows by number from 1, each a text by column from 1; empty cells are not there.

    `named` are the columns that the file calls by a name of ours (`hidden_sheet.PREFIX`), without the prefix.
    """

    name: str
    rows: dict[int, dict[int, str]]
    named: Mapping[str, int] = MappingProxyType({})


def sheets(data: bytes) -> list[Sheet]:
    """The sheets in their order, hidden ones too. Raises Rejected (NOT_A_WORKBOOK) where the bytes are none."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise Rejected(NOT_A_WORKBOOK, f"unpacks to more than {MOST_BYTES:,} bytes")
            return list(_Package(archive).sheets())
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise Rejected(NOT_A_WORKBOOK, f"cannot be unpacked ({error})") from error
    except (KeyError, etree.XMLSyntaxError, ValueError, IndexError, EOFError, OverflowError) as error:
        raise Rejected(NOT_A_WORKBOOK, f"is damaged ({type(error).__name__}: {error})") from error


class _Package:
    """The parts of one file and what its cells share."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.book = self._target("", "officeDocument") or "xl/workbook.xml"
        self.strings = list(self._strings(self._target(self.book, "sharedStrings")))
        self.dates = self._date_styles(self._target(self.book, "styles"))
        self.origin = datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone

    def sheets(self) -> Iterator[Sheet]:
        parts = self._relations(self.book)
        found: list[tuple[str, str]] = []
        named: dict[str, dict[str, int]] = {}
        for element in self._elements(self.book):
            if _name(element) == "workbookPr" and element.get("date1904") in {"1", "true"}:
                self.origin = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
            elif _name(element) == "sheet":
                relation = next((value for key, value in element.items() if key.endswith("}id")), "")
                found.append((element.get("name", ""), parts[relation][1]))
            elif _name(element) == "definedName" and (place := _NAMED.fullmatch(element.text or "")):
                columns = named.setdefault(place[1].replace("''", "'") if place[1] else place[2], {})
                prefix, _, own = (element.get("name") or "").partition(hidden_sheet.PREFIX)
                if own and not prefix:
                    columns[own] = _column(place[3])
        for name, part in found:
            yield Sheet(name, dict(self._rows(part)), named.get(name, {}))

    def _rows(self, part: str) -> Iterator[tuple[int, dict[int, str]]]:
        number = 0
        masters: dict[str, str] = {}
        for element in self._elements(part, "row"):
            number = int(element.get("r") or number + 1)
            cells: dict[int, str] = {}
            column = 0
            for cell in element:
                if _name(cell) != "c":
                    continue
                place = _CELL.fullmatch(cell.get("r") or "")
                column = _column(place[1]) if place else column + 1
                text = self._text(cell, masters)
                if text and column <= _LAST_COLUMN:
                    cells[column] = text
            if cells:
                yield number, cells
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _text(self, cell: Any, masters: dict[str, str]) -> str:
        children = {_name(child): child for child in cell}
        if (formula := children.get("f")) is not None:
            shared, text = formula.get("si"), formula.text
            if shared is not None and text:
                masters[shared] = text
            if said := text or masters.get(shared or ""):
                return f"={said}"
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _words(children["is"]) if "is" in children else ""
        raw = (children["v"].text or "") if "v" in children else ""
        return self._value(kind, raw, int(cell.get("s") or 0)) if raw else ""

    def _value(self, kind: str, raw: str, style: int) -> str:
        if kind == "s":
            return self.strings[int(raw)]
        if kind == "str":
            return _unescaped(raw)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
        if kind == "n":
            return _moment(self.origin, float(raw)) if self.dates.get(style) else re.sub(r"\.0+$", "", raw)
        return raw

    def _strings(self, part: str | None) -> Iterator[str]:
        for element in self._elements(part, "si") if part else ():
            yield _words(element)
            element.clear()

    def _date_styles(self, part: str | None) -> dict[int, bool]:
        """Whether numbers in a style are days."""
        own: dict[str, bool] = {}
        styles: list[str] = []
        for element in self._elements(part) if part else ():
            if _name(element) == "numFmt":
                code = _LITERAL.sub("", element.get("formatCode", "")).lower()
                own[element.get("numFmtId", "")] = any(letter in code for letter in "ymdhs")
            elif _name(element) == "cellXfs":
                styles = [child.get("numFmtId", "0") for child in element]
        return {
            number: own.get(style, style.isdecimal() and int(style) in _BUILT_IN_DATES)
            for number, style in enumerate(styles)
        }

    def _target(self, source: str, kind: str) -> str | None:
        return next((part for found, part in self._relations(source).values() if found == kind), None)

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """By id the kind and the name of the part that a part refers to."""
        folder, _, name = source.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self.names:
            return {}
        found = {}
        for element in self._elements(rels):
            if _name(element) == "Relationship" and element.get("TargetMode") != "External":
                target = element.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
                found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], path)
        return found

    def _elements(self, part: str, name: str | None = None) -> Iterator[Any]:
        """The part's elements as they end, all or those of a name; no entity is resolved, nothing is fetched."""
        from lxml import etree

        file: IO[bytes]
        with self.archive.open(part) as file:
            tag = f"{{*}}{name}" if name else "{*}*"
            for _, element in etree.iterparse(
                file, tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                yield element


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _words(element: Any) -> str:
    """The text of a string, its runs joined, without the reading aids of East Asian text."""
    parts = []
    for child in element:
        if _name(child) == "t":
            parts.append(child.text or "")
        elif _name(child) == "r":
            parts += [run.text or "" for run in child if _name(run) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _moment(origin: datetime, serial: float) -> str:
    """A serial day as people write it: the day, with a time where it has one."""
    found = origin + timedelta(seconds=round(serial * 86400))
    if 0 <= serial < 1:
        return f"{found:%H:%M}" if found.second == 0 else f"{found:%H:%M:%S}"
    if found.time() == origin.time():
        return f"{found:%Y-%m-%d}"
    return f"{found:%Y-%m-%d %H:%M}" if found.second == 0 else f"{found:%Y-%m-%d %H:%M:%S}"
