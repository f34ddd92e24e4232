"""One TLS context and explicit proxies for every client; what cannot be reached is said so, by name and in time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck import articles, errors, settings, web
from factcheck.articles.draft import Limits
from factcheck.cli import app
from factcheck.exporters import object_store
from factcheck.matching.embedding_endpoint import Endpoint
from factcheck.pipeline import ingest
from factcheck.studio import releases
from factcheck.studio.api.client import Client
from factcheck.studio.local import security_check
from tests.pipeline import loopback

VERSION = json.dumps({"release": releases.pinned()}).encode()
PAGE = (
    b"<html><head><title>Bridge</title></head><body><article><p>The mayor said that the new bridge cost four million "
    b"and was opened by two hundred people on a cold morning in March.</p></article></body></html>"
)
AWS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}
SECONDS = 15
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_CODES = {kind.code: kind.exit_code for kind in (errors.StoreUnreachable, errors.Unavailable, errors.Untrusted,
                                                 errors.ProxyUnreachable)}  # fmt: skip


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> loopback.Authority:
    return loopback.authority(tmp_path_factory.mktemp("authority"))


def _desk(folder: Path, text: str = "") -> settings.Settings:
    (folder / settings.FILE_NAME).write_text(text, "utf-8")
    return settings.load(folder, {})


@pytest.mark.parametrize("by", ["ca_file", "SSL_CERT_FILE"])
def test_every_client_trusts_the_desks_own_authority(tmp_path: Path, tls: loopback.Authority, by: str) -> None:
    named = by == "ca_file"
    desk = _desk(tmp_path, f'[studio]\nca_file = "{tls.ca_file}"\n' if named else "")
    environment = {} if named else {"SSL_CERT_FILE": str(tls.ca_file)}
    with loopback.answering(VERSION, "application/json", tls=tls) as url:
        client = Client(url, "t" * 40, route=settings.to_studio(desk, environment))
        assert client.check_server() == releases.pinned()
        client.close()
        found = security_check.check(url, None, route=settings.to_studio(desk, environment))
        assert {one.name: one.verdict for one in found}["version"] == "pass"
        assert settings.context(desk, environment) is not settings.context(desk, environment)
    with loopback.answering(PAGE, "text/html", tls=tls) as url:
        route = settings.to_articles(desk, environment)
        assert articles.read(
            [url], now=NOW, languages=["en"], allow_private_addresses=True, route=route
        ).articles.height
        untold = articles.read([url], now=NOW, languages=["en"], allow_private_addresses=True)
        assert untold.rejected["code"].to_list() == ["CERTIFICATE"]


def test_models_elsewhere_are_asked_by_the_same_trust(tmp_path: Path, tls: loopback.Authority) -> None:
    trust = settings.context(_desk(tmp_path, f'[studio]\nca_file = "{tls.ca_file}"\n'), {})
    answer = json.dumps({"data": [{"index": 0, "embedding": [1.0, 0.0]}]}).encode()
    with loopback.answering(answer, "application/json", tls=tls) as url:
        known, unknown = (Endpoint("m", 2, url=url, wait=lambda _: None, trust=one) for one in (trust, None))
        assert known.embed(["words"]).tolist() == [[1.0, 0.0]]
        with pytest.raises(errors.Unavailable):
            unknown.embed(["words"])
        known.close()
        unknown.close()


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_of_authorities_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.ConfigError, match="SSL_CERT_FILE"):
        settings.context(None, {"SSL_CERT_FILE": str(path)})
    with pytest.raises(errors.ConfigError, match=r"studio\.ca_file"):
        settings.context(_desk(tmp_path, '[studio]\nca_file = "ca.pem"\n'), {})


def test_server_and_articles_go_through_the_proxy_that_the_settings_name(
    tmp_path: Path, tls: loopback.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{loopback.closed_port()}")  # never used
    with ExitStack() as running:
        proxy, asked = running.enter_context(loopback.proxying())
        studio = running.enter_context(loopback.answering(VERSION, "application/json", tls=tls))
        page = running.enter_context(loopback.answering(PAGE, "text/html", tls=tls))
        text = f'[studio]\nca_file = "{tls.ca_file}"\nproxy = "{proxy}"\n[articles]\nproxy = "{proxy}"\n'
        desk = _desk(tmp_path, text)
        client = Client(studio, "t" * 40, route=settings.to_studio(desk, {}))
        assert client.check_server() == releases.pinned()
        client.close()
        security_check.check(studio, None, route=settings.to_studio(desk, {}))
        assert set(asked) == {web_place(studio)}
        route = settings.to_articles(desk, {})
        found = articles.read([page], now=NOW, languages=["en"], allow_private_addresses=True, route=route)
        assert found.articles["url"].to_list() == [f"{page}/"]
        assert web_place(page) in asked
        before = len(asked)
        refused = articles.read([page, "http://localhost/"], now=NOW, languages=["en"], route=route)
        assert refused.rejected["code"].to_list() == ["ADDRESS", "ADDRESS"]
        assert len(asked) == before


def web_place(url: str) -> str:
    found = web.parts(url)
    assert found is not None
    return f"{found.host}:{found.port}"


def _command(folder: Path, *arguments: str) -> tuple[str, int, str]:
    done = CliRunner().invoke(app, ["--desk", str(folder), *arguments, "--json"])
    return _told(done.stdout, done.exit_code)


def _told(said: str, exit_code: int) -> tuple[str, int, str]:
    error = json.loads(said)["error"]
    return error["code"], exit_code, f"{error['message']} {error['hint']}"


def _process(folder: Path, *arguments: str) -> tuple[str, int, str]:
    """As `_command`; deltalake holds this process's lock while it waits, so that no server in it could answer."""
    command = [sys.executable, "-m", "factcheck", "--desk", str(folder), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return _told(done.stdout, done.returncode)


@pytest.fixture
def away(tls: loopback.Authority) -> Iterator[dict[str, str]]:
    """What may be wrong with a server, and its host and port."""
    with loopback.hanging() as port, loopback.answering(VERSION, "application/json", tls=tls) as url:
        yield {
            "closed": f"http://127.0.0.1:{loopback.closed_port()}", "hanging": f"http://127.0.0.1:{port}",
            "untrusted": url,
        }  # fmt: skip


WAYS = {
    ("store", "closed"): "STORE_UNREACHABLE", ("store", "hanging"): "STORE_UNREACHABLE",
    ("store", "untrusted"): "CERTIFICATE",
    ("publish", "closed"): "STORE_UNREACHABLE", ("publish", "hanging"): "STORE_UNREACHABLE",
    ("publish", "untrusted"): "CERTIFICATE",
    ("server", "closed"): "UNAVAILABLE", ("server", "hanging"): "UNAVAILABLE", ("server", "untrusted"): "CERTIFICATE",
    ("check", "closed"): "UNAVAILABLE", ("check", "hanging"): "UNAVAILABLE", ("check", "untrusted"): "CERTIFICATE",
    ("proxy", "closed"): "PROXY", ("check by proxy", "closed"): "PROXY",
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("what", "how"), WAYS, ids=lambda part: part.replace(" ", "-"))
def test_what_cannot_be_reached_has_its_code_and_is_told_in_time(
    tmp_path: Path, away: dict[str, str], what: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTCHECK_TOKEN", "t" * 40)
    for name, value in (AWS | {"AWS_ENDPOINT_URL": away[how]}).items():
        monkeypatch.setenv(name, value)
    _desk(tmp_path, '[dataset]\npath = "s3://bucket/dataset"\n' if what == "store" else "")
    if "proxy" in what:
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", "https://studio.example")
        monkeypatch.setenv("FACTCHECK_STUDIO_PROXY", away[how])
    elif what in {"server", "check"}:
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", away[how])
    began = time.monotonic()
    if what == "publish":
        (tmp_path / "a.txt").write_text("a", "utf-8")
        with pytest.raises(errors.FactcheckError) as caught:
            object_store.upload({"a.txt": "1"}, tmp_path, "s3://bucket/public", {})
        found = (caught.value.code, caught.value.exit_code, f"{caught.value} {caught.value.hint}")
    elif what.startswith("check"):
        found = _command(tmp_path, "studio", "check")
    elif what == "store":
        found = _process(tmp_path, "log")
    else:
        found = _command(tmp_path, "pull")
    took = time.monotonic() - began
    code, exit_code, said = found
    assert (code, exit_code) == (WAYS[what, how], _CODES[WAYS[what, how]]), said
    assert took < SECONDS
    assert not re.search(r"\x1b|↳", said)
    assert ("certificate" in said) == (how == "untrusted")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("how", "code"), [("closed", "FETCH"), ("hanging", "TIMEOUT"), ("untrusted", "CERTIFICATE"), ("proxy", "PROXY")]
)
def test_an_article_that_cannot_be_reached_is_rejected_by_name(away: dict[str, str], how: str, code: str) -> None:
    route = web.Route(None, away["closed"]) if how == "proxy" else web.DIRECT
    url = "https://news.example/1" if how == "proxy" else away[how]
    began = time.monotonic()
    found = articles.read(
        [url], now=NOW, languages=["en"], limits=Limits(seconds=5), allow_private_addresses=True, route=route
    )
    assert found.rejected["code"].to_list() == [code]
    assert time.monotonic() - began < SECONDS


def test_pipelines_go_by_the_desks_route(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the settings name reaches the clients of ingest and of archived evidence."""
    desk = _desk(tmp_path, f'[articles]\nproxy = "http://127.0.0.1:{loopback.closed_port()}"\n')
    report = ingest.ingest(desk, ["https://news.example/1"], now=NOW)
    assert [one.code for one in report.rejections] == ["PROXY"]
    assert ingest._route(desk, ["folder"]) == web.DIRECT


def test_an_object_store_is_trusted_by_the_same_file(
    tmp_path: Path, tls: loopback.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty bucket under an own authority: it was reached, and only then is it said to have no dataset."""
    empty = b"<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    _desk(tmp_path, '[dataset]\npath = "s3://bucket/dataset"\n')
    with loopback.answering(empty, "application/xml", tls=tls) as url:
        for name, value in (AWS | {"AWS_ENDPOINT_URL": url, "SSL_CERT_FILE": str(tls.ca_file)}).items():
            monkeypatch.setenv(name, value)
        command = [sys.executable, "-m", "factcheck", "--desk", str(tmp_path), "log"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "factcheck pull" in done.stdout
