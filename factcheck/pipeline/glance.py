"""A glance at Label Studio: two small questions a project tell whether a look would find anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factcheck.studio.api.client import Client


class Seen(NamedTuple):
    """What a glance saw of a project: how many tasks, and which changed lately (id and update time)."""

    tasks: int
    moved: frozenset[tuple[int, str]]


def glance(client: Client, projects: Mapping[str, int], since: datetime) -> dict[str, Seen]:
    """What each project shows; one whose changes since then are too many to compare is left out."""
    found = {}
    for name, project_id in projects.items():
        if (moved := client.moved(project_id, since)) is not None:
            found[name] = Seen(client.count(project_id), frozenset(moved))
    return found


def is_news(now: Mapping[str, Seen], before: Mapping[str, Seen], projects: Collection[str]) -> bool:
    """Whether something changed between two glances at these projects; where one of them is not whole, it may have."""
    if now.keys() != {*projects} or now.keys() != before.keys():
        return bool(projects)
    return any(seen.tasks != before[name].tasks or not seen.moved <= before[name].moved for name, seen in now.items())
