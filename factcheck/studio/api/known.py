"""What a desk remembers of its Label Studio projects between runs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class KnownProject(NamedTuple):
    """A project on the server: its number there, and when it was made, as an ISO time; numbers alone come again.

    `version` is the dataset's newest when its description was last stamped.
    """

    project_id: int
    created_at: str
    version: int = 0

    def is_same(self, project_id: int, created_at: str) -> bool:
        """Whether that is this project; the two times may be written differently."""
        return project_id == self.project_id and same_moment(created_at, self.created_at)


def same_moment(one: str, other: str) -> bool:
    """Whether two ISO times are the same one, however they are written."""
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):  # none, or one with a zone and one without
        return False
