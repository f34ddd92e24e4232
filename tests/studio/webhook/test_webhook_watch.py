"""The watch's turns on a fake wire: outages, another run at work, what ends it, what a hint changes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest

from factcheck import settings
from factcheck.cli import answer
from factcheck.errors import AuthError, FactcheckError
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.push import push
from factcheck.pipeline.watch import Watching, WatchLoop
from factcheck.samples import articles_folder
from factcheck.settings import Settings
from factcheck.studio.api.client import Client
from factcheck.studio.webhook.inbox import Hint, Inbox
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import result
from tests.schemas import wrong_answer


def now() -> datetime:
    return datetime.now(UTC)


class Watched:
    """A watch in a thread over a desk whose Label Studio is the fake one."""

    def __init__(self, fake: FakeStudio, own: Settings, **how: Any) -> None:
        self.fake, self.settings = fake, own
        self.events: list[dict[str, Any]] = []
        self.error: FactcheckError | None = None
        how = {"webhook": False, "poll": 0.05} | how
        self.watch = WatchLoop(own, Watching(**how), clock=now, say=lambda _: None, tell=self.events.append)
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.watch.run()
        except FactcheckError as error:
            self.error = error

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.watch.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()
        for event in self.events:
            line = answer.event("watch", event["event"], at=now(), **{k: v for k, v in event.items() if k != "event"})
            assert wrong_answer(json.loads(answer.text(line, line=True))) == []

    def submit(self, task: int, choice: str = "verified") -> int:
        made = self.fake.store.annotate(task, 1, {"result": result(choice)})
        return int(made["id"])

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]

    def taken(self) -> int:
        return sum(event["counts"]["events"] for event in self.of("commit"))

    def until(self, what: Callable[[], Any], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.events
            time.sleep(0.01)


@pytest.fixture
def fake() -> FakeStudio:
    return FakeStudio()


@pytest.fixture
def own(fake: FakeStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    @contextmanager
    def client(_desk: Desk, **patience: Any) -> Iterator[Client]:
        made = Client("http://127.0.0.1:9", ADMIN_TOKEN, transport=fake, **patience | {"deadline": 0.0})
        try:
            made.check_server()
            yield made
        finally:
            made.close()

    monkeypatch.setattr(Desk, "client", client)
    init(tmp_path, name="Desk", language="en", url="https://desk.example", force=False)
    own = settings.load(tmp_path, {})
    ingest(own, [str(articles_folder() / "en_dateline_port.txt")], now=now())
    claims(own, show=0, now=now())
    push(own, project=None, now=now(), say=lambda _: None)
    return own


def states(own: Settings) -> list[str]:
    found: list[str] = Desk(own).dataset.annotations().collect()["state"].sort().to_list()
    return found


def test_each_thing_is_committed_as_it_happens(fake: FakeStudio, own: Settings) -> None:
    with Watched(fake, own) as watched:
        annotation = watched.submit(1)
        watched.until(lambda: watched.taken() == 1)
        fake.store.delete_annotation(annotation)
        watched.until(lambda: watched.taken() == 2)
        watched.submit(2)
        watched.until(lambda: watched.taken() == 3)
        fake.store.delete_task(2)
        watched.until(lambda: watched.taken() == 4)
    assert states(own) == ["deleted", "deleted", "submitted", "submitted"]
    assert watched.error is None


def test_where_nothing_moves_a_look_is_two_questions_and_no_pull(fake: FakeStudio, own: Settings) -> None:
    with Watched(fake, own) as watched:
        watched.submit(1)
        watched.until(lambda: watched.taken() == 1)
        watched.until(lambda: fake.requests[-4:] == ["GET /api/tasks/"] * 4)  # the pull has ended, however long it took
        fake.requests.clear()
        pulls = watched.watch.metrics.value("factcheck_pulls_total", cause="poll")
        watched.until(lambda: len(fake.requests) >= 6)
        assert set(fake.requests) == {"GET /api/tasks/"}
        assert watched.watch.metrics.value("factcheck_pulls_total", cause="poll") == pulls


def test_after_an_outage_everything_is_there_once(fake: FakeStudio, own: Settings) -> None:
    with Watched(fake, own) as watched:
        watched.submit(1)
        watched.until(lambda: watched.taken() == 1)
        fake.faults = iter(lambda: "reset_before", None)
        watched.until(lambda: watched.of("trouble"))
        assert watched.watch._unready() == "UNAVAILABLE"
        watched.submit(2)
        watched.submit(3)
        fake.faults = None
        watched.until(lambda: watched.of("recovered"))
        assert watched.watch._unready() == ""
        watched.until(lambda: watched.taken() == 3)
    assert [event["code"] for event in watched.of("trouble")] == ["UNAVAILABLE"], "said once, however long it lasts"
    assert states(own) == ["submitted"] * 3


def test_while_another_run_is_at_work_it_waits(fake: FakeStudio, own: Settings) -> None:
    with Watched(fake, own) as watched:
        watched.submit(1)
        watched.until(lambda: watched.taken() == 1)
        with Desk(own).workspace.writing("push", now=now()):
            watched.submit(2)
            time.sleep(0.5)
            assert watched.taken() == 1
        watched.until(lambda: watched.taken() == 2)
    assert not watched.of("trouble")


def test_a_refused_token_ends_it(fake: FakeStudio, own: Settings) -> None:
    with Watched(fake, own) as watched:
        watched.submit(1)
        watched.until(lambda: watched.taken() == 1)
        fake.store.tokens.clear()
        watched.thread.join(20)
        assert not watched.thread.is_alive()
    assert isinstance(watched.error, AuthError)


def test_a_hint_wakes_it_long_before_the_next_look(fake: FakeStudio, own: Settings) -> None:
    Inbox(own.state / "inbox").close()
    with Watched(fake, own, poll=3000) as watched:
        watched.until(lambda: watched.watch.metrics.value("factcheck_last_look_timestamp_seconds"))
        watched.submit(1)
        watched.watch._inbox.add([Hint(1)])
        watched.watch._awake.set()
        watched.until(lambda: watched.taken() == 1)
        watched.until(lambda: not list((own.state / "inbox").iterdir()))
    assert watched.watch.metrics.value("factcheck_pulls_total", cause="hint") == 1


def test_what_lies_in_the_inbox_at_the_start_is_kept_until_its_pull_is_committed(
    fake: FakeStudio, own: Settings
) -> None:
    inbox = Inbox(own.state / "inbox")
    inbox.add([Hint(1, deletion=True)])
    inbox.close()
    fake.faults = iter(lambda: "503", None)
    with Watched(fake, own, poll=3000) as watched:
        watched.until(lambda: watched.of("trouble"))
        assert list((own.state / "inbox").iterdir())
        fake.faults = None
        watched.until(lambda: not list((own.state / "inbox").iterdir()))
