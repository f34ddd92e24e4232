"""One contract, two runs: the same tests on the fake wire and on a real Label Studio."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from factcheck import frames
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.page.label_config import label_config
from factcheck.studio.sync.project import ensure_project
from factcheck.studio.sync.pull import Pulled, pull
from factcheck.studio.sync.push import Pushed, push
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import NOW, Checker, make_tasks

CONFIG = label_config("en")
NAMES = ("Anahita", "Basma", "Chris")


class Studio:
    """A fresh project of ours on some Label Studio, three checkers, and the dataset's side of the sync."""

    def __init__(self, client: Client, admin: Checker, checkers: list[Checker]) -> None:
        self.client, self.admin, self.checkers = client, admin, checkers
        self.mark = f"factcheck:{uuid.uuid4()}:main"
        made = ensure_project(client, mark=self.mark, title="Contract", config=CONFIG, overlap=2)
        assert made is not None
        self.project = made.project_id
        self.known = frames.empty(AnnotationEvent)
        self.cursor: dict[str, Any] = {}

    def push(self, numbers: list[int], **how: Any) -> Pushed:
        return push(self.client, self.project, make_tasks(numbers, **how))

    def push_copy(self, task: int) -> int:
        """Another task with the same data, as a member can make one."""
        before = self.admin.task(self.project, task)
        self.admin.make_task(self.project, before["data"])
        return max(self.admin.all_task_ids(self.project))

    def pull(self, *, full: bool = False, **how: Any) -> Pulled:
        """Pull and take over what came, as a commit would."""
        pulled = self.observe(self.known, self.cursor, full=full, **how)
        self.known, self.cursor = pl.concat([self.known, pulled.events]), pulled.cursor
        return pulled

    def observe(self, known: pl.DataFrame, cursor: dict[str, Any], *, full: bool, **how: Any) -> Pulled:
        """Pull without taking over."""
        pulled = pull(
            self.client, self.project, known, cursor,
            project="main", now=NOW, annotator_id=lambda user: f"ant_{user:020x}", full=full, **how,
        )  # fmt: skip
        assert pulled.seen == pulled.accepted + pulled.rejected.height
        frames.to_records(AnnotationEvent, pulled.events)  # raises for a row that breaks the record's rules
        return pulled

    @property
    def task(self) -> list[int]:
        """Task ids in the order of the claims' numbers."""
        return [task for _, task in sorted(self.admin.task_ids(self.project).items())]


@pytest.fixture(params=["fake", pytest.param("live", marks=pytest.mark.live)])
def studio(request: pytest.FixtureRequest) -> Iterator[Studio]:
    """The fake, then the real one."""
    if request.param == "fake":
        fake = FakeStudio()
        ticks = itertools.count()
        client = Client(
            "http://127.0.0.1:9", ADMIN_TOKEN, transport=fake, sleep=lambda _: None, clock=lambda: float(next(ticks))
        )
        tokens = [f"{index}" * 40 for index, _ in enumerate(NAMES, start=1)]
        for name, token in zip(NAMES, tokens, strict=True):
            fake.store.add_user(name, token)
        people = [Checker(client.url, token, fake) for token in (ADMIN_TOKEN, *tokens)]
    else:
        server = request.getfixturevalue("label_studio")
        client = Client(server.url, server.token)
        tokens = [server.make_user(name).token for name in NAMES]
        people = [Checker(client.url, token, None) for token in (server.token, *tokens)]
    try:
        yield Studio(client, people[0], people[1:])
    finally:
        client.close()
        for person in people:
            person.close()
