"""How a watch is doing: why it is not ready, and the figures that it begins with."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from factcheck.errors import FactcheckError
from factcheck.pipeline.desk import Desk
from factcheck.studio.webhook.metrics import Metrics

STALE = 300.0
"""Seconds beside the interval after which a watch that has not looked with success is not ready."""
STARTING, LATE = "STARTING", "STALE"


def unready(trouble: str, last_look: datetime | None, *, now: datetime, interval: float) -> str:
    """Why verdicts do not arrive in the dataset at this moment, as a code; "" where they do.

    `trouble` is the code of the error that the last try ended with, `last_look` when one succeeded since the start,
    `interval` the seconds between looks.
    """
    if trouble:
        return trouble
    if last_look is None:
        return STARTING
    return LATE if (now - last_look).total_seconds() > STALE + interval else ""


def taken_up(desk: Desk, metrics: Metrics) -> None:
    """Begin with the figures that the dataset and the desk have, so that a restart is no fall to 0."""
    with suppress(FactcheckError, OSError):  # the first look meets it again, and says so
        data = desk.committed()
        head = data.version() if data is not None else None
        if head is not None:
            stands(metrics, head.version, head.committed_at)
        if (last := desk.workspace.last_pull()) is not None:
            metrics.set("factcheck_last_look_timestamp_seconds", last.timestamp())


def stands(metrics: Metrics, version: int, committed_at: datetime) -> None:
    """Write down the dataset's newest version and when it was committed."""
    metrics.set("factcheck_version", version)
    metrics.set("factcheck_version_timestamp_seconds", committed_at.timestamp())
