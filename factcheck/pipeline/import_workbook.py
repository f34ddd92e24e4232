"""`import FILE --editor NAME`: what an editor filled into our own workbook, as one version with its differences."""

from __future__ import annotations

import contextlib
import csv
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck import frames, hidden_sheet
from factcheck.articles import decode, files
from factcheck.articles.draft import Limits
from factcheck.dataset import Dataset
from factcheck.errors import ConfigError, Rejected
from factcheck.exporters import as_csv, editing_sheet, find, places
from factcheck.exporters import editorial as for_exports
from factcheck.importers import workbook, workbook_columns
from factcheck.importers.draft import unexpected
from factcheck.importers.tables import LONG_CELLS
from factcheck.importers.workbook import refused
from factcheck.importers.xlsx_cells import NOT_A_WORKBOOK, sheets
from factcheck.models import EditorialField, Rejection, Report
from factcheck.pipeline import editorial
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.editorial import Word
from factcheck.settings import Settings
from factcheck.text import storable

LIMITS: Final = Limits(max_bytes=500_000_000)
_ZIP: Final = b"PK"
_HINT: Final = "give the workbook of `factcheck export newsroom-xlsx`, with the sheet it hides, or a CSV saved of it"


class Brought(NamedTuple):
    """The report, and the words that were or would be written."""

    report: Report
    words: list[Word]


class _File(NamedTuple):
    """One file: what it showed when it was made, and what stands in it now."""

    shown: dict[str, dict[str, str | None]]
    found: workbook.Found
    version: int


def import_workbook(settings: Settings, paths: Sequence[Path], *, editor: str, dry_run: bool, now: datetime) -> Brought:
    """The report of taking in what an editor filled in; one version for all files where they say something new.

    A cell counts as seen where it is not what was shown in it. Refused, each with its whole text, are the cells of a
    claim whose verdict has changed since (STALE_VERDICT) or that went (CLAIM_GONE), a cell that somebody else changed
    since (EDITED_SINCE), and a value that cannot be kept (BAD_VALUE). Approving or publishing a row takes over the
    proposal that stands in it. Raises UsageError for an editor without a name.
    """
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("import", now=now):
        data = desk.readable()
        current = {row["claim_id"]: row for row in editorial.standing(data, None).iter_rows(named=True)}
        words: dict[tuple[str, str], Word] = {}
        rejected: list[Rejection] = []
        same = 0
        for path in paths:
            read = _read(desk, data, path)
            if isinstance(read, Rejection):
                rejected.append(read)
                continue
            rejected += read.found.rejected
            for outcome in _judged(read, current):
                if isinstance(outcome, Rejection):
                    rejected.append(outcome)
                elif outcome.before == outcome.value:
                    same += 1
                elif (other := words.get((outcome.claim_id, outcome.field))) and other.value != outcome.value:
                    why = f"another file says {other.value or ''!r} of {outcome.claim_id}: keep one of them"
                    rejected.append(refused("CONTRADICTS", f"{path}, {outcome.field}", why, outcome.value))
                else:
                    words[outcome.claim_id, outcome.field] = outcome
        told = list(words.values())
        version = None if dry_run else editorial.commit(desk, told, editor=editor, now=now)
        kept = frames.from_records(Rejection, rejected)
        if not dry_run:
            desk.workspace.quarantine(kept, now=now)
    report = Report(
        stage="import (dry run)" if dry_run else "import",
        seen=len(told) + same + len(rejected),
        accepted=len(told) + same,
        rejected=len(rejected),
        counts=_counts(told, same, rejected),
        version=version,
        rejections=rejected,
        seconds=time.monotonic() - began,
        next_steps=["factcheck import ... --editor ...   (without --dry-run)"] if dry_run and told else (
            ["factcheck log", "factcheck export"] if version else []
        ),
    )  # fmt: skip
    return Brought(report, told)


def _counts(told: Sequence[Word], same: int, rejected: Sequence[Rejection]) -> dict[str, int]:
    counts = {"values": len(told), "claims": len({word.claim_id for word in told}), "unchanged": same}
    return counts | {
        f"rejected_{code.lower()}": count for code, count in sorted(Counter(one.code for one in rejected).items())
    }


def _read(desk: Desk, data: Dataset, path: Path) -> _File | Rejection:
    """What the file says otherwise than it showed; whatever it does to its reader, it costs this file."""
    subject = storable(str(path))
    try:
        content = files.load(path, LIMITS)
        return (
            _of_xlsx(desk, data, content, subject)
            if content.startswith(_ZIP)
            else _of_csv(desk, data, content, subject)
        )
    except Rejected as error:
        hint = _HINT if error.reason_code == NOT_A_WORKBOOK else error.hint
        return refused(error.reason_code, subject, f"{error.what}: {hint}" if hint else error.what, None)
    except ValueError as error:
        return refused(NOT_A_WORKBOOK, subject, str(error), None)
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        return unexpected(error, subject)


def _of_xlsx(desk: Desk, data: Dataset, content: bytes, subject: str) -> _File | Rejection:
    found = sheets(content)
    told = workbook.facts(found)
    if told is None:
        return refused("NOT_A_WORKBOOK", subject, f"is no workbook of ours: {_HINT}", None)
    facts, shown = told
    if facts.dataset_id != data.id:
        return refused("OTHER_DATASET", subject, "is of another desk's dataset: import it there", None)
    if facts.version > data.head:
        why = f"is of version {facts.version}, and this dataset ends at {data.head}: import it where it was made"
        return refused("OTHER_DATASET", subject, why, None)
    own = editing_sheet.told(facts.headers)
    whole = "dataset_version" in own.values()  # older workbooks named the columns of editors alone
    names = ({} if whole else _headings(desk)) | editing_sheet.header_names(desk.settings.desk.language) | own
    known = workbook_columns.Known(names, frozenset(own.values()) & set(workbook_columns.FIELDS))
    of_claims = _by_claim(shown)
    tables = [
        table
        for sheet in found
        if sheet.name != hidden_sheet.NAME
        and (table := workbook_columns.table(sheet, of_claims, known, for_exports.state_of))
    ]
    if not tables:
        return refused(
            "NO_COLUMNS", subject, "has no sheet with claim ids and a column of editors: put them back", None
        )
    edits = workbook.edits(tables, of_claims, subject=subject, state_of=for_exports.state_of)
    return _File(of_claims, edits, facts.version)


def _of_csv(desk: Desk, data: Dataset, content: bytes, subject: str) -> _File | Rejection:
    names = _headings(desk) | editing_sheet.header_names(desk.settings.desk.language)
    sheet = workbook.sheet_of(_rows(decode.decode(content).text), "CSV")
    said = workbook.column(sheet, names, "dataset_version")
    number = next(iter(said)) if len(said) == 1 else ""
    if not number.isdecimal() or not 0 < int(number) <= data.head:
        if workbook_columns.header(sheet, names).number == 0:
            why = f"has no column of claim ids, or none that editors fill in: {_HINT}"
            return refused("NO_COLUMNS", subject, why, None)
        why = "does not say in one column of which version of this dataset it is: give the workbook itself"
        return refused("NO_VERSION", subject, why, None)
    of_claims = _by_claim(editorial.standing(data, int(number)))
    known = workbook_columns.Known(names, frozenset(workbook_columns.FIELDS))
    table = workbook_columns.table(sheet, of_claims, known, for_exports.state_of)
    if table is None:
        why = f"has no column of claim ids, or none that editors fill in: {_HINT}"
        return refused("NO_COLUMNS", subject, why, None)
    edits = workbook.edits([table], of_claims, subject=subject, state_of=for_exports.state_of)
    return _File(of_claims, edits, int(number))


def _headings(desk: Desk) -> dict[str, str]:
    """Every header of the workbooks that the desk's profiles make."""
    found = []
    for place in places(desk.settings.root):
        with contextlib.suppress(ConfigError):  # a profile that is not valid made no workbook
            found.append(find(place.name, desk.settings.root))
    return editing_sheet.headings(found, desk.settings.desk.language)


def _by_claim(shown: pl.DataFrame) -> dict[str, dict[str, str | None]]:
    return {row["claim_id"]: row for row in shown.iter_rows(named=True)}


def _rows(text: str) -> list[list[str]]:
    """The cells of a CSV, without the apostrophes that our own CSV puts before formulas."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    with LONG_CELLS.taken():
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise ValueError(f"is no CSV that can be read ({error}): save it again") from error
    width = max(map(len, rows), default=0)
    padded = pl.DataFrame(
        [row + [""] * (width - len(row)) for row in rows],
        schema=dict.fromkeys(map(str, range(width)), pl.String()),
        orient="row",
    )
    return [list(row) for row in padded.with_columns(as_csv.unguarded(pl.col(pl.String))).iter_rows()]


def _judged(read: _File, current: dict[str, dict[str, Any]]) -> Iterator[Word | Rejection]:
    """Of each edited cell the word it becomes, or why it is refused; proposals taken over come last."""
    shown = read.shown
    signed: list[str] = []
    for edit in read.found.edits:
        was, there = shown[edit.claim_id], current.get(edit.claim_id)
        column = workbook_columns.COLUMN_OF[edit.field]
        if there is None:
            why = f"{edit.claim_id} was {_told(was)} in version {read.version} and is withdrawn or merged now"
            yield refused("CLAIM_GONE", edit.place, f"{why}: `factcheck show` says what became of it", edit.value)
        elif editorial.result(was) != editorial.result(there):
            why = f"the verdict of {edit.claim_id} was {_told(was)} in version {read.version} and is {_told(there)} now"
            yield refused("STALE_VERDICT", edit.place, f"{why}: export the workbook anew and look at it", edit.value)
        elif there[column] not in {was[column], edit.value}:
            mine, theirs = (repr(row[column] or "") for row in (was, there))
            why = f"{edit.claim_id} had {mine} here in version {read.version}, and has {theirs} now"
            yield refused("EDITED_SINCE", edit.place, f"{why}: yours is {edit.value or ''!r}; choose", edit.value)
        else:
            value, problem = editorial.checked(edit.field, edit.value or "")
            if problem:
                yield refused("BAD_VALUE", edit.place, problem, edit.value)
                continue
            if edit.field == EditorialField.STATE and value in editorial.SIGNED:
                signed.append(edit.claim_id)
            yield Word(edit.claim_id, edit.field, there[column], value)
    for claim in signed:
        words = shown[claim]["proposal"]
        if claim in read.found.proposed and words is not None and current[claim]["claim_reviewed"] is None:
            value, problem = editorial.checked(EditorialField.CLAIM_REVIEWED, words)
            if not problem:
                yield Word(claim, str(EditorialField.CLAIM_REVIEWED), None, value)


def _told(row: dict[str, Any]) -> str:
    reason = f" ({row['reason'].replace('_', ' ')})" if row["reason"] else ""
    return f"{row['verdict'] or row['status']}{reason}"
