"""`studio up|down|status`: the local Label Studio of a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from factcheck.errors import UsageError
from factcheck.settings import Settings
from factcheck.studio import server


class Started(NamedTuple):
    """The running local server, without its secrets; the password stands in `password_file` (0600)."""

    url: str
    pid: int
    email: str
    folder: Path
    password_file: Path


def studio_folder(settings: Settings) -> Path:
    """The folder of the local server's data, log and credentials."""
    return settings.state / "studio"


def studio_up(settings: Settings, *, port: int | None, say: Callable[[str], None]) -> Started:
    """The running local server, started (and first installed) where it is not."""
    if settings.studio.url:
        raise UsageError(
            "this desk uses a server of its own, so there is no local one to start",
            subject=settings.studio.url,
            hint="take `url` out of [studio] in factcheck.toml to work with a local one",
        )
    folder = studio_folder(settings)
    running = server.up(folder, settings.root / settings.studio.environment, port=port, progress=say)
    return Started(running.url, running.pid, running.email, folder, folder / "credentials.json")


def studio_down(settings: Settings) -> bool:
    """Whether there was a running local server, which is now stopped."""
    return server.down(studio_folder(settings))


def studio_status(settings: Settings) -> dict[str, str | int | None]:
    """`state`, `url` and `pid` of the local server."""
    found = server.status(studio_folder(settings))
    return {"state": found.state, "url": found.url, "pid": found.pid}


def reachable(url: str) -> bool:
    """Whether a Label Studio answers there within three seconds."""
    import httpx

    try:
        return httpx.get(f"{url}/health", timeout=3.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
