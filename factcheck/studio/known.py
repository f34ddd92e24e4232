"""What a desk remembers of its Label Studio projects between runs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

OPEN = "9999-12-31T23:59:59+00:00"
"""`Doubt.until` of a repair that has begun and of which nobody knows yet when it ended."""


class KnownProject(NamedTuple):
    """A project on the server: its number there, and when it was made, as an ISO time; numbers alone come again."""

    project_id: int
    created_at: str

    def is_same(self, project_id: int, created_at: str) -> bool:
        """Whether that is this project; the two times may be written differently."""
        return project_id == self.project_id and same_moment(created_at, self.created_at)


class Doubt(NamedTuple):
    """Answers given in a project until `until` (server time, ISO) were given to something that was not ours.

    That is one task whose words were changed, or with `task_id` None every task, because the choices meant something
    else. What was pulled before is not in doubt.
    """

    project: str
    task_id: int | None
    until: str
    reason: str


def same_moment(one: str, other: str) -> bool:
    """Whether two ISO times are the same one, however they are written."""
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):  # none, or one with a zone and one without
        return False
