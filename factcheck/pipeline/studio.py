"""`studio ...`: the local Label Studio of a desk, and the check of any server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck import settings as settings_package
from factcheck import web
from factcheck.errors import AuthError, UsageError
from factcheck.models import AnnotationState
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.studio.local import backup, postgres, security_check, server, server_files, serving, upgrade

INVITE = "factcheck studio invite   (a sign-up link for your checkers)"
"""How a team comes to a server that has just been started."""

_SAVED = pl.Schema(
    {
        "annotation_id": pl.Int64(),
        "created_at": pl.Datetime("us", "UTC"),
        "saved_at": pl.Datetime("us", "UTC"),
    }
)


class Started(NamedTuple):
    """The running local server, without its secrets; the password stands in `password_file` (0600).

    `public_url` is where people open it; None where it serves this machine alone.
    """

    url: str
    pid: int
    email: str
    folder: Path
    password_file: Path
    public_url: str | None


def studio_folder(settings: Settings) -> Path:
    """The folder of the local server's data, log and credentials."""
    return settings.state / "studio"


def studio_up(
    settings: Settings,
    *,
    port: int | None,
    webhooks: bool = False,
    postgres_url: str | None = None,
    host: str | None = None,
    public_url: str | None = None,
    only_here: bool = False,
    say: Callable[[str], None],
) -> Started:
    """The running local server, started (and first installed) where it is not; on PostgreSQL where it was before.

    It serves whom it served before, unless `host`, `public_url` or `only_here` say otherwise. Raises UsageError and
    InsecureUrl as `serving.checked` does.
    """
    if settings.studio.url:
        raise UsageError(
            "this desk uses the server named in its settings, so there is no local one",
            subject=settings.studio.url,
            hint="remove `url` from [studio] in factcheck.toml to use a local one",
        )
    folder = studio_folder(settings)
    if only_here and (host or public_url):
        raise UsageError(
            "cannot be combined with --host or --public-url", subject="--only-here", hint="choose one of the two"
        )
    reach = None
    if only_here or host or public_url:
        # One of the two alone changes that one: the port behind a proxy moves more often than its address.
        before = serving.Serving() if only_here else serving.remembered(folder)
        reach = serving.checked(host or before.host, public_url or before.public_url)
    running = server.up(
        folder,
        settings.root / settings.studio.environment,
        port=port,
        webhooks=webhooks,
        database=_database(settings, postgres_url),
        reach=reach,
        progress=say,
    )
    return Started(running.url, running.pid, running.email, folder, folder / "credentials.json", running.public_url)


def studio_down(settings: Settings) -> bool:
    """Whether there was a running local server, which is now stopped."""
    return server.down(studio_folder(settings))


def studio_status(settings: Settings) -> dict[str, str | int | None]:
    """`state`, `url`, `public_url` and `pid` of the local server."""
    found = server.status(studio_folder(settings))
    return {"state": found.state, "url": found.url, "public_url": found.public_url, "pid": found.pid}


def studio_logs(settings: Settings, *, lines: int) -> str:
    """The last lines that the local server printed since its last start."""
    return server.logs(studio_folder(settings), lines)


def studio_backup(settings: Settings, target: Path | None, *, now: datetime) -> Path:
    """The folder of a new backup of the local server's data; below `.factcheck/backups` without `target`."""
    return backup.save(studio_folder(settings), target or _backup_folder(settings, now))


def studio_restore(settings: Settings, source: Path, *, consent: bool) -> Path | None:
    """Where the data lie that the backup has replaced; None where there were none.

    Raises UsageError, and puts nothing in place, where votes of the dataset are newer than the backup and `consent` is
    not given.
    """
    if (cost := restore_cost(settings, source)) and not consent:
        raise UsageError(cost, subject=str(source), hint=f"to go ahead, run factcheck studio restore {source} --yes")
    return backup.restore(studio_folder(settings), source)


def restore_cost(settings: Settings, source: Path) -> str:
    """What putting the backup in place would take from Label Studio that the dataset has; empty for nothing."""
    found = Desk(settings).committed()
    if found is None or not found.head or settings.studio.url:
        return ""
    saved = pl.DataFrame(backup.saved_annotations(source), _SAVED, orient="row")
    votes = found.last_states().filter(pl.col("state") == str(AnnotationState.SUBMITTED))
    there = votes.join(saved, on=["annotation_id", "created_at"], how="left")
    newer = there.filter(pl.col("saved_at").is_null() | (pl.col("updated_at") > pl.col("saved_at")))
    if newer.is_empty():
        return ""
    people = newer["annotator_id"].n_unique()
    return (
        f"{newer.height:,} {'vote' if newer.height == 1 else 'votes'} by {people:,} "
        f"{'person was' if people == 1 else 'people were'} given or changed after this backup; the dataset keeps "
        f"{'it' if newer.height == 1 else 'them'}, Label Studio will not have {'it' if newer.height == 1 else 'them'}"
    )


def studio_upgrade(
    settings: Settings, *, without_backup: bool, now: datetime, say: Callable[[str], None]
) -> upgrade.Upgraded:
    """What was done to bring the local server to the version of Label Studio that this factcheck pins."""
    database = _database(settings, None)
    if database is not None and not without_backup:
        hint = "back it up with pg_dump, then `factcheck studio upgrade --no-backup`"
        raise UsageError("its data are in PostgreSQL", subject=database.url, hint=hint)
    return upgrade.upgrade(
        studio_folder(settings),
        settings.root / settings.studio.environment,
        saved=None if without_backup else _backup_folder(settings, now),
        database=database,
        progress=say,
    )


def studio_check(url: str | None, settings: Settings | None) -> tuple[str, list[security_check.Finding]]:
    """The server's address and what was found there; without `url` it is the desk's server.

    The desk's token goes to the desk's server only, and none goes unencrypted to another machine.
    """
    known = _own_address(settings)
    if (address := url or known) is None:
        raise UsageError("there is no server to check", hint="give its address: factcheck studio check https://...")
    address = settings_package.check_url(address, allow_http=True)
    route = settings_package.to_studio(settings, settings_package.process_environment())
    if settings is None or settings.studio.url or not _same(address, known):
        return address, security_check.check(address, _token_for(address, known, settings), route=route)
    reach = serving.remembered(studio_folder(settings))
    ours = security_check.Ours(reach.host, reach.public_url)
    return address, security_check.check(
        address, _token_for(address, known, settings), ours=ours, route=web.Route(route.trust)
    )


def _own_address(settings: Settings | None) -> str | None:
    if settings is None:
        return None
    return settings.studio.url or server.status(studio_folder(settings)).url


def _token_for(address: str, known: str | None, settings: Settings | None) -> str | None:
    environment = settings_package.process_environment()
    if settings is not None and settings.studio.url is None and _same(address, known):
        return server_files.credentials(studio_folder(settings)).token
    if web.can_be_overheard(address):
        return None
    if settings is not None and settings.studio.url and _same(address, known):
        try:
            return settings_package.token(settings, environment)
        except AuthError:  # there is none; what needs one is told as unknown
            return None
    # With a desk the variable is the desk's; without one it was set for this very command.
    return environment.get(settings_package.TOKEN_VARIABLE, "").strip() or None if settings is None else None


def _same(one: str, other: str | None) -> bool:
    return other is not None and web.same_origin(one, other)


def _database(settings: Settings, given: str | None) -> postgres.Database | None:
    url = given or postgres.remembered(studio_folder(settings))
    return postgres.database(url, settings_package.process_environment()) if url else None


def _backup_folder(settings: Settings, now: datetime) -> Path:
    return settings.state / "backups" / f"label-studio-{now:%Y%m%dT%H%M%SZ}"


def reachable(url: str) -> bool:
    """Whether a Label Studio answers there within three seconds."""
    import httpx

    try:
        return httpx.get(f"{url}/health", timeout=3.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
