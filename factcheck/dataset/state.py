"""What a dataset holds at one moment: its versions in order and the files that make them up.

Pure: everything is derived from the rows of the table `versions`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from factcheck.dataset.layout import FILE, VERSIONS
from factcheck.errors import Corrupt, UnknownVersion

AsOf = int | str | datetime | None
"""A version's number, a tag, a date or month (the last version up to its end, UTC), or None for the newest."""

_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True)
class State:
    """The versions in order, the data files that count, and what is damaged after the last good version."""

    versions: pl.DataFrame
    files: pl.DataFrame
    damage: Corrupt | None = None

    @property
    def head(self) -> int:
        """The newest version, 0 where there is none."""
        return self.versions.height

    def files_of(self, table: str, version: int, *, after: int = 0) -> pl.DataFrame:
        """The table's files that hold rows of versions in (after, version]."""
        return self.files.filter(
            (pl.col("table") == table) & (pl.col("min_version") <= version) & (pl.col("max_version") > after),
        )

    def resolve(self, as_of: AsOf, tags: pl.DataFrame) -> int:
        """The version that `as_of` names; 0 is the empty dataset before the first.

        Raises UnknownVersion, and Corrupt where the answer may lie in what is damaged.
        """
        if isinstance(as_of, bool):
            raise UnknownVersion("is no version", subject=str(as_of), hint="`factcheck log` lists them")
        if isinstance(as_of, str):
            tagged = tags.filter(pl.col("name") == as_of)
            as_of = int(tagged["version"][-1]) if tagged.height else _parsed(as_of, self.head)
        if isinstance(as_of, datetime):
            return self._at(as_of)
        if as_of is None:
            if self.damage is not None:
                raise self.damage
            return self.head
        if 0 <= as_of <= self.head:
            return as_of
        if self.damage is not None:
            raise self.damage
        raise UnknownVersion(
            f"there is no version {as_of}; the newest is {self.head}", subject=str(as_of), hint="`factcheck log`"
        )

    def _at(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        found = int((self.versions["committed_at"] <= moment).sum())
        if found == self.head and self.damage is not None:
            raise self.damage
        if found == 0:
            raise UnknownVersion(
                "is before the first version", subject=moment.isoformat(), hint="`factcheck log` lists the versions"
            )
        return found


def build(rows: pl.DataFrame, damage: Corrupt | None) -> State:
    """The state from the rows of `versions`, as far as they follow each other without a gap.

    Raises Corrupt where one version has two rows.
    """
    ordered = rows.sort("version")
    numbers = ordered["version"]
    if numbers.n_unique() != numbers.len():
        raise Corrupt("one version has two rows", subject="versions", hint="`factcheck verify` names the file")
    good = int((numbers == pl.int_range(1, numbers.len() + 1, eager=True)).sum()) if numbers.len() else 0
    if good < numbers.len():
        damage = damage or Corrupt(f"version {good + 1} is missing", subject="versions", hint="`factcheck verify`")
        ordered = ordered.head(good)
    broken = ordered.filter(pl.col("parent_hash").fill_null("") != pl.col("version_hash").shift(1).fill_null(""))
    if broken.height:
        first = int(broken["version"][0])
        damage = Corrupt(
            f"version {first} does not follow version {first - 1}", subject="versions", hint="`factcheck verify`"
        )
        ordered = ordered.head(first - 1)
    files = ordered.select("files").explode("files", empty_as_null=False).unnest("files")
    if not files.width:
        files = pl.DataFrame(schema=FILE.to_schema())
    return State(ordered.drop("files"), files, damage)


def empty() -> State:
    """A dataset without versions."""
    return build(pl.DataFrame(schema=VERSIONS.stored), None)


def _parsed(text: str, head: int) -> int | datetime:
    # Four digits are a year as long as there is no version of that number.
    if text.isdecimal() and (len(text) != len("2026") or int(text) <= head):
        return int(text)
    if match := _DATE.match(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            return _end_of(year or 0, month, day)
        except ValueError as error:
            raise UnknownVersion("is no date", subject=text, hint="write 2026, 2026-11 or 2026-11-05") from error
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UnknownVersion(
            "is no version, tag or date", subject=text, hint="`factcheck log` lists versions and tags"
        ) from error


def _end_of(year: int, month: int | None, day: int | None) -> datetime:
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    return datetime(year, last_month, last_day, tzinfo=UTC) + timedelta(days=1) - timedelta(microseconds=1)
