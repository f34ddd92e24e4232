"""Words for a moment where a version may be named: `yesterday`, `7d`, `2w`, counted from now in the desk's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from factcheck.names import spelled_moment

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
        and (said := spelled_moment(value, now, lambda: ZoneInfo(zone()), begins=name in {"since", "before"}))
    }
    return arguments | {name: said.isoformat() for name, said in changed.items()}
