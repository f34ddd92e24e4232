"""Connections that say nothing, or say it slowly, do not hold the receiver."""

from __future__ import annotations

import contextlib
import http.client
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from factcheck.studio.webhook import patience
from factcheck.studio.webhook.listener import MAX_CONNECTIONS, listening
from tests.studio.webhook.test_webhook import Desk

MANY = 600
HEAD = b"POST /webhook/3 HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with listening(made.receiver, host="127.0.0.1", port=None) as made.port:
        yield made
    made.http.close()
    made.inbox.close()


@contextlib.contextmanager
def wires(desk: Desk, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have said this much and say no more."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3 * count:
        pytest.skip(f"this machine allows {hard} open files")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], min(hard, 4 * count)), hard))
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        made = []
        for _ in range(count):
            wire = stack.enter_context(socket.create_connection(("127.0.0.1", desk.port), timeout=20))
            wire.sendall(said)
            made.append(wire)
        yield made


def health(desk: Desk) -> int:
    return httpx.get(f"http://127.0.0.1:{desk.port}/healthz", timeout=10, trust_env=False).status_code


def is_closed(wire: socket.socket) -> bool:
    try:
        return wire.recv(1000) == b""
    except ConnectionResetError:
        return True


def trickle(wire: socket.socket, more: bytes, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        wire.sendall(more)
        time.sleep(0.05)


@pytest.mark.parametrize("said", [b"", HEAD], ids=["nothing", "half a head"])
def test_600_idle_connections_do_not_hold_it(desk: Desk, said: bytes) -> None:
    assert MANY > MAX_CONNECTIONS
    with wires(desk, MANY, said) as made:
        assert desk.post().status_code == 200, "also while they are there: the oldest makes room"
        time.sleep(patience.HEAD_SECONDS)
        began = time.monotonic()
        assert health(desk) == 200
        assert desk.post().status_code == 200
        assert time.monotonic() - began < 2
        assert all(is_closed(wire) for wire in made)


@pytest.mark.parametrize(
    ("said", "more"),
    [
        (HEAD, b"X-Slow: x\r\n"),
        (HEAD + b"Content-Type: text/plain\r\nContent-Length: 900\r\n\r\n", b"x"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + HEAD, b"X-Slow: x\r\n"),
    ],
    ids=["a head", "a body nobody reads after a 401", "a second head"],
)
def test_what_trickles_in_is_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch, said: bytes, more: bytes) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.4)
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.4)
    with wires(desk, 1, said) as (wire,), pytest.raises((BrokenPipeError, ConnectionResetError)):
        trickle(wire, more, seconds=8)


def test_a_connection_that_is_kept_may_ask_again_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1.5)
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=20)
    connection.connect()
    connection.auto_open = 0  # to be closed would be an error
    for _ in range(5):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        time.sleep(0.5)
    connection.close()
