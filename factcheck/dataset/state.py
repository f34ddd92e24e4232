"""What a dataset holds at one moment: its versions in order and the files that make them up.

Pure: everything is derived from the rows of the table `versions`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

import polars as pl

from factcheck import days, names
from factcheck.dataset.layout import FILE, VERSIONS
from factcheck.errors import Corrupt, UnknownVersion, UsageError

AsOf = int | str | datetime | None
"""A version's number, a tag, a date or month (the last version up to its end, UTC), or None for the newest.

As text in the digits of any script; `version:3`, `date:2026-11` and `tag:NAME` say which of these is meant.
"""

_KINDS = ("version", "date", "tag")


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

    def resolve(self, as_of: AsOf, tags: pl.DataFrame, zone: tzinfo = UTC) -> int:
        """The version that `as_of` names; 0 is the empty dataset before the first. Days are those of the zone.

        Raises UnknownVersion, UsageError for a text that is a tag and reads as a version or date too, and Corrupt
        where the answer may lie in what is damaged.
        """
        if isinstance(as_of, bool):
            raise UnknownVersion("is not a version", subject=str(as_of), hint="run `factcheck log` to list them")
        if isinstance(as_of, str):
            as_of = _meant(as_of, tags, self.head, zone)
        if isinstance(as_of, datetime):
            return self._at(as_of if as_of.tzinfo else as_of.replace(tzinfo=zone))
        if as_of is None:
            self._refuse_damage()
            return self.head
        if 0 <= as_of <= self.head:
            return as_of
        self._refuse_damage()
        raise UnknownVersion(
            "no such version" + (f"; the newest is {self.head}" if self.head else ""),
            subject=names.shown(str(as_of)),
            hint="run `factcheck log` to list versions and tags",
        )

    def _at(self, moment: datetime) -> int:
        moment = moment.astimezone(UTC)
        found = int((self.versions["committed_at"] <= moment).sum())
        if found == self.head:
            self._refuse_damage()
        if found == 0:
            raise UnknownVersion(
                "is before the first version",
                subject=moment.isoformat(),
                hint="run `factcheck log` to list the versions",
            )
        return found

    def _refuse_damage(self) -> None:
        if self.damage is None:
            return
        good = f"versions 1 to {self.head} read as before (--as-of {self.head}); " if self.head else ""
        raise Corrupt(self.damage.what, subject=self.damage.subject, hint=good + self.damage.hint)


def build(rows: pl.DataFrame, damage: Corrupt | None) -> State:
    """The state from the rows of `versions`, as far as they follow each other without a gap.

    Raises Corrupt where two rows have the same version number.
    """
    ordered = rows.sort("version")
    numbers = ordered["version"]
    if numbers.n_unique() != numbers.len():
        raise Corrupt(
            "two rows have the same version number", subject="versions", hint="run `factcheck verify` to find the file"
        )
    good = int((numbers == pl.int_range(1, numbers.len() + 1, eager=True)).sum()) if numbers.len() else 0
    if good < numbers.len():
        damage = damage or Corrupt(
            f"version {good + 1} is missing", subject="versions", hint="run `factcheck verify` to find the file"
        )
        ordered = ordered.head(good)
    broken = ordered.filter(pl.col("parent_hash").fill_null("") != pl.col("version_hash").shift(1).fill_null(""))
    if broken.height:
        first = int(broken["version"][0])
        damage = Corrupt(
            f"version {first} does not follow version {first - 1}",
            subject="versions",
            hint="run `factcheck verify` to find the file",
        )
        ordered = ordered.head(first - 1)
    files = ordered.select("files").explode("files", empty_as_null=False).unnest("files")
    if not files.width:
        files = pl.DataFrame(schema=FILE.to_schema())
    return State(ordered.drop("files"), files, damage)


def empty() -> State:
    """A dataset without versions."""
    return build(pl.DataFrame(schema=VERSIONS.stored), None)


def needs_tags(as_of: AsOf) -> bool:
    """Whether a tag may be meant; `version:3` and `date:2026-11` can be told without the tags."""
    return isinstance(as_of, str) and _split(as_of)[0] not in {"version", "date"}


def reads_alone(as_of: AsOf) -> bool:
    """Whether the text is a version or date whatever the tags say, so that it can be answered where they are lost."""
    if not isinstance(as_of, str) or _split(as_of)[0]:
        return False
    try:
        return _parsed(as_of.strip(), 0) is not None
    except UnknownVersion:
        return False


def _meant(text: str, tags: pl.DataFrame, head: int, zone: tzinfo) -> int | datetime:
    kind, rest = _split(text)
    by_name = {unicodedata.normalize("NFC", name): version for name, version in tags["name", "version"].iter_rows()}
    tagged = by_name.get(unicodedata.normalize("NFC", rest))
    if kind == "tag":
        if tagged is None:
            raise _unknown(rest, "no such tag")
        return int(tagged)
    read = _parsed(rest, head, kind, zone)
    if tagged is None or kind:
        if read is None:
            raise _unknown(rest, f"is not a {kind}" if kind else "is not a version, tag or date")
        return read
    if read is None:
        return int(tagged)
    other = "date" if isinstance(read, datetime) else "version"
    raise UsageError(
        f"is a tag (of version {tagged}) and also reads as a {other}",
        subject=names.shown(rest),
        hint=f"write tag:{rest} or {other}:{rest}",
    )


def _split(text: str) -> tuple[str, str]:
    """The kind that the text says it is, empty where it says none, and the rest."""
    kind, colon, rest = text.strip().partition(":")
    return (kind, rest) if colon and kind in _KINDS else ("", text.strip())


def _parsed(text: str, head: int, kind: str = "", zone: tzinfo = UTC) -> int | datetime | None:
    number = None if kind == "date" else names.as_number(text)
    # Four digits are a year as long as there is not a version of that number.
    if number is not None and (kind or len(text) != len("2026") or not text.isdecimal() or number <= head):
        return number
    if kind == "version":
        return None
    try:
        found = names.as_moment(text, zone)
    except ValueError as error:
        raise UnknownVersion(
            "is not a date that exists", subject=names.shown(text), hint="write 2026, 2026-11 or 2026-11-05"
        ) from error
    if (other := days.in_other_calendar(text)) is not None:
        raise UnknownVersion(
            f"is {other.what}, and versions are named by Gregorian days",
            subject=names.shown(text),
            hint=f"write {other.day.isoformat()}" if other.day else "write a day such as 2026-11-05",
        )
    return found


def _unknown(text: str, what: str) -> UnknownVersion:
    return UnknownVersion(what, subject=names.shown(text), hint="run `factcheck log` to list versions and tags")
