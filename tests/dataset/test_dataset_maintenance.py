"""Compact, vacuum and restore take nothing that a version needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from deltalake import DeltaTable
from polars.testing import assert_frame_equal

from factcheck import dataset as ds
from factcheck.dataset.compaction import rewrite
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.layout import DATA
from factcheck.dataset.maintenance import compact, restore, restoring, vacuum
from factcheck.dataset.verify import verify
from factcheck.errors import Conflict, Corrupt, UsageError
from factcheck.pipeline.maintenance import vacuum as pipeline_vacuum
from factcheck.settings import Settings
from tests.failing import Killed, die_at

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

WITH_ROWS = [name for name in DATA if name not in {"claim_events", "editorial"}]
"""The tables that the datasets of these tests have rows in."""


def everything(dataset: ds.Dataset) -> list[pl.DataFrame]:
    found = []
    for version in range(1, dataset.head + 1):
        for scan in (dataset.articles, dataset.claims, dataset.annotations, dataset.verdict_changes, dataset.verdicts):
            frame = scan(version).collect()
            found.append(frame.sort(frame.columns[0], "version"))
    return [*found, dataset.versions(), dataset.tags()]


def assert_same(dataset: ds.Dataset, before: list[pl.DataFrame]) -> None:
    after = everything(dataset)
    assert len(after) == len(before)
    for one, other in zip(after, before, strict=True):
        assert_frame_equal(one, other)


def test_compaction_changes_no_version(three: ds.Dataset, rows: Rows) -> None:
    three.tag("spring", 2, now=rows.now)
    reader = ds.open(three.uri)
    before = everything(reader)
    assert compact(three) == {
        "articles": (1, 1),
        "claims": (2, 1),
        "annotations": (2, 1),
        "verdicts": (3, 1),
        "claim_events": (0, 0),
        "editorial": (0, 0),
    }
    assert_same(three, before)
    assert_same(reader, before)  # it still reads the old files
    assert_same(ds.open(three.uri), before)
    assert verify(three.uri).findings == []
    assert three.life(rows.claim(0).claim_id).verdicts.height == 3


def test_compacting_again_changes_nothing(three: ds.Dataset) -> None:
    before = everything(three)
    for _ in range(3):
        compact(ds.open(three.uri))
        assert verify(three.uri).findings == []
    assert_same(ds.open(three.uri), before)
    vacuum(ds.open(three.uri), now=datetime(2030, 1, 1, tzinfo=UTC))
    compact(ds.open(three.uri))
    assert_same(ds.open(three.uri), before)
    assert verify(three.uri).findings == []


CHANGES: list[tuple[Any, str]] = [(os, "fsync"), (os, "write"), (Path, "unlink"), (Path, "replace")]
CHANGES += [(DeltaTable, "create_write_transaction"), (DeltaTable, "create_checkpoint")]
"""What changes the disk."""


def tidy(dataset: ds.Dataset) -> None:
    vacuum(dataset, now=datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("verb", [compact, tidy])
def test_killed_at_any_step_the_same_again_ends_alike(
    three: ds.Dataset, tmp_path: Path, verb: Callable[[ds.Dataset], object], exhaustive: bool
) -> None:
    if verb is tidy:
        compact(three)
        (Path(three.uri) / "verdicts" / "dead.parquet").write_bytes(b"half")
    before = everything(three)
    step, died = 0, True
    while died:
        copy = tmp_path / f"{step}"
        shutil.copytree(three.uri, copy)
        with pytest.MonkeyPatch.context() as patch:
            die_at(step, patch, CHANGES)
            try:
                verb(ds.open(copy))
                died = False
            except Killed:
                pass
        assert verify(str(copy)).findings == [], step
        assert_same(ds.open(copy), before)
        verb(ds.open(copy))
        found = verify(str(copy))
        assert found.findings == [], step
        assert verb is compact or found.leftovers == [], step
        assert not list(copy.rglob("*.tmp")), step
        assert_same(ds.open(copy), before)
        for table in storage_of(ds.open(copy)).tables.values():
            assert len(table.active()) <= 1, step
        shutil.rmtree(copy)
        step += 1 if exhaustive else 17
    assert step > 10


def test_a_part_of_a_file_that_a_dead_compaction_left_is_written_anew(three: ds.Dataset, template: Path) -> None:
    before = everything(three)
    compact(three)
    made = {
        path.relative_to(three.uri)
        for path in Path(three.uri).glob("*/*.parquet")
        if not (template / path.relative_to(three.uri)).exists()
    }
    assert len(made) == len(WITH_ROWS) + 1
    for part in made:
        shutil.rmtree(three.uri)
        shutil.copytree(template, three.uri)
        (Path(three.uri) / part).write_bytes(b"PAR1")
        compact(ds.open(three.uri))
        assert verify(three.uri).findings == [], part
        assert_same(ds.open(three.uri), before)


def test_what_a_killed_writer_left_is_taken_away_by_the_next(three: ds.Dataset, rows: Rows) -> None:
    root = Path(three.uri)
    left = [
        root / "versions" / "_delta_log" / "_commit_0a1b.json.tmp",
        root / "verdicts" / "_delta_log" / "00000000000000000009.json#1",
        root / "_seals" / ".versions-00000004.json.99999.tmp",
        root / "_index" / "0a1b.2.1.0.99999.tmp",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    assert sorted(verify(three.uri).leftovers) == sorted(str(path) for path in left)
    ds.open(three.uri).tag("spring", 1, now=rows.now)
    assert verify(three.uri).leftovers == []
    assert verify(three.uri).findings == []


def test_commits_go_on_after_compaction(three: ds.Dataset, rows: Rows) -> None:
    stale = ds.open(three.uri)
    assert stale.head == 3
    compact(three)
    for number, dataset in enumerate((three, stale, ds.open(three.uri)), start=4):
        again = ds.commit(dataset, events=rows.events(range(20)), cause="pull", now=rows.at(50))
        assert again is None
        version = ds.commit(dataset, events=rows.events([100 + number]), cause="pull", now=rows.at(50))
        assert version is not None
        assert version.version == number
    assert compact(ds.open(three.uri))["annotations"] == (4, 1)
    assert verify(three.uri).findings == []


def test_vacuum_takes_what_no_version_needs(three: ds.Dataset, rows: Rows) -> None:
    before = everything(three)
    compact(three)
    dead = Path(three.uri) / "annotations" / f"00000002-{'0' * 64}.parquet"
    dead.write_bytes(b"cut short")
    temporary = Path(three.uri) / "annotations" / "_delta_log" / "00000000000000000009.json#1"
    temporary.write_bytes(b"{")
    assert set(verify(three.uri).leftovers) >= {str(dead), str(temporary)}
    assert vacuum(three, now=rows.now) == []  # all younger than the retention
    later = rows.now + timedelta(days=36500)
    listed = vacuum(three, now=later, dry_run=True)
    assert {str(dead), str(temporary)} <= set(listed)
    assert all(Path(path).exists() for path in listed)
    assert vacuum(three, now=later) == listed
    assert not any(Path(path).exists() for path in listed)
    assert vacuum(three, now=later) == []
    assert_same(ds.open(three.uri), before)
    found = verify(three.uri)
    assert (found.findings, found.leftovers) == ([], [])
    parquet = [path for name in DATA for path in (Path(three.uri) / name).glob("*.parquet")]
    assert len(parquet) == len(WITH_ROWS)


def test_nothing_is_deleted_from_a_damaged_dataset(three: ds.Dataset, rows: Rows) -> None:
    max((Path(three.uri) / "versions" / "_delta_log").glob("*.json")).write_bytes(b"")
    with pytest.raises(Corrupt):
        vacuum(ds.open(three.uri), now=rows.now + timedelta(days=36500))
    assert len(list((Path(three.uri) / "verdicts").glob("*.parquet"))) == 3


def test_restore_is_a_new_version_that_reads_as_the_old(three: ds.Dataset, rows: Rows) -> None:
    version = restore(three, 1, now=rows.at(60))
    assert version is not None
    assert (version.version, version.cause) == (4, "restore")
    verdicts = three.verdicts().filter(pl.col("status") != "unreviewed").drop("version").sort("claim_id").collect()
    assert_frame_equal(verdicts, three.verdicts(1).drop("version").sort("claim_id").collect())
    assert three.diff(1, 4).filter(pl.col("change") != "status").is_empty()
    active = three.claims().filter(pl.col("state") == "active").drop("version").sort("claim_id").collect()
    assert_frame_equal(active, three.claims(1).drop("version").sort("claim_id").collect())
    assert restore(three, 4, now=rows.at(61)) is None
    assert verify(three.uri).findings == []


def test_a_dead_writers_rows_are_invisible_and_the_next_writer_takes_them_out(three: ds.Dataset, rows: Rows) -> None:
    table = storage_of(three).tables["annotations"]
    stored = rows.events([77]).with_columns(version=pl.lit(4, dtype=pl.Int64), commit_id=pl.lit("dead"))
    table.commit([table.write(stored, "00000004")])
    for dataset in (three, ds.open(three.uri)):
        assert dataset.annotations().filter(annotation_id=77).collect().is_empty()
    version = ds.commit(ds.open(three.uri), events=rows.events([78]), cause="pull", now=rows.now)
    assert version is not None
    table.refresh()
    assert set(table.active()) == set(storage_of(ds.open(three.uri)).state.files_of("annotations", 4)["path"])
    assert verify(three.uri).findings == []


def test_many_commits_keep_few_files(dataset: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.dataset.committing.CHECKPOINT_EVERY", 3)
    monkeypatch.setattr("factcheck.dataset.compaction.MANY", 3)
    reader = ds.open(dataset.uri)
    for number in range(7):
        ds.commit(dataset, events=rows.events([number]), cause="pull", now=rows.at(number))
        assert storage_of(reader).refresh().head == number + 1
        for version in range(number + 1):
            assert reader.annotations(version + 1).collect().height == version + 1
    assert len(storage_of(dataset).tables["versions"].active()) == 2
    assert len(storage_of(dataset).tables["annotations"].active()) == 2
    assert ds.open(dataset.uri).annotations().collect().height == 7
    assert ds.commit(ds.open(dataset.uri), events=rows.events(range(7)), cause="pull", now=rows.now) is None
    assert verify(dataset.uri).findings == []


def test_two_writers_that_gather_at_once_double_nothing(three: ds.Dataset) -> None:
    other = ds.open(three.uri)
    before = everything(other)
    chosen = {name: storage_of(three).state.files_of(name, 3)["path"].to_list() for name in DATA}
    rewrite(storage_of(three), chosen)
    with pytest.raises(Conflict):
        rewrite(storage_of(other), chosen)
    assert_same(ds.open(three.uri), before)
    assert verify(three.uri).findings == []


def test_a_commit_while_another_gathers_is_kept(three: ds.Dataset, rows: Rows) -> None:
    other = ds.open(three.uri)
    chosen = {name: storage_of(other).state.files_of(name, 3)["path"].to_list() for name in DATA}
    ds.commit(three, events=rows.events([99]), cause="pull", now=rows.at(60))
    rewrite(storage_of(other), chosen)
    again = ds.open(three.uri)
    assert again.head == 4
    assert again.annotations().collect().height == 22
    assert verify(three.uri).findings == []


def test_a_compaction_that_died_half_way_is_finished_by_the_next_writer(
    three: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(three)

    def die(dataset: ds.Dataset) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("factcheck.dataset.compaction.reconcile", die)
    with pytest.raises(KeyboardInterrupt):
        compact(three)
    again = ds.open(three.uri)
    assert_same(again, before)
    version = ds.commit(again, events=rows.events([99]), cause="pull", now=rows.at(60))
    assert version is not None
    for name in DATA:
        storage_of(again).tables[name].refresh()
        assert set(storage_of(again).tables[name].active()) == set(storage_of(again).state.files_of(name, 4)["path"])
    assert verify(three.uri).findings == []
    assert ds.open(three.uri).annotations().collect().height == 22


def test_what_a_restore_would_bring_is_what_it_brings(three: ds.Dataset, rows: Rows) -> None:
    for target in (1, 2, three.head):
        head = three.head
        plan = restoring(three, target, now=rows.at(80))
        assert three.head == head, "looking changes nothing"
        version = restore(three, target, now=rows.at(80))
        if version is None:
            assert (plan.claims.height, plan.events.height, plan.verdicts.height) == (0, 0, 0)
            continue
        brought = {
            "claims": three.claims().filter(pl.col("version") == version.version).collect().height,
            "annotations": three.annotations().filter(pl.col("version") == version.version).collect().height,
            "verdicts": three.verdicts().filter(pl.col("version") == version.version).collect().height,
        }
        planned = {"claims": plan.claims, "annotations": plan.events, "verdicts": plan.verdicts}
        assert {name: frame.height for name, frame in planned.items()} == brought


@pytest.mark.parametrize("days", [float("inf"), float("nan"), 1e300, -1.0])
def test_days_that_are_no_length_of_time_are_refused_in_words(days: float, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must be between 0 and"):
        pipeline_vacuum(Settings(root=tmp_path), days=days, dry_run=True, now=datetime(2026, 11, 28, tzinfo=UTC))
