"""Opaque ids, and a person who is forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.errors import UnknownVersion

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

SERVER = "https://studio.example.org"
USERS = pl.DataFrame(
    {"user_id": [3, 4], "name": ["سارا", "Omid"], "email": ["sara@example.org", "omid@example.org"]},
)


def test_ids_are_stable_in_a_dataset_and_differ_between_datasets(tmp_path: Path, dataset: ds.Dataset) -> None:
    own = annotators.annotator_id(dataset, SERVER, 3)
    assert own == annotators.annotator_id(ds.open(dataset.uri), SERVER, 3)
    assert own != annotators.annotator_id(dataset, SERVER, 4)
    assert own != annotators.annotator_id(dataset, "https://other.example.org", 3)
    assert own != annotators.annotator_id(ds.open(tmp_path / "other", create=True), SERVER, 3)


def test_people_are_taken_in_once(dataset: ds.Dataset) -> None:
    assert annotators.people(dataset).is_empty()
    annotators.remember(dataset, SERVER, USERS)
    again = annotators.remember(dataset, SERVER, USERS.with_columns(name=pl.lit("Sara")).head(1))
    assert sorted(again["name"]) == ["Omid", "Sara"]
    assert annotators.people(ds.open(dataset.uri)).equals(again)


def test_forgotten_people_are_nowhere_on_disk_and_stay_forgotten(dataset: ds.Dataset, rows: Rows) -> None:
    annotators.remember(dataset, SERVER, USERS)
    own = annotators.annotator_id(dataset, SERVER, 3)
    events = rows.events(range(4)).with_columns(annotator_id=pl.lit(own))
    before = ds.commit(dataset, events=events, cause="pull", now=rows.now)
    assert annotators.forget(dataset, "sara@example.org") == 4
    annotators.remember(dataset, SERVER, USERS)
    person = annotators.people(dataset).filter(annotator_id=own).row(0, named=True)
    assert person == {
        "annotator_id": own,
        "server": SERVER,
        "user_id": 0,
        "name": "",
        "email": "",
        "forgotten": True,
    }
    folder = Path(dataset.uri)
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert b"sara@example.org" not in path.read_bytes(), path
    # One Parquet file is left; what it holds compressed is what `people` read above.
    assert len([path for path in files if path.parent.name == "annotators"]) == 1
    assert ds.open(folder).version() == before


def test_a_stranger_cannot_be_forgotten(dataset: ds.Dataset) -> None:
    with pytest.raises(UnknownVersion):
        annotators.forget(dataset, "nobody@example.org")
