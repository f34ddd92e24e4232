"""Tables of claims: each row is added as `claim add` adds one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from factcheck import dataset as dataset_package
from factcheck.dataset.verify import verify
from factcheck.models import Report
from factcheck.pipeline import mending
from factcheck.pipeline.changed_texts import Choice
from factcheck.pipeline.claims import claims as cut
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How
from factcheck.pipeline.ingest import ingest, mapping
from factcheck.pipeline.mending import Facts
from factcheck.pipeline.undo import undo
from tests.pipeline.test_regrouping import OldDesk

ROWS: list[dict[str, str | None]] = [
    {
        "claim": "Exports rose by 14 percent in 2024.",
        "claimant": "the minister",
        "outlet": "Channel 1",
        "date": "2025-11-22",
        "url": "https://example.org/v",
    },
    {"claim": "ده هزار نفر آمدند.", "claimant": None, "outlet": "رادیو", "date": None, "url": None},
    {"claim": " ", "claimant": "the mayor", "outlet": None, "date": None, "url": None},
    {"claim": "ده هزار نفر آمدند.", "claimant": "شهردار", "outlet": "رادیو", "date": None, "url": None},
]


@pytest.fixture
def desk(tmp_path: Path) -> OldDesk:
    return OldDesk(tmp_path / "desk", {})


def write(path: Path, rows: list[dict[str, str | None]]) -> str:
    frame = pl.DataFrame(rows, dict.fromkeys(rows[0], pl.String), orient="row")
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".jsonl":
        frame.write_ndjson(path)
    else:
        frame.write_parquet(path)
    return str(path)


def read(desk: OldDesk, *sources: str, columns: str = "") -> Report:
    by = Choice(by="Sara Rezaei")
    named = mapping([columns]) if columns else {}
    return ingest(desk.settings, sources, now=desk.later(), columns=named, changed=by)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_each_row_becomes_the_claim_that_claim_add_makes(desk: OldDesk, tmp_path: Path, suffix: str) -> None:
    table = write(tmp_path / f"claims{suffix}", ROWS)
    report = read(desk, table)
    assert (report.seen, report.accepted, report.rejected) == (4, 2, 2)
    assert (report.counts["new"], report.counts["claims_added"], report.version) == (2, 2, 1)
    assert [one.code for one in report.rejections] == ["NO_TEXT", "DUPLICATE"]
    assert "is the same claim as" in report.rejections[1].reason
    assert report.next_steps == ["factcheck push"]
    data = dataset_package.open(desk.settings.dataset_uri)
    events = data.claim_events().collect()
    assert events["kind"].to_list() == ["add", "add"]
    assert events["who"].n_unique() == 1
    assert sorted(one for made in events["made"] for one in made) == sorted(data.claims().collect()["claim_id"])
    claim = data.claims().filter(pl.col("claimant") == "the minister").collect().row(0, named=True)
    assert (claim["quote"], claim["extractor"], claim["state"]) == (ROWS[0]["claim"], "person", "active")
    facts = Facts("the minister", "Channel 1", "2025-11-22")
    same = mending.add(
        desk.settings, str(ROWS[0]["claim"]), facts, url="https://example.org/v", how=How("Omid"), now=desk.later()
    )
    assert (same.version, same.claims) == (None, [claim["claim_id"]]), "as `claim add` makes it"
    again = read(desk, table)
    assert (again.accepted, again.counts["new"], again.counts["unchanged"], again.version) == (2, 0, 2, None)
    assert verify(desk.settings.dataset_uri).findings == []


def test_what_a_person_took_back_does_not_return_with_the_next_reading(desk: OldDesk, tmp_path: Path) -> None:
    table = write(tmp_path / "claims.csv", ROWS[:2])
    read(desk, table)
    undo(desk.settings, None, how=How("Sara Rezaei"), now=desk.later())
    states = Desk(desk.settings).claims()["state"].to_list()
    assert sorted(states) == ["active", "withdrawn"], "an event each"
    assert read(desk, table).version is None
    assert Desk(desk.settings).claims()["state"].to_list() == states


def test_columns_can_be_named_and_a_text_beside_the_claim_is_an_article(desk: OldDesk, tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [
        {"text": "The minister spoke for an hour.", "claim": "Exports rose by 14 percent."}
    ]
    table = write(tmp_path / "both.csv", rows)
    assert "claims_added" not in read(desk, table).counts
    assert Desk(desk.settings).articles()["text"].to_list() == ["The minister spoke for an hour."]
    named = read(desk, table, columns="claim=claim")
    assert named.counts["claims_added"] == 1
    assert not [said for said in named.warnings if "guessed" in said], "the column of texts was not asked for"
    odd = write(tmp_path / "odd.csv", [{"what": "Imports fell by 3 percent.", "who": "the bank"}])
    assert read(desk, odd, columns="claim=what,claimant=who").counts["claims_added"] == 1
    found = Desk(desk.settings).claims()
    assert found.filter(pl.col("claimant") == "the bank")["quote"].to_list() == ["Imports fell by 3 percent."]


def test_claims_that_say_the_same_are_named(desk: OldDesk, tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [
        {"claim": "Exports rose by 14 percent.", "outlet": "Channel 1"},
        {"claim": "Exports rose by 14 percent.", "outlet": "Channel 2"},
    ]
    report = read(desk, write(tmp_path / "claims.csv", rows))
    assert report.counts["claims_added"] == 2
    assert [said for said in report.warnings if said.startswith("1 claim says the same as another one: clm_")]
    assert Desk(desk.settings).claims()["group_id"].n_unique() == 1


def test_articles_that_wait_for_claims_still_do_after_one_was_added(desk: OldDesk, tmp_path: Path) -> None:
    article = tmp_path / "news.txt"
    article.write_text("The minister said exports rose by 14 percent to 3.5 billion dollars in 2024.\n", "utf-8")
    read(desk, str(article), write(tmp_path / "claims.csv", ROWS[:2]))
    mending.add(desk.settings, "5,000 people came.", Facts(), url=None, how=How(None), now=desk.later())
    report, _ = cut(desk.settings, show=0, now=desk.later())
    assert (report.counts["articles"], report.accepted) == (1, 1)
