"""Each row on the real server; the same rows on the fake one under `slow`, to find a fault in a minute."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from factcheck.pipeline.desk import Desk
from factcheck.studio.api.client import Client
from tests.live.actions.case import Case
from tests.machine import Fake, Machine, Real


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.live), pytest.param("fake", marks=pytest.mark.chaos)])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The Label Studio of the session, or one in memory."""
    made: Machine = request.getfixturevalue("real_machine") if request.param == "real" else Fake()
    monkeypatch.setenv("FACTCHECK_TOKEN", made.token)
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", made.url)
    if isinstance(made, Fake):
        studio = made.studio

        @contextmanager
        def client(_desk: Desk, **_: Any) -> Iterator[Client]:
            ticks = itertools.count()
            speaking = Client(made.url, made.token, transport=studio, sleep=lambda _: None, clock=lambda: next(ticks))
            try:
                yield speaking
            finally:
                speaking.close()

        monkeypatch.setattr(Desk, "client", client)
    return made


@pytest.fixture(scope="session")
def real_machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Real(request.getfixturevalue("label_studio"), tmp_path_factory.mktemp("backups"))


@pytest.fixture
def case(machine: Machine, tmp_path: Path) -> Case:
    """A desk with its first votes."""
    made = Case(machine, tmp_path / "desk")
    made.begin()
    return made
