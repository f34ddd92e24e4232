"""Damage is named, and never read as if nothing were wrong (bad input 44 to 46)."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.layout import TAGS
from factcheck.dataset.maintenance import compact
from factcheck.dataset.store import Table
from factcheck.dataset.verify import verify
from factcheck.errors import Corrupt, DatasetError

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

FLIPS = 15
ALL_FLIPS = 1_000


@pytest.fixture
def full(three: ds.Dataset, rows: Rows) -> ds.Dataset:
    """Three versions, tags, people and a checkpoint: every kind of file a dataset has."""
    storage_of(three).tables["versions"].checkpoint()
    storage_of(three).seal("other", 2, [storage_of(three).tables["versions"]])
    three.tag("spring", 1, now=rows.now)
    three.tag("spring", 2, now=rows.now, force=True)
    users = pl.DataFrame({"user_id": [3], "name": ["Sara"], "email": ["sara@example.org"]})
    annotators.remember(three, "https://studio.example.org", users)
    return three


def answers(uri: str) -> list[pl.DataFrame]:
    """What the reading commands would show."""
    dataset = ds.open(uri)
    found = [
        *(dataset.verdicts(version).sort("claim_id").collect() for version in (1, 2, None)),
        *(frame.sort(frame.collect_schema().names()[0]).collect() for frame in (dataset.articles(), dataset.claims())),
        dataset.annotations().sort("event_id").collect(),
        dataset.versions(),
        dataset.tags(),
        dataset.diff(1),
        dataset.verdicts("spring").sort("claim_id").collect(),
        dataset.last_states(),
    ]
    return [frame for frame in found if frame.width]


def test_a_sound_dataset_verifies(full: ds.Dataset) -> None:
    found = verify(full.uri)
    assert found.findings == []
    assert found.versions == 3
    assert found.first_bad is None
    assert found.files == len([path for path in Path(full.uri).rglob("*") if path.is_file()])


def test_an_empty_dataset_verifies(dataset: ds.Dataset) -> None:
    assert verify(dataset.uri).ok


def test_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no dataset yet"):
        verify(str(tmp_path / "nothing"))


def flip(source: Path, copy: Path, seed: int) -> Path:
    """A copy of the dataset with one random bit flipped, and the file it was flipped in."""
    shutil.copytree(source, copy)
    chance = random.Random(seed)
    path = chance.choice(sorted(path for path in copy.rglob("*") if path.is_file() and path.stat().st_size))
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return path


def test_bit_flips_are_named_and_never_read(full: ds.Dataset, tmp_path: Path, exhaustive: bool) -> None:
    truth = answers(full.uri)
    for seed in range(ALL_FLIPS if exhaustive else FLIPS):
        copy = tmp_path / f"flip{seed}"
        path = flip(Path(full.uri), copy, seed)
        assert str(path) in [one.subject for one in verify(str(copy)).findings], seed
        with contextlib.suppress(DatasetError):
            seen = answers(str(copy))
            assert all(one.equals(other) for one, other in zip(seen, truth, strict=True)), (seed, path)
        shutil.rmtree(copy)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "does not hold what was written"),
        (lambda path: path.write_bytes(b""), "does not hold what was written"),
    ],
)
@pytest.mark.parametrize("table", ["annotations", "verdicts", "versions", "claims"])
def test_a_damaged_data_file_is_named_with_its_version(
    full: ds.Dataset, table: str, damage: Callable[[Path], None], named: str
) -> None:
    path = min((Path(full.uri) / table).glob("00000002-*"))
    damage(path)
    found = verify(full.uri)
    assert [named in one.what for one in found.findings if one.subject == str(path)] == [True]
    assert found.first_bad == 2
    with pytest.raises(Corrupt):
        answers(full.uri)


@pytest.mark.parametrize("content", [b"", b'{"commitInfo":{"timest'])
def test_a_cut_last_commit_is_named_and_older_versions_stay_readable(
    three: ds.Dataset, rows: Rows, content: bytes
) -> None:
    before = [three.verdicts(number).sort("claim_id").collect() for number in (1, 2)]
    log = max((Path(three.uri) / "versions" / "_delta_log").glob("*.json"))
    log.write_bytes(content)
    found = verify(three.uri)
    assert str(log) in [one.subject for one in found.findings]
    assert found.first_bad == 3
    again = ds.open(three.uri)
    with pytest.raises(Corrupt) as caught:
        again.verdicts()
    assert caught.value.subject == str(log)
    assert "unknown" not in str(caught.value)
    assert "versions 1 to 2 read as before (--as-of 2)" in caught.value.hint
    for number, then in zip((1, 2), before, strict=True):
        assert again.verdicts(number).sort("claim_id").collect().equals(then)
    with pytest.raises(Corrupt):
        ds.commit(again, events=rows.events([99]), cause="pull", now=rows.now)


def test_a_gap_in_the_log_is_named(three: ds.Dataset) -> None:
    log = sorted((Path(three.uri) / "versions" / "_delta_log").glob("*.json"))[-2]
    log.unlink()
    found = verify(three.uri)
    assert str(log) in [one.subject for one in found.findings]
    assert found.first_bad == 2
    with pytest.raises(Corrupt):
        ds.open(three.uri).verdicts()


def test_damage_early_in_a_long_log_is_found_in_two_looks(
    three: ds.Dataset, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        ds.commit(
            three, verdicts=rows.verdicts([number % 10], n_votes=number + 4), cause="pull", now=rows.at(50 + number)
        )
    log = Path(three.uri) / "versions" / "_delta_log"
    for summed_up in log.glob("*checkpoint*"):
        summed_up.unlink()
    logs = sorted(log.glob("*.json"))
    logs[3].write_bytes(logs[3].read_bytes()[:20])
    looked: list[int] = []
    at = Table.at

    def counted(table: Table, number: int) -> object:
        looked.append(number)
        return at(table, number)

    monkeypatch.setattr(Table, "at", counted)
    again = ds.open(three.uri)
    assert again.resolve(2) == 2
    assert looked == [len(logs) - 1, 2]


def test_a_foreign_file_is_named(full: ds.Dataset) -> None:
    path = Path(full.uri) / "verdicts" / "notes.txt"
    path.write_text("hello")
    assert [one.subject for one in verify(full.uri).findings] == [str(path)]


def test_a_missing_seal_is_named(full: ds.Dataset) -> None:
    for name in ("tags-00000001.json", "other-00000001.json"):
        path = Path(full.uri) / "_seals" / name
        kept = path.read_bytes()
        path.unlink()
        assert str(path) in [one.subject for one in verify(full.uri).findings]
        path.write_bytes(kept)
        assert verify(full.uri).ok


def test_rows_that_cannot_be_read_are_not_said_to_be_others(three: ds.Dataset) -> None:
    compact(three)  # one file now holds the rows of versions 1 to 3
    path = next(path for path in (Path(three.uri) / "verdicts").glob("*.parquet") if path.name in _listed(three))
    path.write_bytes(b"PAR1")
    found = verify(three.uri)
    assert [(one.subject, one.version) for one in found.findings] == [(str(path), 1)]


def test_a_damaged_file_of_an_object_store_is_named_with_its_version(three: ds.Dataset) -> None:
    uri = Path(three.uri).as_uri()  # a URL: read as an object store is, without digests and locks
    assert verify(uri).ok
    path = min((Path(three.uri) / "verdicts").glob("00000002-*"))
    path.write_bytes(path.read_bytes()[:-20])
    found = verify(uri)
    assert [one.version for one in found.findings] == [2]
    assert path.parent.name in found.findings[0].subject
    assert found.first_bad == 2


def _listed(dataset: ds.Dataset) -> set[str]:
    return set(storage_of(ds.open(dataset.uri)).state.files["path"])


@pytest.mark.parametrize(
    "error", [DeltaError("Kernel error: of a kind nobody knows\n   0: <unknown>"), ValueError("what?")]
)
def test_an_error_that_nobody_knows_is_not_called_damage(
    three: ds.Dataset, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(DeltaTable, "create_write_transaction", failing)
    with pytest.raises(DatasetError, match="cannot be read or written") as caught:
        three.tag("spring", 1, now=datetime(2026, 11, 5, tzinfo=UTC))
    assert not isinstance(caught.value, Corrupt)
    assert "unknown" not in str(caught.value)
    assert "again" in caught.value.hint


def test_the_log_is_never_cleaned_nor_summed_up_by_deltalake(tmp_path: Path, rows: Rows) -> None:
    table = Table(str(tmp_path), TAGS, {})
    eager = {
        "delta.checkpointInterval": "1",
        "delta.logRetentionDuration": "interval 0 seconds",
        "delta.enableExpiredLogCleanup": "true",
    }
    table.create(eager)
    for number in range(1, 6):
        row = {"name": f"t{number}", "version": 1, "note": "", "tagged_at": rows.now, "number": number}
        table.commit([table.write(pl.DataFrame([row], schema=TAGS.stored), f"{number:08}")], number=number)
        if number == 3:
            table.checkpoint()
    log = tmp_path / "tags" / "_delta_log"
    assert sorted(path.name for path in log.iterdir() if path.name != "_last_checkpoint") == sorted(
        [*(f"{number:020}.json" for number in range(6)), f"{3:020}.checkpoint.parquet"]
    )
