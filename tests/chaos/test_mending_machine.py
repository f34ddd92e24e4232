"""Claims mended at random between votes, pushes and pulls: no vote lost or moved, no verdict falls unseen."""

from __future__ import annotations

import tempfile
import warnings
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.chaos.histories import History
from tests.chaos.mending_moves import MENDING
from tests.chaos.newsroom import make_desk
from tests.chaos.schedule import MORNING
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.props import NOW
from tests.fake_studio.rows import Store
from tests.machine import Fake


class Mended(RuleBasedStateMachine):
    """A desk on the fake studio, in fair weather."""

    @initialize(seed=st.integers(0, 10_000))
    def open_desk(self, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="factcheck-mended-")
        store = Store()
        machine = Fake(FakeStudio(store))
        store.now = MORNING
        studio = StormyStudio(store, None)

        def tick(by: timedelta) -> None:
            store.now += by

        desk = make_desk(Path(self.folder.name) / "desk", URL)
        self.history = History(machine, desk, seed, now=NOW, wire=lambda: weathered(studio), tick=tick)
        self.tick = tick
        self._do("stage")
        self._do("push")

    def _do(self, what: str) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            self.history._run(what)
        self.history.now += timedelta(minutes=20)
        self.tick(timedelta(minutes=20))
        assert not self.history.broken, self.history.broken

    @rule(what=st.sampled_from(sorted({*MENDING})))
    def mend(self, what: str) -> None:
        self._do(what)

    @rule(what=st.sampled_from(["vote", "vote", "edit", "delete"]))
    def check(self, what: str) -> None:
        self._do(what)

    @rule(what=st.sampled_from(["push", "pull", "full"]))
    def sync(self, what: str) -> None:
        self._do(what)

    @precondition(lambda self: self.history.claims < 12)
    @rule()
    def stage(self) -> None:
        self._do("stage")

    def teardown(self) -> None:
        if hasattr(self, "history"):
            self.history.end()
            self.folder.cleanup()
            assert not self.history.broken, self.history.broken


Mended.TestCase.settings = settings(
    max_examples=5, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMended = Mended.TestCase
