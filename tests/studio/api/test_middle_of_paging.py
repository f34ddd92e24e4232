"""What goes wrong between two pages of a task list: the whole is read, or it is an error."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import httpx
import pytest

from factcheck.errors import AuthError, ProtocolError
from factcheck.studio.api.client import Client
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio, jwt
from tests.fake_studio.props import make_tasks

URL = "http://127.0.0.1:9"
LOGIN_PAGE = b"<!DOCTYPE html><html><form action='/user/login/'>"


@pytest.fixture
def fake() -> FakeStudio:
    made = FakeStudio()
    made.store.add_project({})
    client = Client(URL, ADMIN_TOKEN, transport=made)
    client.import_tasks(1, make_tasks(list(range(1, 10)))["data"].to_list())
    client.close()
    return made


def client_of(fake: FakeStudio, token: str = ADMIN_TOKEN, *, before: Callable[[int], httpx.Response | None]) -> Client:
    """A client whose n-th request for tasks `before` may answer instead of the server."""
    asked = itertools.count(1)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/tasks/" and (instead := before(next(asked))) is not None:
            return instead
        return fake.handle_request(request)

    return Client(URL, token, transport=httpx.MockTransport(answer), sleep=lambda _: None)


def read(client: Client) -> list[int]:
    try:
        return [task["id"] for page in client.tasks(1, size=3) for task in page]
    finally:
        client.close()


def test_a_login_page_in_the_middle_is_an_auth_error(fake: FakeStudio) -> None:
    page = httpx.Response(200, headers={"content-type": "text/html"}, content=LOGIN_PAGE)
    with pytest.raises(AuthError, match="login page"):
        read(client_of(fake, before=lambda number: page if number == 2 else None))


@pytest.mark.parametrize("for_ever", [False, True])
def test_a_token_that_runs_out_in_the_middle_is_refreshed_once(fake: FakeStudio, *, for_ever: bool) -> None:
    fake.refresh_token = jwt("personal")

    def expire(number: int) -> httpx.Response | None:
        if number == 2 or (for_ever and number > 2):
            fake.store.tokens.clear()
        return None

    client = client_of(fake, fake.refresh_token, before=expire)
    if for_ever:
        with pytest.raises(AuthError):
            read(client)
    else:
        assert read(client) == list(range(1, 10))
    assert fake.access_tokens == 2


def test_an_empty_page_in_the_middle_is_asked_for_again(fake: FakeStudio) -> None:
    empty = {"tasks": [], "total": 6, "total_annotations": 0, "total_predictions": 0}
    found = read(client_of(fake, before=lambda number: httpx.Response(200, json=empty) if number == 2 else None))
    assert found == list(range(1, 10))
    with pytest.raises(ProtocolError, match="do not match their total"):
        read(client_of(fake, before=lambda number: httpx.Response(200, json=empty) if number > 1 else None))
