"""A desk with a local Label Studio of its own, a checker at work in it, and `factcheck watch` as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl

from factcheck import settings
from factcheck.models import Report
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.pipeline.studio import studio_down, studio_up
from factcheck.samples import articles_folder
from factcheck.studio.local import server_files
from tests.schemas import wrong_answer


class WatchedDesk:
    """Claims in a Label Studio project, and one checker who works through its HTTP interface."""

    def __init__(self, folder: Path, environment: Path) -> None:
        init(folder, name="Watched desk", language="en", url="https://desk.example", force=False)
        self.settings = settings.load(folder, {"FACTCHECK_STUDIO_ENVIRONMENT": str(environment)})
        self.folder = folder
        self.desk = Desk(self.settings)
        self.expected: Counter[str] = Counter()

    def up(self, *, webhooks: bool) -> None:
        running = studio_up(self.settings, port=None, webhooks=webhooks, say=_silent)
        token = server_files.credentials(self.desk.studio_folder).token
        # Without keep-alive: 44 ms a request are saved on Label Studio's own server.
        self.http = httpx.Client(
            base_url=running.url,
            headers={"Authorization": f"Token {token}"},
            timeout=60,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def down(self) -> None:
        self.http.close()
        studio_down(self.settings)

    def push(self) -> None:
        articles = sorted(path for path in articles_folder().iterdir() if path.suffix == ".txt")[:4]
        ingest(self.settings, [str(path) for path in articles], now=now())
        claims(self.settings, show=0, now=now())
        pipeline_push(self.settings, project=None, now=now(), say=_silent)
        with self.desk.client() as client:
            self.project = client.find_projects(self.desk.mark("main"))[0].project_id

    @property
    def tasks(self) -> list[int]:
        listed = self.ask("GET", f"/api/tasks/?project={self.project}&page_size=1000")["tasks"]
        return sorted(task["id"] for task in listed)

    def submit(self, task: int, choice: str = "verified") -> int:
        answer = {"from_name": "verdict", "to_name": "quote", "type": "choices", "value": {"choices": [choice]}}
        self.expected["submitted"] += 1
        made = self.ask("POST", f"/api/tasks/{task}/annotations/", {"result": [answer], "lead_time": 3})
        return int(made["id"])

    def delete(self, annotation: int) -> None:
        self.expected["deleted"] += 1
        self.ask("DELETE", f"/api/annotations/{annotation}/")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def states(self) -> Counter[str]:
        """Annotation events of the dataset by state."""
        found = Desk(self.settings).committed()
        if found is None or not found.head:
            return Counter()
        return Counter(found.annotations().collect()["state"].to_list())

    def doubled(self) -> int:
        events = Desk(self.settings).dataset.annotations().collect()
        return events.height - events.select(pl.struct("annotation_key", "seq")).n_unique()

    def pull_everything(self) -> Report:
        return pull(self.settings, project=None, full=True, now=now(), say=_silent)


class Watch:
    """A running `factcheck watch --json`; `events` are its lines, each with the time it came as `t`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "factcheck", "--desk", str(folder), "watch", "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        self.events: list[dict[str, Any]] = []
        self.said: list[str] = []
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._listen)]
        for thread in self._threads:
            thread.start()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("event") == kind]

    def taken(self) -> int:
        """Annotation events committed so far."""
        return sum(event["counts"]["events"] for event in self.of("commit"))

    def until(self, what: Callable[[], Any], *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, f"{self.events[-5:]} {self.said[-5:]}"
            assert self.process.poll() is None or what(), f"it ended: {self.events[-5:]} {self.said[-5:]}"
            time.sleep(0.01)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def close(self) -> None:
        for thread in self._threads:
            thread.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            assert wrong_answer(event) == [], event
            self.events.append(event | {"t": time.monotonic()})

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(line.rstrip() for line in self.process.stderr)


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[Watch]:
    """A watch that is killed at the end if the test has not ended it."""
    watch = Watch(folder, *options)
    try:
        yield watch
    finally:
        if watch.process.poll() is None:
            watch.end(signal.SIGKILL)
        watch.close()


def latency(desk: WatchedDesk, watch: Watch, *, submits: int) -> list[float]:
    """Seconds from the answer to a submit until its version is committed, one submit at a time, shortest first."""
    tasks, waits = desk.tasks, []
    for number in range(submits):
        before = watch.taken()
        desk.submit(tasks[number % len(tasks)], ("verified", "disputed", "opinion")[number % 3])
        began = time.monotonic()
        watch.until(lambda before=before: watch.taken() > before)  # type: ignore[misc]
        waits.append(time.monotonic() - began)
        time.sleep(0.05 + (number * 7 % 10) / 10)  # no rhythm that a polling interval could fall in step with
    return sorted(waits)


def now() -> datetime:
    """The clock of these tests."""
    return datetime.now(UTC)


def _silent(_message: str) -> None:
    """Progress nobody reads."""
