"""Whether a watch is ready, and the figures it begins with after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from factcheck import settings
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.watch_health import LATE, STALE, STARTING, taken_up, unready
from factcheck.studio.webhook.metrics import Metrics
from tests.dataset import desks

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@given(
    st.sampled_from(["", "UNAVAILABLE", "OS"]), st.none() | st.floats(0, 10_000), st.floats(0.1, 3600, allow_nan=False)
)
def test_it_is_ready_exactly_after_a_recent_look_without_trouble(
    trouble: str, ago: float | None, interval: float
) -> None:
    last = None if ago is None else NOW - timedelta(seconds=ago)
    reason = unready(trouble, last, now=NOW, interval=interval)
    if trouble:
        assert reason == trouble, "the error goes before what follows from it"
    elif last is None:
        assert reason == STARTING
    else:
        assert reason == (LATE if (NOW - last).total_seconds() > STALE + interval else "")


def test_a_restart_begins_with_the_figures_of_the_dataset(tmp_path: Path) -> None:
    desk = Desk(settings.load(desks.make(tmp_path / "desk"), {}))
    version, metrics = desk.dataset.version(), Metrics()
    assert version is not None
    desk.workspace.note_pull(now=NOW)
    taken_up(desk, metrics)
    assert metrics.value("factcheck_version") == version.version == 2
    assert metrics.value("factcheck_version_timestamp_seconds") == version.committed_at.timestamp()
    assert metrics.value("factcheck_last_look_timestamp_seconds") == NOW.timestamp()
    told = metrics.exposition()().decode()
    assert "factcheck_version 2.0" in told


def test_a_damaged_dataset_is_left_to_the_first_look(tmp_path: Path) -> None:
    desk = Desk(settings.load(desks.make(tmp_path / "desk"), {}))
    for log in (tmp_path / "desk" / "dataset" / "versions" / "_delta_log").glob("*.json"):
        log.write_bytes(b"")
    metrics = Metrics()
    taken_up(desk, metrics)
    assert metrics.value("factcheck_version") == 0
