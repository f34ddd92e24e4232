"""A real Label Studio killed while it sends a page, and one whose clock jumps: votes are as it says in the end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.settings import Settings
from factcheck.studio.local import server
from factcheck.studio.sync.forgetting import CODE, Consent
from tests.chaos.forwarder import Proxy
from tests.chaos.histories import History
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.schedule import insist
from tests.chaos.test_kills import Machine
from tests.chaos.what_people_did import Ledger, Worker
from tests.live_server import LabelStudio, say
from tests.machine import NAMES, Real

pytestmark = [pytest.mark.live, pytest.mark.chaos]

TASKS = 700
"""More than a page and fewer than an export is made for."""

MOMENTS = (1, 2_000, 60_000, 300_000, 700_000)
"""Bytes of a page that are through when the server dies."""

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
JUMPS = (timedelta(hours=2), -timedelta(minutes=40), timedelta(days=3), -timedelta(hours=5), timedelta(minutes=1))


@pytest.fixture(scope="module")
def machine(studio_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("mid-pull") / "studio"
    try:
        yield Machine(folder, studio_environment)
    finally:
        server.down(folder)


def test_a_server_that_dies_in_the_middle_of_a_page(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTCHECK_TOKEN", machine.running.token)
    proxy = Proxy(machine.running.url, 1, share=0.0)
    with proxy.serving() as url:
        settings = make_desk(tmp_path / "desk", url)
        stage(settings, range(1, TASKS + 1))
        _push(settings)
        ledger = Ledger()
        workers = [Worker(machine.running.url, one.token, ledger, place) for place, one in enumerate(machine.people)]
        with Desk(settings).client() as client:
            (project,) = client.find_projects(Desk(settings).mark("main"))
        tasks = sorted(workers[0].http.task_ids(project.project_id).values())
        died = 0
        for moment in MOMENTS:
            began = ledger.begin()
            for worker in workers:
                for _ in range(4):
                    worker.act(tasks)
            dead: list[int] = []

            def kill(path: str, count: int, *, moment: int = moment, dead: list[int] = dead) -> None:
                if not dead and "fields=all" in path and count >= moment:
                    dead.append(count)
                    machine.kill()

            proxy.passed = kill
            insist(lambda: _pull(settings, full=True))
            proxy.passed = lambda _path, _bytes: None
            machine.mended()
            insist(lambda: _pull(settings, full=False))
            ledger.settle(began)
            died += len(dead)
            assert ledger.differences(_events(settings)) == []
        assert died == len(MOMENTS)
        found = doctor(settings, project=None, now=datetime.now(UTC))
        assert found.equal, found.differences
        for worker in workers:
            worker.http.close()


@pytest.mark.skipif(not LIBRARY.is_file(), reason="libfaketime is not installed (package faketime)")
def test_a_server_whose_clock_jumps(studio_environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forward and back, while people vote, edit and delete. Where it looks like a backup put back, a word is asked."""
    clock = tmp_path / "clock"
    _set(clock, timedelta(0))
    known = server.variables
    fake = {
        "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    monkeypatch.setattr(server, "variables", lambda data: known(data) | fake)
    folder = tmp_path / "studio"
    try:
        running = server.up(folder, studio_environment, progress=say)
        monkeypatch.setenv("FACTCHECK_TOKEN", running.token)
        real = Real(LabelStudio(running), tmp_path / "backups")
        for name in NAMES:
            real.member(name)
        history = History(real, make_desk(tmp_path / "desk", running.url), 3, now=datetime.now(UTC))
        history._run("stage")
        history._run("push")
        offset, asked = timedelta(0), 0
        dice = random.Random(5)
        for jump in (timedelta(0), *JUMPS):
            offset += jump
            _set(clock, offset)
            for what in [*("vote",) * 3, *dice.choices(("vote", "edit", "edit", "delete", "skip"), k=4)]:
                history._run(what)
            history.now = datetime.now(UTC)
            report = pull(history.settings, project=None, full=False, now=history.now, say=_silent)
            missing = [item for item in report.rejections if item.code == CODE]
            if missing:
                asked += 1
                assert jump < timedelta(0), f"a clock set forward by {jump} looks like a server that forgot"
        history.now = datetime.now(UTC)
        consent = Consent(accept_loss=True) if asked else Consent()
        pull(history.settings, project=None, full=True, now=history.now, say=_silent, consent=consent)
        say(f"{asked} times a word was asked for in {len(JUMPS)} jumps")
        assert history._held() == history._said()
        found = doctor(history.settings, project=None, now=history.now)
        assert found.equal, found.differences
    finally:
        server.down(folder)


def _set(clock: Path, offset: timedelta) -> None:
    new = clock.with_suffix(".new")
    new.write_text(f"{offset.total_seconds():+.0f}", "ascii")
    new.replace(clock)


def _push(settings: Settings) -> None:
    push(settings, project=None, now=datetime.now(UTC), say=_silent)


def _pull(settings: Settings, *, full: bool) -> None:
    pull(settings, project=None, full=full, now=datetime.now(UTC), say=_silent)


def _events(settings: Settings) -> Any:
    from factcheck import dataset as dataset_package

    return dataset_package.open(settings.dataset_uri).annotations().collect()


def _silent(_: str) -> None:
    """Progress is for people."""
