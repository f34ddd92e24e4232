"""What other installed distributions add: named entry points, found when they are asked for and loaded one by one.

A distribution that is broken is named in the error, and costs only those who ask for what it adds.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, Literal, NamedTuple

from factcheck.errors import PluginBroken, failure

Group = Literal["factcheck.formats", "factcheck.readers"]
FORMATS: Final[Group] = "factcheck.formats"
READERS: Final[Group] = "factcheck.readers"


class Plugged(NamedTuple):
    """What an entry point names, and what to call it in messages: the name with its distribution."""

    made: Any
    called: str


@cache
def named(group: Group) -> dict[str, tuple[EntryPoint, ...]]:
    """The entry points of a group by name; nothing is loaded. Several of one name are there together."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in entry_points(group=group):
        if entry not in (known := found.get(entry.name, ())):
            found[entry.name] = (*known, entry)
    return found


def load(group: Group, name: str) -> Plugged | None:
    """What the entry point of this name is; None where there is none.

    Raises PluginBroken where it cannot be loaded, or where two distributions use the name.
    """
    found = named(group).get(name, ())
    if not found:
        return None
    called = ", ".join(f"{name} of {_distribution(entry)}" for entry in found)
    if len(found) > 1:
        raise PluginBroken(
            f"{len(found)} installed distributions add this to {group}", subject=called, hint="uninstall one of them"
        )
    try:
        return Plugged(found[0].load(), called)
    except Exception as error:  # whatever another's module does when it is loaded
        raise broken(called, f"cannot be loaded ({failure(error)})") from error


def broken(called: str, what: str) -> PluginBroken:
    """What to say of a plugin that does not do what one of its kind has to."""
    return PluginBroken(what, subject=called, hint="upgrade or uninstall that distribution; its authors can mend it")


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"
