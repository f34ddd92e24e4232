"""The receiver on a real socket: who is turned away with which code, and what a 2xx promises."""

from __future__ import annotations

import errno
import itertools
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import UsageError
from factcheck.studio.webhook import receiver
from factcheck.studio.webhook.inbox import Hint, Inbox
from factcheck.studio.webhook.listener import listening
from factcheck.studio.webhook.metrics import Metrics
from factcheck.studio.webhook.receiver import ACTIONS, MAX_BODY, SECRET_HEADER, Receiver

SECRET = "s" * 43
PROJECTS = {3, 4}


class Desk:
    """A receiver that listens, its inbox, and how often it woke somebody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inbox = Inbox(folder)
        self.metrics = Metrics()
        self.wakes = 0
        self.port = 0
        self.reason = ""
        self.http = httpx.Client(trust_env=False, timeout=10)
        self.receiver = Receiver(
            self.inbox,
            SECRET,
            metrics=self.metrics,
            projects=lambda: PROJECTS,
            wake=self.wake,
            health=lambda: {"status": "ok"},
            unready=lambda: self.reason,
        )

    def wake(self) -> None:
        self.wakes += 1

    def post(self, path: str = "/webhook/3", body: Any = None, **headers: str | None) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body or {"action": "ANNOTATION_CREATED"}).encode()
        wanted = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
        wanted |= {name.replace("_", "-"): value for name, value in headers.items()}  # type: ignore[misc]
        sent = {name: value for name, value in wanted.items() if value is not None}
        return self.http.post(f"http://127.0.0.1:{self.port}{path}", content=content, headers=sent)

    def outcomes(self, name: str) -> float:
        return self.metrics.value("factcheck_hints_total", outcome=name)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("inbox"))
    with listening(made.receiver, host="127.0.0.1", port=None) as made.port:
        yield made
    made.http.close()
    made.inbox.close()


@pytest.fixture
def desk(one: Desk) -> Iterator[Desk]:
    one.inbox.take()
    one.inbox.done()
    one.wakes = 0
    yield one
    assert one.post(body={"action": "ANNOTATION_CREATED"}).status_code == 200, "it answers after whatever came before"


def nothing_came(desk: Desk) -> bool:
    return desk.wakes == 0 and not list(desk.folder.iterdir())


def test_an_acknowledged_hint_is_on_disk(desk: Desk) -> None:
    assert desk.post().status_code == 200
    assert desk.wakes == 1
    assert json.loads(next(desk.folder.iterdir()).read_bytes()) == {"project_id": 3, "deletion": False}


@pytest.mark.parametrize(
    ("path", "body", "hint"),
    [
        ("/webhook/4", {"action": "ANNOTATIONS_DELETED"}, Hint(4)),
        ("/webhook/4", {"action": "TASKS_DELETED", "tasks": [{"id": 1}]}, Hint(4, deletion=True)),
        ("/webhook", {"action": "ANNOTATION_UPDATED", "project": {"id": 3}}, Hint(3)),
        ("/webhook", {"action": "ANNOTATION_UPDATED", "project": {"id": True}}, Hint(None)),
        ("/webhook", {"action": "ANNOTATION_UPDATED", "project": 3}, Hint(None)),
        ("/webhook/999999", {"action": "ANNOTATION_CREATED"}, Hint(None)),
    ],
)
def test_what_a_call_hints_at(desk: Desk, path: str, body: dict[str, Any], hint: Hint) -> None:
    assert desk.post(path, body).status_code == 200
    assert desk.inbox.take() == {hint}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "s", SECRET.upper(), f"{SECRET}, x"])
def test_without_the_secret_nothing_is_read(desk: Desk, secret: str | None) -> None:
    before = desk.outcomes("wrong_secret")
    answer = desk.post(body=b"{", X_Factcheck_Secret=secret, Content_Type="text/plain")
    assert answer.status_code == 401, "also where type and body are wrong: a stranger learns nothing more"
    assert desk.outcomes("wrong_secret") == before + 1
    assert nothing_came(desk)


def test_two_secrets_are_none(desk: Desk) -> None:
    headers = [(SECRET_HEADER, SECRET), (SECRET_HEADER, "x"), ("Content-Type", "application/json")]
    answer = desk.http.post(f"http://127.0.0.1:{desk.port}/webhook", content=b"{}", headers=headers)
    assert answer.status_code == 401


def test_the_secret_is_compared_in_constant_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def spy(given: bytes, wanted: bytes) -> bool:
        asked.append((given, wanted))
        return False

    monkeypatch.setattr("hmac.compare_digest", spy)
    assert desk.post().status_code == 401
    assert asked == [(SECRET.encode(), SECRET.encode())]
    monkeypatch.undo()


def test_a_body_over_the_limit_is_refused_by_its_length(desk: Desk) -> None:
    assert desk.post(body=b" " * (MAX_BODY + 1)).status_code == 413
    assert nothing_came(desk)


def test_a_body_over_the_limit_is_refused_while_it_comes(desk: Desk) -> None:
    parts = itertools.repeat(b" " * 100_000, 12)
    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    answer = desk.http.post(f"http://127.0.0.1:{desk.port}/webhook/3", content=parts, headers=headers)
    assert answer.status_code == 413
    assert nothing_came(desk)


def test_a_body_at_the_limit_is_read(desk: Desk) -> None:
    body = b'{"action": "TASKS_DELETED"}'
    assert desk.post(body=body + b" " * (MAX_BODY - len(body))).status_code == 200


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_another_content_type_is_refused(desk: Desk, kind: str | None) -> None:
    assert desk.post(Content_Type=kind).status_code == 415
    assert nothing_came(desk)


def test_a_charset_beside_the_content_type_is_fine(desk: Desk) -> None:
    assert desk.post(Content_Type="Application/JSON; charset=utf-8").status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"ANNOTATION_CREATED"', b"\xff", b"[" * 200_000, b'{"a": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut", "null", "list", "text", "no utf-8", "nested", "huge integer"],
)
def test_what_is_no_json_object_is_refused(desk: Desk, body: bytes) -> None:
    assert desk.post(body=body).status_code == 400
    assert nothing_came(desk)


@pytest.mark.parametrize("action", ["REVIEW_CREATED", "", None, 7, ["ANNOTATION_CREATED"], {"a": 1}])
def test_an_unknown_action_is_taken_and_counted(desk: Desk, action: Any) -> None:
    before = desk.outcomes("unknown_action")
    assert desk.post(body={"action": action}).status_code == 202
    assert desk.outcomes("unknown_action") == before + 1
    assert nothing_came(desk)


@pytest.mark.parametrize("action", [action for action, matters in ACTIONS.items() if not matters])
def test_what_changes_no_verdict_wakes_nobody(desk: Desk, action: str) -> None:
    assert desk.post(body={"action": action}).status_code == 202
    assert nothing_came(desk)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/webhook/3", 405), ("POST", "/", 404), ("POST", "/webhook/x", 404), ("POST", "/webhook/3/", 404),
     ("POST", "/metrics", 405), ("DELETE", "/healthz", 405), ("HEAD", "/healthz", 200)],
)  # fmt: skip
def test_other_methods_and_paths(desk: Desk, method: str, path: str, status: int) -> None:
    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    assert desk.http.request(method, f"http://127.0.0.1:{desk.port}{path}", headers=headers).status_code == status


def test_a_full_disk_is_said_and_never_acknowledged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_hints: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(desk.inbox, "add", full)
        answer = desk.post()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "No space left" in answer.text
    assert nothing_came(desk)


def test_too_many_at_a_time_are_told_to_come_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "MAX_WAITING", 0)
    answer = desk.post()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert nothing_came(desk)


def test_a_body_that_trickles_in_is_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "BODY_SECONDS", 0.2)

    def slowly() -> Iterator[bytes]:
        for _ in range(20):
            time.sleep(0.05)
            yield b" "

    headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
    answer = desk.http.post(f"http://127.0.0.1:{desk.port}/webhook/3", content=slowly(), headers=headers)
    assert answer.status_code == 408


@given(st.binary(max_size=200))
def test_no_bytes_on_the_wire_break_it(one: Desk, junk: bytes) -> None:
    with socket.create_connection(("127.0.0.1", one.port), timeout=5) as wire:
        wire.sendall(b"POST /webhook/3 HTTP/1.1\r\nHost: x\r\n" + junk + b"\r\n\r\n")
        wire.shutdown(socket.SHUT_WR)
        wire.recv(1000)
    assert one.post().status_code == 200


def test_ready_is_200_or_503_with_a_reason_and_alive_is_200_in_any_case(desk: Desk) -> None:
    home = f"http://127.0.0.1:{desk.port}"
    try:
        for reason, status in (("", 200), ("UNAVAILABLE", 503), ("", 200)):
            desk.reason = reason
            answer = desk.http.get(f"{home}/readyz")
            assert answer.status_code == status
            assert answer.json() == {"status": "ok", "ready": not reason, "reason": reason}
            assert desk.http.get(f"{home}/healthz").status_code == 200
    finally:
        desk.reason = ""
    assert desk.http.post(f"{home}/readyz").status_code == 405


def test_health_and_metrics(desk: Desk) -> None:
    desk.post()
    assert desk.http.get(f"http://127.0.0.1:{desk.port}/healthz").json() == {"status": "ok"}
    answer = desk.http.get(f"http://127.0.0.1:{desk.port}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert any(line.startswith('factcheck_hints_total{outcome="accepted"} ') for line in lines)
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert all(line.startswith("#") or line.split("{")[0].split()[0] in names for line in lines)
    assert SECRET not in answer.text


def test_a_taken_port_is_said(desk: Desk) -> None:
    taken = listening(desk.receiver, host="127.0.0.1", port=desk.port)
    with pytest.raises(UsageError, match="cannot be used to listen on"), taken:
        pass


def test_after_the_context_nobody_listens(tmp_path: Path) -> None:
    made = Desk(tmp_path)
    with listening(made.receiver, host="127.0.0.1", port=None) as made.port:
        assert made.post().status_code == 200
    with pytest.raises(httpx.TransportError):
        made.post()
    made.http.close()
    made.inbox.close()
