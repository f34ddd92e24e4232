"""CSV and TSV: the delimiter is told by the header, every field is text, and a row of another width is rejected."""

from __future__ import annotations

import csv
import io
from typing import Any

from factcheck.articles.draft import Candidate, Origin, reject
from factcheck.articles.tables import known_names, row_candidates
from factcheck.errors import Rejected
from factcheck.folding import fold_in_place
from factcheck.process_wide import Lent

_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_FIELD = 2_000_000  # above Limits.max_text, so that a long text is named as such


def _raised() -> int:
    return csv.field_size_limit(_LONGEST_FIELD)


LONG_FIELDS = Lent(_raised, csv.field_size_limit)
"""Fields longer than the 131,072 characters that Python's reader takes by default."""


def delimited_candidates(text: str, origin: Origin) -> list[Candidate]:
    """One candidate for each row under the header line. Raises Rejected: COLUMNS, EMPTY, TOO_LARGE, UNREADABLE."""
    first, _, rest = text.partition("\n")
    text = rest if first.strip().lower().startswith("sep=") else text  # Excel's own line
    with LONG_FIELDS.taken():
        try:
            delimiter = max(_DELIMITERS, key=lambda one: _likeness(text, one))
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            header = next((row for row in reader if any(cell.strip() for cell in row)), [])
        except csv.Error as error:
            raise Rejected("UNREADABLE", f"has a damaged header line ({error})", hint="save it again as CSV") from error
        names = [name.strip().lstrip("\ufeff") for name in header]
        return row_candidates(_rows(reader, names, origin), names, origin)


def _likeness(text: str, delimiter: str) -> tuple[int, int]:
    """How well the delimiter cuts the header: into how many names that are known, and into how many."""
    row = next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter), [])
    known = {key for keys in known_names().values() for key in keys}
    return sum(fold_in_place(cell).strip().replace("_", " ") in known for cell in row), len(row)


def _rows(reader: Any, names: list[str], origin: Origin) -> list[dict[str, str] | Candidate]:
    rows: list[dict[str, str] | Candidate] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            subject = f"{origin.source}#{len(rows) + 1}"
            while len(row) > len(names) and not row[-1].strip():
                row.pop()
            if len(row) != len(names):
                reason = (
                    f"has {len(row)} fields in line {reader.line_num} where the header has {len(names)}: fix that line"
                )
                rows.append(reject("UNREADABLE", subject, reason))
            else:
                rows.append(dict(zip(reversed(names), reversed(row), strict=True)))  # of two same names the first
            if len(rows) > origin.limits.max_rows:
                break
    except csv.Error as error:
        reason = f"cannot be read from line {reader.line_num} on ({error}); what follows was not read: save it again"
        rows.append(reject("PARTIAL", f"{origin.source}#{len(rows) + 1}", reason))
    return rows
