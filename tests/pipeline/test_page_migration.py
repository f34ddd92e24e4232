"""The desk of 67c683e gets the checkers' page of today: every vote stays what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factcheck import dataset as dataset_package
from factcheck.errors import LabelConfigChanged
from factcheck.pipeline.migrate import migrate
from factcheck.settings import Settings
from factcheck.studio.page.label_config import label_config
from tests.chaos.schedule import Action
from tests.chaos.storm import weathered
from tests.fake_studio.props import claim_id
from tests.pipeline.test_upgrade import LATER, OldDesk

SAID = ("annotation_key", "claim_id", "state", "choice", "reason", "rationale", "evidence", "confidence",
        "annotator_id", "mark")  # fmt: skip
STRAY = 8
"""The answer that is none: `wahr`, which no config of ours has."""


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldDesk]:
    made = OldDesk(tmp_path)
    yield made
    made.players.close()


def votes(settings: Settings) -> list[tuple[Any, ...]]:
    """What counts of each answer, in the order of the answers."""
    return dataset_package.open(settings.dataset_uri).last_states().sort("created_at").select(SAID).rows()


def migrated(old: OldDesk, **mapping: str) -> int:
    with weathered(old.studio):
        report = migrate(old.settings, project=None, mapping=mapping, dry_run=False, now=LATER, say=print)
    return report.counts["annotations"]


def by_push(old: OldDesk) -> None:
    assert old.push().counts["updated"] == 6


def by_migrate(old: OldDesk) -> None:
    old.store.annotations.pop(STRAY)
    old.store.settle(5)
    assert migrated(old) == 0, "every answer of 67c683e is an answer of today"
    assert old.push().counts["updated"] == 6


@pytest.mark.parametrize("move", [by_push, by_migrate])
def test_every_vote_is_kept(old: OldDesk, move: Callable[[OldDesk], None]) -> None:
    before, verdicts = votes(old.settings), old.verdicts()
    assert len(before) == 7
    results = {number: row["result"] for number, row in old.store.annotations.items() if number != STRAY}
    move(old)
    assert old.store.projects[1]["label_config"] == label_config("en")
    assert {number: row["result"] for number, row in old.store.annotations.items() if number != STRAY} == results
    assert old.pull(full=True).version is None, "nothing is new"
    assert votes(old.settings) == before
    assert old.verdicts() == verdicts
    assert old.well()
    assert old.push().counts["updated"] == 0
    # On the new page votes go on where they were: the contested claim gets its third, with a word of today.
    old.players.do(Action("submit", 2, 1, "unproven", old.store.now))
    old.pull()
    assert votes(old.settings)[: len(before)] == before
    assert len(votes(old.settings)) == len(before) + 1
    assert old.well()


def test_an_answer_that_has_no_place_stops_the_move_and_a_mapped_one_is_the_only_change(old: OldDesk) -> None:
    before, config = votes(old.settings), old.store.projects[1]["label_config"]
    with pytest.raises(LabelConfigChanged, match="wahr"):
        migrated(old)
    assert old.store.projects[1]["label_config"] == config
    assert migrated(old, wahr="verified") == 1
    old.push()
    old.pull(full=True)
    after = votes(old.settings)
    assert after[:7] == before
    assert [row[1:4] for row in after[7:]] == [(claim_id(5), "submitted", "verified")]
    assert old.well()
