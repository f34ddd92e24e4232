"""The small sheets beside the verdicts: texts that fit in no cell, and what this workbook is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from factcheck import licences
from factcheck.exporters import labels
from factcheck.exporters.as_csv import CELL_UNITS
from factcheck.exporters.changes_sheet import Sheet
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile


def write_long_texts(target: Sheet, long_texts: Sequence[tuple[str, str, str]]) -> None:
    """Writes texts (claim id, column, text) that fit in no cell, each in as few parts as it takes."""
    language = target.language
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
    for claim_id, name, text in long_texts:
        for part, piece in enumerate(pieces(text), start=1):
            row += 1
            target.sheet.write_string(row, 0, claim_id, target.format())
            target.sheet.write_string(row, 1, name, target.format())
            target.sheet.write_number(row, 2, part, target.format())
            # Not wrapped: a row has a greatest height, and a wrapped text would look cut.
            target.sheet.write_string(row, 3, piece, target.format(quote_prefix=True))


def write_about(target: Sheet, profile: Profile, context: ExportContext, n_rows: int, printed: str) -> None:
    """Writes what the workbook is; `printed` says how many of its columns are on paper."""
    language = target.language
    facts: list[tuple[str, str | int | datetime]] = [
        (labels.DESK[language], context.desk_name),
        (labels.COLUMNS["dataset_version"][language], context.version),
        (labels.COLUMNS["dataset_tag"][language], context.tag or ""),
        (labels.COLUMNS["dataset_hash"][language], context.version_hash),
        (labels.COLUMNS["dataset_committed_at"][language], naive(context.committed_at)),
        (labels.ROWS[language], n_rows),
        (labels.PROFILE[language], profile.name),
        *([(labels.OF_CHANGES["since"][language], context.since.version)] if context.since else []),
        *([(labels.COLUMNS["policy"][language], context.policy)] if context.policy else []),
        *[(labels.COLUMNS["licence"][language], text) for text in _licence_lines(context)],
        (labels.PRINTED[language], printed),
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


def _licence_lines(context: ExportContext) -> list[str]:
    """The licence's name and, where that does not say it, its address; none where none is set."""
    found = licences.of(context.licence)
    return [] if found is None else list(dict.fromkeys(text for text in (found.name, found.url) if text))


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


def naive(moment: datetime) -> datetime:
    """UTC without a zone, because cells have none."""
    return moment.astimezone(UTC).replace(tzinfo=None)
