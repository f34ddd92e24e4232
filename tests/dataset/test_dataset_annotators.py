"""Opaque ids, and a person who is forgotten."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset import annotators, seals
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.maintenance import compact
from factcheck.dataset.store import name_digest
from factcheck.dataset.verify import verify
from factcheck.errors import UnknownAnnotator
from factcheck.frames import to_records
from factcheck.models import Version
from tests.failing import Killed

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

GOLDEN = Path(__file__).parent / "golden"
SERVER = "https://studio.example.org"
USERS = pl.DataFrame(
    {"user_id": [3, 4], "name": ["سارا", "Omid"], "email": ["sara@example.org", "omid@example.org"]},
)
NUMBERS = range(1, 101)  # of these people; tests/pipeline/test_nobody_named.py tries ten thousand


def keys_in(folder: Path) -> set[str]:
    """Whatever could be a key in any file: 64 hex digits, also inside Parquet files."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".parquet":
                data += json.dumps(pl.read_parquet(path).to_dicts(), default=str).encode()
            found |= {one.decode() for one in re.findall(rb"[0-9a-f]{64}", data)}
    return found


def found_by_trying(folder: Path, ids: set[str], server: str = SERVER) -> dict[str, int]:
    """The ids whose user number comes out by trying numbers with every key there is."""
    found = {}
    for key in map(bytes.fromhex, keys_in(folder)):
        for number in NUMBERS:
            own = "ant_" + hmac.new(key, f"{server}|{number}".encode(), hashlib.sha256).hexdigest()[:20]
            if own in ids:
                found[own] = number
    return found


@pytest.fixture
def old(tmp_path: Path) -> tuple[ds.Dataset, dict[str, str]]:
    """A dataset whose ids an older factcheck made, and which of its people has which id."""
    with tarfile.open(GOLDEN / "people-1.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return ds.open(tmp_path / "dataset"), json.loads((GOLDEN / "people-1.json").read_text())["ids"]


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
    own, other = (annotators.annotator_id(dataset, SERVER, user) for user in (3, 4))
    events = rows.events(range(4)).with_columns(annotator_id=pl.lit(own))
    before = ds.commit(dataset, events=events, cause="pull", now=rows.now)
    folder = Path(dataset.uri)
    old_files = {name_digest(path.name) for path in (folder / "annotators").glob("*.parquet")}
    assert found_by_trying(folder, {own, other}) == {own: 3, other: 4}
    assert annotators.forget(dataset, "sara@example.org") == 4
    annotators.remember(dataset, SERVER, USERS.tail(1))
    person = annotators.people(dataset).filter(annotator_id=own).row(0, named=True)
    assert person == {
        "annotator_id": own,
        "server": SERVER,
        "user_id": 0,
        "name": "",
        "email": "",
        "forgotten": True,
    }
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert b"sara@example.org" not in path.read_bytes(), path
    # The name of a file is the digest of what it held: a guess could be tried on it.
    assert not old_files & keys_in(folder)
    # One Parquet file is left; what it holds compressed is what `people` read above.
    assert len([path for path in files if path.parent.name == "annotators"]) == 1
    assert found_by_trying(folder, {own}) == {}
    assert ds.open(folder).version() == before
    assert verify(dataset.uri).findings == []


def test_the_others_keep_their_ids_when_somebody_is_forgotten(dataset: ds.Dataset) -> None:
    annotators.remember(dataset, SERVER, USERS)
    sara, omid = (annotators.annotator_id(dataset, SERVER, user) for user in (3, 4))
    annotators.forget(dataset, "Sara@Example.org")
    for one in (dataset, ds.open(dataset.uri)):
        assert annotators.annotator_id(one, SERVER, 4) == omid
        assert annotators.annotator_id(one, SERVER, 3) != sara
    annotators.forget(dataset, omid)
    assert annotators.annotator_id(dataset, SERVER, 4) != omid
    assert annotators.people(ds.open(dataset.uri))["forgotten"].to_list() == [True, True]
    assert found_by_trying(Path(dataset.uri), {sara, omid}) == {}
    assert verify(dataset.uri).findings == []


def test_a_forgotten_person_who_goes_on_is_somebody_new(dataset: ds.Dataset) -> None:
    annotators.remember(dataset, SERVER, USERS)
    old = annotators.annotator_id(dataset, SERVER, 3)
    annotators.forget(dataset, old)
    new = annotators.annotator_id(dataset, SERVER, 3)
    annotators.remember(dataset, SERVER, USERS)
    assert annotators.annotator_id(ds.open(dataset.uri), SERVER, 3) == new
    found = annotators.people(dataset)
    assert found.filter(annotator_id=old)["name"].item() == ""
    assert found.filter(annotator_id=new)["name"].item() == "سارا"
    assert found_by_trying(Path(dataset.uri), {old}) == {}


def test_people_of_an_older_factcheck_keep_their_ids_and_the_forgotten_become_so(
    old: tuple[ds.Dataset, dict[str, str]],
) -> None:
    dataset, ids = old
    assert {user: annotators.annotator_id(dataset, "local", int(user)) for user in ids} == ids
    assert found_by_trying(Path(dataset.uri), set(ids.values()), "local")[ids["5"]] == 5
    hashes = [one.version_hash for one in to_records(Version, dataset.versions())]
    new = pl.DataFrame({"user_id": [7], "name": ["Nima"], "email": ["nima@example.org"]})
    annotators.remember(dataset, "local", new)  # what a pull does
    again = ds.open(dataset.uri)
    assert found_by_trying(Path(dataset.uri), set(ids.values()), "local") == {}
    for user in ("3", "4", "6"):  # the last one had no row
        assert annotators.annotator_id(again, "local", int(user)) == ids[user]
    assert annotators.annotator_id(again, "local", 5) != ids["5"]
    assert [one.version_hash for one in to_records(Version, again.versions())] == hashes
    assert verify(dataset.uri).findings == []
    assert json.loads((GOLDEN / "people-1.json").read_text())["key"] not in keys_in(Path(dataset.uri))


def test_who_has_no_row_can_be_forgotten_by_id(old: tuple[ds.Dataset, dict[str, str]]) -> None:
    dataset, ids = old
    assert annotators.forget(dataset, ids["6"]) == 5
    assert annotators.people(dataset).filter(annotator_id=ids["6"])["forgotten"].item()
    assert annotators.annotator_id(dataset, "local", 6) != ids["6"]
    assert annotators.annotator_id(dataset, "local", 3) == ids["3"]
    assert found_by_trying(Path(dataset.uri), {ids["6"], ids["5"]}, "local") == {}


STEPS = ("commit", "seal", "erase", "set_properties", "checkpoint", "leave_out", "unlink")


@pytest.mark.parametrize("step", STEPS)
def test_forget_can_be_killed_anywhere(dataset: ds.Dataset, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    annotators.remember(dataset, SERVER, USERS)
    compact(ds.open(dataset.uri))
    sara, omid = (annotators.annotator_id(dataset, SERVER, user) for user in (3, 4))
    again = ds.open(dataset.uri)
    table = storage_of(again).tables["annotators"]
    owner = {"seal": storage_of(again), "leave_out": seals, "unlink": Path}.get(step, table)
    for after in (False, True):
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, killed(getattr(owner, step), after=after))
            try:
                annotators.forget(again, "sara@example.org")
            except Killed:
                pass
            else:
                assert after, "the step was not met"
        again = ds.open(dataset.uri)
        table = storage_of(again).tables["annotators"]
        owner = {"seal": storage_of(again), "leave_out": seals, "unlink": Path}.get(step, table)
    annotators.remember(again, SERVER, USERS.tail(1))
    if sara not in set(annotators.people(again).filter("forgotten")["annotator_id"]):
        annotators.forget(again, "sara@example.org")
    assert annotators.people(again).filter(annotator_id=sara)["forgotten"].item()
    assert found_by_trying(Path(again.uri), {sara}) == {}
    assert annotators.annotator_id(ds.open(again.uri), SERVER, 4) == omid
    assert len(list((Path(again.uri) / "annotators").glob("*.parquet"))) == 1
    assert verify(again.uri).findings == []


def killed(real: Callable[..., object], *, after: bool) -> Callable[..., object]:
    def step(*arguments: object, **named: object) -> object:
        if after:
            real(*arguments, **named)
        raise Killed

    return step


def test_a_stranger_cannot_be_forgotten(dataset: ds.Dataset) -> None:
    with pytest.raises(UnknownAnnotator):
        annotators.forget(dataset, "nobody@example.org")
    with pytest.raises(UnknownAnnotator):
        annotators.forget(dataset, "")
