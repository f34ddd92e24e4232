"""How soon a verdict given in a real Label Studio is in the dataset: called by a webhook, polled; what a look costs."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.measures import Measure, emit
from tests.watch_driver import WatchedDesk, latency, now, watching

ROOT = Path(__file__).parents[2]
SUBMITS = 40


def measure(desk: WatchedDesk, name: str, *options: str) -> Measure:
    """p95 of the waits, beside their median."""
    with watching(desk.folder, *options) as watch:
        before = desk.desk.workspace.last_pull()
        watch.until(lambda: desk.desk.workspace.last_pull() != before)
        time.sleep(3)
        waits = latency(desk, watch, submits=SUBMITS)
        watch.end()
    p95, median = waits[int(len(waits) * 0.95)], waits[len(waits) // 2]
    return Measure(f"studio.watch_latency_p95{name}", p95, "s", 2.0, "lower", "median", median, SUBMITS)


def idle_look(desk: WatchedDesk) -> Measure:
    """Seconds of a look that finds nothing; the watch takes one every second where it polls."""
    seconds = []
    with desk.desk.client() as client:
        for _ in range(50):
            began = time.monotonic()
            client.moved(desk.project, now())
            client.count(desk.project)
            seconds.append(time.monotonic() - began)
    return Measure("studio.watch_idle_look", statistics.median(seconds), "s", n=len(seconds))


def main() -> None:
    """Print the figures."""
    environment = Path(os.environ.get("FACTCHECK_STUDIO_ENVIRONMENT", ROOT / ".venv-studio")).absolute()
    with tempfile.TemporaryDirectory() as scratch:
        desk = WatchedDesk(Path(scratch) / "desk", environment)
        desk.up(webhooks=True)
        try:
            desk.push()
            emit([idle_look(desk)])
            emit([measure(desk, "")])
            emit([measure(desk, "_polled", "--no-webhook")])
        finally:
            desk.down()


if __name__ == "__main__":
    main()
