"""Damage is named, and never read as if nothing were wrong (bad input 44 to 46)."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.verify import verify
from factcheck.errors import Corrupt, DatasetError

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

FLIPS = 15
ALL_FLIPS = 1_000


@pytest.fixture
def full(three: ds.Dataset, rows: Rows) -> ds.Dataset:
    """Three versions, tags, people and a checkpoint: every kind of file a dataset has."""
    three.tables["versions"].checkpoint()
    three.seal("other", 2, [three.tables["versions"]])
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
    with pytest.raises(DatasetError, match="there is no dataset"):
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
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "not what was written"),
        (lambda path: path.write_bytes(b""), "not what was written"),
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
    with pytest.raises(Corrupt):
        again.verdicts()
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


def test_a_foreign_file_is_named(full: ds.Dataset) -> None:
    path = Path(full.uri) / "verdicts" / "notes.txt"
    path.write_text("hello")
    assert [one.subject for one in verify(full.uri).findings] == [str(path)]
