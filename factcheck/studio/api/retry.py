"""The transport under the SDK: every answer is judged, and what can be repeated is tried again until a deadline."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

import httpx

from factcheck import logs, web
from factcheck.errors import ProtocolError, ProxyUnreachable, Unanswered, Untrusted
from factcheck.studio.api import responses
from factcheck.studio.api.authorization import REFRESH

_LOG = logs.named(__name__)
FIRST_CONTACT = 9.0
"""Seconds for a server that has not answered this client yet: whoever typed a wrong address is not kept waiting."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before the first and, doubled each time, at most before a further try."""
_STEPS = ("connect", "read", "write", "pool")


def spread(wait: float, asked: float | None, chance: Callable[[], float]) -> float:
    """Seconds before a further try: `wait`, or what the server asked for if that is longer, plus up to half of `wait`.

    By `chance` (0 to 1), so that clients a server turned away together do not come back together.
    """
    return max(wait, asked or 0.0) + wait * chance() / 2


class Careful(httpx.BaseTransport):
    """Sends, judges the answer, and tries again what can be repeated."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        deadline: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        chance: Callable[[], float],
        *,
        proxy: str | None = None,
    ) -> None:
        self._proxy = proxy
        self._inner, self._deadline, self._sleep, self._clock, self._chance = inner, deadline, sleep, clock, chance
        self.server_time: datetime | None = None
        self._has_answered = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end; raises what `responses.refusal` makes of it.

        The extension `stumbles` is how often the server may fall over the request before that is its answer.
        """
        repeatable = request.method != "POST" or request.url.path == REFRESH
        started, wait, stumbles = self._clock(), FIRST_WAIT, 0
        while True:
            try:
                return self._timed(request)
            except Unanswered as error:
                pause = spread(wait, error.retry_after, self._chance)
                stumbles += error.stumbled
                enough = error.stumbled and stumbles >= request.extensions.get("stumbles", math.inf)
                patience = self._deadline if self._has_answered else min(self._deadline, FIRST_CONTACT)
                if not repeatable or enough or self._clock() - started + pause > patience:
                    raise
            _LOG.warning("asked again", extra=logs.said(method=request.method, path=request.url.path, after=pause))
            self._sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def _timed(self, request: httpx.Request) -> httpx.Response:
        began = self._clock()
        response = self._once(request)
        figures = {"status": response.status_code, "seconds": self._clock() - began}
        _LOG.debug("request", extra=logs.said(method=request.method, path=request.url.path, **figures))
        return response

    def _once(self, request: httpx.Request) -> httpx.Response:
        if not self._has_answered and request.method == "GET":  # a lost answer to a POST would leave a doubt
            request.extensions = {**request.extensions, "timeout": dict.fromkeys(_STEPS, FIRST_CONTACT)}
        try:
            response = self._inner.handle_request(request)
            self._has_answered = True
            if "sink" in request.extensions and response.is_success:
                request.extensions["sink"](response.iter_bytes())
                response.close()
                response = httpx.Response(response.status_code, headers=_without_body(response.headers))
            response.read()
        except httpx.TransportError as error:
            subject = f"{request.method} {request.url.copy_with(query=None)}"
            if web.is_untrusted(error):
                what = f"the server's certificate is not trusted here: {error}"
                raise Untrusted(what, subject=subject, hint=web.UNTRUSTED_HINT) from error
            if self._proxy and not self._has_answered and isinstance(error, httpx.ProxyError | httpx.ConnectError):
                what = f"the proxy does not let us through: {str(error) or type(error).__name__}"
                hint = "correct proxy under [studio] in factcheck.toml, or take it out"
                raise ProxyUnreachable(what, subject=self._proxy, hint=hint) from error
            raise Unanswered(
                f"Label Studio did not answer: {str(error) or type(error).__name__}",
                subject=subject,
                hint="check that the server is up; for the local one, run `factcheck studio status`",
            ) from error
        headers = response.headers
        # Who we are is the token alone: a session cookie would bring Django's CSRF check with it.
        headers.pop("set-cookie", None)
        self.server_time = responses.http_date(headers.get("date")) or self.server_time
        trouble = responses.refusal(request.method, request.url.path, response.status_code, headers, response.content)
        if trouble is not None:
            raise trouble
        # Raw answers are parsed, and judged value by value, by whoever asked for them.
        sdk_parses_it = (
            response.content and "json" in headers.get("content-type", "") and "raw" not in request.extensions
        )
        if sdk_parses_it and (why := responses.broken(responses.parse(response.content))):
            raise ProtocolError(f"answer holds {why}", subject=request.url.path, hint="try again")
        return response


def _without_body(headers: httpx.Headers) -> dict[str, str]:
    about_it = {"content-length", "content-encoding", "transfer-encoding", "set-cookie"}
    return {name: value for name, value in headers.items() if name not in about_it}
