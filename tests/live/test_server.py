from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from factcheck.errors import UsageError
from factcheck.studio.local import process, server

pytestmark = pytest.mark.live


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "studio"
    server.down(tmp_path / "studio")


def projects(running: server.Server) -> list[str]:
    headers = {"Authorization": f"Token {running.token}"}
    answer = httpx.get(f"{running.url}/api/projects", headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text
    return [project["title"] for project in answer.json()["results"]]


def make_project(running: server.Server, title: str) -> None:
    headers = {"Authorization": f"Token {running.token}"}
    answer = httpx.post(f"{running.url}/api/projects", headers=headers, json={"title": title}, trust_env=False)
    assert answer.status_code == 201, answer.text


def listening(pid: int) -> set[str]:
    """The addresses on which a process listens, as /proc has them (hexadecimal, network order by word)."""
    own = {str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir() if handle.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text("ascii").splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                found.add(fields[1].partition(":")[0])
    return found


def test_a_day_in_the_life(folder: Path, studio_environment: Path) -> None:
    said: list[str] = []
    assert server.status(folder).state == "absent"
    assert not server.down(folder)

    first = server.up(folder, studio_environment, progress=said.append)
    assert said[-1].startswith(("starting", "waiting"))
    assert server.status(folder) == server.Status("running", first.url, first.pid)
    make_project(first, "Desk")

    began = time.monotonic()
    assert server.up(folder, studio_environment, progress=said.append) == first, "the second up finds the first"
    assert time.monotonic() - began < 3

    assert listening(first.pid) == {"0100007F"}, "127.0.0.1 and nothing else"
    secret = [*folder.rglob("*.json"), *folder.rglob("*.sqlite3"), *folder.rglob("*.log"), *folder.rglob(".env")]
    assert len(secret) >= 5
    assert not [path for path in secret if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    assert first.token not in repr(first)
    assert first.password not in repr(first)
    arguments = Path(f"/proc/{first.pid}/cmdline").read_bytes()
    assert first.token.encode() not in arguments
    assert first.password.encode() not in arguments

    assert server.down(folder)
    assert not server.down(folder)
    assert server.status(folder) == server.Status("stopped", first.url)
    with pytest.raises(httpx.ConnectError):
        httpx.get(first.url, trust_env=False)

    again = server.up(folder, studio_environment, progress=said.append)
    assert again.url == first.url, "people keep the address in their browser"
    assert projects(again) == ["Desk"]

    os.kill(again.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while (found := server.status(folder)).state != "crashed" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == server.Status("crashed", first.url)
    recovered = server.up(folder, studio_environment, progress=said.append)
    assert recovered.pid != again.pid
    assert projects(recovered) == ["Desk"]
    assert "starting development server" in server.logs(folder).lower()

    os.kill(recovered.pid, signal.SIGKILL)  # a process that dies holds its lock for a moment more
    at_once = server.up(folder, studio_environment, progress=said.append)
    assert at_once.pid != recovered.pid
    assert projects(at_once) == ["Desk"]


def test_only_people_with_a_link_or_a_token_get_in(folder: Path, studio_environment: Path) -> None:
    hostile = {"LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "false", "HOST": "http://elsewhere.example", "DEBUG": "true"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in hostile.items():
            patch.setenv(name, value)  # the caller's environment must not reach the server
        running = server.up(folder, studio_environment, progress=lambda _: None)
    with httpx.Client(base_url=running.url, trust_env=False) as visitor:
        form = visitor.get("/user/signup/")
        token = form.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        fields = {"email": "stranger@else.example", "password": "long-enough-pass-1", "csrfmiddlewaretoken": token}
        assert visitor.post("/user/signup/", data=fields, headers={"Referer": str(form.url)}).status_code == 403
        assert visitor.get("/api/projects").status_code == 401
        assert visitor.get("/health", headers={"Host": "elsewhere.example"}).status_code == 400, "DNS rebinding"
    headers = {"Authorization": f"Token {running.token}"}
    local_files = {"project": 1, "path": "/etc", "use_blob_urls": True}
    answer = httpx.post(f"{running.url}/api/storages/localfiles", headers=headers, json=local_files, trust_env=False)
    assert answer.status_code in {400, 403, 404}, answer.text
    assert "elsewhere.example" not in httpx.get(f"{running.url}/user/login/", trust_env=False).text


def test_a_taken_port_is_said_and_never_silently_another(folder: Path, studio_environment: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match="in use") as caught:
            server.up(folder, studio_environment, port=port, progress=lambda _: None)
    assert str(port) in caught.value.subject
    assert server.status(folder).state == "absent"


def test_ctrl_c_while_starting_leaves_no_process(folder: Path, studio_environment: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from factcheck.studio.local import server;"
        "server.up(Path(sys.argv[1]), Path(sys.argv[2]), progress=lambda said: print(said, flush=True))"
    )
    arguments = [sys.executable, "-c", program, str(folder), str(studio_environment)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starting:
        assert starting.stdout is not None
        assert b"starting" in starting.stdout.readline()
        deadline = time.monotonic() + 10
        while (pid := process.running(folder / "lock")) is None and time.monotonic() < deadline:
            time.sleep(0.02)
        starting.send_signal(signal.SIGINT)
        starting.wait(timeout=20)
    assert pid is not None
    assert process.running(folder / "lock") is None
    assert not Path(f"/proc/{pid}").exists()


def test_the_database_starts_empty_from_the_template(folder: Path, studio_environment: Path) -> None:
    made = list((studio_environment / "factcheck-template").glob("*.sqlite3"))
    assert len(made) == 1
    with sqlite3.connect(f"file:{made[0]}?mode=ro", uri=True) as template:
        for table in ("htx_user", "organization", "authtoken_token", "project", "task"):
            assert template.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    template.close()
