"""What is repaired in Label Studio was wrong for a while: answers given meanwhile are in doubt, and that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from factcheck.pipeline.desk import Desk
from factcheck.studio.api.client import Client
from factcheck.studio.sync import payload

_WHOLE_SECOND = timedelta(seconds=1)
"""The server tells its time in whole seconds, rounded down."""


@contextmanager
def in_doubt(
    desk: Desk,
    client: Client,
    project: str,
    reasons: Mapping[int | None, str],
    *,
    project_id: int | None = None,
    now: datetime,
) -> Iterator[None]:
    """A context for a repair of these tasks (None for all of the project), each with why its answers are in doubt.

    The doubt is kept before anything is repaired; a repair that breaks off leaves it open until a push ends well.
    """
    desk.workspace.doubt(project, reasons)
    yield
    end_doubts(desk, client, project, project_id=project_id, now=now)


def end_doubts(desk: Desk, client: Client, project: str, *, project_id: int | None = None, now: datetime) -> None:
    """What was repaired in the project is good from the server's present time on.

    A task that was repaired has moved, so with `project_id` the newest time of a task tells it to the microsecond.
    """
    if not desk.workspace.doubts(project):
        return
    newest = client.summary(project_id).newest if project_id is not None else ""
    until = (client.server_time or now) + _WHOLE_SECOND
    desk.workspace.end_doubts(project, until, of_tasks=payload.time(newest) if newest else None)
