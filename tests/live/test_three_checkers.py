"""Three checkers at work on a real Label Studio while claims are pushed and their work is pulled, or watched."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factcheck import dataset as dataset_package
from factcheck.dataset.verify import verify
from factcheck.errors import Busy
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.settings import Settings
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.what_people_did import Ledger, Worker
from tests.live_server import LabelStudio
from tests.measures import Measure, emit

pytestmark = pytest.mark.live

NAMES = ("Sara", "Omid", "Layla")
KINDS = {"submit", "skip", "edit", "delete"}
PUSH_EVERY = 3.0


class Newsroom:
    """A desk, its checkers, and the ledger they keep.

    What must hold: the states of every annotation in the dataset are the ones its checker gave it, all of them, each
    once, in order. Label Studio keeps no history, so a checker touches an annotation again only when its last state is
    in the dataset; anything else no tool could promise.
    """

    def __init__(self, label_studio: LabelStudio, folder: Path, seed: int) -> None:
        self.settings: Settings = make_desk(folder, label_studio.url)
        self.folder = folder
        self.ledger = Ledger()
        self.workers = [
            Worker(label_studio.url, label_studio.make_user(name).token, self.ledger, seed + index)
            for index, name in enumerate(NAMES)
        ]
        self.claims: list[str] = []
        self.tasks: list[int] = []
        self.over = threading.Event()
        self.troubles: list[BaseException] = []

    def push(self) -> None:
        """More claims, staged and sent as `ingest`, `claims` and `push` would."""
        desk = Desk(self.settings)
        with desk.workspace.writing("claims", now=_now()):
            first = len(self.claims) + 1
            self.claims += stage(self.settings, range(first, first + 12))
        pipeline_push(self.settings, project=None, now=_now(), say=_silent)
        with desk.client() as client:
            project = client.find_projects(desk.mark("main"))[0].project_id
        found = self.workers[0].http.task_ids(project)  # says so where a claim has two tasks
        assert set(found) <= set(self.claims)
        self.tasks = list(found.values())

    def pull(self) -> None:
        pipeline_pull(self.settings, project=None, full=False, now=_now(), say=_silent)

    def look(self) -> None:
        """Let the checkers touch again what the dataset has."""
        data = dataset_package.open(self.settings.dataset_uri)
        if data.head:
            last = data.last_states().select("annotation_key", "seq")
            self.ledger.arrived(dict(last.iter_rows()))

    def repeat(self, what: Callable[[], None], pause: Callable[[], float]) -> threading.Thread:
        """A thread that does it again and again until the day is over; another run at work is waited for."""

        def loop() -> None:
            while not self.over.is_set():
                try:
                    what()
                except Busy:
                    self.over.wait(0.05)
                    continue
                except BaseException as error:  # noqa: BLE001 - a thread's death is the test's
                    self.troubles.append(error)
                    self.over.set()
                self.over.wait(pause())

        thread = threading.Thread(target=loop)
        thread.start()
        return thread

    def work(self, seconds: float, *, actions: int, pace: float, pulls: bool) -> None:
        """Work for at least that many seconds and actions, of every kind; `pace` is the mean pause of a checker."""
        threads = [self._at_work(worker, pace) for worker in self.workers]
        threads.append(self.repeat(self.push, lambda: PUSH_EVERY))
        threads.append(self.repeat(self.look, lambda: 0.2))
        if pulls:
            threads.append(self.repeat(self.pull, lambda: 0.2))
        began = time.monotonic()
        while not self.over.wait(0.2):
            done = self.ledger.actions
            if time.monotonic() - began >= seconds and done.total() >= actions and len(done) == len(KINDS):
                self.over.set()
        for thread in threads:
            thread.join()
        assert not self.troubles, self.troubles

    def _at_work(self, worker: Worker, pace: float) -> threading.Thread:
        def act() -> None:
            worker.act(self.tasks)

        return self.repeat(act, lambda: worker.dice.uniform(0, 2 * pace))

    def check(self) -> None:
        """Every state once, every claim one task, incremental is full, the chain is whole."""
        self.pull()
        events = dataset_package.open(self.settings.dataset_uri).annotations().collect()
        assert self.ledger.differences(events) == []
        assert events["event_id"].is_unique().all()
        found = doctor(self.settings, project=None, now=_now())
        assert found.equal, found.differences
        assert found.tasks == len(set(self.claims))
        assert verify(self.settings.dataset_uri).ok
        for worker in self.workers:
            worker.http.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(_: str) -> None:
    """Progress is for people."""


@contextmanager
def watching(folder: Path, url: str) -> Iterator[None]:
    """`factcheck watch` as a process of its own."""
    command = [sys.executable, "-m", "factcheck", "--desk", str(folder), "watch", "--no-webhook", "--poll", "0.5"]
    log = (folder / "watch.log").open("wb")
    process = subprocess.Popen(
        command, env=os.environ | {"FACTCHECK_STUDIO_URL": url}, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        yield
        assert process.poll() is None, (folder / "watch.log").read_text("utf-8")
    finally:
        process.terminate()
        process.wait(60)
        log.close()
    assert process.returncode == 0, (folder / "watch.log").read_text("utf-8")


@pytest.fixture
def newsroom(label_studio: LabelStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.setenv("FACTCHECK_TOKEN", label_studio.token)
    return Newsroom(label_studio, tmp_path, seed=11)


def day(newsroom: Newsroom, url: str, *, watch: bool, seconds: float, actions: int, pace: float) -> None:
    newsroom.push()
    if watch:
        with watching(newsroom.folder, url):
            newsroom.work(seconds, actions=actions, pace=pace, pulls=False)
    else:
        newsroom.work(seconds, actions=actions, pace=pace, pulls=True)
    newsroom.check()


@pytest.mark.parametrize("watch", [False, True], ids=["pull", "watch"])
def test_every_action_is_in_the_dataset_once(newsroom: Newsroom, label_studio: LabelStudio, watch: bool) -> None:
    day(newsroom, label_studio.url, watch=watch, seconds=8, actions=20, pace=0.3)
    assert newsroom.ledger.actions.keys() == KINDS


@pytest.mark.chaos
@pytest.mark.parametrize("watch", [False, True], ids=["pull", "watch"])
def test_thirty_minutes_of_work_in_three(newsroom: Newsroom, label_studio: LabelStudio, watch: bool) -> None:
    """Each of the three does something about every 20 seconds of thirty minutes, ten times as fast."""
    began = time.monotonic()
    day(newsroom, label_studio.url, watch=watch, seconds=180, actions=150, pace=2.0)
    actions = newsroom.ledger.actions.total()
    how = "watch" if watch else "pull"
    emit(
        [
            Measure(f"studio.three_checkers_{how}", actions, "actions once", 150, "higher", n=len(newsroom.claims)),
            Measure(f"studio.three_checkers_{how}_seconds", time.monotonic() - began, "s", n=actions),
        ]
    )


@pytest.mark.chaos
def test_five_thousand_tasks_at_once(newsroom: Newsroom, label_studio: LabelStudio) -> None:
    """Pushed while the three work on what already exists, and pulled meanwhile."""
    newsroom.push()
    newsroom.claims += stage(newsroom.settings, range(13, 5013))
    newsroom.work(60, actions=60, pace=0.5, pulls=True)
    newsroom.check()
    assert len(newsroom.tasks) >= 5012
