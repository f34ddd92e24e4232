"""XLSX for editors: a sheet of verdicts in reading direction, whole long texts, and a sheet that says what this is.

Limits of the format (Excel specifications): 32,767 UTF-16 units in a cell, 1,048,576 rows, 65,530 links of at most
2,079 characters on a sheet. Nothing is cut without saying where the whole text stands.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from factcheck import licences
from factcheck.errors import UsageError
from factcheck.exporters import (
    changes_sheet,
    columns,
    editing_sheet,
    editorial,
    labels,
    sheet_splice,
    sheet_xml,
    side_sheets,
    verdict_cells,
    verdict_links,
)
from factcheck.exporters.as_csv import CELL_UNITS, units
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.exporters.verdict_cells import Cell
from factcheck.languages import Language
from factcheck.text import direction_of_language

MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
_BEGINNING = 500
"""Code points of a long text that its cell shows before it points to the other sheet."""

_WIDTHS = {"quote": 42, "rationales": 42, "said": 36, "evidence": 28, "evidence_urls": 28, "appearance_urls": 40}
_WIDE = frozenset({*_WIDTHS, "claim_reviewed", "headline", "summary"})
_WIDTHS |= editing_sheet.WIDTHS
_WIDTHS |= {"url": 40, "claim_id": 26} | dict.fromkeys(("verdict_label", "status_label", "published_on"), 15)
_WIDTH, _NUMBER_WIDTH = 18, 11
"""In characters."""
_ABOUT = ("lang", "verdict", "status", "editorial_state", "proposal")
_A4 = 9
_LEFT = 1
_PAPER = 235
"""Characters of width that A4 across holds at the smallest size worth printing (about 60 %, 6.6 points)."""


@dataclass
class _Sheet:
    """What the cells of one sheet share while it is written."""

    workbook: Any
    sheet: Any
    language: Language
    long_texts: list[tuple[str, str, str]] = field(default_factory=list)
    unlinked: int = 0
    printed: int = 0
    probes: list[Any] = field(default_factory=list)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self.formats[key]

    def probed(self, format_: Any) -> int:
        """The place of a format among those whose numbers the sheet is asked for."""
        if format_ not in self.probes:
            self.probes.append(format_)
        return self.probes.index(format_)

    def write_probes(self, column: int) -> None:
        """Writes a cell of each format into the column, in rows that others take the place of."""
        for number, format_ in enumerate(self.probes, start=1):
            self.sheet.write_blank(number, column, None, format_)

    @property
    def part(self) -> str:
        """The sheet's name in the archive."""
        return f"xl/worksheets/sheet{self.sheet.index + 1}.xml"


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One workbook, the same bytes each time: dated by the version's commit, texts as texts and never as formulas.

    Raises UsageError where there are more rows than a sheet holds.
    """
    import xlsxwriter  # kept out of a start that needs no workbook

    if rows.height >= MAX_ROWS:
        raise UsageError(
            f"{rows.height} claims do not fit on a sheet of {MAX_ROWS} rows",
            subject=profile.name,
            hint="export csv or parquet, or narrow the profile's filters",
        )
    language = profile.language or context.language
    mine = editing_sheet.editable(profile)
    rows = editorial.first_for_review(rows) if mine else rows
    proposals = editing_sheet.proposed(rows, context)
    table = columns.flattened(columns.chosen(rows, profile.table_columns(), context, language))
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    _set_properties(workbook, profile, context, labels.SHEET_VERDICTS[language])
    long_texts: list[tuple[str, str, str]] = []
    if context.changes is not None:
        first = _Sheet(workbook, workbook.add_worksheet(labels.SHEET_CHANGES[language]), language)
        _set_paper(first, first.sheet)
        long_texts = changes_sheet.write(first, context.changes)
    main = _Sheet(workbook, workbook.add_worksheet(labels.SHEET_VERDICTS[language]), language, long_texts=long_texts)
    heads, frame, cells = _write_table(main, table, rows.with_columns(proposals), profile, mine)
    if main.long_texts:
        target = _Sheet(workbook, workbook.add_worksheet(labels.SHEET_LONG_TEXTS[language]), language)
        side_sheets.write_long_texts(target, main.long_texts)
    about = _Sheet(workbook, workbook.add_worksheet(labels.SHEET_ABOUT[language]), language)
    _set_paper(about, about.sheet)
    side_sheets.write_about(about, profile, context, rows.height, f"{main.printed} / {table.width}")
    long_sheets: dict[str, sheet_splice.Rows] = {}
    if mine:
        editing_sheet.name_columns(workbook, main, table.columns, mine)
        part, shown = editing_sheet.write_hidden(workbook, rows, proposals, profile, context, heads)
        long_sheets[part] = shown
    for sheet in workbook.worksheets():
        if direction_of_language(language) == "rtl":
            sheet.right_to_left()
    workbook.close()
    extent = f"A1:{cells[-1].letters}{table.height + 1}"
    styles = _styles(main, buffer, cells)
    long_sheets[main.part] = sheet_splice.Rows(verdict_cells.parts(frame, cells, styles), extent)
    name = profile.file_name(context, FORMAT.suffix, changes=context.changes is not None)
    return Draft([Rendered(name, sheet_splice.spliced(buffer.getvalue(), long_sheets))], _notes(main))


def _notes(main: _Sheet) -> list[str]:
    notes = []
    if main.long_texts:
        first = main.long_texts[0]
        where = labels.SHEET_LONG_TEXTS[main.language]
        notes.append(
            f"{len(main.long_texts)} texts over {CELL_UNITS} characters are complete on the sheet '{where}', "
            f"the first is {first[1]} of {first[0]}",
        )
    if main.unlinked:
        notes.append(
            f"{main.unlinked} addresses are written as text, because Excel limits the length and number of links"
        )
    return notes


def _set_properties(workbook: Any, profile: Profile, context: ExportContext, title: str) -> None:
    version = f"v{context.version}" + (f" ({context.tag})" if context.tag else "")
    workbook.set_properties(
        {
            "title": f"{context.desk_name}: {title} {version}",
            "subject": version,
            "author": context.desk_name,
            "comments": f"dataset version {context.version}, {context.version_hash}",
            "created": side_sheets.naive(context.committed_at),
        },
    )
    workbook.set_custom_property("dataset_version", context.version)
    workbook.set_custom_property("dataset_hash", context.version_hash)
    workbook.set_custom_property("dataset_tag", context.tag or "")
    workbook.set_custom_property("profile", profile.name)
    if licence := licences.of(context.licence):
        workbook.set_custom_property("licence", licence.address_or_id)


def _write_table(
    main: _Sheet, table: pl.DataFrame, rows: pl.DataFrame, profile: Profile, mine: list[str]
) -> tuple[dict[str, str], pl.DataFrame, list[Cell]]:
    """Writes all but the rows; the headers as written, by name, and the frame and cells that the rows are made of."""
    names = table.columns
    shown = columns.headers(names, main.language if profile.headers == "labels" else None, profile.labels)
    header = main.format(bold=True, text_wrap=True, bottom=1)
    own = editing_sheet.header_style(main) if mine else header
    widths = [_WIDTHS.get(name, _NUMBER_WIDTH if kind.is_numeric() else _WIDTH) for name, kind in table.schema.items()]
    for number, (text, width) in enumerate(zip(shown, widths, strict=True)):
        main.sheet.set_column(number, number, width)
        main.sheet.write_string(0, number, text, own if names[number] in mine else header)
    styles = editing_sheet.head(main, names, mine, table.height) if mine else None
    head = pl.DataFrame({str(number): [text] for number, text in enumerate(shown)})
    of_head = verdict_cells.heights(head, [(str(number), width, True) for number, width in enumerate(widths)])
    if of_head[0] is not None:
        main.sheet.set_row(0, of_head[0])
    main.sheet.freeze_panes(1, 0)
    _set_paper(main, main.sheet)
    main.sheet.repeat_rows(0)
    main.printed = _fitting(widths)
    if main.printed < len(names):
        main.sheet.print_area(0, 0, table.height, main.printed - 1)
    main.sheet.autofilter(0, 0, table.height, len(names) - 1)
    wide = [
        (name, width, _always_wraps(name))
        for name, width in zip(names, widths, strict=True)
        if table.schema[name] == pl.String
    ]
    cut = _cut(main, editing_sheet.shown(table, rows["proposal"], mine), rows["claim_id"], mine)
    frame = cut.hstack([verdict_cells.heights(table, wide).alias("height")])
    frame = verdict_cells.numbered(frame).hstack(rows.select(pl.col(_ABOUT).name.prefix("about_")))
    linked = _write_links(main, frame.select(names), shown)
    made = [_cell(main, frame, rows, number, mine, styles, linked) for number in range(len(names))]
    codes = [code.alias(cell.code) for cell, code in made]
    main.write_probes(len(names))
    return dict(zip(names, shown, strict=True)), frame.with_columns(codes), [cell for cell, _ in made]


def _cell(
    main: _Sheet,
    frame: pl.DataFrame,
    rows: pl.DataFrame,
    number: int,
    mine: list[str],
    styles: editing_sheet.Styles | None,
    linked: pl.DataFrame,
) -> tuple[Cell, pl.Expr]:
    """How the cells of one column are written, and the expression of the code of how each looks."""
    name = frame.columns[number]
    kind = frame.schema[name]
    if styles is not None and name in mine:
        code, looks = editing_sheet.looks(name, styles)
        formats = {key: main.probed(one) for key, one in looks.items()}
        return Cell(name, sheet_xml.letters_of(number), f"look_{name}", formats, "own"), code
    if kind == pl.String:
        code, properties = verdict_cells.coded(verdict_cells.look_of_texts(name, rows, wrapped=_always_wraps(name)))
        here = linked.filter(pl.col("column") == number)
        if here.height:
            blue = {"font_color": "#0563C1", "underline": 1, "reading_order": _LEFT}
            # Words stand beside the address where it is not all of the text.
            properties |= {-1: blue, -2: blue | {"text_wrap": True}}
            code_of = here.select("row", link=pl.when(pl.col("text") == pl.col("target")).then(-1).otherwise(-2))
            place = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
            of_links = place.join(code_of, on="row", how="left", maintain_order="left")["link"]
            code = pl.coalesce(pl.lit(of_links), code)
    elif isinstance(kind, pl.Datetime):
        code, properties = verdict_cells.look_of_moments(name, rows)
    else:
        code, properties = pl.lit(0), {0: verdict_cells.look_of_numbers(name)}
    used = frame.select(code.alias("code"))["code"].unique().sort()
    formats = {key: main.probed(main.format(**properties[key])) for key in used if key is not None}
    form = "text" if kind == pl.String else "moment" if isinstance(kind, pl.Datetime) else "number"
    return Cell(name, sheet_xml.letters_of(number), f"look_{name}", formats, form), code


def _styles(main: _Sheet, buffer: io.BytesIO, cells: list[Cell]) -> dict[str, dict[int, str]]:
    """The attribute of each look of each column, by the numbers that the workbook gave to the formats."""
    with zipfile.ZipFile(buffer) as archive:
        sheet = archive.read(main.part).decode()
    given = re.findall(rf'<c r="{sheet_xml.letters_of(len(cells))}\d+" s="(\d+)"/>', sheet)
    return {cell.name: {code: f' s="{given[probe]}"' for code, probe in cell.looks.items()} for cell in cells}


def _cut(main: _Sheet, table: pl.DataFrame, claims: pl.Series, mine: list[str]) -> pl.DataFrame:
    """The table with the beginning of each text that fits in no cell; of an editor's, nothing is shown."""
    where = f"{labels.CONTINUED[main.language]} «{labels.SHEET_LONG_TEXTS[main.language]}»"
    found: list[tuple[int, int, str, str]] = []
    for number, name in enumerate(table.columns):
        if table.schema[name] != pl.String:
            continue
        maybe = table.select(text=name).with_row_index("row").filter(pl.col("text").str.len_chars() > CELL_UNITS // 2)
        long = [(row, text) for row, text in maybe.iter_rows() if units(text) > CELL_UNITS]
        if not long:
            continue
        own = name in mine
        texts = [None if own else f"{text[:_BEGINNING]} … [{where}]" for _, text in long]
        column = table[name].clone().scatter([row for row, _ in long], texts)
        table = table.with_columns(column)
        found += [] if own else [(row, number, name, text) for row, text in long]
    main.long_texts += [(claims[row], name, text) for row, _, name, text in sorted(found)]
    return table


def _write_links(main: _Sheet, table: pl.DataFrame, shown: list[str]) -> pl.DataFrame:
    """The links that were made; the texts of their cells are written with all others."""
    linked, main.unlinked = verdict_links.links(table, MAX_LINKS)
    for row, column, target in linked.select("row", "column", "target").iter_rows():
        # The header's text stands for the cell's, which is not this library's to write.
        main.sheet.write_url(row + 1, column, target, None, shown[column])
    return linked


def _set_paper(main: _Sheet, sheet: Any) -> None:
    """A4 across, all columns beside each other, numbered pages. Unset, each page shows one or two columns."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C" + labels.PAGE[main.language])


def _fitting(widths: Sequence[int]) -> int:
    """How many of the first columns are still readable beside each other on the paper; at least one."""
    return max(1, sum(total <= _PAPER for total in itertools.accumulate(widths)))


def _always_wraps(name: str) -> bool:
    """Whether each text of the column wraps; one of several lines wraps anywhere."""
    return name in _WIDE or name in verdict_cells.IN_CLAIMS_LANGUAGE or name in verdict_cells.WRAPPED


FORMAT = Format("xlsx", ".xlsx", render, shows_changes=True, drafts=True, reads_evidence=True)
