"""`factcheck site serve`: what it shows, what it does not, and how it ends."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.exporters.show_folder import POLICY, found
from factcheck.pipeline.init import init


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk whose site is there, with a secret beside it."""
    init(tmp_path / "desk", name="Desk", language="en", url="https://desk.example", force=False)
    root = tmp_path / "desk" / "exports" / "public-site-pages"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<p>سلام", "utf-8")
    for name in ("a.css", "a.js", "a.png", "a.woff2", "a.json", "a.csv"):
        (root / "assets" / name).write_bytes(b"x")
    (root.parent / "secret.txt").write_text("secret")
    (root / ".drafts").mkdir()
    (root / ".drafts" / "0").write_text("secret")
    (root / "link.txt").symlink_to(root.parent / "secret.txt")
    (root / "away").symlink_to(root.parent)
    return tmp_path / "desk"


@pytest.fixture
def served(desk: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "factcheck", "--desk", str(desk), "site", "serve"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("http://127.0.0.1:"), (line, process.stderr.read() if process.stderr else "")
    yield process, int(line.split(":")[2].split("/")[0])
    process.kill()
    process.communicate()


def ask(port: int, target: str, method: str = "GET", host: str | None = None) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, target, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_it_is_shown_until_it_is_told_to_end(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    for target in ("/", "/index.html", "/index.html?x=1#y"):
        answer, body = ask(port, target)
        assert (answer.status, body.decode()) == (200, "<p>سلام")
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    kinds = {"css": "text/css", "js": "text/javascript", "png": "image/png", "woff2": "font/woff2"}
    for ending, kind in {**kinds, "json": "application/json", "csv": "text/csv"}.items():
        answer, _ = ask(port, f"/assets/a.{ending}")
        assert answer.headers["Content-Type"].split(";")[0] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for target in (
        *("/assets/", "/assets", "/missing", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"),
        *("/link.txt", "/away/secret.txt", "/.drafts/0", "//secret.txt", "/%00", "/..%5csecret.txt", "/%ff"),
    ):
        answer, body = ask(port, target)
        assert (answer.status, b"secret" in body, b"a.css" in body) == (404, False, False), target
    assert ask(port, "/", host="evil.example")[0].status == 421
    assert ask(port, "/", "HEAD")[1] == b""
    assert ask(port, "/", "POST")[0].status == 501
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "interrupted" in said


def test_twice_on_one_port_says_what_to_do(served: tuple[subprocess.Popen[str], int], desk: Path) -> None:
    done = CliRunner().invoke(app, ["--desk", str(desk), "site", "serve", "--port", str(served[1])])
    assert done.exit_code == 1
    assert "choose another --port" in done.stderr


def test_what_is_no_site_is_refused(desk: Path) -> None:
    (desk / "exports" / "public-site-pages" / "index.html").unlink()
    for arguments, said in ((["public-site"], "factcheck export public-site"), (["claimreview"], "public-site")):
        done = CliRunner().invoke(app, ["--desk", str(desk), "site", "serve", *arguments])
        assert done.exit_code == 2
        assert said in done.stderr


@trying(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "/", "%2e", "%2f", "\\", "a", "b.txt", "%00", "é", "?", "#", "~", ";"])))
def test_no_target_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    outside = tmp_path_factory.getbasetemp() / "shown"
    root = outside / "a"
    root.mkdir(parents=True, exist_ok=True)
    (outside / "b.txt").write_text("outside")
    (root / "b.txt").write_text("inside")
    answer = found(root, "/" + "".join(parts))
    assert answer is None or answer[0] == b"inside"
