"""Who asks: every request bears the user's token, and an access token that has run out is renewed once.

Label Studio knows two kinds. A legacy token goes out as it is (`Token ...`). A personal access token is a JWT of which
the server makes access tokens for a few minutes each (`Bearer ...`, from POST /api/token/refresh/). The SDK can do
this too, but keeps its access token where only its own requests get at it.
"""

from __future__ import annotations

import json

import httpx

from factcheck.errors import AuthError, ProtocolError
from factcheck.studio.api import responses

REFRESH = "/api/token/refresh/"


class Authorized(httpx.BaseTransport):
    """Sends requests through `inner`, which raises AuthError for an answer 401."""

    def __init__(self, inner: httpx.BaseTransport, token: str) -> None:
        self._inner, self._token = inner, token
        self._renewable = token.count(".") == 2  # noqa: PLR2004 - a JWT has three parts; a legacy token is hexadecimal
        self._access = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer; a request that was refused was not carried out, so it is sent again with a new access token."""
        if not self._renewable:
            return self._send(request, f"Token {self._token}")
        self._access = self._access or self._renewed(request)
        try:
            return self._send(request, f"Bearer {self._access}")
        except AuthError:
            self._access = ""
        self._access = self._renewed(request)
        return self._send(request, f"Bearer {self._access}")

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def _send(self, request: httpx.Request, authorization: str) -> httpx.Response:
        request.headers["authorization"] = authorization
        return self._inner.handle_request(request)

    def _renewed(self, request: httpx.Request) -> str:
        asked = httpx.Request(
            "POST",
            request.url.copy_with(raw_path=REFRESH.encode()),
            headers={"content-type": "application/json", "host": request.headers["host"]},
            content=json.dumps({"refresh": self._token}).encode(),
            extensions={"timeout": request.extensions["timeout"], "raw": True},
        )
        answer = responses.parse(self._inner.handle_request(asked).content)
        access = answer.get("access") if isinstance(answer, dict) else None
        if not isinstance(access, str) or not access.isascii():
            raise ProtocolError("the server renewed the token but returned none", subject=REFRESH, hint="try again")
        return access
