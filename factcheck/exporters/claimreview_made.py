"""The reviews of an export as JSON text: most of them together by expressions, the others one by one, in one order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.errors import Rejected
from factcheck.exporters import claimreview_readers, claimreview_table, json_text
from factcheck.exporters.contract import STAGE, ExportContext
from factcheck.exporters.lint.finding import Finding
from factcheck.exporters.lint.rule import rules
from factcheck.exporters.profiles import Profile
from factcheck.models import Rejection

Json = dict[str, Any]
Checked = Callable[[Json], tuple[Json, list[Finding]] | Rejection]
"""The review of a row with what the lint has to say of it, or why there is none."""

_SCHEMA = pl.Schema(
    {"__row": pl.get_index_type(), "claim_id": pl.String(), "item": pl.String(), "document": pl.String()}
)
_LONG = "CLAIM_LONG"
_AT_ONCE = 16_384
"""Rows whose texts are in memory together before they stand in their reviews."""


class Warned(NamedTuple):
    """How often a rule is broken whose reviews go out all the same, and where first: row, claim and message."""

    times: int
    row: int
    claim_id: str
    message: str

    def and_(self, other: Warned | None) -> Warned:
        """Both together."""
        if other is None:
            return self
        first = min(self, other, key=lambda one: one.row)
        return first._replace(times=self.times + other.times)


class Made(NamedTuple):
    """`reviews` has `__row`, `claim_id`, `item` (of the feed or list) and `document`, null where none are wanted.

    `rejected` has `__row` and the columns of `models.Rejection`; `warned` is by the id of a rule.
    """

    reviews: pl.DataFrame
    rejected: pl.DataFrame
    warned: dict[str, Warned]


def made(rows: pl.DataFrame, profile: Profile, context: ExportContext, checked: Checked) -> Made:
    """The reviews of rows of a view, numbered by `__row`, of which each has to have one."""
    quick, rest, warned = _together(rows, profile, context, checked)
    slow = _one_by_one(rest, profile, checked)
    both = {name: one.and_(slow.warned.get(name)) for name, one in warned.items()}
    return Made(pl.concat([quick, slow.reviews]).sort("__row"), slow.rejected, slow.warned | both)


def _together(
    rows: pl.DataFrame, profile: Profile, context: ExportContext, checked: Checked
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Warned]]:
    """The reviews of rows that the lint has nothing against, all other rows, and what is to be said of the first."""
    if rows.is_empty() or profile.claimreview.reader != "default":
        return _SCHEMA.to_frame(), rows, {}

    def judge(row: Json) -> tuple[Json, bool] | None:
        found = checked(row)
        return None if isinstance(found, Rejection) else (found[0], all(_is_silent(one) for one in found[1]))

    ratings = claimreview_table.probe(rows, judge)
    documents = profile.claimreview.documents
    found: list[pl.DataFrame] = []
    others: list[pl.DataFrame] = []
    for part in rows.iter_slices(_AT_ONCE):
        ready, rest = claimreview_table.split(part, ratings, profile, context)
        others.append(rest)
        if ready.height:
            found.append(claimreview_table.reviews(ready, ratings, profile, context, documents=documents))
    rest = pl.concat(others)
    if not found:
        return _SCHEMA.to_frame(), rest, {}
    reviews = pl.concat(found)
    long = reviews.select("__row", "claim_id", "length").drop_nulls()
    warned = {}
    if long.height:
        row, claim_id, length = long.row(0)
        message = Finding(_LONG, (), str(length)).message
        warned[_LONG] = Warned(long.height, row, claim_id, message)
    if not documents:
        reviews = reviews.with_columns(document=pl.lit(None, pl.String))
    return reviews.select(_SCHEMA.names()), rest, warned


def _is_silent(finding: Finding) -> bool:
    return rules()[finding.id].exports == "silent"


def _one_by_one(rows: pl.DataFrame, profile: Profile, checked: Checked) -> Made:
    reader = claimreview_readers.READERS[profile.claimreview.reader]
    reviews: list[tuple[int, str, str, str | None]] = []
    rejected: list[tuple[int, Rejection]] = []
    warned: dict[str, Warned] = {}
    taken: dict[str, str] = {}
    for row in rows.iter_rows(named=True):
        number, claim_id = row["__row"], row["claim_id"]
        found = checked(row)
        if isinstance(found, Rejection):
            rejected.append((number, found))
            continue
        document, findings = found
        for one in findings:
            if one.rule.exports == "note":
                first = Warned(1, number, claim_id, one.message)
                warned[one.id] = warned[one.id].and_(first) if one.id in warned else first
        try:
            document = claimreview_readers.fitted(document, row, reader, taken)
        except Rejected as error:
            said = Rejection(stage=STAGE, code=error.reason_code, subject=claim_id, reason=error.what)
            rejected.append((number, said))
            continue
        whole = {"@context": claimreview_readers.CONTEXT, **document}
        item = whole if reader.listed else _item(document)
        text = f"{json_text.written(whole, indent=2)}\n" if profile.claimreview.documents else None
        reviews.append((number, claim_id, json_text.written(item), text))
    records = frames.from_records(Rejection, [one for _, one in rejected])
    numbers = pl.Series("__row", [number for number, _ in rejected], dtype=pl.get_index_type())
    return Made(pl.DataFrame(reviews, _SCHEMA, orient="row"), records.insert_column(0, numbers), warned)


def _item(document: Json) -> Json:
    """The review as an item of a DataFeed, dated by its verdict."""
    return {
        "@type": "DataFeedItem",
        "dateCreated": document["datePublished"],
        "dateModified": document["dateModified"],
        "item": [document],
    }
