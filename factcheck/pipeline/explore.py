"""`explore`: the newest version as a SQLite file, and datasette on this machine alone to look at it."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import distribution
from factcheck.errors import ServerError, UsageError
from factcheck.pipeline.export import export
from factcheck.settings import Settings

PROFILE = "explore-sqlite"
HOST = "127.0.0.1"
METADATA = ".metadata.json"
_SETTINGS = {
    "allow_download": False,
    "default_cache_ttl": 0,
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 1000,
}
"""Of datasette: who may see it may ask, and takes what pages and tables as CSV show. The file is opened immutable."""
_STOP_SECONDS = 3


class Explored(NamedTuple):
    """Where the pages are, and of which version they are."""

    url: str
    version: int
    claims: int


class Exploring:
    """datasette on a file of its own, from `run` until `stop`; the file is gone afterwards."""

    def __init__(
        self, settings: Settings, *, as_of: str | None, port: int | None, tell: Callable[[Explored], None]
    ) -> None:
        self._settings, self._as_of, self._port, self._tell = settings, as_of, port, tell
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Lets `run` end; may be called from anywhere."""
        self._stopped.set()

    def run(self) -> Explored:
        """Serves the pages until `stop`.

        Raises InstallError where datasette is not installed, UsageError where the port is taken.
        """
        app_of, uvicorn = _libraries()
        with socket.socket() as bound, tempfile.TemporaryDirectory(prefix="factcheck-explore-") as folder:
            _bind(bound, self._port)
            made = export(self._settings, PROFILE, as_of=self._as_of, out=Path(folder), force=False)
            app = app_of(Path(folder))
            config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="explore", daemon=True)
            thread.start()
            try:
                while not server.started:
                    thread.join(0.02)
                    if not thread.is_alive():
                        raise ServerError("datasette stopped before it answered", subject=HOST)
                found = Explored(f"http://{HOST}:{bound.getsockname()[1]}/", made.version, made.rows)
                self._tell(found)
                while thread.is_alive() and not self._stopped.wait(0.2):
                    pass
            finally:
                server.should_exit = True
                thread.join(_STOP_SECONDS)
                server.force_exit = True
                thread.join(_STOP_SECONDS)
            return found


def _libraries() -> tuple[Callable[[Path], Any], Any]:
    """What makes the application of a folder with one file and its metadata, and the server."""
    # Plugins of the environment may write, send or load anything; none is wanted here.
    os.environ["DATASETTE_LOAD_PLUGINS"] = ""
    with distribution.needing("explore", "factcheck explore"):
        import uvicorn
        from datasette.app import Datasette

    with distribution.inner("datasette"):
        from datasette import handle_exception

        handle_exception.rich = None  # with it every wrong query is a page of traceback on the terminal

    def app_of(folder: Path) -> Any:
        (base,) = folder.glob("explore-v*.sqlite")
        metadata = json.loads((folder / f"{base.stem}{METADATA}").read_text("utf-8"))
        return Datasette(files=[], immutables=[str(base)], metadata=metadata, settings=_SETTINGS).app()

    return app_of, uvicorn


def _bind(bound: socket.socket, port: int | None) -> None:
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port or 0))
    except OSError as error:
        hint = "leave out --port for a free one"
        raise UsageError(f"cannot be listened on: {error.strerror}", subject=f"{HOST}:{port}", hint=hint) from error
