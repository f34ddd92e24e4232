"""Long sheets put into a workbook that has all but their rows: the same bytes each time, a part of rows at a time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import polars as pl

_DATA: Final = re.compile(rb"<sheetData>(.*)</sheetData>|<sheetData/>", re.DOTALL)
_ROW: Final = re.compile(rb'<row r="(\d+)"([^>]*)>(.*?)</row>', re.DOTALL)
_SPANS: Final = re.compile(rb' spans="[^"]*"')
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"/>')


class Rows(NamedTuple):
    """The rows of one sheet, from the second on.

    `parts` are texts of rows without their ends (`sheet_xml.row`), all of them in order. `extent` is the area of the
    whole sheet (`A1:C9`); `keeps` says that cells of the workbook in the same rows stay, behind those.
    """

    parts: Iterable[pl.Series]
    extent: str
    keeps: bool = False


def spliced(workbook: bytes, sheets: dict[str, Rows]) -> bytes:
    """The workbook with the rows in its sheets, which are named by their part: `xl/worksheets/sheet1.xml`."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as given,
        zipfile.ZipFile(buffer, "w") as made,
    ):
        for item in given.infolist():
            content = given.read(item)
            named = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            named.compress_type = zipfile.ZIP_DEFLATED
            if item.filename not in sheets:
                made.writestr(named, content)
                continue
            with made.open(named, "w", force_zip64=True) as target:
                for piece in _sheet(content, sheets[item.filename]):
                    target.write(piece)
    return buffer.getvalue()


def _sheet(template: bytes, rows: Rows) -> Iterator[bytes]:
    """The sheet in pieces: the first row of the template, then the rows."""
    data = _DATA.search(template)
    assert data is not None
    kept = {int(row[1]): row for row in _ROW.finditer(data[1] or b"")}
    yield _DIMENSION.sub(f'<dimension ref="{rows.extent}"/>'.encode(), template[: data.start()])
    yield b"<sheetData>"
    if first := kept.pop(1, None):
        yield _SPANS.sub(b"", first[0])
    number = 1
    for part in rows.parts:
        texts = part.cast(pl.Binary).to_list()
        if rows.keeps and kept:
            for place in range(len(texts)):
                if here := kept.pop(number + 1 + place, None):
                    texts[place] += here[3]
        number += len(texts)
        yield b"</row>".join([*texts, b""])
    if rows.keeps:
        yield from (_SPANS.sub(b"", row[0]) for row in kept.values())
    yield b"</sheetData>"
    yield template[data.end() :]
