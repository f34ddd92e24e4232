"""From the version of Label Studio that a server's data are of to the one this factcheck pins; backed up first.

What fails leaves data and environment as they were.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from factcheck.errors import ServerError
from factcheck.studio.local import backup, install, postgres, server
from factcheck.studio.local.empty_database import DATABASE
from factcheck.studio.local.server_files import read_state
from factcheck.studio.releases import pinned


@dataclass(frozen=True)
class Upgraded:
    """What was done: `before` is None where no version was written down, `saved` where there was nothing to save."""

    before: str | None
    after: str
    changed: bool
    saved: Path | None = None
    url: str | None = None


def upgrade(
    folder: Path,
    environment: Path,
    *,
    saved: Path | None,
    database: postgres.Database | None,
    progress: install.Progress,
) -> Upgraded:
    """What was done: a backup into `saved` (none with None), a new environment, migrations; it runs again if it ran.

    Raises ServerError where the new version does not come up: then everything is as it was, and the server is stopped.
    """
    state, wanted = read_state(folder), pinned()
    before = state.version if state else None
    if install.is_installed(environment) and before in {None, wanted}:
        return Upgraded(before, wanted, changed=False)
    if database is None and not (folder / "data" / DATABASE).exists():
        install.install(environment, progress=progress)
        return Upgraded(before, wanted, changed=True)
    ran = server.down(folder)
    if saved is not None:
        progress(f"backing up into {saved}")
        backup.save(folder, saved)
    previous = _set_aside(environment)
    try:
        running = server.up(folder, environment, database=database, migrate=True, progress=progress)
    except BaseException as error:
        _back(folder, environment, previous, saved)
        if not isinstance(error, Exception):  # Ctrl-C
            raise
        raise ServerError(
            f"the upgrade to {wanted} failed, and everything was restored: {error}",
            subject=str(folder),
            hint=f"keep using the factcheck for Label Studio {before or 'of before'}, or try again later",
        ) from error
    if previous:
        shutil.rmtree(previous)
    if not ran:
        server.down(folder)
    return Upgraded(before, wanted, changed=True, saved=saved, url=running.url if ran else None)


def _set_aside(environment: Path) -> Path | None:
    """Where the old environment waits; its scripts name its own path, so it works again only once it is moved back."""
    previous = environment.with_name(environment.name + ".previous")
    if install.is_installed(environment) or not (environment / "pyvenv.cfg").exists():
        return previous if previous.exists() else None
    if previous.exists():  # an upgrade was killed; what stands in its place is half of the new one
        shutil.rmtree(environment)
        return previous
    return environment.rename(previous)


def _back(folder: Path, environment: Path, previous: Path | None, saved: Path | None) -> None:
    server.down(folder)
    if previous:
        shutil.rmtree(environment, ignore_errors=True)
        previous.rename(environment)
    if saved:
        replaced = backup.restore(folder, saved)
        if replaced:
            shutil.rmtree(replaced)
