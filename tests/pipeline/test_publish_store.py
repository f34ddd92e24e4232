"""`[publish]` to an object store: moto's S3 in a process of its own on the loopback address."""

from __future__ import annotations

import shutil
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import NotFound, Unavailable
from factcheck.exporters.media_types import media_type
from tests.dataset.test_dataset_s3 import endpoint, uri
from tests.pipeline.test_export_since import ROWS, Newsroom
from tests.pipeline.test_publish import done, named

__all__ = ["endpoint", "uri"]
pytestmark = pytest.mark.slow
PROFILES = ["claimreview", "verdict-feed", "public-site"]


def there(uri: str) -> dict[str, int]:
    obstore = pytest.importorskip("obstore")
    from obstore.store import from_url

    store = from_url(uri, client_options={"allow_http": True})
    return {one["path"]: one["size"] for batch in obstore.list(store) for one in batch}


@pytest.fixture
def newsroom(tmp_path: Path, uri: str) -> Newsroom:
    made = Newsroom(tmp_path / "desk")
    named(made.folder, PROFILES, uri)
    return made


def attributes(uri: str, name: str) -> dict[str, str]:
    import obstore
    from obstore.store import from_url

    return dict(obstore.get(from_url(uri, client_options={"allow_http": True}), name).attributes)


def test_the_store_has_what_a_folder_would(newsroom: Newsroom, uri: str) -> None:
    assert done(newsroom).failed == {}
    newsroom.change()
    assert done(newsroom).failed == {}
    local = newsroom.folder / "beside"
    named(newsroom.folder, PROFILES, "beside")
    done(newsroom)
    wanted = {path.relative_to(local).as_posix(): path.stat().st_size for path in local.rglob("*") if path.is_file()}
    assert there(uri) == wanted
    said = attributes(uri, "latest.verdict-feed.rss")
    assert (said["Content-Type"], said["Cache-Control"]) == ("application/rss+xml", "no-cache")


def test_only_what_changed_is_sent(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    import obstore

    done(newsroom)
    sent: list[str] = []
    put = obstore.put

    def noted(store: Any, name: str, *rest: Any, **named: Any) -> Any:
        sent.append(name)
        return put(store, name, *rest, **named)

    monkeypatch.setattr("obstore.put", noted)
    newsroom.commit(verdicts=ROWS.verdicts([4]))
    done(newsroom)
    assert sent
    assert not [name for name in sent if name.endswith((".woff2", ".css"))]
    assert {name.startswith("latest.") for name in sent[-4:]} == {True}


def test_what_a_broken_run_left_there_goes_with_the_next(
    newsroom: Newsroom, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import obstore

    done(newsroom)
    newsroom.change()
    put, count = obstore.put, 0

    def broken(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count > 3:
            raise obstore.exceptions.GenericError("the line is cut")
        return put(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr("obstore.put", broken)
        failed = done(newsroom)
    assert set(failed.failed) == set(PROFILES)
    assert all(isinstance(error, Unavailable) for error in failed.failed.values())
    assert any("-v2" in name for name in there(uri))
    newsroom.commit(verdicts=ROWS.verdicts([4]))
    assert done(newsroom).failed == {}
    assert not [name for name in there(uri) if "-v1" in name or "-v2" in name]


def test_a_store_that_is_not_there_is_named(newsroom: Newsroom, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named(newsroom.folder, ["claimreview"], "s3://no-such-bucket-here/x")
    error = done(newsroom).failed["claimreview"]
    assert isinstance(error, NotFound), error
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    began = time.monotonic()
    error = done(newsroom).failed["claimreview"]
    assert isinstance(error, Unavailable)
    assert "Debug source" not in str(error)
    assert time.monotonic() - began < 30
    shutil.rmtree(newsroom.folder / ".factcheck" / "public")


def test_a_store_that_takes_the_call_and_says_nothing_is_named_in_seconds(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        failed = done(newsroom)
        assert all(isinstance(error, Unavailable) for error in failed.failed.values())
        assert len(failed.failed) == len(PROFILES)
        assert time.monotonic() - began < 40


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.jsonld", "application/ld+json; charset=utf-8"),
        ("a.png", "image/png"),
        ("a", "application/octet-stream"),
    ],
)
def test_every_file_says_what_it_is(name: str, wanted: str) -> None:
    assert media_type(name) == wanted
