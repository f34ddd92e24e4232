"""A desk, its dataset and its Label Studio project, as commit 67c683e left them, go on with this code."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from factcheck import dataset as dataset_package
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.verify import verify
from factcheck.errors import UsageError
from factcheck.models import Report
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.pipeline.status import status
from tests.chaos.newsroom import settings_of, stage
from tests.chaos.schedule import MORNING, Action, Players
from tests.chaos.storm import StormyStudio, weathered
from tests.fake_studio.props import NOW, claim_id
from tests.fake_studio.rows import Store
from tests.fake_studio.tables import PROJECT

GOLDEN = Path(__file__).parent.parent / "golden" / "desk-67c683e.tar.gz"
"""Six claims, seven annotations of three people, one answer that is none, two versions, the tags `spring` and
`2026-11`; made once with the code of that commit and never again."""
LATER = NOW + timedelta(hours=1)


class OldDesk:
    def __init__(self, folder: Path) -> None:
        with tarfile.open(GOLDEN) as archive:
            archive.extractall(folder, filter="data")
        self.told: dict[str, Any] = json.loads((folder / "server.json").read_text("utf-8"))
        self.store = Store()
        self.players = Players(self.store)
        self._fill()
        self.settings = settings_of(folder / "desk", self.told["url"])
        self.studio = StormyStudio(self.store, None)
        self.data = dataset_package.open(self.settings.dataset_uri)

    def _fill(self) -> None:
        """The server's tables, with the columns that the fake of that commit did not have."""
        tables = {name: {int(key): row for key, row in rows.items()} for name, rows in self.told["tables"].items()
                  if name != "tokens"}  # fmt: skip
        self.store.users, self.store.tokens = tables["users"], self.told["tables"]["tokens"]
        for number, row in tables["projects"].items():
            self.store.projects[number] = PROJECT | row | {"created_at": MORNING.isoformat()}
        self.store.tasks = tables["tasks"]
        parents = {"parent_prediction": None, "parent_annotation": None}
        for number, row in tables["annotations"].items():
            self.store.annotations[number] = parents | {"project": self.store.tasks[row["task"]]["project"]} | row
        for task in self.store.tasks:
            self.store.settle(task)
        self.store.now = MORNING + timedelta(minutes=30)

    def pull(self, *, full: bool = False) -> Report:
        with weathered(self.studio):
            return pipeline_pull(self.settings, project=None, full=full, now=LATER, say=print)

    def push(self) -> Report:
        with weathered(self.studio):
            return pipeline_push(self.settings, project=None, now=LATER, say=print)

    def well(self) -> bool:
        with weathered(self.studio):
            return doctor(self.settings, project=None, now=LATER).equal

    def states(self) -> list[list[Any]]:
        columns = ("annotation_key", "claim_id", "state", "choice", "annotator_id")
        rows = dataset_package.open(self.settings.dataset_uri).last_states().select(columns).sort("annotation_key")
        return [list(row) for row in rows.rows()]

    def verdicts(self) -> list[list[Any]]:
        rows = dataset_package.open(self.settings.dataset_uri).verdicts().select("claim_id", "status", "verdict")
        return [list(row) for row in rows.sort("claim_id").collect().rows()]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldDesk]:
    made = OldDesk(tmp_path)
    yield made
    made.players.close()


def test_it_reads_as_it_did(old: OldDesk) -> None:
    assert old.states() == old.told["states"]
    assert old.verdicts() == old.told["verdicts"]
    assert old.data.versions()["version_hash"].to_list() == old.told["hashes"]
    assert verify(old.settings.dataset_uri).findings == []
    assert status(old.settings) is not None


def test_a_tag_that_reads_as_a_date_opens_by_its_full_name(old: OldDesk) -> None:
    assert old.data.resolve("spring") == 1
    assert old.data.resolve("tag:2026-11") == 2
    with pytest.raises(UsageError, match="tag"):
        old.data.resolve("2026-11")


def test_pulls_and_pushes_find_nothing_new_and_lose_nothing(old: OldDesk) -> None:
    assert old.pull().version is None
    steps = ("created", "updated", "removed")
    pushed = [old.push().counts for _ in range(2)]
    # What the page says of a claim is worded anew in this release: every task is changed in place, once.
    assert [tuple(counts[step] for step in steps) for counts in pushed] == [(0, 6, 0), (0, 0, 0)]
    assert old.pull(full=True).version is None
    assert old.states() == old.told["states"]
    assert old.well()


def test_work_goes_on_and_the_old_versions_stay_what_they_were(old: OldDesk) -> None:
    stage(old.settings, range(7, 9))
    assert old.push().counts["created"] == 2
    for who in (0, 1):
        old.players.do(Action("submit", who, 4, "verified", old.store.now))
    old.players.do(Action("delete", 0, 3, "verified", old.store.now))
    assert old.pull().version == 3
    assert [claim_id(4), "decided", "verified"] in old.verdicts()
    data = dataset_package.open(old.settings.dataset_uri)
    assert data.versions()["version_hash"].to_list()[:2] == old.told["hashes"]
    assert verify(old.settings.dataset_uri).findings == []
    assert old.well()
    # A reader of another engine sees the columns that came with the new format.
    table = Path(old.settings.dataset_uri) / "annotations"
    files = [str(table / name) for name in storage_of(data).tables["annotations"].active()]
    with duckdb.connect() as database:
        names = database.sql(f"select * from read_parquet({files}, union_by_name=true)").columns
    assert {"mark", "mark_reason", "task_updated_at"} <= {*names}
    assert "mark" in {field.name for field in storage_of(data).tables["annotations"].delta.schema().fields}


def test_a_project_deleted_after_the_upgrade_takes_no_vote_along(old: OldDesk) -> None:
    old.pull()
    old.store.delete_project(1)
    report = old.pull()
    assert {item.code for item in report.rejections} == {"VOTES_MISSING"}
    assert old.verdicts() == old.told["verdicts"]
