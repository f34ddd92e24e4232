"""The page on Python runs, block after block, on a desk with two versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import factcheck
from tests.pipeline.test_judging import D, Team, V

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def run_blocks(page: str, n_blocks: int) -> dict[str, Any]:
    """The names that a page's blocks leave behind, run one after the other in the present folder."""
    text = (PAGE.parent / page).read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == n_blocks
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    return names


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    monkeypatch.chdir(tmp_path)
    return Team(tmp_path)


def test_the_blocks_of_the_page_run(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    team.vote({(1, 1): V, (1, 2): D}, hours=2)
    run_blocks("python.md", 2)
    said = capsys.readouterr().out
    assert "Dataset(میز, 2 versions, 3 claims, 1 decided)" in said
    assert said.rstrip().endswith("write 2026-11-27")


def test_the_queries_of_the_data_page_run(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    team.vote({(0, 1): D, (0, 2): D}, hours=2)
    names = run_blocks("data.md", 2)
    told = names["told"].select("claim_id", "status", "verdict").sort("claim_id")
    mine = names["factcheck"].open("dataset").table().select("claim_id", "status", "verdict").sort("claim_id")
    assert told.with_columns(pl.col("status").fill_null("unreviewed")).equals(mine)
    assert "disputed" in told["verdict"].to_list()
    assert "decided       1" in capsys.readouterr().out


def test_the_query_for_duckdb_says_what_polars_says(team: Team) -> None:
    team.vote({(0, 1): V, (0, 2): V, (1, 1): V}, hours=1)
    team.vote({(0, 1): D, (0, 2): D}, hours=2)
    (query,) = re.findall(r"^```sql\n(.*?)^```", (PAGE.parent / "data.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    connection = duckdb.connect()
    # The extension is downloaded when it is first used; no version here was compacted, so every file counts.
    connection.execute("CREATE MACRO delta_scan(place) AS TABLE SELECT * FROM read_parquet(place || '/*.parquet')")
    told = sorted(connection.execute(query).fetchall())
    connection.close()
    table = factcheck.open("dataset").table().select("claim_id", "quote", "status", "verdict")
    mine = sorted(table.with_columns(pl.col("status").replace("unreviewed", None)).iter_rows())
    assert told == mine
    assert [row[2:] for row in told if row[3]] == [("decided", "disputed")]
    assert ("single", None) in [row[2:] for row in told]


def test_every_method_stands_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    names = {name for name in vars(factcheck.Dataset) if not name.startswith("_")} - {
        "open",
        "name",
        "uri",
        "id",
        "head",
    }
    assert {name for name in names if f"`{name}" not in text} == set()
