"""A server that speaks chat completions on a free port of this machine, and misbehaves as it is told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


def completion(content: str, **more: Any) -> Answer:
    """A well-formed chat completion with this content."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "tiny", "choices": [choice | more]}
    return 200, {}, json.dumps(body | {"usage": {"prompt_tokens": 100, "completion_tokens": 20}}).encode()


def first_words(request: dict[str, Any]) -> Answer:
    """Proposes the first six words of every sentence."""
    lines = re.findall(r"^(\d+)\. (.*)$", request["messages"][1]["content"], re.MULTILINE)
    claims = [{"sentence": int(n), "quote": " ".join(it.split()[:6]), "claimant": None} for n, it in lines]
    return completion(json.dumps({"claims": claims}))


@dataclass
class Stub:
    """`answers` are given in order, the last one for ever; `seen` has what came: headers and body."""

    answers: list[Callable[[dict[str, Any]], Answer]]
    url: str = ""
    drip: float = 0.0
    seen: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def stub(*answers: Callable[[dict[str, Any]], Answer], drip: float = 0.0) -> Iterator[Stub]:
    """A running server; `drip` is the pause in seconds before each byte of an answer."""
    made = Stub(list(answers), drip=drip)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with made.lock:
                made.seen.append((dict(self.headers), body))
                answer = made.answers.pop(0) if len(made.answers) > 1 else made.answers[0]
                made.at_once += 1
                made.most_at_once = max(made.most_at_once, made.at_once)
            status, headers, payload = answer(body)
            with made.lock:
                made.at_once -= 1
            try:
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(payload))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if made.drip:
                    for byte in payload:
                        self.wfile.write(bytes([byte]))
                        time.sleep(made.drip)
                else:
                    self.wfile.write(payload)
            except OSError:
                self.close_connection = True  # whoever asked has gone

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
