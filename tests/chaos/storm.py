"""The fake wire with everything that goes wrong at once, and the deaths of our own process."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from factcheck import dataset as dataset_package
from factcheck.dataset import annotators
from factcheck.dataset.layout import VERSIONS
from factcheck.dataset.staging import Staging
from factcheck.dataset.store import Table
from factcheck.pipeline.desk import Desk
from factcheck.studio.api.client import Client
from factcheck.workspace import Workspace
from tests.failing import Killed
from tests.fake_studio.answers import ADMIN_TOKEN, FAULTS_OF_ANY, FAULTS_OF_LISTS, FakeStudio, jwt
from tests.fake_studio.rows import Store

URL = "http://127.0.0.1:9"
KINDS = (*FAULTS_OF_ANY, *FAULTS_OF_LISTS, "reset_mid_body", "expired")
"""lost answers and stores-then-502 are `reset_after` and `502_after`."""

CUTS = ("request", "answer", "ledger", "people", "rows", "commit", "sealed", "quarantine")
"""Where our process dies: before a request, after the server carried one out, with the ledger of pushed claims written,
with the annotators remembered, with rows written and no version, with the version row written and no seal, with the
version sealed and staging not cleared, with staging cleared and the quarantine not written."""

_SHORTEST_LIFE = 8
"""Answers that an access token is good for at least."""


class Weather:
    """What will go wrong, drawn from a seed; ends by itself after `most` faults, so that every run can end."""

    def __init__(
        self, seed: int, *, kinds: tuple[str, ...], share: float, most: int, cuts: dict[str, list[int]]
    ) -> None:
        self._dice = random.Random(seed)
        self._kinds, self._share, self._left = kinds, share, most
        self._cuts = {name: set(at) for name, at in cuts.items()}
        self._passed = dict.fromkeys(CUTS, 0)
        self.happened: list[str] = []

    def fault(self) -> str | None:
        """The fault of the next request."""
        if not self._left or self._dice.random() >= self._share:
            return None
        self._left -= 1
        self.happened.append(self._dice.choice(self._kinds))
        return self.happened[-1]

    def clear_up(self) -> None:
        """Nothing goes wrong any more."""
        self._left, self._cuts = 0, {}

    def passing(self, cut: str) -> None:
        """Die here if this is the time."""
        self._passed[cut] += 1
        if self._passed[cut] in self._cuts.get(cut, ()):
            self.happened.append(f"killed at {cut}")
            raise Killed(cut)


class StormyStudio(FakeStudio):
    """A fake that also cuts answers short, lets access tokens expire, and lets others work between two requests."""

    def __init__(self, store: Store, weather: Weather | None, meanwhile: Callable[[], None] = lambda: None) -> None:
        super().__init__(store)
        self.weather, self.meanwhile = weather, meanwhile
        self.refresh_token = jwt("personal")
        self._answered = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.meanwhile()
        if self.weather is None:
            return super().handle_request(request)
        self.weather.passing("request")
        fault = self.weather.fault()
        # A token that was just made is good: it lives five minutes, and only a wrong one is refused at once.
        if fault == "expired" and self._answered > _SHORTEST_LIFE:
            self._answered = 0
            self.store.tokens = {token: user for token, user in self.store.tokens.items() if not token.startswith("ey")}
        self.faults = iter([None if fault in {"expired", "reset_mid_body"} else fault])
        response = super().handle_request(request)
        self.weather.passing("answer")
        if fault == "reset_mid_body":
            return httpx.Response(response.status_code, headers=response.headers, stream=_Cut(response.content))
        self._answered += response.is_success
        return response


class _Cut(httpx.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[: len(self._content) // 2]
        raise httpx.ReadError("connection reset in the middle of the body")


@contextmanager
def weathered(studio: StormyStudio) -> Iterator[None]:
    """Every desk speaks to this fake, and dies where its weather says so."""

    @contextmanager
    def client(_desk: Desk, **_: Any) -> Iterator[Client]:
        ticks = itertools.count()
        token = ADMIN_TOKEN if studio.weather is None else studio.refresh_token
        made = Client(URL, token, transport=studio, deadline=60, sleep=lambda _: None, clock=lambda: float(next(ticks)))
        try:
            made.check_server()
            yield made
        finally:
            made.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "client", client)
        if studio.weather is not None:
            _put_cuts(patch, studio.weather)
        yield


def _put_cuts(patch: pytest.MonkeyPatch, weather: Weather) -> None:
    def after(owner: Any, name: str, cut: str) -> None:
        original = getattr(owner, name)

        def dying(*given: Any, **named: Any) -> Any:
            done = original(*given, **named)
            weather.passing(cut)
            return done

        patch.setattr(owner, name, dying)

    after(Workspace, "remember_pushed", "ledger")
    after(annotators, "remember", "people")
    after(dataset_package, "commit", "sealed")
    after(Staging, "clear", "quarantine")
    commit = Table.commit

    def dying_commit(table: Table, *given: Any, **named: Any) -> Any:
        marks_a_version = table.layout is VERSIONS
        if marks_a_version:
            weather.passing("rows")
        done = commit(table, *given, **named)
        if marks_a_version:
            weather.passing("commit")
        return done

    patch.setattr(Table, "commit", dying_commit)
