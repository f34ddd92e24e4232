"""Push and pull on a real Label Studio through a bad line, with `kill -9` of our process and of the server's."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from factcheck import dataset as dataset_package
from factcheck.settings import Settings
from factcheck.studio.local import server, users
from tests.answers import answer
from tests.chaos.forwarder import Proxy
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.warm import Nursery, Running
from tests.chaos.what_people_did import Ledger, Worker
from tests.live_server import say
from tests.measures import Measure, emit

pytestmark = pytest.mark.live

KILLS = int(os.environ.get("KILLS", "200"))
PER_DESK = 20
_NAMES = ("anahita", "basma", "chris")


class Machine:
    """A Label Studio of our own, because it gets killed; its people; and the count of what happened to it."""

    def __init__(self, folder: Path, environment: Path) -> None:
        self.folder, self.environment = folder, environment
        self._mender: threading.Thread | None = None
        self.running = server.up(folder, environment, progress=say)
        self.people = [
            users.make_user(
                self.running.url,
                self.running.token,
                email=f"{name}@desk.example",
                password=f"{name}-of-the-test-desk-7351",
                name=name,
            )
            for name in _NAMES
        ]

    def kill(self) -> None:
        """Dead at once; somebody starts it again meanwhile."""
        os.kill(self.running.pid, signal.SIGKILL)
        self._mender = threading.Thread(target=self._up)
        self._mender.start()

    def mended(self) -> None:
        """It is up again, at the same address."""
        before = self.running.url
        if self._mender is not None:
            self._mender.join()
            self._mender = None
        assert server.status(self.folder).state == "running"
        assert self.running.url == before

    def _up(self) -> None:
        self.running = server.up(self.folder, self.environment, progress=say)


class Trial:
    """A desk whose commands are killed at random moments, and whose checkers keep a ledger."""

    def __init__(self, machine: Machine, folder: Path, proxy: Proxy, url: str, seed: int) -> None:
        self.machine, self.proxy, self.url = machine, proxy, url
        self.dice = random.Random(seed)
        self.folder = folder
        self.settings: Settings = make_desk(folder, url)
        self.ledger = Ledger()
        self.workers = [
            Worker(machine.running.url, person.token, self.ledger, seed + index)
            for index, person in enumerate(machine.people)
        ]
        self.claims: list[str] = []
        self.happened: Counter[str] = Counter()
        self.project = 0
        self.ended = False
        self.nursery = Nursery({"FACTCHECK_STUDIO_URL": url, "FACTCHECK_TOKEN": machine.running.token})

    def run(self, *verb: str, expected: tuple[int, ...] = (0,)) -> dict[str, Any]:
        done = self.start(*verb).wait(self.nursery, 400)
        assert done.code in expected, f"{verb}: {done.code}\n{done.out[-2000:]}\n{done.err[-2000:]}"
        return dict(answer(done.out))

    def start(self, *verb: str) -> Running:
        return self.nursery.start("--desk", str(self.folder), *verb, "--json")

    def new_claims(self) -> None:
        first = len(self.claims) + 1
        self.claims += stage(self.settings, range(first, first + self.dice.choice([3, 30, 30, 250])))

    def work(self, actions: int) -> None:
        """Checkers act on the tasks that are there."""
        tasks = list(self.workers[0].http.task_ids(self._project()).values()) if self._project() else []
        for _ in range(actions):
            self.dice.choice(self.workers).act(tasks)

    def _project(self) -> int:
        if not self.project:
            listed = self.workers[0].http._ask("GET", "/api/projects/?page_size=1000")["results"]
            mark = f"factcheck:{_identity(self.settings)}:main"
            self.project = next((item["id"] for item in listed if mark in item["description"]), 0)
        return self.project

    def attempt(self, victim: str | None) -> bool:
        """One command under faults; whether the victim, our process or the server, was killed meanwhile."""
        verb = self.dice.choice(["push", "pull"]) if self.ledger.states or self.claims else "push"
        self.new_claims() if verb == "push" else self.work(self.dice.randint(1, 12))
        pull = self.ledger.begin()
        running, dead = self._doomed(verb, victim) if victim else (self.start(verb), [])
        code, out, err = running.wait(self.nursery, 400)
        self.ended = True
        self.proxy.watch = lambda _moment: None
        self.machine.mended()
        assert code in {0, 5, -signal.SIGKILL}, f"{verb}: {code}\n{out[-2000:]}\n{err[-2000:]}"
        self.happened[f"{verb} ended with {code}"] += 1
        if verb == "pull" and code == 0:
            self.ledger.settle(pull)
        if "client" in dead and code != -signal.SIGKILL:  # it had just ended by itself
            return False
        self.happened.update(f"killed {who} in {verb}" for who in dead)
        return bool(dead)

    def _doomed(self, verb: str, victim: str) -> tuple[Running, list[str]]:
        """Start the command, with somebody's death laid at a random moment of its talk with the server."""
        dead: list[str] = []
        self.ended = False
        running = self.start(verb)
        left = self.dice.randint(1, 24)  # moments: a request that arrives, an answer that leaves
        # Some die between requests, and pull after the last one, while it commits.
        pause = self.dice.choice([0.0, 0.0, self.dice.uniform(0.0, 0.8)])
        turn = threading.Lock()

        def die() -> None:
            if dead or self.ended:
                return
            with suppress(ProcessLookupError):
                self.machine.kill() if victim == "server" else os.kill(running.pid, signal.SIGKILL)
                dead.append(victim)

        def watch(_moment: str) -> None:
            nonlocal left
            with turn:
                left -= 1
                due = left == 0
            if due and pause:
                threading.Timer(pause, die).start()
            elif due:
                die()

        self.proxy.watch = watch
        return running, dead

    def finish(self) -> None:
        """Everything that was interrupted goes on, on a good line; then all must be as if nothing had happened."""
        self.proxy.share = 0.0
        self.run("push")
        assert self.run("push")["counts"].get("created", 0) == 0
        self.run("pull")
        self.run("pull")

    def lost_and_doubled(self) -> tuple[int, int, list[str]]:
        """Tasks and annotation states that are missing, that are there more than once, and what differs in words."""
        there = Counter(
            task["data"]["claim_id"]
            for task in self.workers[0].http._ask("GET", f"/api/tasks/?project={self._project()}&page_size=100000")[
                "tasks"
            ]
        )
        events = dataset_package.open(self.settings.dataset_uri).annotations().collect()
        told = self.ledger.differences(events)
        done = sum(len(states) for states in self.ledger.states.values())
        lost = len(set(self.claims) - there.keys()) + max(0, done - events.height)
        doubled = sum(count - 1 for count in there.values()) + max(0, events.height - done)
        assert events["event_id"].is_unique().all()
        return lost, doubled, told

    def close(self) -> None:
        self.nursery.close()
        for worker in self.workers:
            worker.http.close()


def _identity(settings: Settings) -> str:
    from factcheck.pipeline.desk import Desk

    return Desk(settings).identity


@pytest.fixture(scope="module")
def machine(studio_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("chaos") / "studio"
    try:
        yield Machine(folder, studio_environment)
    finally:
        server.down(folder)


def killed(
    machine: Machine, folder: Path, seed: int, *, clients: int, servers: int
) -> tuple[int, int, list[str], Counter[str]]:
    """A desk after that many deaths: lost, doubled, what differs, what happened."""
    proxy = Proxy(machine.running.url, seed, share=0.04)
    with proxy.serving() as url:
        trial = Trial(machine, folder, proxy, url, seed)
        victims = ["client"] * clients + ["server"] * servers
        trial.dice.shuffle(victims)
        while victims:
            if trial.attempt(victims[-1]):
                victims.pop()
            if trial.dice.random() < 0.15:
                trial.attempt(None)
        trial.finish()
        lost, doubled, told = trial.lost_and_doubled()
        diagnosis = trial.run("doctor", expected=(0, 7))
        told += [str(item) for item in diagnosis["differences"]]
        assert trial.run("verify")["ok"]
        trial.run("pull", "--full")
        before = dataset_package.open(trial.settings.dataset_uri).head
        trial.run("pull", "--full")
        assert dataset_package.open(trial.settings.dataset_uri).head == before
        trial.close()
    happened = trial.happened + Counter({f"line: {what}": count for what, count in proxy.happened.items()})
    happened["actions"] = sum(trial.ledger.actions.values())
    happened["tasks"] = len(trial.claims)
    return lost, doubled, told, happened


def test_a_few_deaths_lose_and_double_nothing(machine: Machine, tmp_path: Path) -> None:
    lost, doubled, told, happened = killed(machine, tmp_path / "desk", seed=5, clients=5, servers=1)
    say(f"{dict(sorted(happened.items()))}")
    assert (lost, doubled, told) == (0, 0, [])


@pytest.mark.chaos
@pytest.mark.timeout(10_000)
def test_many_deaths_lose_and_double_nothing(machine: Machine, tmp_path: Path) -> None:
    happened: Counter[str] = Counter()
    lost = doubled = 0
    told: list[str] = []
    began = time.monotonic()
    for number in range(KILLS // PER_DESK):
        found = killed(machine, tmp_path / f"desk-{number}", seed=1000 + number, clients=17, servers=3)
        lost, doubled, told = lost + found[0], doubled + found[1], told + found[2]
        happened += found[3]
        deaths = sum(count for what, count in happened.items() if what.startswith("killed"))
        say(f"{deaths} deaths, {lost} lost, {doubled} doubled, {len(told)} differ, {time.monotonic() - began:.0f} s")
    say(f"{dict(sorted(happened.items()))}")
    emit(
        [
            Measure("studio.kills", deaths, "deaths", KILLS, better="higher", n=happened["actions"]),
            Measure("studio.kills_lost", lost, "tasks, events", 0, n=deaths),
            Measure("studio.kills_doubled", doubled, "tasks, events", 0, n=deaths),
            Measure("studio.kills_differences", len(told), "annotations", 0, n=deaths),
        ]
    )
    assert (lost, doubled, told) == (0, 0, [])
