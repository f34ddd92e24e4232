"""Words for a moment where a version may be named: `yesterday`, `7d`, `2w`, counted from now in the desk's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from factcheck.names import AGO, DAYS_AGO, hours_ago
from factcheck.text import digits_of_any_script

_VERSIONS = ("as_of", "since", "before", "after")
"""Arguments of commands that name a version, a tag or a date."""


def spelled_out(arguments: dict[str, Any], *, now: datetime, zone: Callable[[], str]) -> dict[str, Any]:
    """The arguments, each such word in place of a version as the moment it means, in ISO 8601 and UTC.

    `zone` gives the desk's zone (IANA) and is asked only where a day is named.
    """
    changed = {
        name: said
        for name in _VERSIONS
        if isinstance(value := arguments.get(name), str)
        and (said := _moment(value, now, zone, begins=name in {"since", "before"})) is not None
    }
    return arguments | changed


def _moment(text: str, now: datetime, zone: Callable[[], str], *, begins: bool) -> str | None:
    """None for what is no such word. A day means its end, and its beginning where something is asked since it."""
    words = digits_of_any_script(text.strip()).casefold()
    if (match := AGO.fullmatch(words)) is not None:
        return (now - timedelta(hours=hours_ago(match))).isoformat()
    if words not in DAYS_AGO:
        return None
    local = ZoneInfo(zone())
    midnight = datetime.combine(
        now.astimezone(local).date() - timedelta(days=DAYS_AGO[words]), datetime.min.time(), local
    )
    if begins:
        return (midnight.astimezone(UTC) - timedelta(microseconds=1)).isoformat()
    following = datetime.combine(midnight.date() + timedelta(days=1), datetime.min.time(), local)
    return (following.astimezone(UTC) - timedelta(microseconds=1)).isoformat()
