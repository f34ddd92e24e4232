"""XLSX for editors: a sheet of verdicts in reading direction, whole long texts, and a sheet that says what this is.

Limits of the format (Excel specifications): 32,767 UTF-16 units in a cell, 1,048,576 rows, 65,530 links of at most
2,079 characters on a sheet. Nothing is cut without saying where the whole text stands.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from factcheck import evidence, web
from factcheck.days import is_bare
from factcheck.errors import UsageError
from factcheck.exporters import changes_sheet, columns, labels
from factcheck.exporters.as_csv import CELL_UNITS, FORMULA_OPENINGS, units
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.languages import Language
from factcheck.models import Status, Verdict
from factcheck.text import direction_of_language

MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
MAX_URL = 2_079
_BEGINNING = 500
"""Code points of a long text that its cell shows before it points to the other sheet."""

_EVIDENCE = frozenset({"evidence", "evidence_urls"})
_WIDTHS = {"quote": 42, "rationales": 42, "said": 36, "evidence": 28, "evidence_urls": 28, "appearance_urls": 40}
_WIDE = frozenset(_WIDTHS)
_WIDTHS |= {"url": 40, "claim_id": 26} | dict.fromkeys(("verdict_label", "status_label", "published_on"), 15)
_WIDTH, _NUMBER_WIDTH = 18, 11
"""In characters."""
_LINE, _MOST_LINES = 15, 27
"""Points of one line, and how many lines the highest row (409 points) shows."""
_WRAPPED = frozenset({"verdict_label", "status_label", "publisher", "published_on", "decided_on"})
_IN_CLAIMS_LANGUAGE = frozenset({"quote", "claimant", "title"})
_A4 = 9
_PAPER = 235
"""Characters of width that A4 across holds at the smallest size worth printing (about 60 %, 6.6 points)."""
_FILLS: dict[str, tuple[str, str]] = {
    Verdict.VERIFIED: ("#C6E7CE", "#0B5A1E"),
    Verdict.DISPUTED: ("#F8CBC6", "#8A0F06"),
    Verdict.OPINION: ("#D6E4F5", "#123F73"),
    Status.CONTESTED: ("#FFE699", "#6B4E00"),
}
"""Cell and letter of a verdict or status; the words say the same, so that a print without colours reads as well."""
_RIGHT, _LEFT = 2, 1  # values of Excel's readingOrder; 0 leaves it to the first strong letter of the cell
# No white space, no controls, no non-characters: XML would not hold them in a link's target.


@dataclass
class _Sheet:
    """What the cells of one sheet share while it is written."""

    workbook: Any
    sheet: Any
    language: Language
    links: int = 0
    long_texts: list[tuple[str, str, str]] = field(default_factory=list)
    unlinked: int = 0
    printed: int = 0
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self.formats[key]


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
    _write_table(main, table, rows, profile)
    if main.long_texts:
        _write_long_texts(_Sheet(workbook, workbook.add_worksheet(labels.SHEET_LONG_TEXTS[language]), language), main)
    _write_about(
        _Sheet(workbook, workbook.add_worksheet(labels.SHEET_ABOUT[language]), language, printed=main.printed),
        *(profile, context, rows, table.width),
    )
    for sheet in workbook.worksheets():
        if direction_of_language(language) == "rtl":
            sheet.right_to_left()
    workbook.close()
    name = profile.file_name(context, FORMAT.suffix, changes=context.changes is not None)
    return Draft([Rendered(name, buffer.getvalue())], _notes(main))


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
            "created": _naive(context.committed_at),
        },
    )
    workbook.set_custom_property("dataset_version", context.version)
    workbook.set_custom_property("dataset_hash", context.version_hash)
    workbook.set_custom_property("dataset_tag", context.tag or "")
    workbook.set_custom_property("profile", profile.name)


def _write_table(main: _Sheet, table: pl.DataFrame, rows: pl.DataFrame, profile: Profile) -> None:
    names = table.columns
    shown = columns.headers(names, main.language if profile.headers == "labels" else None, profile.labels)
    header = main.format(bold=True, text_wrap=True, bottom=1)
    widths = [_WIDTHS.get(name, _NUMBER_WIDTH if kind.is_numeric() else _WIDTH) for name, kind in table.schema.items()]
    for number, (text, width) in enumerate(zip(shown, widths, strict=True)):
        main.sheet.set_column(number, number, width)
        main.sheet.write_string(0, number, text, header)
    _set_height(main, 0, zip(shown, widths, strict=True))
    main.sheet.freeze_panes(1, 0)
    _set_paper(main, main.sheet)
    main.sheet.repeat_rows(0)
    main.printed = _fitting(widths)
    if main.printed < len(names):
        main.sheet.print_area(0, 0, table.height, main.printed - 1)
    main.sheet.autofilter(0, 0, table.height, len(names) - 1)
    about = rows.select("claim_id", "lang", "verdict", "status", "published_raw").iter_rows(named=True)
    for row, (values, claim) in enumerate(zip(table.iter_rows(), about, strict=True), start=1):
        wrapped = [isinstance(value, str) and _wraps(name, value) for name, value in zip(names, values, strict=True)]
        _set_height(main, row, itertools.compress(zip(values, widths, strict=True), wrapped))
        for number, (name, value) in enumerate(zip(names, values, strict=True)):
            if isinstance(value, str):
                _write_text(main, (row, number), value, name=name, claim=claim)
            elif isinstance(value, datetime):
                bare = name == "published_at" and is_bare(value, claim["published_raw"])
                time = main.format(num_format="yyyy-mm-dd" if bare else "yyyy-mm-dd hh:mm", align="center")
                main.sheet.write_datetime(row, number, _naive(value), time)
            elif value is not None:
                share = columns.TYPES[name] == pl.Float64
                style = main.format(num_format="0.00" if share else "0", align="center")
                main.sheet.write_number(row, number, value, style)


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


def _wraps(name: str, text: str) -> bool:
    return name in _WIDE or name in _IN_CLAIMS_LANGUAGE or name in _WRAPPED or "\n" in text


def _set_height(main: _Sheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make the row as high as the texts that wrap in columns of those widths."""
    # LibreOffice opens every row one line high, whatever wraps in it, unless its height is written down.
    lines = max((sum(-(-len(line) // width) or 1 for line in text.split("\n")) for text, width in texts), default=1)
    if lines > 1:
        main.sheet.set_row(row, _LINE * min(lines, _MOST_LINES))


def _write_text(main: _Sheet, cell: tuple[int, int], text: str, *, name: str, claim: dict[str, Any]) -> None:
    properties: dict[str, Any] = {"text_wrap": _wraps(name, text)}
    if paint := _FILLS.get({"verdict_label": claim["verdict"], "status_label": claim["status"]}.get(name) or ""):
        properties |= {"bg_color": paint[0], "font_color": paint[1], "bold": True}
    lang = claim["lang"]
    if name in _IN_CLAIMS_LANGUAGE and lang:
        rtl = direction_of_language(lang) == "rtl"
        properties |= {"reading_order": _RIGHT if rtl else _LEFT, "align": "right" if rtl else "left"}
    if text.startswith(tuple(FORMULA_OPENINGS)):
        # The cell is text already; this keeps it text when somebody edits it or saves the sheet as CSV.
        properties["quote_prefix"] = True
    if len(text) > CELL_UNITS // 2 and units(text) > CELL_UNITS:
        main.long_texts.append((claim["claim_id"], name, text))
        where = f"{labels.CONTINUED[main.language]} «{labels.SHEET_LONG_TEXTS[main.language]}»"
        text = f"{text[:_BEGINNING]} … [{where}]"
    main.sheet.write_string(*cell, text, main.format(**properties))
    if name == "url" and web.is_web_address(text):
        _link(main, cell, text, text)
    elif name in _EVIDENCE and "\n" not in text and len(named := evidence.parse(text).addresses) == 1:
        _link(main, cell, text, named[0])  # a cell holds one link


def _link(main: _Sheet, cell: tuple[int, int], text: str, target: str) -> None:
    address, _, anchor = target.partition("#")
    # The library escapes these, and the escaped address counts against Excel's limit.
    if main.links >= MAX_LINKS or max(len(_escaped(address)), len(_escaped(anchor))) > MAX_URL:
        main.unlinked += 1
        return
    main.links += 1
    wrap = {"text_wrap": True} if text != target else {}  # words stand beside the address
    style = main.format(font_color="#0563C1", underline=1, reading_order=_LEFT, **wrap)
    main.sheet.write_url(*cell, target, style, text)


def _escaped(text: str) -> str:
    return re.sub(r"""["<>\[\]`^{}%\s\x00]""", "%XX", text)


def _write_long_texts(target: _Sheet, main: _Sheet) -> None:
    language = main.language
    names = [
        labels.COLUMNS["claim_id"][language],
        labels.COLUMN[language],
        labels.PART[language],
        labels.TEXT[language],
    ]
    for number, name in enumerate(names):
        target.sheet.write_string(0, number, name, target.format(bold=True, bottom=1))
    target.sheet.set_column(0, 2, 24)
    target.sheet.set_column(3, 3, 100)
    target.sheet.freeze_panes(1, 0)
    row = 0
    for claim_id, name, text in main.long_texts:
        for part, piece in enumerate(pieces(text), start=1):
            row += 1
            target.sheet.write_string(row, 0, claim_id, target.format())
            target.sheet.write_string(row, 1, name, target.format())
            target.sheet.write_number(row, 2, part, target.format())
            # Not wrapped: a row has a greatest height, and a wrapped text would look cut.
            target.sheet.write_string(row, 3, piece, target.format(quote_prefix=True))


def _write_about(target: _Sheet, profile: Profile, context: ExportContext, rows: pl.DataFrame, n_columns: int) -> None:
    language = target.language
    _set_paper(target, target.sheet)
    facts: list[tuple[str, str | int | datetime]] = [
        (labels.DESK[language], context.desk_name),
        (labels.COLUMNS["dataset_version"][language], context.version),
        (labels.COLUMNS["dataset_tag"][language], context.tag or ""),
        (labels.COLUMNS["dataset_hash"][language], context.version_hash),
        (labels.COLUMNS["dataset_committed_at"][language], _naive(context.committed_at)),
        (labels.ROWS[language], rows.height),
        (labels.PROFILE[language], profile.name),
        *([(labels.OF_CHANGES["since"][language], context.since.version)] if context.since else []),
        *([(labels.COLUMNS["policy"][language], context.policy)] if context.policy else []),
        (labels.PRINTED[language], f"{target.printed} / {n_columns}"),
    ]
    target.sheet.set_column(0, 0, 32)
    target.sheet.set_column(1, 1, 80)
    writers: dict[type, Callable[..., Any]] = {
        str: target.sheet.write_string,
        int: target.sheet.write_number,
        datetime: target.sheet.write_datetime,
    }
    for row, (name, value) in enumerate(facts):
        style = target.format(num_format="yyyy-mm-dd hh:mm") if isinstance(value, datetime) else target.format()
        target.sheet.write_string(row, 0, name, target.format(bold=True))
        writers[type(value)](row, 1, value, style)


def pieces(text: str) -> list[str]:
    """The text cut into as few pieces as fit into cells, never inside a code point; joined they are the text."""
    found: list[str] = []
    start = used = 0
    for position, char in enumerate(text):
        width = 2 if char > "\uffff" else 1
        if used + width > CELL_UNITS:
            found.append(text[start:position])
            start, used = position, 0
        used += width
    return [*found, text[start:]]


def _naive(moment: datetime) -> datetime:
    """UTC without a zone, because cells have none."""
    return moment.astimezone(UTC).replace(tzinfo=None)


FORMAT = Format("xlsx", ".xlsx", render, shows_changes=True, drafts=True)
