"""`site serve`: the folder that the last export of a site has written, shown on loopback."""

from __future__ import annotations

from http.server import ThreadingHTTPServer
from pathlib import Path

from factcheck import exporters
from factcheck.errors import UsageError
from factcheck.exporters import show_folder
from factcheck.settings import Settings


def serving(settings: Settings, what: str, *, out: Path | None, port: int | None) -> tuple[ThreadingHTTPServer, str]:
    """A server of the profile's site that is listening, and its address.

    Raises UsageError where the profile makes no site, or none was written yet.
    """
    profile = exporters.find(what, settings.root)
    if profile.format != "site":
        raise UsageError(
            f"its format is {profile.format}, not site", subject=what, hint="name a profile of a site: public-site"
        )
    root = (out or settings.root / settings.exports.path) / f"{profile.name}-pages"
    server = show_folder.server(root, port=port)
    return server, f"http://{show_folder.HOST}:{server.server_port}/"
