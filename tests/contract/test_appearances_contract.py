"""One task a group with all its places: a new one and a merge change the task, and no answer that stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck.models import Choice
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.match import refuse
from factcheck.pipeline.mending import merge, withdraw
from factcheck.pipeline.undo import undo
from factcheck.studio.api.client import Client
from factcheck.studio.page.task_words import TASK_WORDS
from tests.contract.conftest import Studio
from tests.contract.test_queue_contract import ARTICLES, Office

WATER = ARTICLES["water.txt"]
AGAIN = (
    "The minister said that the reservoirs of the country hold 210 million cubic metres, 30 percent less than in 2023."
)


@pytest.fixture
def office(tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Office:
    @contextmanager
    def client(_desk: Desk, **_patience: Any) -> Iterator[Client]:
        yield studio.client

    monkeypatch.setattr(Desk, "client", client)
    return Office(tmp_path, studio)


def appears(office: Office, outlet: str, text: str) -> None:
    path = office.folder / f"{outlet}.html"
    path.write_text(
        f'<html lang="en"><head><meta property="og:site_name" content="{outlet}"><title>News of {outlet}</title></head>'
        f"<body><article><p>{text}</p></article></body></html>",
        "utf-8",
    )
    ingest(office.settings, [str(path)], now=office.tick())
    claims(office.settings, show=0, now=office.tick())


def group_of(text: str, office: Office) -> str:
    found = Desk(office.settings).claims().filter(pl.col("quote") == text)
    assert found["group_id"].n_unique() == 1
    return str(found["group_id"][0])


def answers(office: Office, claim: str) -> list[tuple[Any, ...]]:
    """Each answer on the claim's task as the server has it: ids, people, moments and what was chosen."""
    found = office.task("main", claim)["annotations"]
    return sorted((one["id"], one["completed_by"], one["updated_at"], str(one["result"])) for one in found)


def test_a_new_place_changes_the_task_and_no_answer_on_it(office: Office) -> None:
    appears(office, "Morning", WATER)
    office.push()
    claim = group_of(WATER, office)
    tasks = office.tasks("main")
    assert len(tasks) == 3
    assert "Morning" in office.task("main", claim)["data"]["about"]
    anahita, basma, _ = office.studio.checkers
    anahita.submit(tasks[claim], "verified", rationale="Seen.")
    before = answers(office, claim)
    appears(office, "Evening", WATER)
    assert office.plan().report.counts == {"update": 1, "unchanged": 2}
    assert office.push().counts["updated"] == 1
    after = office.task("main", claim)["data"]["about"]
    assert all(outlet in after for outlet in ("Morning", "Evening"))
    assert office.tasks("main") == tasks
    assert answers(office, claim) == before
    basma.submit(tasks[claim], "verified")
    assert office.pull().rejected == 0
    assert office.status(claim) == ("decided", "verified")
    appears(office, "Night", WATER)
    assert office.push().counts["updated"] == 1
    assert office.pull().counts["events"] == 0
    assert office.status(claim) == ("decided", "verified")
    assert office.push().counts["unchanged"] == 3


def test_a_merge_keeps_the_votes_of_both_and_says_so_and_undone_they_are_where_they_were(office: Office) -> None:
    appears(office, "Morning", AGAIN)
    office.push()
    one, other = group_of(WATER, office), group_of(AGAIN, office)
    assert one != other
    tasks = office.tasks("main")
    anahita, basma, _ = office.studio.checkers
    anahita.submit(tasks[one], "verified")
    basma.submit(tasks[other], "verified")
    office.pull()
    assert (office.status(one)[0], office.status(other)[0]) == ("single", "single")
    before = answers(office, one), answers(office, other)
    done = merge(office.settings, [one, other], how=How("Mina", None, yes=True), now=office.tick())
    assert done.votes == 2
    kept = next(
        row["claim_id"]
        for row in (Desk(office.settings).dataset.verdicts().collect().to_dicts())
        if row["n_votes"] == 2
    )
    assert office.status(kept) == ("decided", Choice.VERIFIED)
    left = other if kept == one else one
    report = office.push()
    assert (report.counts["updated"], report.counts["retired"], report.counts["created"]) == (1, 1, 0)
    assert office.tasks("main") == tasks
    assert "Morning" in office.task("main", kept)["data"]["about"]
    assert office.task("main", left)["is_labeled"] is True
    assert (answers(office, one), answers(office, other)) == before
    assert office.pull().counts["events"] == 0
    assert office.status(kept) == ("decided", "verified")
    undo(office.settings, None, how=How("Mina", None, yes=True), now=office.tick())
    office.push()
    assert (office.status(one)[0], office.status(other)[0]) == ("single", "single")
    assert (answers(office, one), answers(office, other)) == before
    assert office.task("main", left)["is_labeled"] is False


def test_claims_with_other_figures_stand_on_each_others_tasks_until_one_goes(office: Office) -> None:
    appears(office, "Morning", WATER.replace("210", "230"))
    office.push()
    one, other = group_of(WATER, office), group_of(WATER.replace("210", "230"), office)
    label = TASK_WORDS["fa"].other_figures
    assert "230" in office.task("main", one)["data"]["about"].split(label)[1]
    assert "210" in office.task("main", other)["data"]["about"].split(label)[1]
    assert office.push().counts["unchanged"] == 4
    anahita, _, _ = office.studio.checkers
    anahita.submit(office.tasks("main")[one], "verified")
    before = answers(office, one)
    office.pull()
    withdraw(office.settings, other, how=How("Mina", "satire", yes=True), now=office.tick())
    report = office.push()
    assert (report.counts["updated"], report.counts["retired"]) == (1, 1)
    assert label not in office.task("main", one)["data"]["about"]
    assert answers(office, one) == before
    assert office.pull().counts["events"] == 0


def test_a_pair_that_was_refused_is_not_on_the_tasks(office: Office) -> None:
    appears(office, "Morning", WATER.replace("210", "230"))
    one, other = group_of(WATER, office), group_of(WATER.replace("210", "230"), office)
    refuse(office.settings, (one, other), why=None, now=office.tick())
    office.push()
    for claim in (one, other):
        assert TASK_WORDS["fa"].other_figures not in office.task("main", claim)["data"]["about"]
