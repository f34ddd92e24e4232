"""Answers that nobody can say to what they were given: what a desk notes while a page is not as it should be."""

from __future__ import annotations

from typing import NamedTuple

OPEN = "9999-12-31T23:59:59+00:00"
"""`Doubt.until` of a repair that has begun and of which nobody knows yet when it ended."""


class Doubt(NamedTuple):
    """Answers given in a project until `until` (server time, ISO) were given to something that was not ours.

    That is one task whose words were changed, or with `task_id` None every task, because the choices meant something
    else. What was pulled before is not in doubt.
    """

    project: str
    task_id: int | None
    until: str
    reason: str
