"""`factcheck explore` on a real datasette: this machine alone, nothing written, nothing fetched, ended when told."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from tests.answers import answer
from tests.dataset import desks


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make(tmp_path_factory.mktemp("explored") / "desk")


@contextmanager
def exploring(desk: Path, scratch: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The running command and what it said when it was ready."""
    command = [sys.executable, "-m", "factcheck", "--desk", str(desk), "explore", "--json", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(scratch)}
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline() or "{}")
    finally:
        process.kill()
        process.communicate()


def refers(page: str) -> set[str]:
    """The addresses that a browser loads of itself when it shows a page."""
    loaded = re.findall(r"<(?:script|img|iframe|source)[^>]*\ssrc=[\"']([^\"']+)", page)
    sheets = re.findall(r"<link[^>]*rel=\"stylesheet\"[^>]*href=[\"']([^\"']+)", page)
    return {*loaded, *sheets, *re.findall(r"@import\s+[^;]+|url\((?!data:)[\"']?(https?:[^)]+)", page)}


@pytest.mark.slow
def test_it_opens_twice_and_ends_when_told(desk: Path, tmp_path: Path) -> None:
    before = desks.ends(desk)
    for number in (signal.SIGINT, signal.SIGTERM):
        with exploring(desk, tmp_path) as (process, ready):
            assert (ready["event"], ready["version"], ready["claims"]) == ("ready", 2, 3)
            assert urlsplit(ready["url"]).hostname == "127.0.0.1"
            process.send_signal(number)
            said, wrong = process.communicate(timeout=60)
            assert process.returncode == 0, wrong
            last = json.loads(said.splitlines()[-1])
            assert (last["format"], last["command"], last["event"], last["version"]) == (1, "explore", "stopped", 2)
            assert wrong == ""
        assert list(tmp_path.iterdir()) == [], "the file is gone with the command"
    assert desks.ends(desk) == before


@pytest.mark.slow
def test_its_pages_need_no_network_and_change_nothing(desk: Path, tmp_path: Path) -> None:
    with exploring(desk, tmp_path) as (process, ready), httpx.Client(base_url=ready["url"], timeout=60) as client:
        for path in ("/", "/explore-v2", "/explore-v2/claims", "/explore-v2/status_history", "/explore-v2/search?q=a"):
            page = client.get(path)
            assert page.status_code == 200, path
            elsewhere = {one for one in refers(page.text) if urlsplit(one).netloc}
            assert elsewhere == set(), path
        found = client.get("/explore-v2/search.json", params={"q": "وزير نيرو 380", "_shape": "array"}).json()
        assert [one["claimant"] for one in found] == ["وزیر نیرو"]
        assert client.get("/explore-v2.db").status_code == 403
        for statement in (
            "delete from claims",
            "update claims set verdict = 'x'",
            "attach 'x.db' as x",
            "pragma x = 1",
        ):
            assert client.get("/explore-v2.json", params={"sql": statement}).status_code == 400, statement
        assert client.get("/-/plugins.json").json() == []
        process.send_signal(signal.SIGINT)
        _, wrong = process.communicate(timeout=60)
        assert wrong == "", "a wrong query is no matter for the terminal"


def test_a_port_that_is_taken_is_named(desk: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["--desk", str(desk), "explore", "--port", port])
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}" in done.output
    assert "--port" in done.output


def test_without_the_extra_it_says_which_line_to_type(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    done = CliRunner().invoke(app, ["--desk", str(desk), "explore"])
    assert done.exit_code != 0
    assert "pip install 'factcheck-desk[explore]'" in done.output


def test_a_desk_of_an_older_format_is_exported_too(tmp_path: Path) -> None:
    """The desk that version 67c683e made, with its votes."""
    import tarfile

    with tarfile.open(Path(__file__).parents[1] / "golden" / "desk-67c683e.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    (settings,) = tmp_path.rglob("factcheck.toml")
    for what in ("dataset-folder", "explore-sqlite"):
        done = CliRunner().invoke(app, ["--desk", str(settings.parent), "export", what, "--json"])
        assert done.exit_code == 0, done.output
        said = answer(done.stdout)
        assert said["rows"] > 0
        assert all(Path(file["path"]).is_file() for file in said["files"])
