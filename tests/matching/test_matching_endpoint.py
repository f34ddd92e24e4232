"""An OpenAI-compatible endpoint as an embedder, on a server that answers, refuses, stumbles and lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import numpy as np
import pytest

from factcheck.errors import AuthError, FactcheckError, InsecureUrl, ProtocolError, Rejected, ServerError, Unavailable
from factcheck.matching.embedding_endpoint import Endpoint

KEY = "sk-secret"
Answer = Callable[[list[str]], tuple[int, Any]]


def vector(text: str) -> list[float]:
    return [float(len(text)), 1.0, float(ord(text[0]))]


def right(texts: list[str]) -> tuple[int, Any]:
    items = [{"object": "embedding", "index": at, "embedding": vector(text)} for at, text in enumerate(texts)]
    return 200, {"object": "list", "data": items[::-1], "model": "m", "usage": {"prompt_tokens": 1}}


class Fake:
    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, dict(self.headers), body))
                answer = outer.answers.pop(0) if outer.answers else right
                status, content = answer(body["input"])
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def fake() -> Iterator[Fake]:
    one = Fake()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def endpoint(fake: Fake, waited: list[float]) -> Iterator[Endpoint]:
    one = Endpoint("m", 3, url=fake.url, key=KEY, wait=waited.append)
    yield one
    one.close()


def test_vectors_are_unit_vectors_in_the_order_of_the_texts(fake: Fake, endpoint: Endpoint) -> None:
    texts = [f"{chr(1575 + number % 20)} {'x' * number}" for number in range(150)]
    found = endpoint.embed(texts)
    wanted = np.array([vector(text) for text in texts])
    assert found.dtype == np.float32
    assert np.allclose(found, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6)
    assert [len(body["input"]) for _, _, body in fake.requests] == [64, 64, 22]
    path, headers, body = fake.requests[0]
    assert path == "/v1/embeddings"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "m"


def test_what_may_pass_is_asked_again(fake: Fake, endpoint: Endpoint, waited: list[float]) -> None:
    fake.answers = [lambda _: (503, {}), lambda _: (429, {})]
    assert endpoint.embed(["خبر"]).shape == (1, 3)
    assert waited == [1, 2]


LIES: dict[str, Any] = {
    "no json": b"<html>",
    "no data": {"data": None},
    "one too few": {"data": []},
    "twice the same": {"data": [{"index": 0, "embedding": [1, 2, 3]}] * 2},
    "another index": {"data": [{"index": 1, "embedding": [1, 2, 3]}]},
    "another dimension": {"data": [{"index": 0, "embedding": [1, 2]}]},
    "nothing but zeros": {"data": [{"index": 0, "embedding": [0, 0, 0]}]},
    "not a number": b'{"data": [{"index": 0, "embedding": [1, 2, NaN]}]}',
    "too large": b" " * 20_000,
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_with_other_vectors_is_refused(lie: str, fake: Fake, endpoint: Endpoint) -> None:
    fake.answers = [lambda _: (200, LIES[lie])]
    with pytest.raises(ProtocolError):
        endpoint.embed(["خبر"])
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("status", "error", "requests"),
    [(401, AuthError, 1), (403, AuthError, 1), (404, ServerError, 1), (302, ServerError, 1), (500, Unavailable, 4)],
)
def test_a_refusal_says_what_to_do_and_never_the_key(
    status: int, error: type[FactcheckError], requests: int, fake: Fake, endpoint: Endpoint
) -> None:
    fake.answers = [lambda _: (status, {"error": f"bad key {KEY}"})] * requests
    with pytest.raises(error) as refused:
        endpoint.embed(["خبر"])
    assert KEY not in f"{refused.value} {refused.value.hint} {refused.value.__cause__}"
    assert refused.value.hint
    assert len(fake.requests) == requests


def test_nobody_there_is_unavailable(waited: list[float]) -> None:
    endpoint = Endpoint("m", 3, url="http://127.0.0.1:9/v1", key=KEY, wait=waited.append)
    with pytest.raises(Unavailable, match="ConnectError"):
        endpoint.embed(["خبر"])
    endpoint.close()


def test_texts_do_not_leave_the_machine_unencrypted() -> None:
    with pytest.raises(InsecureUrl):
        Endpoint("m", 3, url="http://models.example.org/v1", key=KEY)


def test_an_empty_text_is_not_sent(fake: Fake, endpoint: Endpoint) -> None:
    with pytest.raises(Rejected):
        endpoint.embed([""])
    assert not fake.requests
