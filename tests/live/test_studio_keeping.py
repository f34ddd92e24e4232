"""The commands around the local server: logs, check, backup, restore, upgrade; on a server of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from factcheck.studio import releases
from factcheck.studio.local import server, server_files
from tests.answers import answer
from tests.live_server import LabelStudio

pytestmark = pytest.mark.live

Command = Callable[..., Any]


@pytest.fixture
def factcheck(studio_environment: Path, tmp_path: Path) -> Iterator[Command]:
    """Run a command of a desk with a local server; what it prints with --json, and it ends with `code`."""

    def run(*arguments: str, code: int = 0) -> Any:
        surroundings = os.environ | {"FACTCHECK_STUDIO_ENVIRONMENT": str(studio_environment)}
        done = subprocess.run(
            [sys.executable, "-m", "factcheck", "--desk", str(tmp_path / "desk"), *arguments, "--json"],
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return answer(done.stdout)

    (tmp_path / "desk").mkdir()
    run("init")
    yield run
    server.down(tmp_path / "desk" / ".factcheck" / "studio")


def titles(url: str, folder: Path, make: str = "") -> list[str]:
    headers = {"Authorization": f"Token {server_files.credentials(folder).token}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
        if make:
            assert client.post("/api/projects", json={"title": make}).status_code == 201
        return sorted(project["title"] for project in client.get("/api/projects").json()["results"])


def test_a_desk_keeps_its_server(factcheck: Command, tmp_path: Path) -> None:
    folder = tmp_path / "desk" / ".factcheck" / "studio"
    factcheck("studio", "backup", code=2)
    url = factcheck("studio", "up")["url"]
    assert "Starting development server" in factcheck("studio", "logs", "--lines", "500")["log"]
    assert titles(url, folder, make="Monday") == ["Monday"]

    looked = factcheck("studio", "check")
    assert looked["safe"]
    assert [item for item in looked["findings"] if item["verdict"] != "pass"] == []

    saved = Path(factcheck("studio", "backup")["backup"])
    assert titles(url, folder, make="Tuesday") == ["Monday", "Tuesday"]
    factcheck("studio", "backup", str(saved), code=2)
    factcheck("studio", "restore", str(saved), code=2)  # it runs

    factcheck("studio", "down")
    kept = Path(factcheck("studio", "restore", str(saved))["before"])
    assert (kept / "label_studio.sqlite3").is_file()
    url = factcheck("studio", "up")["url"]
    assert titles(url, folder) == ["Monday"]

    # As if an older factcheck had left it.
    state = server_files.read_state(folder)
    assert state is not None
    server_files.write_state(folder, state.model_copy(update={"version": "1.22.0"}))
    done = factcheck("studio", "upgrade")
    assert (done["changed"], done["before"], done["after"]) == (True, "1.22.0", releases.pinned())
    assert done["url"] == url, "it ran before, so it runs again"
    assert (Path(done["backup"]) / "label_studio.sqlite3").is_file()
    assert titles(url, folder) == ["Monday"]
    assert not factcheck("studio", "upgrade")["changed"]


def test_any_server_can_be_checked_and_the_desks_token_stays_at_home(
    factcheck: Command, label_studio: LabelStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session's server is no desk's own: its legacy tokens count against it, once a token lets us see them."""
    token = tmp_path / "desk" / ".factcheck" / "token"
    token.parent.mkdir(exist_ok=True)
    token.write_text(label_studio.token, "ascii")
    token.chmod(0o600)
    stranger = {item["name"]: item["verdict"] for item in factcheck("studio", "check", label_studio.url)["findings"]}
    assert stranger["legacy tokens"] == "unknown", "no token went there"
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", label_studio.url)
    findings = factcheck("studio", "check", code=5)["findings"]
    verdicts = {item["name"]: item["verdict"] for item in findings}
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} == {"legacy tokens"}
    assert verdicts["SSRF protection"] == verdicts["local files"] == verdicts["sign-up"] == "pass"
