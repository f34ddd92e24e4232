"""The status history keeps what readers were shown of a claim, also when the claim has gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck import dataset as ds
from factcheck.dataset.release import release
from factcheck.dataset.status_history import SCHEMA
from factcheck.frames import from_records

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


def row(dataset: ds.Dataset, rows: Rows, number: int, as_of: int | None = None) -> dict[str, Any]:
    found = dataset.status_history(as_of)
    assert found.schema == SCHEMA
    (one,) = [item for item in found.to_dicts() if item["claim_id"] == rows.claim(number).claim_id]
    return one


def test_first_latest_and_current_are_told_apart(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    one = row(three, rows, 0)
    assert (one["first_verdict"], one["first_version"]) == ("verified", 1)
    assert (one["latest_verdict"], one["latest_version"]) == ("verified", 3)
    assert (one["current_status"], one["current_verdict"], one["state"]) == ("decided", "verified", "active")
    assert one["first_at"] == three.versions()["committed_at"][0]
    assert one["latest_at"] == three.versions()["committed_at"][2]
    assert one["n_corrections"] == 0, "nothing was released"
    # As of version 2 claim 0 was disputed, and claim 1 had lost the verdict that it had.
    assert row(three, rows, 0, 2)["latest_verdict"] == "disputed"
    fell = row(three, rows, 1)
    assert (fell["first_verdict"], fell["latest_verdict"], fell["current_verdict"]) == ("verified", "verified", None)
    assert fell["current_status"] not in {"decided", "unproven"}
    release(three, "r", tmp_path, as_of=1, publisher="Desk", licence="CC0-1.0", now=rows.at(90))
    assert row(three, rows, 1)["n_corrections"] == 1


def test_a_row_stays_after_a_withdrawal_and_says_so(three: ds.Dataset, rows: Rows) -> None:
    ds.commit(three, claims=rows.claims([0], state="withdrawn"), cause="withdraw", now=rows.at(91))
    one = row(three, rows, 0)
    assert (one["state"], one["current_status"], one["current_verdict"]) == ("withdrawn", "withdrawn", None)
    assert (one["current_version"], one["latest_verdict"], one["latest_version"]) == (4, "verified", 3)
    ds.commit(three, claims=rows.claims([0]), cause="undo", now=rows.at(92))
    assert row(three, rows, 0)["state"] == "active"
    assert row(three, rows, 0, 4)["state"] == "withdrawn"


def test_a_claim_that_went_into_another_group_is_merged(three: ds.Dataset, rows: Rows) -> None:
    group = rows.claim(1).claim_id
    moved = rows.claim(0).model_copy(update={"group_id": group})
    ds.commit(three, claims=from_records(type(moved), [moved]), cause="merge", now=rows.at(91))
    one = row(three, rows, 0)
    assert (one["state"], one["merged_into"], one["current_verdict"]) == ("merged", group, None)
    assert one["first_verdict"] == "verified"


def test_what_never_had_a_result_has_no_row(dataset: ds.Dataset, rows: Rows) -> None:
    assert dataset.status_history().is_empty()
    ds.commit(dataset, articles=rows.articles([0]), claims=rows.claims([0]), cause="ingest", message="", now=rows.at(1))
    assert dataset.status_history().is_empty()
    assert dataset.status_history().schema == SCHEMA
