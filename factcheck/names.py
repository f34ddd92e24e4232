"""Names that people give: tags, releases, export profiles, projects, checkers. One rule for all of them.

A name stands where a version or a date may stand too (`--as-of`), becomes the name of a folder or file, and is shown
on terminals: so nothing that reads as a version or a date, nothing that leads out of a folder, nothing invisible.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Annotated, Final, Literal

from pydantic import AfterValidator

from factcheck.errors import UsageError
from factcheck.text import ZWNJ, digits_of_any_script

Kind = Literal["tag", "release", "profile", "project", "source", "checker", "reader"]

LENGTH: Final = 100
LENGTH_OF_PROJECT: Final = 40
"""A project's name stands in its mark in Label Studio and in every annotation key."""
BYTES: Final = 200
"""A file name has 255 at most, and ours have something before and after the name."""

_NO_FOLDER: Final = re.compile(r"%[0-9A-Fa-f]{2}|[\\\x00-\x1f\x7f\ud800-\udfff]")
_RESERVED: Final = frozenset({"beginning", "last", "latest", "newest", "now", "today", "tomorrow", "yesterday"})
AGO: Final = re.compile(r"(\d{1,4})\s?(h|d|w|hours?|days?|weeks?)(?: ago)?", re.IGNORECASE)
"""A time before now: `12h`, `7d`, `2 weeks ago`, with ASCII digits."""
DAYS_AGO: Final = {"today": 0, "yesterday": 1}
_HOURS: Final = {"h": 1, "d": 24, "w": 7 * 24}
_VERSION: Final = re.compile(r"v?(\d+)", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LARGEST: Final = 10**18
_SHOWN: Final = 60
# Letters and marks that Unicode wants not to be shown (Default_Ignorable_Code_Point) and that are no format character.
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def hours_ago(ago: re.Match[str]) -> int:
    """The hours that a match of `AGO` means."""
    return int(ago[1]) * _HOURS[ago[2][0].lower()]


def check(kind: Kind, name: str) -> str:
    """The name as it is kept: composed (NFC), its digits as they were typed.

    Raises UsageError that says in words what keeps it from being a name of this kind.
    """
    kept = unicodedata.normalize("NFC", name)
    if (wrong := _problem(kind, kept)) is not None:
        raise UsageError(wrong[0], subject=shown(name) or kind, hint=wrong[1])
    return kept


def check_folder(path: str) -> None:
    r"""Raises UsageError where a dataset cannot lie below the folder of this name (absolute, links followed).

    deltalake reads the names of folders as parts of URLs: it would look for `x%20y` in the folder `x y`, for `a\b` in
    `a/b`, and knows no control characters and no bytes that are not UTF-8. Every other name works.
    """
    found = _NO_FOLDER.search(path)
    if found is None:
        return
    what = f"'{found[0]}'" if found[0].isprintable() else f"a character that does not show (U+{ord(found[0]):04X})"
    raise UsageError(
        f"a dataset's folder cannot have {what} in its name",
        subject="".join(char if char.isprintable() or char == ZWNJ else _escape(char) for char in path),
        hint="rename that folder, or name another one under [dataset] in factcheck.toml",
    )


def _valid(kind: Kind, name: str) -> str:
    try:
        return check(kind, name)
    except UsageError as error:
        raise ValueError(f"{error.what}; {error.hint}") from error


ProjectName = Annotated[str, AfterValidator(partial(_valid, "project"))]
SourceName = Annotated[str, AfterValidator(partial(_valid, "source"))]


def shown(name: str) -> str:
    """Any text as one short line for a terminal: what would not show, or would move the cursor, is escaped."""
    cut = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    return "".join(char if char.isprintable() or char == ZWNJ else _escape(char) for char in cut)


def spelled_moment(text: str, now: datetime, zone: Callable[[], tzinfo], *, begins: bool = False) -> datetime | None:
    """The moment (UTC) that `yesterday`, `today`, `7d` or `2 weeks ago` mean; None for what is no such word.

    A day means its end, and its beginning where something is asked since it; `zone` is asked only for a day.
    """
    words = digits_of_any_script(text.strip()).casefold()
    if (match := AGO.fullmatch(words)) is not None:
        return now - timedelta(hours=hours_ago(match))
    if words not in DAYS_AGO:
        return None
    local = zone()
    day = now.astimezone(local).date() - timedelta(days=DAYS_AGO[words] if begins else DAYS_AGO[words] - 1)
    return datetime.combine(day, time.min, local).astimezone(UTC) - timedelta(microseconds=1)


def as_number(text: str) -> int | None:
    """The version number that `3`, `v3` or `۳` says, None for another text; the largest is 10 ** 18."""
    match = _VERSION.fullmatch(digits_of_any_script(text))
    if match is None:
        return None
    digits = match.group(1).lstrip("0")
    return int(digits or "0") if len(digits) < len(str(_LARGEST)) else _LARGEST


def as_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The end of the year, month or day that the text says, or the time it says in ISO 8601, in UTC; None for another.

    Days, and times without an offset, are those of the zone. Raises ValueError for a date that does not exist.
    """
    folded = digits_of_any_script(text)
    if match := _DATE.fullmatch(folded):
        year, month, day = match.groups()
        return _end_of(int(year), int(month or 12), int(day) if day else None, zone)
    try:
        found = datetime.fromisoformat(folded)
        return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    except ValueError:
        return None
    except OverflowError:  # the last or first day there is, in another zone
        return datetime.max.replace(tzinfo=UTC) if folded[0] == "9" else datetime.min.replace(tzinfo=UTC)


def _end_of(year: int, month: int, day: int | None, zone: tzinfo) -> datetime:
    if not 1 <= month <= 12:  # noqa: PLR2004 - months
        raise ValueError(f"there is no month {month}")
    last = calendar.monthrange(year, month)[1] if day is None else day
    end = datetime(year, month, last, 23, 59, 59, 999_999, tzinfo=zone)
    try:
        return end.astimezone(UTC)
    except OverflowError:  # the last or first day there is
        return end.replace(tzinfo=UTC)


def _problem(kind: Kind, name: str) -> tuple[str, str] | None:
    """What is wrong and what to do, or None."""
    longest = LENGTH_OF_PROJECT if kind == "project" else LENGTH
    signs = "'-' and '_'" if kind == "project" else "'-', '_' and '.'"
    hint = f"use letters, digits, {signs}, for example week-47"
    if not name:
        return f"a {kind} needs a name", hint
    if len(name) > longest or len(name.encode("utf-8", "surrogatepass")) > BYTES:
        return f"is too long for a {kind}: at most {longest} characters and {BYTES} bytes", "use a shorter name"
    if name[0] in "-.":
        return f"a {kind} cannot begin with '{name[0]}'", hint
    for at, char in enumerate(name):
        if (what := _stranger(name, at, dots=kind != "project")) is not None:
            return f"a {kind} cannot have {what} in it", _without(name, char, hint)
    if (reading := _reads_as(name)) is not None:
        return f"the {kind} would read as {reading}", "use a name with a word in it, for example week-47"
    return None


def _reads_as(name: str) -> str | None:
    """What else the name would be taken for where a version, tag or date may stand."""
    if name.casefold() in _RESERVED:
        return "a version, not as a name"
    if as_number(name) is not None:
        return "a version number"
    try:
        moment = as_moment(name)
    except ValueError:
        return "a date"
    if moment is not None or AGO.fullmatch(digits_of_any_script(name)):
        return "a date"
    has_letter = any(unicodedata.category(char).startswith("L") for char in name)
    return None if has_letter else "a number or a date"


def _stranger(name: str, at: int, *, dots: bool) -> str | None:
    """What the character at this place is, in words, where a name cannot have it."""
    char = name[at]
    category = unicodedata.category(char)
    before, after = name[at - 1 : at] if at else "", name[at + 1 : at + 2]
    if char == ZWNJ:
        return None if _wordlike(before) and _wordlike(after) else "a zero-width non-joiner outside a word"
    if category.startswith("C") or _UNSEEN.match(char):
        return f"a character that does not show (U+{ord(char):04X})"
    if _wordlike(char) or char in "-_" or (char == "." and dots) or (category.startswith("M") and _wordlike(before)):
        return None
    if char.isspace():
        return "a space"
    return "a slash" if char in "/\\" else f"'{char}'"


def _wordlike(char: str) -> bool:
    return bool(char) and (char.isdecimal() or unicodedata.category(char)[0] == "L") and not _UNSEEN.match(char)


def _without(name: str, char: str, hint: str) -> str:
    if char.isspace() and (joined := "-".join(name.split())) and _problem("project", joined) is None:
        return f"write it as {joined}"
    return hint


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
