"""One connection to a Label Studio: the SDK on our own transport, requests beside it, and errors in our words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import httpx

from factcheck import web
from factcheck.errors import NotOnServer, ProtocolError, ServerError, TooLarge, UnsafeServer
from factcheck.studio import releases
from factcheck.studio.api import responses
from factcheck.studio.api.authorization import Authorized
from factcheck.studio.api.retry import Careful

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

_BAD_REQUEST, _NOT_FOUND, _TOO_LARGE, _LONG_ADDRESS = 400, 404, 413, 414
_SHORT_ADDRESS = 4000
"""Bytes of an address that every server takes; gunicorn's own limit is 4094, and it says 400 above."""

_NOT_A_TOKEN = "signed-by-our-transport"  # noqa: S105 - that is what it says
T = TypeVar("T")


class Pace(TypedDict, total=False):
    """How a connection sends and waits: `deadline` is how many seconds one request may go on trying."""

    transport: httpx.BaseTransport | None
    route: web.Route
    deadline: float
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    chance: Callable[[], float]


class Connection:
    """A Label Studio server as one user asks it; `token` is a legacy token or a personal access token (JWT).

    `deadline` is how many seconds one request may go on trying.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        route: web.Route = web.DIRECT,
        deadline: float = 120.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = url.rstrip("/")
        self.sleep = sleep
        self.clock = clock
        self.chance = chance
        self.deadline = deadline
        # Without keep-alive: on Label Studio's own server Nagle and delayed ACK cost 44 ms a request with it.
        inner = transport or httpx.HTTPTransport(
            verify=route.trust or True,
            proxy=route.proxy,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )
        self._wire = Careful(inner, deadline, sleep, clock, chance, proxy=route.proxy)
        # An import of a large batch may take minutes; a client that gives up early leaves a doubt behind.
        self._http = httpx.Client(transport=Authorized(self._wire, token), timeout=httpx.Timeout(600.0, connect=15.0))
        self._made: LabelStudio | None = None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def check_server(self, *, allow_unsafe: bool = False) -> str:
        """The server's version; raises UnsafeServer for one with known holes unless `allow_unsafe`."""
        release = str(getattr(self.call(lambda sdk: sdk.versions.get()), "release", ""))
        if releases.holes(release) and not allow_unsafe:
            raise UnsafeServer(
                f"Label Studio {release or 'of unknown version'} has known holes",
                subject=self.url,
                hint=f"upgrade it to {releases.pinned()}, or set allow_unsafe_version = true under [studio] "
                "in factcheck.toml",
            )
        return release

    @property
    def server_time(self) -> datetime | None:
        """The server's clock at its last answer, in whole seconds; None before the first answer."""
        return self._wire.server_time

    def ask(
        self,
        method: str,
        path: str,
        *,
        sink: Callable[[Iterator[bytes]], None] | None = None,
        stumbles: int | None = None,
        **request: Any,
    ) -> Any:
        """The parsed answer to a request, None for an empty one; judged value by value, later.

        `sink` takes the bytes of the answer instead; it is called again from the start when they break off. After
        `stumbles` answers 500 the request is given up as one that the server cannot answer, else after the deadline.
        """
        headers = {"content-type": "application/json"} if "content" in request else {}
        how = {"raw": True} | ({"sink": sink} if sink else {}) | ({"stumbles": stumbles} if stumbles else {})
        try:
            answer = self._http.request(method, f"{self.url}{path}", headers=headers, extensions=how, **request)
            if answer.is_error:
                raise _refused(answer.status_code, answer.text, path, long=len(str(answer.url)) > _SHORT_ADDRESS)
            return responses.parse(answer.content) if answer.content else None
        except ValueError as error:  # JSONDecodeError is one
            raise self._unreadable(error) from error

    def _sdk(self) -> LabelStudio:
        if self._made is None:
            from label_studio_sdk import LabelStudio

            # max_retries=0: the SDK sends a POST again after a 5xx, which makes every task twice.
            made: Any = LabelStudio
            self._made = made(base_url=self.url, api_key=_NOT_A_TOKEN, httpx_client=self._http, max_retries=0)
        return self._made

    def call(self, ask: Callable[[LabelStudio], T]) -> T:
        """What the SDK makes of an answer; its errors become ours."""
        from label_studio_sdk.core.api_error import ApiError
        from label_studio_sdk.core.parse_error import ParsingError

        try:
            return ask(self._sdk())
        except ApiError as error:
            raise _refused(error.status_code or 0, error.body, self.url) from error
        except (ParsingError, ValueError) as error:  # pydantic's ValidationError is a ValueError
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> ProtocolError:
        return ProtocolError(f"answer cannot be read: {error}", subject=self.url, hint="try again")


def _refused(status: int, body: Any, subject: str, *, long: bool = False) -> ServerError:
    kind = {_NOT_FOUND: NotOnServer, _TOO_LARGE: TooLarge, _LONG_ADDRESS: TooLarge}.get(status, ServerError)
    if long and status == _BAD_REQUEST:
        kind = TooLarge
    return kind(
        f"Label Studio answered {status}: {responses.short(body, 300)}", subject=subject, hint="see the answer above"
    )
