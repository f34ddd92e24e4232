"""Other engines read the tables: DuckDB through SQL, deltalake's own reader."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable

from factcheck import dataset as ds
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.layout import ALL, DATA, Layout
from factcheck.dataset.maintenance import compact
from factcheck.dataset.verify import verify
from tests.dataset.conftest import Rows

# What docs tell people to write: rows count where `versions` names their version and commit.
AS_OF = """
    SELECT claim_id, status, verdict FROM verdicts JOIN versions USING (version, commit_id)
    WHERE version <= ? QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY version DESC) = 1 ORDER BY claim_id
"""


@pytest.mark.parametrize("compacted", [False, True])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_duckdb_reads_the_verdicts_as_of_a_version(three: ds.Dataset, version: int, compacted: bool) -> None:
    if compacted:
        compact(three)
    # A dead writer's row, which the join leaves out.
    table = storage_of(three).tables["verdicts"]
    dead = (
        three.verdict_changes(1).head(1).with_columns(version=pl.lit(3, pl.Int64), commit_id=pl.lit("dead")).collect()
    )
    table.commit([table.write(dead.select(list(DATA["verdicts"].stored)), "00000003")])
    connection = duckdb.connect()
    for name in ("verdicts", "versions"):
        files = DeltaTable(f"{three.uri}/{name}").file_uris()
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files!r})")
    found = connection.execute(AS_OF, [version]).fetchall()
    expected = three.verdicts(version).select("claim_id", "status", "verdict").sort("claim_id").collect().rows()
    assert found == expected
    connection.close()


def test_polars_scan_delta_reads_the_tables(three: ds.Dataset) -> None:
    for name in DATA:
        rows = pl.scan_delta(f"{three.uri}/{name}").drop("commit_id").collect()
        assert rows.height == storage_of(three).scan(name, 3).collect().height
        assert rows.columns == storage_of(three).scan(name, 3).collect_schema().names()


def _block(language: str) -> str:
    page = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text("utf-8")
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_query_of_the_data_model_page_gives_the_verdicts_as_of_a_version(three: ds.Dataset) -> None:
    def scan(found: re.Match[str]) -> str:
        # DuckDB fetches its Delta extension from the network: here deltalake lists the files.
        files = DeltaTable(f"{three.uri}/{found[1]}").file_uris()
        return f"read_parquet({files!r})"

    query, tables = re.subn(r"delta_scan\('dataset/(\w+)'\)", scan, _block("sql"))
    assert tables == 2
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM ({query}) ORDER BY claim_id").fetchall()
    assert found == three.verdicts(3).select("claim_id", "status", "verdict").sort("claim_id").collect().rows()


def test_the_python_of_the_data_model_page_runs(
    three: ds.Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(three.uri)
    monkeypatch.chdir(folder.parent)
    exec(_block("python").replace('"dataset"', repr(folder.name)), {})
    said = capsys.readouterr().out
    assert "article_id" in said
    assert "verified" in said


def _comments(folder: str, table: str) -> dict[str, str]:
    return {one.name: one.metadata.get("comment", "") for one in DeltaTable(f"{folder}/{table}").schema().fields}


@pytest.mark.parametrize("table", [*DATA, "versions", "tags"])
def test_each_column_carries_what_the_data_dictionary_says(three: ds.Dataset, table: str) -> None:
    found = _comments(three.uri, table)
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
    assert all(found.values())
    (section,) = re.findall(rf"^## `{table}`\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    for name in ALL[table].columns:
        (row,) = re.findall(rf"^\| `{name}` \|.*$", section, re.MULTILINE)
        assert found[name].replace("<", "&lt;") in row
    assert DeltaTable(f"{three.uri}/{table}").metadata().description


def test_what_columns_carry_is_in_no_hash(tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for name in ("with", "without"):
        data = ds.open(tmp_path / name, create=True)
        ds.commit(data, articles=rows.articles([1]), claims=rows.claims([1]), cause="pull", now=rows.at(1))
        made.append(data)
        monkeypatch.setattr(Layout, "comments", {})
    commented, plain = made
    assert commented.version() == plain.version()
    assert not any(_comments(plain.uri, "claims").values())
    # One that an older release made goes on as it is, and both are read alike.
    monkeypatch.undo()
    for data in (ds.open(tmp_path / "without"), ds.open(tmp_path / "with")):
        ds.commit(data, claims=rows.claims([2]), articles=rows.articles([2]), cause="pull", now=rows.at(2))
    again = [ds.open(tmp_path / name) for name in ("with", "without")]
    assert again[0].version() == again[1].version()
    assert all(verify(one.uri).ok for one in again)
