from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest

from factcheck.errors import (
    AccessError,
    AuthError,
    FactcheckError,
    ProtocolError,
    TooLarge,
    Unanswered,
    Unavailable,
    UnsafeServer,
)
from factcheck.studio.api import responses
from factcheck.studio.api.client import Client
from factcheck.studio.api.retry import FIRST_CONTACT
from factcheck.studio.sync.push import push
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio, jwt
from tests.fake_studio.props import make_tasks

URL = "http://127.0.0.1:9"
LOGIN_PAGE = b"<!DOCTYPE html><html><form action='/user/login/'>"


class Naps(list[float]):
    """Instead of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def fake() -> FakeStudio:
    return FakeStudio()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def client(fake: FakeStudio, naps: Naps) -> Iterator[Client]:
    made = Client(URL, ADMIN_TOKEN, transport=fake, sleep=naps, clock=lambda: sum(naps), chance=lambda: 0.0)
    yield made
    made.close()


def replying(status: int, content: bytes = b"", **headers: str) -> Client:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers=headers, request=request)

    ticks = itertools.count(step=10)
    transport = httpx.MockTransport(answer)
    return Client(URL, ADMIN_TOKEN, transport=transport, sleep=lambda _: None, clock=lambda: float(next(ticks)))


@pytest.mark.parametrize("release", ["1.23.1", "1.23.2", "1.24.0rc1", "2.0"])
def test_a_safe_version_is_told(fake: FakeStudio, client: Client, release: str) -> None:
    fake.version = release
    assert client.check_server() == release


@pytest.mark.parametrize("release", ["1.23.0", "1.22.9", "0.9", ""])
def test_an_unsafe_version_is_refused_unless_allowed(fake: FakeStudio, client: Client, release: str) -> None:
    fake.version = release
    with pytest.raises(UnsafeServer, match="known holes"):
        client.check_server()
    assert client.check_server(allow_unsafe=True) == release


@pytest.mark.parametrize(
    ("status", "headers", "content"),
    [
        (401, {"content-type": "application/json"}, b'{"detail": "Invalid token."}'),
        (200, {"content-type": "text/html; charset=utf-8"}, LOGIN_PAGE),
        (200, {}, LOGIN_PAGE),
        (302, {"location": "/user/login/?next=/api/version/"}, b""),
    ],
)
def test_no_login_is_an_auth_error(status: int, headers: dict[str, str], content: bytes) -> None:
    client = replying(status, content, **headers)
    for ask in (client.check_server, lambda: client.count(1), lambda: client.import_tasks(1, ["{}"])):
        with pytest.raises(AuthError) as told:
            ask()
        assert told.value.hint
    client.close()


def test_forbidden_is_an_access_error() -> None:
    with pytest.raises(AccessError, match="not allowed"):
        replying(403, b"{}").count(1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"release": NaN}', "NaN"),
        (b'{"release": "1", "release": "2"}', "twice"),
        (b'{"release": ' + b"9" * 5000 + b"}", "5000 digits"),
        (b"[" * 100_000, "deep"),
        (b"no json", "not JSON"),
        (b'"\xff"', "not JSON"),
    ],
)
def test_json_that_readers_disagree_about_is_a_protocol_error(content: bytes, why: str) -> None:
    client = replying(200, content, **{"content-type": "application/json"})
    with pytest.raises(ProtocolError, match=why):
        client.check_server()
    with pytest.raises(ProtocolError):
        client.count(1)
    client.close()


def test_a_personal_token_is_refreshed_once_and_then_given_up(fake: FakeStudio) -> None:
    fake.refresh_token = jwt("personal")
    client = Client(URL, fake.refresh_token, transport=fake, sleep=lambda _: None)
    client.check_server()
    fake.store.tokens.clear()  # as when the five minutes are over
    client.check_server()
    assert fake.access_tokens == 2
    fake.store.tokens.clear()
    fake.refresh_token = "another"
    with pytest.raises(AuthError):
        client.check_server()
    client.close()


def test_a_server_that_asks_to_wait_is_waited_for(fake: FakeStudio, client: Client, naps: Naps) -> None:
    fake.faults = iter(["429", "503", None])
    client.check_server()
    assert naps == [2.0, 1.0]


def test_a_server_that_stays_away_is_given_up_after_the_deadline(fake: FakeStudio, client: Client, naps: Naps) -> None:
    client.check_server()
    fake.faults = itertools.repeat("reset_before")
    with pytest.raises(Unavailable):
        client.check_server()
    assert 60 < sum(naps) <= 120


def test_one_that_was_never_there_is_given_up_soon(fake: FakeStudio, client: Client, naps: Naps) -> None:
    fake.faults = itertools.repeat("reset_before")
    with pytest.raises(Unavailable):
        client.check_server()
    assert 3 < sum(naps) <= FIRST_CONTACT


def test_a_post_is_sent_once(fake: FakeStudio, client: Client) -> None:
    fake.faults = itertools.repeat("502_before")
    with pytest.raises(Unanswered):
        client.import_tasks(1, ["{}"])
    assert len(fake.requests) == 1


def test_a_server_that_takes_no_batch_is_asked_at_ever_longer_intervals_and_given_up(naps: Naps) -> None:
    fake = FakeStudio()
    project = fake.store.add_project({})["id"]

    def refusing(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if request.method == "POST" else fake.handle_request(request)

    client = Client(
        URL,
        ADMIN_TOKEN,
        transport=httpx.MockTransport(refusing),
        sleep=naps,
        clock=lambda: sum(naps),
        chance=lambda: 0.0,
    )
    with pytest.raises(Unavailable, match="3 claims were not sent"):
        push(client, project, make_tasks([1, 2, 3]))
    assert naps == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    client.close()


def test_batches_shrink_to_what_a_proxy_lets_through(fake: FakeStudio, client: Client) -> None:
    project = fake.store.add_project({})["id"]
    sizes: list[int] = []

    def narrow(request: httpx.Request) -> httpx.Response:
        request.read()
        if request.method == "POST" and len(request.content) > 9000:
            return httpx.Response(413, text="Request Entity Too Large")
        sizes.append(len(request.content))
        return fake.handle_request(request)

    narrowed = Client(URL, ADMIN_TOKEN, transport=httpx.MockTransport(narrow), sleep=lambda _: None)
    assert push(narrowed, project, make_tasks(list(range(50)))).created == 50
    assert len(fake.store.tasks) == 50
    assert max(sizes) <= 9000
    with pytest.raises(TooLarge):
        narrowed.import_tasks(project, ['{"claim": "' + "x" * 9000 + '"}'])
    narrowed.close()


def test_retry_after_is_read_as_the_standard_says() -> None:
    assert responses.retry_after("7") == 7.0
    assert responses.retry_after(None) is None
    assert responses.retry_after("soon") is None
    assert responses.retry_after("9" * 5000) is None


@pytest.mark.parametrize(
    ("when", "seconds"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 7.0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 7.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
    ],
)
def test_a_date_to_retry_after_is_compared_with_the_servers_own_clock(when: str, seconds: float | None) -> None:
    told = {"retry-after": when, "date": "Sun, 06 Nov 1994 08:49:30 GMT"}
    error = responses.refusal("GET", "/api/x", 429, told, b"")
    assert isinstance(error, Unanswered)
    assert error.retry_after == seconds
    without = responses.refusal("GET", "/api/x", 429, {"retry-after": when}, b"")
    assert isinstance(without, Unanswered)
    assert without.retry_after is None


@pytest.mark.parametrize(
    "date", ["soon", "Fri, 31 Dec 9999 23:59:59 -1200", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT"]
)
def test_a_date_that_is_none_is_no_time_of_the_server(date: str) -> None:
    client = replying(200, b"[]", date=date)
    assert client.ask("GET", "/api/x") == []
    assert client.server_time is None


def test_not_everybody_comes_back_at_the_same_moment(fake: FakeStudio) -> None:
    def waits(*, chance: float) -> list[float]:
        naps = Naps()
        client = Client(
            URL, ADMIN_TOKEN, transport=httpx.MockTransport(lambda _: httpx.Response(503)),
            deadline=20, sleep=naps, clock=lambda: sum(naps), chance=lambda: chance,
        )  # fmt: skip
        with pytest.raises(Unanswered):
            client.ask("GET", "/api/x")
        return naps

    assert waits(chance=0.0) == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert waits(chance=1.0) == [0.75, 1.5, 3.0, 6.0]


def test_every_error_says_what_to_do_next() -> None:
    for status in (301, 302, 401, 403, 429, 500, 503):
        error = responses.refusal("GET", "/api/x", status, {}, b"")
        assert isinstance(error, FactcheckError)
        assert error.hint
        assert error.subject
