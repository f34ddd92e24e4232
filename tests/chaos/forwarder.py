"""A proxy on 127.0.0.1 before a real Label Studio, in which answers get lost, late and cut, by a seeded dice."""

from __future__ import annotations

import http.client
import http.server
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

FAULTS = ("cut_before", "cut_after", "502_before", "502_after", "cut_mid_body", "delay")
"""Cut before the request went on, after it was carried out (its answer is lost), with half of the answer sent ..."""

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_PART = 4096
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Forwards to `upstream`; `share` of the requests go wrong. `watch` is told of each request and each answer."""

    def __init__(self, upstream: str, seed: int, *, share: float) -> None:
        self.upstream = urlsplit(upstream)
        self.dice = random.Random(seed)
        self.share = share
        self.happened: Counter[str] = Counter()
        self.watch: Callable[[str], None] = lambda _moment: None
        self.passed: Callable[[str, int], None] = lambda _path, _bytes: None
        """Told, while an answer comes in, of what path it is and how many of its bytes are here."""
        self._turn = threading.Lock()

    def fault(self) -> str | None:
        """The fault of the next request."""
        with self._turn:
            if self.dice.random() >= self.share:
                return None
            drawn = self.dice.choice(FAULTS)
            self.happened[drawn] += 1
            return drawn

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The proxy's address; it is closed afterwards."""
        handler = type("Handler", (_Handler,), {"proxy": self})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            serving.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    proxy: Proxy

    def do_GET(self) -> None:
        proxy, fault = self.proxy, self.proxy.fault()
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        proxy.watch("request")
        if fault == "delay":
            time.sleep(0.3)
        elif fault == "cut_before":
            return self._reset()
        elif fault == "502_before":
            return self._answer(502, {}, b"Bad Gateway")
        try:
            status, headers, content = self._forward(body)
        except (OSError, http.client.HTTPException):
            return self._reset()  # the server is down, or died while it answered
        proxy.watch("answer")
        if fault == "cut_after":
            return self._reset()
        if fault == "502_after":
            return self._answer(502, {}, b"Bad Gateway")
        return self._answer(status, headers, content, cut=fault == "cut_mid_body")

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server asks for

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        upstream = self.proxy.upstream
        connection = http.client.HTTPConnection(str(upstream.hostname), upstream.port, timeout=120)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, self.path, body or None, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            content = b""
            while part := answer.read1(_PART):
                content += part
                self.proxy.passed(self.path, len(content))
            if answer.length:  # the server died in the middle of it
                raise http.client.IncompleteRead(content, answer.length)
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            return answer.status, kept, content
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes, *, cut: bool = False) -> None:
        try:
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
        except OSError:  # the client is gone, often because we killed it
            self.close_connection = True
            return
        self.close_connection = True
        if cut:
            self._reset()

    def _reset(self) -> None:
        # Closed with a reset, as a dying machine or an impatient balancer does, not with an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Nothing: what happened is counted."""
