"""The local server on PostgreSQL; the cluster is the test's own, on loopback, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from factcheck.errors import UsageError
from factcheck.studio.local import backup, postgres, server

pytestmark = [pytest.mark.live, pytest.mark.slow]

PASSWORD = "only-for-this-test-4821"


@pytest.fixture
def database() -> Iterator[postgres.Database]:
    """An empty database in a cluster that asks for a password."""
    tools = {name: shutil.which(name) or _debian(name) for name in ("initdb", "pg_ctl", "psql")}
    if missing := [name for name, path in tools.items() if path is None]:
        pytest.skip(f"PostgreSQL is not installed here: there is no {', '.join(missing)}")
    user = None if os.geteuid() else _unprivileged()  # it refuses to run as root
    scratch = Path(tempfile.mkdtemp(prefix="factcheck-postgres-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(name: str, *arguments: str) -> None:
        command = [str(tools[name]), *arguments]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGPASSWORD": PASSWORD}
        done = subprocess.run(
            command, user=user, env=environment, cwd=scratch, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    (scratch / "password").write_text(PASSWORD, "ascii")
    if user is not None:
        for path in (scratch, scratch / "password"):
            os.chown(path, user, -1)
    cluster = str(scratch / "cluster")
    access = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={scratch} -p {port}"
    try:
        run("initdb", "-D", cluster, "-U", "desk", "-A", "scram-sha-256", f"--pwfile={scratch}/password", "-E", "UTF8")
        run("pg_ctl", "-D", cluster, "-w", "-l", str(scratch / "log"), "-o", access, "start")
        try:
            run("psql", "-h", "127.0.0.1", "-p", str(port), "-U", "desk", "-c", "CREATE DATABASE checks", "postgres")
            yield postgres.database(f"postgresql://desk@127.0.0.1:{port}/checks", {"PGPASSWORD": PASSWORD})
        finally:
            run("pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(scratch)


def _debian(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else None


def _unprivileged() -> int:
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        return pwd.getpwnam("nobody").pw_uid


def test_its_data_lie_in_postgresql(database: postgres.Database, studio_environment: Path, tmp_path: Path) -> None:
    folder = tmp_path / "studio"
    try:
        running = server.up(folder, studio_environment, database=database, progress=print)
        headers = {"Authorization": f"Token {running.token}"}
        with httpx.Client(base_url=running.url, headers=headers, trust_env=False, timeout=60) as client:
            assert client.post("/api/projects", json={"title": "میز"}).status_code == 201
        assert not (folder / "data" / "label_studio.sqlite3").exists()
        secret = PASSWORD.encode()
        assert secret not in Path(f"/proc/{running.pid}/cmdline").read_bytes()
        assert not [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
        with pytest.raises(UsageError, match="PostgreSQL"):
            backup.save(folder, tmp_path / "backup")

        server.down(folder)
        with pytest.raises(UsageError, match="postgresql://desk@"):
            server.up(folder, studio_environment, progress=print)
        again = server.up(folder, studio_environment, database=database, progress=print)
        answer = httpx.get(f"{again.url}/api/projects", headers=headers, trust_env=False, timeout=60)
        assert [project["title"] for project in answer.json()["results"]] == ["میز"]
    finally:
        server.down(folder)
