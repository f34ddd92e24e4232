"""The edge that shows a folder of pages on loopback: files of that folder and nothing else, under the strict policy.

For a look before the folder is copied to its server; it lists no folder, follows no link and answers nobody who came
by another name than loopback's, so that no page of the web reads the site through somebody's browser.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from factcheck.errors import SystemRefused, UsageError
from factcheck.exporters.media_types import media_type

HOST = "127.0.0.1"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'"
"""What a strict server allows: the site is shown as such a server would show it."""


def server(root: Path, *, port: int | None) -> ThreadingHTTPServer:
    """A server of the folder on loopback, which `serve_forever` runs; its port is a free one where none is asked for.

    Raises UsageError where the folder is no site, SystemRefused where the port is taken or not for us.
    """
    if not (root / "index.html").is_file():
        hint = "write it first: factcheck export public-site"
        raise UsageError("there is no index.html in it", subject=str(root), hint=hint)
    try:
        return _Server((HOST, port or 0), partial(_Answer, root.resolve()))
    except OSError as error:
        raise SystemRefused(
            f"cannot be listened on: {error.strerror}", subject=f"port {port}", hint="choose another --port"
        ) from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser keeps a connection open that would hold the end up

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a reader who goes away in the middle is no fault."""


class _Answer(BaseHTTPRequestHandler):
    server_version, sys_version = "factcheck", ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def __init__(self, root: Path, *arguments: Any) -> None:
        self.root = root
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """The file that is asked for."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """What `GET` says of the file."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Nothing: who reads what is written down nowhere."""

    def _answer(self, *, with_body: bool) -> None:
        name, _, port = (self.headers.get("Host") or "").rpartition(":")
        here = name in {HOST, "localhost"} and port == str(self.connection.getsockname()[1])
        content = found(self.root, self.path) if here else None
        status = HTTPStatus.OK if content else HTTPStatus.NOT_FOUND if here else HTTPStatus.MISDIRECTED_REQUEST
        body, kind = content or (f"{status.value} {status.phrase}\n".encode(), "text/plain; charset=utf-8")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def found(root: Path, target: str) -> tuple[bytes, str] | None:
    """The file of that request target and its type; None for what is not a plain file of the folder.

    A folder stands for its `index.html`. Names that begin with a dot and links are not shown, nor is what they lead to.
    """
    path = unquote(urlsplit(target).path, errors="surrogateescape")
    if not path.startswith("/") or "\0" in path or "\\" in path:
        return None
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") for part in parts):
        return None
    place = root.joinpath(*parts, *(["index.html"] if path.endswith("/") else []))
    try:
        if place.resolve(strict=True) != place or not place.is_file():
            return None
        return place.read_bytes(), media_type(place.name)
    except (OSError, ValueError):
        return None
