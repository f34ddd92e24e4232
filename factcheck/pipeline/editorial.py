"""What editors write of claims: `write`, and the rules of a value that a workbook keeps to too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames, web
from factcheck.dataset import Dataset, annotators
from factcheck.dataset.editorial import SETTLED
from factcheck.errors import UnknownClaim, UsageError
from factcheck.exporters import editorial as for_exports
from factcheck.importers import workbook, workbook_columns
from factcheck.models import ClaimState, EditorialChange, EditorialField, EditorialState, edit_id
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.text import has_surrogate, storable

CAUSE: Final = "editorial"
LONGEST: Final = 10_000
"""Code points of a value: it fits into a cell of a workbook, whatever its letters are."""
_LONGEST_ADDRESS: Final = 2_079
_NOT_KEPT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Controls and what XML has no character for: no workbook, feed or page could show them."""
SIGNED: Final = frozenset({str(EditorialState.APPROVED), str(EditorialState.PUBLISHED)})
_SHORTEST: Final = 8


class Word(NamedTuple):
    """A value that is to stand in a field of a claim, in place of another."""

    claim_id: str
    field: str
    before: str | None
    value: str | None


class Written(NamedTuple):
    """What was written, a row a field, and the version; None where all of it stood already, or for a dry run."""

    claim_id: str
    words: list[Word]
    version: int | None

    def as_dict(self) -> dict[str, Any]:
        """The same for --json."""
        return self._asdict() | {"words": [word._asdict() for word in self.words]}


def write(
    settings: Settings, claim: str, words: Mapping[str, str], *, editor: str, dry_run: bool, now: datetime
) -> Written:
    """What an editor says of a claim, by field, as one version; an empty text takes words back.

    Raises UnknownClaim, and UsageError for a value that cannot be kept, naming what is wrong with it.
    """
    if not words:
        raise UsageError("says nothing to write", subject=claim, hint="give --headline, --summary, --state, ...")
    desk = Desk(settings)
    with desk.workspace.writing("write", now=now):
        data = desk.readable()
        claim_id = _meant(data, claim)
        values = {}
        for field, given in words.items():
            value, problem = checked(field, given)
            if problem:
                raise UsageError(problem, subject=f"{claim_id}, {field}: {storable(given[:80])}", hint="write it anew")
            values[field] = value
        row = _one(standing(data, None), claim_id)
        told = [Word(claim_id, field, row[workbook_columns.COLUMN_OF[field]], value) for field, value in values.items()]
        news = [word for word in told if word.before != word.value]
        return Written(claim_id, news, None if dry_run else commit(desk, news, editor=editor, now=now))


def checked(field: str, given: str) -> tuple[str | None, str]:
    """The value as it is kept, None for an empty one, and what is wrong with it; "" where nothing is."""
    value = workbook_columns.clean(given)
    if not value:
        return None, ""
    problem = _unkept(value)
    if field == EditorialField.STATE and not problem:
        state = for_exports.state_of(value)
        return state, "" if state else f"is no state: write one of {', '.join(EditorialState)}"
    if field == EditorialField.PAGE_URL and not problem:
        good = web.is_web_address(value) and len(value) <= _LONGEST_ADDRESS
        problem = "" if good else "is no web address: write it with https:// or http://, as it stands in the browser"
    return (None, problem) if problem else (value, "")


def _unkept(value: str) -> str:
    """Why the text cannot be kept exactly as it is; "" where it can."""
    if has_surrogate(value):
        return "holds half of a surrogate pair, which is no character: type it again"
    if found := _NOT_KEPT.search(value):
        return f"holds U+{ord(found[0]):04X}, a character that no page can show: take it out"
    if len(value) > LONGEST:
        return f"has {len(value):,} characters, more than {LONGEST:,}: shorten it"
    return ""


def standing(data: Dataset, as_of: int | None) -> pl.DataFrame:
    """What a workbook of the version shows of each claim (`workbook.SHOWN`), a row for each group with an active one.

    A claim nobody voted on is `unreviewed`.
    """
    active = pl.col("state") == str(ClaimState.ACTIVE)
    groups = data.claims(as_of).filter(active).select(claim_id="group_id").unique().collect()
    results = data.verdicts(as_of).select("claim_id", "status", "verdict", "reason").collect()
    return (
        groups.join(results, on="claim_id", how="left")
        .join(data.editorial(as_of), on="claim_id", how="left")
        .join(proposals(data, as_of), on="claim_id", how="left")
        .with_columns(
            pl.col("status").fill_null("unreviewed"),
            proposal=pl.when(pl.col("claim_reviewed").is_null()).then("claim_in_words"),
        )
        .select(list(workbook.SHOWN))
        .sort("claim_id")
    )


def proposals(data: Dataset, as_of: int | None) -> pl.DataFrame:
    """The claims (claim_id, claim_in_words) for which the extractor proposes words that stand alone."""
    own = (pl.col("claim_id") == pl.col("group_id")) & pl.col("claim_in_words").is_not_null()
    fits = pl.col("claim_in_words").str.len_chars() <= LONGEST
    return data.claims(as_of).filter(own & fits).select("claim_id", "claim_in_words").collect()


def result(row: Mapping[str, Any]) -> tuple[str | None, ...]:
    """What a reader is told of the claim; one that waits for votes has no result, whatever it waits for."""
    return (row["status"] if row["status"] in SETTLED else None, row["verdict"], row["reason"])


def commit(desk: Desk, words: Sequence[Word], *, editor: str, now: datetime) -> int | None:
    """The number of the version that brings the words; None where there are none. Raises UsageError for no editor."""
    name = " ".join(editor.split())
    if not name:
        raise UsageError("an editor needs a name", subject="--editor", hint='--editor "your name"')
    if not words:
        return None
    data = desk.dataset
    who = annotators.desk_person(data, name)
    rows = [
        EditorialChange(
            edit_id=edit_id(claim_id=word.claim_id, field=word.field, value=word.value, at=now),
            claim_id=word.claim_id,
            field=EditorialField(word.field),
            value=word.value,
            editor=who,
            at=now,
        )
        for word in words
    ]
    head = data.version()
    version = dataset_package.commit(
        data,
        editorial=frames.from_records(EditorialChange, rows),
        cause=CAUSE,
        message=f"{len(words)} values of {len({word.claim_id for word in words})} claims",
        # Where a pull without news left off, the next one goes on, although the head is another then.
        cursor=desk.staging.cursor(head.version_hash if head else None),
        now=now,
    )
    return version.version if version else None


def _meant(data: Dataset, given: str) -> str:
    """The group that an id, or its beginning, means; a claim that says the same as another stands in its group."""
    claims = data.claims().select("claim_id", "group_id", "state").collect()
    found = claims.filter(pl.col("claim_id").str.starts_with(given)) if len(given) >= _SHORTEST else claims.clear()
    if found.height != 1:
        what = f"{found.height} claims begin with that" if found.height else "no such claim in a version"
        raise UnknownClaim(what, subject=given, hint="`factcheck claims --show 20` and every export list claim ids")
    group = str(found["group_id"][0])
    if claims.filter(pl.col("group_id") == group, pl.col("state") == str(ClaimState.ACTIVE)).is_empty():
        raise UsageError("was withdrawn", subject=given, hint=f"`factcheck show {given}` says why")
    return group


def _one(rows: pl.DataFrame, claim_id: str) -> dict[str, Any]:
    return rows.row(by_predicate=pl.col("claim_id") == claim_id, named=True)
