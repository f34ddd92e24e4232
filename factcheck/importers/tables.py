"""Earlier decisions in tables: CSV with a header, or flat JSON objects; our own exports, ClaimsKG's, and any desk's."""

from __future__ import annotations

import csv
import functools
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

import polars as pl

from factcheck import web
from factcheck.folding import match_key
from factcheck.importers.draft import Appearance, Candidate, Draft, Rating, reject, unexpected
from factcheck.languages import OTHERWISE
from factcheck.languages.texts import table
from factcheck.process_wide import Lent

Unguard = Callable[[pl.Expr], pl.Expr]
_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 5_000
_LARGEST_CELL = 10_000_000  # code points; the csv module's own limit is 131,072, less than an article's body may have
LONG_CELLS = Lent(lambda: csv.field_size_limit(_LARGEST_CELL), csv.field_size_limit)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SEPARATOR_LINE = re.compile(r"[\"']?sep=([^\"'\w\s]|\t)?[\"']?[,;|\s]*", re.IGNORECASE)
_LONGEST_SEPARATOR_LINE = 500
_NOTHING = ' \t,;|"\ufeff\u00a0'
_BETWEEN_URLS = re.compile(r"[\s,;،؛|]+(?=https?://)|\s+")


def read_csv(text: str, subject: str, unguarded: Unguard) -> Iterator[Candidate]:
    """A draft or rejection per row of a CSV file (RFC 4180; `,` `;` tab or `|`); `subject` gets the line's number.

    `unguarded` takes the apostrophes off that our own exports put before formulas; other files keep theirs.
    Rejections: NO_COLUMNS for a header without claim and rating, TOO_LARGE for one of too many columns, RAGGED for a
    row with too many or too few cells, EMPTY for a row of empty cells, CSV where the quoting is broken, for that row
    and all that follow.
    """
    with LONG_CELLS.taken():
        body, above, delimiter, header = _shape(text)
    if len(header) > _MOST_COLUMNS:
        yield reject(
            "TOO_LARGE", subject, f"has {len(header)} columns, more than {_MOST_COLUMNS}: remove those not needed"
        )
        return
    chosen = columns(header)
    if missing := [name for name in ("claim", "rating") if not ({name, f"{name}_value"} & set(chosen))]:
        shown = ", ".join(repr(name) for name in header if name) or "nothing"
        yield reject("NO_COLUMNS", subject, f"has no column for {' and '.join(missing)}; its first line has {shown}")
        return
    good: list[tuple[str, list[str]]] = []
    rejected: list[Candidate] = []
    with LONG_CELLS.taken():
        rows = list(_rows(body, delimiter, subject, above))
    for place, row, problem in rows:
        if problem:
            rejected.append(reject("CSV", place, problem))
        elif not any(cell.strip() for cell in row):
            rejected.append(reject("EMPTY", place, "is a row without text: remove it"))
        elif len(row) != len(header):
            reason = f"has {len(row)} cells, the header has {len(header)}: quote texts that hold a {delimiter!r}"
            rejected.append(reject("RAGGED", place, reason, delimiter.join(row)))
        else:
            good.append((place, row))
    names = [str(number) for number in range(len(header))]
    frame = pl.DataFrame([cells for _, cells in good], schema=dict.fromkeys(names, pl.String()), orient="row")
    ours = is_ours(header)
    if ours:
        frame = frame.with_columns(unguarded(pl.col(pl.String)))
    for (place, _), cells in zip(good, frame.iter_rows(), strict=True):
        values = {field: [cells[n] for n in numbers] for field, numbers in chosen.items()}
        try:
            yield _draft(place, values, is_plain=ours)
        except Exception as error:  # noqa: BLE001 - one bad row costs that row
            yield unexpected(error, place, delimiter.join(cells))
    yield from rejected


def read_record(record: Mapping[str, Any], subject: str) -> Candidate:
    """The draft of a flat JSON object, such as a line of our own JSON Lines; NO_COLUMNS where it is no decision."""
    names = list(record)
    chosen = columns(names)
    if "claim" not in chosen or not {"rating", "rating_value"} & set(chosen):
        return reject("NO_COLUMNS", subject, "is neither a ClaimReview nor a record with a claim and a rating")
    values = {field: [record[names[n]] for n in numbers] for field, numbers in chosen.items()}
    return _draft(subject, values, record.get("appearances"), is_plain="ours" in chosen)


def columns(header: Sequence[str]) -> dict[str, list[int]]:
    """By field the numbers of the columns that hold it, the surest name first."""
    keys = [_key(name) for name in header]
    found = {
        field: [n for name in names for n, key in enumerate(keys) if key == name] for field, names in _names().items()
    }
    return {field: list(dict.fromkeys(numbers)) for field, numbers in found.items() if numbers}


def is_ours(header: Sequence[str]) -> bool:
    """Whether the header is that of one of our own exports: they alone name their dataset's version."""
    return "ours" in columns(header)


def urls_of(value: Any) -> tuple[str, ...]:
    """The addresses in a text or list, also where several stand in one text; what is no address is kept as it is."""
    texts = value if isinstance(value, list) else [value]
    parts = [part for text in texts if isinstance(text, str) for part in _BETWEEN_URLS.split(text.strip())]
    return tuple(dict.fromkeys(part for part in parts if part))


def _draft(subject: str, values: Mapping[str, Sequence[Any]], nested: Any = None, *, is_plain: bool = False) -> Draft:
    def first(field: str) -> str:
        return next((text for value in values.get(field, ()) if (text := _text(value)).strip()), "")

    claimed = first("claimed_at")
    urls = list(dict.fromkeys([*_lines(values, "url", urls_of), *_lines(values, "urls", urls_of)]))
    known = [Appearance(url=url) for url in urls] or [Appearance()]
    about_first = Appearance(
        url=known[0].url, publisher=first("publisher"), title=first("title"), published_raw=claimed
    )
    appearances = [about_first, *known[1:]]
    if isinstance(nested, list) and all(isinstance(item, dict) for item in nested) and nested:
        appearances = [
            Appearance(
                url=_text(item.get("url")),
                publisher=_text(item.get("publisher")),
                title=_text(item.get("title")),
                published_raw=_text(item.get("published_at")),
            )
            for item in nested
        ]
    review_title = first("review_title")
    return Draft(
        subject=subject,
        claim=first("claim"),
        ratings=(
            Rating(
                words=tuple(filter(None, [first("rating")])),
                value=first("rating_value"),
                worst=first("rating_worst"),
                best=first("rating_best"),
            ),
        ),
        status=first("status"),
        claimant=first("claimant"),
        reviewer=first("reviewer"),
        review_urls=tuple(_lines(values, "review_url", urls_of)),
        appearances=tuple(appearances),
        claimed_raw=claimed,
        decided_raw=first("decided_at"),
        rationales=tuple(_lines(values, "rationale", _texts)) or tuple(filter(None, [review_title])),
        evidence=tuple(_lines(values, "evidence", _evidence)),
        is_plain=is_plain,
    )


def _lines(values: Mapping[str, Sequence[Any]], field: str, split: Callable[[Any], Sequence[str]]) -> list[str]:
    """The entries of the field's first column that has any."""
    return next((list(found) for value in values.get(field, ()) if (found := split(value))), [])


def _texts(value: Any) -> list[str]:
    return [text for item in (value if isinstance(value, list) else [value]) if (text := _text(item)).strip()]


def _evidence(value: Any) -> list[str]:
    """An entry a line, as annotators type it; addresses on a line that holds nothing else stand apart."""
    lines = [line.strip() for text in _texts(value) for line in text.splitlines() if line.strip()]
    return [entry for line in lines for entry in _entries(line)]


def _entries(line: str) -> tuple[str, ...]:
    parts = urls_of(line)
    return parts if all(web.is_meant_as_address(part) for part in parts) else (line,)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _shape(text: str) -> tuple[str, int, str, list[str]]:
    """The table from its header on, how many lines stand above it, its separator, its header."""
    body, above, named = _opening(text)
    headers = {char: _header(body, char) for char in (*_DELIMITERS, *filter(None, [named]))}
    delimiter = max(_DELIMITERS, key=lambda char: len(headers[char]))
    # What the file says itself counts, unless it is plainly not so.
    if named and len(headers[named]) <= _MOST_COLUMNS and len(headers[delimiter]) <= _MOST_COLUMNS:
        delimiter = max((named, delimiter), key=lambda char: len(columns(headers[char])))
    return body, above, delimiter, headers[delimiter]


def _opening(text: str) -> tuple[str, int, str]:
    """The table from its header on, how many lines stand above it, and the separator that one of those names.

    Excel writes `sep=;` there, and empty rows where a sheet begins further down.
    """
    named = ""
    at = above = 0
    while end := _LINE_END.search(text, at):
        line = text[at : end.start()]
        if sep := _SEPARATOR_LINE.fullmatch(line[:_LONGEST_SEPARATOR_LINE].strip("\ufeff")):
            named = sep[1] or ""
        elif line.strip(_NOTHING):
            break
        at, above = end.end(), above + 1
    return text[at:], above, named


def _rows(text: str, delimiter: str, subject: str, above: int) -> Iterator[tuple[str, list[str], str]]:
    """Place, cells and problem of each row behind the header; blank lines, which are no rows, left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    next(reader)
    while True:
        place = f"{subject}:{above + reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield place, [], f"cannot be read from here on ({error}): fix the quotation marks and import it again"
            return
        if cells:
            yield place, cells, ""


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _key(name: str) -> str:
    return match_key(name).replace(" ", "")


@functools.cache
def _names() -> dict[str, list[str]]:
    data = tomllib.loads(files(__package__).joinpath("data/columns.toml").read_text("utf-8"))
    keys = {field: [_key(name) for name in names] for field, names in data.items()}
    for label in table("labels", "columns").values():  # of our own exports, in languages that the lists do not have
        for known in keys.values():
            if _key(label[OTHERWISE]) in known:
                known += [key for text in label.values() if (key := _key(text)) not in known]
    return keys
