"""`claims` of many articles: the same claims, groups and counts whatever the batches are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from factcheck import settings
from factcheck.models import Report
from factcheck.pipeline import cutting
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REPORT = (
    "The minister said on Monday that {} million people had work in 2024. Why is that?\nPrices rose by {} per cent.\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> settings.Settings:
    """A desk with 30 articles; the same sentences stand in several of them."""
    init(tmp_path / "desk", name="Desk", language="en", url="https://desk.example", force=False)
    made = settings.load(tmp_path / "desk", {})
    news = tmp_path / "news"
    news.mkdir()
    for n in range(30):
        (news / f"{n:02}.txt").write_text(f"Report {n}\n\n{REPORT.format(n % 11, n % 4)}", "utf-8")
    ingest(made, [str(news)], now=NOW)
    return made


def _outcome(
    desk: settings.Settings, monkeypatch: pytest.MonkeyPatch, size: int
) -> tuple[pl.DataFrame, Report, pl.DataFrame]:
    monkeypatch.setattr(cutting, "ARTICLES", size)
    report, best = claims(desk, show=5, now=NOW)
    return Desk(desk).staging.claims(), report.model_copy(update={"seconds": 0.0}), best


def test_batches_make_no_difference(desk: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, report, best = _outcome(desk, monkeypatch, 1000)
    for size in (1, 7, 20):
        rows, told, others = _outcome(desk, monkeypatch, size)
        assert rows.equals(whole)
        assert told == report
        assert others.equals(best)
    worth = whole.filter(pl.col("check_worthiness") >= desk.claims.min_check_worthiness)
    assert report.counts["worth_checking"] == worth.height
    assert report.counts["different"] == worth["group_id"].n_unique() < worth.height
    first = worth.unique("group_id", keep="first", maintain_order=True)
    assert best.equals(first.sort("check_worthiness", descending=True, maintain_order=True).head(5))


def test_claims_that_were_sent_stay_in_every_batch(desk: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    claims(desk, show=0, now=NOW)
    opened = Desk(desk)
    before = opened.staging.claims()
    opened.workspace.remember_pushed("main", before["group_id"].unique().sort().head(6).to_list())
    sent = before.filter(pl.col("group_id").is_in(before["group_id"].unique().sort().head(6).implode()))
    found = []
    for size in (1000, 1, 7):
        monkeypatch.setattr(cutting, "ARTICLES", size)
        claims(desk, show=0, now=NOW)
        found.append(opened.staging.claims())
        assert found[-1].head(sent.height)["claim_id"].sort().equals(sent["claim_id"].sort())
        assert found[-1]["claim_id"].sort().equals(before["claim_id"].sort())
    assert found[0].sort("claim_id").equals(found[1].sort("claim_id"))
    assert found[0].sort("claim_id").equals(found[2].sort("claim_id"))
