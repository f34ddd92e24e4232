"""The local Label Studio: up, down, status, logs; with safe settings, found again from any terminal.

Its folder holds everything it needs: `data/` (the database), `credentials.json` (0600), `state.json`, `server.log`,
`serving.json` where others than this machine may reach it.
What the variables mean stands in Label Studio's own `core/settings/base.py`.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from factcheck import fs, locks
from factcheck.errors import AuthError, Busy, ServerError, Unavailable, UsageError
from factcheck.studio.local import install, postgres, process, serving
from factcheck.studio.local.banned_networks import webhook_variables
from factcheck.studio.local.empty_database import DATABASE, template
from factcheck.studio.local.server_files import Credentials, State, credentials, read_state, write_state
from factcheck.studio.local.serving import EVERYWHERE, HOST, Serving
from factcheck.studio.releases import pinned

_DEADLINE_SECONDS = 300.0  # a slow machine that must migrate a large old database
_REPORT_SECONDS = 5.0
# Django prints it once the socket is bound, with the port it got: Label Studio moves on silently from a busy one.
_BOUND = re.compile(rb"Starting development server at http://([0-9.]+):(\d+)/")
_LAUNCHER = Path(__file__).with_name("launch.py")
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


@dataclass(frozen=True)
class Server:
    """A running local server; `token` is the administrator's, `url` is for this machine, `public_url` for people."""

    url: str
    pid: int
    folder: Path
    email: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    public_url: str | None = None


@dataclass(frozen=True)
class Status:
    """What there is of a local server: `silent` runs without answering, `crashed` ended without being told to.

    `url` is for calls from this machine; people use `public_url` where there is one.
    """

    state: Literal["absent", "stopped", "crashed", "silent", "running"]
    url: str | None = None
    pid: int | None = None
    public_url: str | None = None


class _Ended(ServerError):
    """The server's process is no more."""


def up(
    folder: Path,
    environment: Path,
    *,
    port: int | None = None,
    webhooks: bool = False,
    database: postgres.Database | None = None,
    reach: Serving | None = None,
    migrate: bool = False,
    progress: install.Progress,
) -> Server:
    """The running server of that folder: the one that runs already, or a new one once it answers.

    Without `port` it keeps the port it had last time while that is free. With `webhooks` a server that is started now
    may call 127.0.0.1; otherwise its SSRF protection forbids every reserved address. Its data lie in SQLite in the
    folder, or in `database`. `reach` says who can reach it; without it that stays as at the last start. Data of another
    version of Label Studio are changed only with `migrate`: there is no way back from that but a backup.

    Raises UsageError where `port` is taken, the server runs for other people, or the data are not what this start is
    for, ServerError with the end of its log where the server does not come up, Busy where another run is starting it.
    """
    fs.make_folder(folder, mode=0o700)
    with _alone(folder):
        own = credentials(folder)
        before = serving.remembered(folder)
        reach = before if reach is None else reach
        if (pid := process.running(folder / "lock")) is not None:
            _refuse_another(before, reach)
            with suppress(_Ended):  # a process that was killed holds its lock for a moment more
                return _answering(folder, own, pid, progress, last=read_state(folder))
        _check_data(folder, database, migrate=migrate)
        install.install(environment, progress=progress)
        if database is None:
            _sqlite(folder, environment, progress)
        else:
            fs.make_folder(folder / "data", mode=0o700)
            postgres.remember(folder, database)
        number = _choose(reach.host, port, read_state(folder))
        progress(f"starting Label Studio {pinned()}")
        with suppress(FileNotFoundError):  # why it crashed must not be lost by starting it again
            (folder / "server.log").replace(folder / "server.log.1")
        try:
            pid = process.start(
                _command(environment, reach.host, number),
                lock=folder / "lock",
                log=folder / "server.log",
                environment={
                    **variables(folder / "data"),
                    **reach.variables(),
                    **(webhook_variables() if webhooks else {}),
                    **(database.variables() if database else {}),
                    **_first_user(own),
                },
                folder=folder,
            )
            serving.remember(folder, reach)
            server = _answering(folder, own, pid, progress)
            _check_port(server, port)
        except BaseException:  # Ctrl-C too: what we began and nobody knows of must not stay behind
            process.stop(folder / "lock")
            serving.remember(folder, before)
            raise
        write_state(folder, State(url=server.url, wanted=True, version=pinned()))
        return server


def down(folder: Path) -> bool:
    """Whether a server was stopped; raises ServerError where its process does not end."""
    if not folder.is_dir():
        return False
    with _alone(folder):
        stopped = process.stop(folder / "lock")
        if state := read_state(folder):
            write_state(folder, state.model_copy(update={"wanted": False}))
        return stopped


def status(folder: Path) -> Status:
    """What there is, without changing anything; asks the server for at most two seconds."""
    pid = process.running(folder / "lock")
    state = read_state(folder)
    public = serving.remembered(folder).public_url
    if pid is not None:
        url = _bound(folder) or (state.url if state else None)
        return Status("running" if url and _healthy(url) else "silent", url, pid, public)
    if state is None:
        return Status("absent")
    return Status("crashed" if state.wanted else "stopped", state.url, public_url=public)


def logs(folder: Path, lines: int = 50) -> str:
    """The last lines that the server printed since its last start; empty where there is none."""
    try:
        text = (folder / "server.log").read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def variables(data: Path) -> dict[str, str]:
    """The whole environment of the server's process: nothing but this and a few harmless variables reaches it.

    Label Studio also reads unprefixed names such as HOST, USERNAME or DEBUG, so the caller's own are kept out.
    """
    return {
        **{name: value for name in _INHERITED if (value := os.environ.get(name)) is not None},
        "HOME": str(data),  # some of its libraries write to the home folder
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "DJANGO_DB": "sqlite",
        "LABEL_STUDIO_ALLOWED_HOSTS": f"{HOST},localhost",
        "LABEL_STUDIO_CORS_ALLOW_ALL_ORIGINS": "false",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_SSRF_PROTECTION_ENABLED": "true",
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "false",
        "LABEL_STUDIO_ENABLE_LOCAL_FILES_STORAGE": "false",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        # Nothing leaves this machine: no version check, no usage statistics, no crash reports.
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "NO_PROXY": "*",
        # Its version page would show everybody the last commit of the repository it happens to lie in.
        "GIT_DIR": os.devnull,
    }


def _command(environment: Path, host: str, port: int) -> list[str]:
    # -I: neither our folder (its users.py would hide theirs) nor the caller's PYTHONPATH is on the path.
    start = ["start", "--no-browser", "--internal-host", host, "--port", str(port)]
    return [str(install.python(environment)), "-I", "-u", str(_LAUNCHER), process.LOCK, *start]


def _first_user(own: Credentials) -> dict[str, str]:
    # Read when the organization is made, that is on the first start; in the environment of a process, unlike on its
    # command line, other users of the machine cannot see them.
    return {
        "LABEL_STUDIO_USERNAME": own.email,
        "LABEL_STUDIO_PASSWORD": own.password,
        "LABEL_STUDIO_USER_TOKEN": own.token,
    }


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    busy = Busy("is being started or stopped by another run", subject=str(folder), hint="try again later")
    with locks.lock(folder / "command.lock", busy=lambda: busy, seconds=_DEADLINE_SECONDS):
        for place in (folder, folder / "data"):
            fs.sweep(place)  # a run that was killed may have left a password in a draft
        yield


def _check_data(folder: Path, database: postgres.Database | None, *, migrate: bool) -> None:
    state, address = read_state(folder), postgres.remembered(folder)
    if database is None and address:
        hint = "start it with `factcheck studio up`"
        raise UsageError(f"its data are in {address}", subject=str(folder), hint=hint)
    if database is not None and (address not in {None, database.url} or (folder / "data" / DATABASE).exists()):
        hint = "use the same database, or move the folder away and start afresh"
        raise UsageError(f"its data are in {address or 'SQLite'}", subject=str(folder), hint=hint)
    if state and state.version not in {None, pinned()} and not migrate:
        raise UsageError(
            f"its data are from Label Studio {state.version}, but this is {pinned()}",
            subject=str(folder),
            hint="run `factcheck studio upgrade`, which makes a backup and upgrades them",
        )


def _sqlite(folder: Path, environment: Path, progress: install.Progress) -> None:
    data = folder / "data"
    if (data / DATABASE).exists():
        return
    empty = template(environment, variables, progress=progress)
    fs.make_folder(data, mode=0o700)
    fs.copy_private(empty, data / DATABASE)


def _refuse_another(before: Serving, wanted: Serving) -> None:
    if wanted != before:
        raise UsageError(
            f"is running for {before.public_url or before.host} already",
            subject="Label Studio",
            hint="run `factcheck studio down`, then this command again",
        )


def _choose(host: str, port: int | None, state: State | None) -> int:
    if port is not None:
        if not _is_free(host, port):
            raise _taken(port)
        return port
    if state and _is_free(host, last := int(state.url.rpartition(":")[2])):
        return last
    return _free_port(host)


def _check_port(server: Server, port: int | None) -> None:
    if port is not None and not server.url.endswith(f":{port}"):
        raise _taken(port)  # somebody took it between our look and the server's


def _taken(port: int) -> UsageError:
    return UsageError(
        "is in use by another program", subject=f"port {port}", hint="choose another --port, or leave it out"
    )


def _is_free(host: str, port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Django binds it
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                hint = f"{HOST} for a proxy on this machine, {EVERYWHERE} for one on another"
                raise UsageError("is not an address of this machine", subject=f"--host {host}", hint=hint) from error
            return False
        return True


def _free_port(host: str) -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _answering(
    folder: Path, own: Credentials, pid: int, progress: install.Progress, *, last: State | None = None
) -> Server:
    """The server once it is healthy and knows our token; `last` says where it was where its log no longer does."""
    began = reported = time.monotonic()
    while not ((url := _bound(folder) or (last and last.url)) and _healthy(url)):
        if process.running(folder / "lock") is None:
            raise _Ended(
                f"stopped before it answered:\n{logs(folder, 15)}",
                subject="Label Studio",
                hint=f"see {folder / 'server.log'}",
            )
        now = time.monotonic()
        if now - began > _DEADLINE_SECONDS:
            raise Unavailable(
                f"has not answered for {_DEADLINE_SECONDS:.0f} s",
                subject="Label Studio",
                hint=f"see {folder / 'server.log'}",
            )
        if now - reported >= _REPORT_SECONDS:
            reported = now
            progress(f"waiting for Label Studio: {now - began:.0f} s")
        time.sleep(0.1)
    _check_token(url, own)
    return Server(
        url=url,
        pid=pid,
        folder=folder,
        email=own.email,
        password=own.password,
        token=own.token,
        public_url=serving.remembered(folder).public_url,
    )


def _bound(folder: Path) -> str | None:
    with suppress(FileNotFoundError):
        if found := _BOUND.search((folder / "server.log").read_bytes()[:20_000]):
            return f"http://{Serving(host=found[1].decode()).own_host}:{int(found[2])}"
    return None


def _healthy(url: str) -> bool:
    import httpx

    with suppress(httpx.TransportError):
        # trust_env: a proxy from the environment must not see what goes to this machine.
        return httpx.get(f"{url}/health", timeout=2, trust_env=False).status_code == httpx.codes.OK
    return False


def _check_token(url: str, own: Credentials) -> None:
    import httpx

    headers = {"Authorization": f"Token {own.token}"}
    try:
        answer = httpx.get(f"{url}/api/current-user/whoami", headers=headers, timeout=30, trust_env=False)
    except httpx.TransportError as error:
        raise _Ended(f"stopped answering: {error}", subject=url, hint="run `factcheck studio up` again") from error
    if answer.status_code != httpx.codes.OK:
        raise AuthError(
            f"does not accept the token in credentials.json ({answer.status_code})",
            subject=url,
            hint=(
                "check that credentials.json and data/ are from the same server, and that the token "
                "was not reset nor legacy tokens switched off"
            ),
        )
