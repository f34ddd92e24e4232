"""The reader of its page that is named by a host reads the pages of that host, over a server of this machine."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from factcheck import settings
from factcheck.pipeline.desk import Desk
from tests.docs.test_extending import files, install, write

STORY = {
    "headline": "The bridge",
    "day": "2026-03-04",
    "paragraphs": ["The mayor said that the bridge cost 12 million pounds.", "It was opened in March."],
}
OTHER = (
    b"<html><head><title>Schools</title></head><body><article><p>The council said that 40 schools were closed in the "
    b"north of the county, and that 12 of them would be opened again in the spring.</p></article></body></html>"
)
PAGES = {
    "http://news.example/bridge": (json.dumps(STORY).encode(), "application/json"),
    "http://www.news.example/empty": (b'{"paragraphs": []}', "application/json"),
    "http://news.example/broken": (b"<html>no JSON</html>", "text/html"),
    "http://other.example/schools": (OTHER, "text/html"),
}


@contextmanager
def web() -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy that has the pages of these hosts, and what it was asked for."""
    asked: list[str] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body, media_type = PAGES.get(self.path, (b"", "text/plain"))
            self.send_response(200 if self.path in PAGES else 404)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def ingested(folder: Path, proxy: str, plugins: Path) -> tuple[str, pl.DataFrame]:
    """What `ingest --urls` says, and the articles that are there then."""
    folder.mkdir()
    (folder / settings.FILE_NAME).write_text('[desk]\nlanguages = ["en"]\n', "utf-8")
    (folder / "addresses.txt").write_text("\n".join(PAGES), "utf-8")
    environment = os.environ | {"PYTHONPATH": str(plugins), "FACTCHECK_ARTICLES_PROXY": proxy}
    command = [sys.executable, "-m", "factcheck", "ingest", "--urls", "addresses.txt"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, Desk(settings.load(folder, {})).staging.articles()


@pytest.mark.slow
def test_the_reader_of_a_host_reads_its_pages_and_no_others(tmp_path: Path) -> None:
    texts = {name.removeprefix("news/"): text for name, text in files("reader.md").items() if name.startswith("news/")}
    installed = install(write(tmp_path / "news", texts), tmp_path / "installed")
    with web() as (proxy, asked):
        told, articles = ingested(tmp_path / "desk", proxy, installed)
        assert sorted(asked) == sorted(PAGES)
        without_told, without = ingested(tmp_path / "without", proxy, tmp_path / "nothing")
    rows = {row["url"]: row for row in articles.iter_rows(named=True)}
    bridge = rows["http://news.example/bridge"]
    assert (bridge["title"], bridge["publisher"]) == ("The bridge", "News Example")
    assert bridge["text"] == "\n".join(STORY["paragraphs"])
    assert bridge["published_at"].date().isoformat() == "2026-03-04"
    assert "40 schools" in rows["http://other.example/schools"]["text"]
    assert len(rows) == 2
    assert "is a story without a paragraph" in told
    assert "could not be read by news.example of factcheck-news-example 1.0: JSONDecodeError" in told
    assert "News Example" not in without["publisher"].to_list()
    assert "factcheck-news-example" not in without_told
