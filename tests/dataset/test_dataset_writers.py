"""Several writers at once: every row once, versions without gaps, the chain verifies."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.verify import verify

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

pytestmark = pytest.mark.slow

# Each writer commits its own rows and, racing with all others, the same shared ones.
WRITER = """
import contextlib, sys
from datetime import UTC, datetime
import polars as pl
from factcheck import dataset as ds
from factcheck.dataset.dataset import storage_of
folder, source, writer, commits, lock = sys.argv[1:]
dataset = ds.open(folder)
if lock == "no":
    storage_of(dataset).lock = contextlib.nullcontext
for number in range(int(commits)):
    mine = pl.read_parquet(f"{source}/{writer}-{number}.parquet")
    shared = pl.read_parquet(f"{source}/shared-{number}.parquet")
    version = ds.commit(dataset, events=pl.concat([mine, shared]), cause="pull", now=datetime(2027, 1, 1, tzinfo=UTC))
    assert version is not None
"""


@pytest.mark.parametrize(
    ("writers", "lock"),
    [(2, "yes"), (2, "no"), pytest.param(8, "yes", id="8-yes"), pytest.param(8, "no", id="8-no")],
)
def test_writers_at_once(
    dataset: ds.Dataset, rows: Rows, tmp_path: Path, exhaustive: bool, writers: int, lock: str
) -> None:
    if writers > 2 and not exhaustive:
        pytest.skip("eight writers run with FACTCHECK_EXHAUSTIVE=1")
    commits = 25 if exhaustive else 4
    for number in range(commits):
        rows.events(range(number * 3, number * 3 + 3)).write_parquet(tmp_path / f"shared-{number}.parquet")
        for writer in range(writers):
            start = 1_000 * (writer + 1) + number * 5
            rows.events(range(start, start + 5)).write_parquet(tmp_path / f"{writer}-{number}.parquet")
    command = [sys.executable, "-B", "-c", WRITER, dataset.uri, str(tmp_path)]
    running = [
        subprocess.Popen([*command, str(writer), str(commits), lock], stderr=subprocess.PIPE, text=True)
        for writer in range(writers)
    ]
    try:
        for one in running:
            _, said = one.communicate(timeout=500)
            assert one.returncode == 0, said[-2000:]
    finally:
        for one in running:
            one.kill()
            one.communicate()
    events = ds.open(dataset.uri).annotations().collect()
    assert events["event_id"].is_unique().all()
    assert events.height == commits * 3 + writers * commits * 5
    versions = ds.open(dataset.uri).versions()
    assert versions["version"].to_list() == list(range(1, writers * commits + 1))
    assert verify(dataset.uri).findings == []
    table = storage_of(dataset).tables["annotations"]
    table.refresh()
    listed = set(storage_of(dataset).refresh().files_of("annotations", versions.height)["path"])
    assert set(table.active()) == listed, "a lost attempt's rows stay"


def test_a_writer_that_lost_its_number_takes_the_next(three: ds.Dataset, rows: Rows) -> None:
    other = ds.open(three.uri)
    assert other.head == three.head == 3
    for dataset, number in ((three, 31), (other, 32)):
        version = ds.commit(dataset, events=rows.events([number]), cause="pull", now=rows.at(60))
        assert version is not None
    assert other.head == 5
    assert other.annotations().filter(pl.col("annotation_id") > 30).collect().height == 2


def test_a_lost_race_is_run_again(three: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ds.open(three.uri)
    refresh = storage_of(three).refresh
    raced: list[bool] = []

    def late(*, log: bool = True) -> object:
        found = refresh(log=log)
        if not raced:
            # Between this writer's look and its commit another one commits the same event and one more.
            raced.append(True)
            monkeypatch.setattr(storage_of(other), "lock", contextlib.nullcontext)
            ds.commit(other, events=rows.events([31, 32]), cause="pull", now=rows.at(60))
        return found

    monkeypatch.setattr(storage_of(three), "refresh", late)
    version = ds.commit(three, events=rows.events([31, 33]), cause="pull", now=rows.at(60))
    assert version is not None
    assert (version.version, version.counts) == (5, {"annotations": 1})
    assert verify(three.uri).findings == []
