"""Names and e-mails lie in files that only their owner can read."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck import fs
from factcheck.dataset import annotators
from factcheck.dataset.fork import fork
from factcheck.dataset.release import release
from factcheck.exporters.view import SCHEMA as EXPORTED
from factcheck.workspace import Workspace

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

GOLDEN = Path(__file__).parent / "golden" / "people-1.tar.gz"
USERS = pl.DataFrame({"user_id": [3], "name": ["Sara"], "email": ["sara@example.org"]})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if path.is_file() and mode(path) & 0o077]


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_dataset_is_its_owners_alone(tmp_path: Path, rows: Rows) -> None:
    dataset = ds.open(tmp_path / "desk" / "dataset", create=True)
    annotators.remember(dataset, "local", USERS)
    for number in range(11):  # the tenth writes checkpoints
        ds.commit(dataset, events=rows.events([number]), cause="pull", now=rows.now)
    dataset.tag("spring", now=rows.now)
    annotators.forget(dataset, "sara@example.org")
    folder = Path(dataset.uri)
    assert mode(folder) == 0o700
    assert mode(folder.parent) == 0o755
    allowed = {".lock", "_last_checkpoint"}
    assert {path.name for path in open_to_others(folder) if "_index" not in path.parts} <= allowed
    assert fs.exposed(folder) is None
    copy = fork(dataset, tmp_path / "fork")
    assert mode(Path(copy.uri)) == 0o700


def test_an_older_one_is_closed_at_the_next_write(tmp_path: Path) -> None:
    with tarfile.open(GOLDEN) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / "dataset"
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert "every user of this machine" in str(fs.exposed(folder))
    annotators.remember(ds.open(folder), "local", USERS)
    assert mode(folder) == 0o700
    assert {path.name for path in open_to_others(folder)} <= {"_last_checkpoint"}
    assert fs.exposed(folder) is None


def test_a_group_that_may_write_was_let_in_on_purpose(tmp_path: Path) -> None:
    dataset = ds.open(tmp_path / "dataset", create=True)
    folder = Path(dataset.uri)
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o2775)
    before = {*folder.rglob("*")}
    annotators.remember(dataset, "local", USERS)
    assert mode(folder) == 0o2770
    assert fs.exposed(folder) is None
    made = [path for path in folder.rglob("*") if path not in before and path.is_file() and path.name != ".lock"]
    assert made
    assert {path.name: oct(mode(path)) for path in made if mode(path) & 0o067 != 0o060} == {}, "a colleague reads them"


def test_where_modes_cannot_be_set_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = ds.open(tmp_path / "dataset", create=True)
    folder = Path(dataset.uri)
    folder.chmod(0o755)
    with monkeypatch.context() as patch:  # a file system that keeps no modes
        patch.setattr(Path, "chmod", lambda *_, **__: None)
        annotators.remember(dataset, "local", USERS)
    assert f"chmod 700 {folder}" in str(fs.exposed(folder))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert "its owner" in str(fs.exposed(folder))


def test_releases_are_for_everybody(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    made = release(three, "week-47", tmp_path / "releases", publisher="Desk", licence="CC-BY-4.0", now=rows.now)
    assert mode(made.folder) == 0o755
    assert {mode(path) for path in made.folder.iterdir()} == {0o644}


@pytest.mark.parametrize("column", ["claim_in_words", "context"])
def test_a_wording_that_nobody_took_over_and_a_note_for_checkers_leave_the_desk_by_no_way(
    dataset: ds.Dataset, rows: Rows, tmp_path: Path, column: str
) -> None:
    claims = rows.claims([1], claimant_role="minister", **{column: "only the desk knows this"})
    ds.commit(dataset, articles=rows.articles([1]), claims=claims, cause="pull", now=rows.now)
    ds.commit(dataset, events=rows.events([1]), verdicts=rows.verdicts([1]), cause="pull", now=rows.now)
    assert dataset.claims().collect()[column].to_list() == ["only the desk knows this"]
    made = release(dataset, "spring", tmp_path, publisher="D", licence="MIT", now=rows.now)
    published = pl.read_parquet(next(made.folder.glob("claims-*.parquet")))
    assert (published["claimant_role"].to_list(), column in published.columns) == (["minister"], False)
    forked = fork(dataset, tmp_path / "fork").claims().collect()
    assert (forked["claimant_role"].to_list(), forked[column].to_list()) == (["minister"], [None])
    assert column not in EXPORTED


def test_a_state_folder_that_was_made_in_passing_is_closed(tmp_path: Path, rows: Rows) -> None:
    (tmp_path / ".factcheck" / "studio").mkdir(parents=True)
    with Workspace(tmp_path / ".factcheck").writing("pull", now=rows.now):
        assert mode(tmp_path / ".factcheck") == 0o700
