"""Month, zone and calendar names from data/months.toml, for folded text."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from factcheck.folding import fold_in_place
from factcheck.models import Calendar


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data/months.toml").read_text("utf-8"))


def _squeeze(name: str) -> str:
    return re.sub(r"[\s\-]+", "", fold_in_place(name))


def _names_pattern(names: list[str]) -> str:
    """One alternation, longest name first, with white space allowed where the name has it or a ZWNJ hides one."""
    alternatives = []
    for name in sorted({fold_in_place(name) for name in names}, key=lambda name: (-len(name), name)):
        words = re.split(r"[\s\-]+", name)
        alternatives.append(r"[\s\-]*".join(re.escape(word) for word in words))
    return "|".join(alternatives)


@functools.cache
def months() -> tuple[str, dict[str, tuple[Calendar, int]]]:
    """A pattern of all month names for folded text, and month by squeezed name."""
    found = {_squeeze(name): (calendar, number) for calendar, number, name in every_month()}
    return _names_pattern([name for _, _, name in every_month()]), found


@functools.cache
def zones() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of zone names for folded text, and the zone of the tz database by squeezed name."""
    found = {_squeeze(name): zone for zone, names in _data()["zones"].items() for name in names}
    pattern = _names_pattern([name for names in _data()["zones"].values() for name in names])
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), found


@functools.cache
def every_month() -> tuple[tuple[Calendar, int, str], ...]:
    """Calendar, number and name of every month, as written in the file, several names for one."""
    return tuple(
        (calendar, int(number), name)
        for calendar in Calendar
        for number, names in _data()[calendar].items()
        for name in names
    )


@functools.cache
def calendar_words() -> tuple[tuple[Calendar, tuple[str, ...]], ...]:
    """The words that name a calendar after its date, as written in the file."""
    return tuple((Calendar(calendar), tuple(names)) for calendar, names in _data()["calendars"].items())


def month_named(name: str) -> tuple[Calendar, int]:
    """The calendar and month of a name that the pattern of `months` has found."""
    return months()[1][_squeeze(name)]


def zone_named(name: str) -> ZoneInfo:
    """The zone of a name that the pattern of `zones` has found."""
    return ZoneInfo(zones()[1][_squeeze(name)])


def calendar_named(folded: str) -> Calendar | None:
    """The calendar that the folded text names after its date ("1404 ه ش"), if any."""
    return next((calendar for calendar, pattern in _calendars() if pattern.search(folded)), None)


@functools.cache
def _calendars() -> tuple[tuple[Calendar, re.Pattern[str]], ...]:
    return tuple(
        (calendar, re.compile(rf"(?<!\w)(?:{_names_pattern(list(names))})(?!\w)"))
        for calendar, names in calendar_words()
    )
