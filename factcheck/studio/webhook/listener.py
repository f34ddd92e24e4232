"""The receiver's server: uvicorn in a thread of its own, on a socket that is bound before anything else begins.

An edge: it opens a port.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factcheck import distribution
from factcheck.errors import ServerError, UsageError

MAX_CONNECTIONS = 512
"""Beyond, one that has said nothing yet is closed for the new one; where there is none, uvicorn answers 503."""
_STOP_SECONDS = 5


@contextmanager
def listening(app: Any, *, host: str, port: int | None) -> Iterator[int]:
    """The port that serves `app` as long as the context lasts; without `port` a free one.

    Raises UsageError where the address is taken or not ours, InstallError where uvicorn is not installed.
    """
    with distribution.needing("watch", "the webhook receiver (not `factcheck watch --no-webhook`)"):
        import uvicorn

        with distribution.inner("uvicorn"):
            from factcheck.studio.webhook.patience import Impatient
    bound = _bind(host, port or 0)
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=Impatient,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",  # a flood must not fill a disk with its log; /metrics counts it
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        backlog=MAX_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="webhook", daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            if not thread.is_alive():
                raise ServerError("the webhook receiver stopped before it answered", subject=f"{host}:{port}")
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS + 2)
        bound.close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise UsageError(
            f"cannot be used to listen on: {error.strerror}",
            subject=f"{host}:{port}",
            hint="choose another --port or --host; without --port a free port is used",
        ) from error
    return bound
