"""The fake Label Studio on a port of 127.0.0.1, for commands that run as processes of their own."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.fake_studio.answers import FakeStudio


@contextmanager
def serving(
    fake: FakeStudio, *, dress: Callable[[http.server.ThreadingHTTPServer], None] | None = None
) -> Iterator[str]:
    """The fake's address; requests are answered one at a time, as its store needs it.

    `dress` is done to the server before it listens to anybody, as to make it speak TLS; the address says http then too.
    """
    handler = type("Handler", (_Handler,), {"fake": fake, "turn": threading.Lock()})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if dress is not None:
        dress(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    fake: FakeStudio
    turn: threading.Lock

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
        asked = httpx.Request(self.command, f"http://{self.headers['host']}{self.path}", headers=headers, content=body)
        try:
            with self.turn:
                answer = self.fake.handle_request(asked)
                content = answer.read()
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
        except (OSError, httpx.TransportError):  # the client was killed, or the fake plays a broken line
            pass
        self.close_connection = True

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server asks for

    def log_message(self, *_: Any) -> None:
        """Nothing: the fake counts its requests itself."""
