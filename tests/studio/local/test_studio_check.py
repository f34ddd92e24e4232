from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from factcheck.errors import AuthError, ProtocolError, Unavailable
from factcheck.studio import releases
from factcheck.studio.local import security_check
from factcheck.studio.local.security_check import Ours

FORM = '<form><input type="hidden" name="csrfmiddlewaretoken" value="abc"></form>'


def jwt(days: float) -> str:
    """A token in the form of Label Studio's personal access tokens."""
    parts = [{"alg": "HS256"}, {"iat": 0, "exp": days * 86_400}, {"signature": 1}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


class Careless(BaseHTTPRequestHandler):
    """A server with everything wrong; only what `check` asks for."""

    release: ClassVar[str] = "1.15.0"
    listed: ClassVar[list[dict[str, str]]] = [{"token": jwt(73_000)}]
    asked: ClassVar[list[tuple[str, str]]] = []
    cookies: ClassVar[list[str]] = ["sessionid=1; HttpOnly; Path=/; Secure", "csrftoken=secure; Path=/; SameSite=Lax"]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answers: dict[str, tuple[int, object]] = {
            "/api/version/": (200, {"release": self.release}),
            "/user/signup/": (200, FORM),
            "/user/login/": (200, FORM),
            "/health": (200, {"status": "UP"}),
            "/api/current-user/whoami": (200, {"id": 1}),
            "/api/jwt/settings": (200, {"legacy_api_tokens_enabled": True}),
            "/api/token/": (200, self.listed),
            "/data/local-files/": (404, "no such file"),
            "/api/webhooks/": (200, [{"id": 3, "headers": {"X-Secret": "s"}}, {"id": 4, "headers": {}}]),
        }
        self.answer(*answers.get(path, (404, "")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.path, body))
        if self.path == "/api/webhooks/":
            self.answer(400, {"validation_errors": {"actions": ["not a valid choice"]}})
        elif self.path == "/api/token/refresh/":
            self.answer(401, {})
        else:
            self.answer(200, FORM)

    def answer(self, status: int, body: object) -> None:
        payload = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        for cookie in self.cookies:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        pass


@pytest.fixture
def careless() -> Iterator[str]:
    Careless.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_each_carelessness_is_found(careless: str) -> None:
    found = {item.name: item for item in security_check.check(careless, "f" * 40)}
    assert {name: item.verdict for name, item in found.items()} == {
        "version": "fail",
        "encryption": "pass",
        "cookies": "pass",
        "sign-up": "fail",
        "host names": "fail",
        "legacy tokens": "fail",
        "token lifetime": "fail",
        "SSRF protection": "fail",
        "local files": "fail",
        "webhook headers": "fail",
    }
    assert all(item.todo for item in found.values() if item.verdict == "fail")
    assert "CVE-2026-22033" in found["version"].seen
    assert "73,000 days" in found["token lifetime"].seen
    assert "webhook 3" in found["webhook headers"].seen


def test_looking_changes_nothing(careless: str) -> None:
    security_check.check(careless, "f" * 40)
    sent = dict(Careless.asked)
    assert set(sent) == {"/user/signup/", "/api/webhooks/"}
    assert "email=&password=&" in sent["/user/signup/"], "no account can come of it"
    assert "NO_SUCH_ACTION" in sent["/api/webhooks/"], "no webhook can come of it"


def test_what_cannot_be_seen_without_a_token_is_unknown(careless: str) -> None:
    found = {item.name: item.verdict for item in security_check.check(careless, None)}
    hidden = {"legacy tokens", "token lifetime", "SSRF protection", "local files", "webhook headers"}
    assert {name for name, verdict in found.items() if verdict == "unknown"} == hidden


def test_a_refused_token_is_said(careless: str) -> None:
    with pytest.raises(AuthError, match="does not accept"):
        security_check.check(careless, jwt(30))


def test_what_is_no_label_studio_is_said(careless: str) -> None:
    with pytest.raises(ProtocolError, match="version"):
        security_check.check(f"{careless}/elsewhere", None)
    with pytest.raises(Unavailable):
        security_check.check("http://127.0.0.1:9", None)


@pytest.mark.parametrize(
    ("release", "has"),
    [
        ("1.23.0", ["CVE-2026-22033", "release 1.23.1"]),
        ("1.23.1", []),
        (releases.pinned(), []),
        ("1.24.0", []),
        ("1.9.1", None),
    ],
)
def test_the_table_of_holes(release: str, has: list[str] | None) -> None:
    found = [hole.partition(" (")[0] for hole in releases.holes(release)]
    if has is None:
        assert {"CVE-2023-47115", "CVE-2023-47116", "CVE-2026-22033"} <= set(found)
        assert "CVE-2023-43791" not in found
    else:
        assert found == has


@pytest.mark.parametrize(
    ("ours", "listens", "tokens"),
    [
        (Ours(), "pass", "pass"),
        (Ours("127.0.0.2"), "pass", "unknown"),
        (Ours("0.0.0.0"), "fail", "unknown"),
        (Ours("0.0.0.0", "https://127.0.0.1:9"), "unknown", "unknown"),
        (Ours(public_url="https://127.0.0.1:9"), "pass", "unknown"),
    ],
    ids=["here", "here too", "open", "open behind a proxy", "behind a proxy"],
)
def test_our_own_server_is_judged_by_who_reaches_it(careless: str, ours: Ours, listens: str, tokens: str) -> None:
    found = {item.name: item for item in security_check.check(careless, "f" * 40, ours=ours)}
    assert (found["listens on"].verdict, found["legacy tokens"].verdict) == (listens, tokens)
    assert ("public address" in found) == (ours.public_url is not None)
    if ours.public_url:
        assert found["public address"].verdict == "unknown", "nothing listens there"
        assert found["cookies"].verdict == "fail"
        assert found["cookies"].seen.startswith("csrftoken would"), "the value of a cookie is no flag of it"
