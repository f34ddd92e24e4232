"""The same dataset in an object store: moto's S3 in a process of its own on the loopback address."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.fork import fork
from factcheck.dataset.maintenance import compact, vacuum
from factcheck.dataset.verify import verify
from factcheck.errors import DatasetError, OutputExists

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dataset.conftest import Rows

pytestmark = pytest.mark.slow

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""
WRITER = """
import sys
from datetime import UTC, datetime
import polars as pl
from factcheck import dataset as ds
uri, source, writer = sys.argv[1:]
dataset = ds.open(uri)
for number in range(3):
    rows = pl.concat([pl.read_parquet(f"{source}/{name}-{number}.parquet") for name in (writer, "shared")])
    assert ds.commit(dataset, events=rows, cause="pull", now=datetime(2027, 1, 1, tzinfo=UTC)) is not None
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    pytest.importorskip("moto.server")
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.stdin.close()
        server.wait(timeout=20)
        server.stdout.close()


@pytest.fixture
def uri(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    bucket = request.node.name.replace("_", "-")[:60].strip("-")
    assert httpx.put(f"{endpoint}/{bucket}").status_code == 200
    return f"s3://{bucket}/desk/dataset"


def test_a_dataset_in_s3_is_like_one_in_a_folder(uri: str, three: ds.Dataset, rows: Rows) -> None:
    with pytest.raises(DatasetError, match="there is no dataset yet"):
        ds.open(uri)
    remote = ds.open(uri, create=True)
    for number in (1, 2):
        version = ds.commit(
            remote,
            events=rows.events(range(number * 10)),
            verdicts=rows.verdicts([0, number], "disputed", n_votes=number),
            cause="pull",
            now=rows.at(number),
        )
        assert version is not None
    assert ds.commit(ds.open(uri), events=rows.events(range(20)), cause="pull", now=rows.now) is None
    again = ds.open(uri)
    assert again.annotations(1).collect().height == 10
    assert again.annotations().collect().height == 20
    assert again.verdicts("2026-11-06").collect().height == 2
    assert again.diff(1)["change"].to_list() == ["new"]
    again.tag("spring", 1, now=rows.now)
    assert ds.open(uri).resolve("spring") == 1
    annotators.remember(again, "s", pl.DataFrame({"user_id": [1], "name": ["Sara"], "email": ["sara@example.org"]}))
    key = annotators.dataset_key(again)
    assert annotators.forget(again, "sara@example.org") == 0
    assert annotators.dataset_key(ds.open(uri)) != key
    people = storage_of(again).tables["annotators"]
    assert people.at(people.delta.version()).version() > 0
    with pytest.raises(DatasetError):
        people.at(0)  # where the key was
    assert verify(uri).findings == []

    before = again.verdict_changes().sort("claim_id", "version").collect()
    assert compact(again)["annotations"] == (2, 1)
    assert len(vacuum(again, now=rows.at(0), retention=timedelta(0))) >= 4
    assert ds.open(uri).verdict_changes().sort("claim_id", "version").collect().equals(before)
    with pytest.MonkeyPatch.context() as patch:  # killed before the versions are written
        patch.setattr("factcheck.dataset.fork.with_files", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fork(again, f"{uri}-fork")
    copy = fork(again, f"{uri}-fork", as_of=1)
    assert copy.tags()["name"].to_list() == ["spring"]
    with pytest.raises(OutputExists, match="already exists"):
        fork(again, f"{uri}-fork")
    assert copy.annotations().collect().height == 10
    assert verify(copy.uri).findings == []
    assert verify(uri).versions == 2


def test_two_writers_in_s3(uri: str, rows: Rows, tmp_path: Path) -> None:
    remote = ds.open(uri, create=True)
    for number in range(3):
        for name, start in (("shared", 0), ("a", 1_000), ("b", 2_000)):
            first = start + number * 5
            rows.events(range(first, first + 5)).write_parquet(tmp_path / f"{name}-{number}.parquet")
    running = [
        subprocess.Popen(
            [sys.executable, "-B", "-c", WRITER, uri, str(tmp_path), name], stderr=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]
    for one in running:
        _, said = one.communicate(timeout=300)
        assert one.returncode == 0, said[-2000:]
    storage_of(remote).refresh()
    events = remote.annotations().collect()
    assert events["event_id"].is_unique().all()
    assert events.height == 45
    assert remote.versions()["version"].to_list() == [1, 2, 3, 4, 5, 6]
    assert verify(uri).findings == []
