"""CSV, JSONL and Parquet: what goes in comes out, and nothing in a table runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.exporters import Profile, render, view
from factcheck.exporters.as_csv import unguarded
from factcheck.exporters.view import SCHEMA
from tests.exporters.export_rows import CONTEXT, TEXTS, appearance, row, rows
from tests.golden.export_release import release

QUOTES = Profile(name="quotes", format="csv", columns=["quote", "claimant", "title"])
ROWS = st.lists(
    st.builds(row, quote=TEXTS.filter(bool), claimant=st.none() | TEXTS, title=st.none() | TEXTS),
    min_size=1,
    max_size=4,
)


def content(frame: pl.DataFrame, profile: Profile | str) -> bytes:
    (file,) = render(frame, profile, CONTEXT).files
    return file.content


@given(items=ROWS)
def test_csv_gives_every_text_back(items: list[dict[str, Any]]) -> None:
    frame = rows(*items)
    cells = pl.read_csv(content(frame, QUOTES), infer_schema=False).select("quote", "claimant", "title")
    assert cells.with_columns(unguarded(pl.all())).equals(frame.select("quote", "claimant", "title"))


@given(items=ROWS)
def test_csv_holds_no_formula_and_reads_alike_elsewhere(items: list[dict[str, Any]]) -> None:
    text = content(rows(*items), QUOTES).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(table) == len(items) + 1
    for item, cells in zip(items, table[1:], strict=True):
        assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in cells)
        assert cells[0].removeprefix("'") == item["quote"]
        assert cells[3] == "7"


@pytest.mark.parametrize("opening", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"])
def test_csv_guards_each_opening(opening: str) -> None:
    frame = rows(row(quote=opening, rationales=[opening]))
    profile = Profile(name="q", format="csv", columns=["quote", "rationales"])
    assert content(frame, profile).decode("utf-8-sig").split("\r\n", 1)[1].startswith(f'"\'{opening}","\'{opening}"')


def test_csv_is_what_excel_and_rfc_4180_ask_for() -> None:
    raw = content(rows(row(quote='a "b"\nc', claimant="", agreement=None)), Profile(name="q", format="csv"))
    assert raw.startswith("\ufeff".encode())
    text = raw.decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert '"a ""b""\nc"' in text
    assert ',"2026-11-20T09:30:00Z",' in text
    cells = next(csv.DictReader(io.StringIO(text, newline="")))
    assert cells["agreement"] == ""
    assert cells["dataset_hash"] == CONTEXT.version_hash
    assert (cells["verdict"], cells["verdict_label"]) == ("verified", "درست / تأیید شد")


def test_lists_are_lines_and_appearances_are_counted() -> None:
    copies = [appearance(), appearance(publisher="Other", url=None), appearance(url="https://b.example.com/2")]
    text = content(rows(row(appearances=copies, evidence=["p. 3", "https://x.example"])), "csv").decode("utf-8-sig")
    cells = next(csv.DictReader(io.StringIO(text, newline="")))
    assert cells["evidence"] == "p. 3\nhttps://x.example"
    assert cells["n_appearances"] == "3"
    assert cells["publishers"] == "The Example\nOther"
    assert cells["appearance_urls"] == "https://news.example.com/1\nhttps://b.example.com/2"


@given(items=st.lists(st.builds(row, quote=TEXTS.filter(bool), rationales=st.lists(TEXTS, max_size=3)), max_size=4))
def test_jsonl_gives_every_text_back_a_line_each(items: list[dict[str, Any]]) -> None:
    raw = content(rows(*items), "jsonl").decode()
    lines = raw.splitlines()
    assert len(lines) == len(items)
    for item, line in zip(items, lines, strict=True):
        found = json.loads(line)
        assert (found["quote"], found["rationales"]) == (item["quote"], item["rationales"])
        assert found["appearances"][0]["published_at"] == "2026-11-20T09:30:00+00:00"
        dataset = ["dataset_version", "dataset_tag", "dataset_hash", "dataset_committed_at"]
        assert list(found) == [*SCHEMA, "sources", *dataset]
        assert (found["dataset_version"], found["dataset_tag"]) == (7, "week-47")


@given(items=st.lists(st.builds(row, quote=TEXTS.filter(bool), claimant=st.none() | TEXTS), max_size=4))
def test_parquet_gives_the_view_back(items: list[dict[str, Any]]) -> None:
    frame = rows(*items)
    assert pl.read_parquet(content(frame, "parquet")).select(list(SCHEMA)).equals(frame)


def test_parquet_names_its_version_and_opens_in_duckdb(tmp_path: Path) -> None:
    frames = release()
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    (file,) = render(rows_, "parquet", frames.context).files
    metadata = pl.read_parquet_metadata(io.BytesIO(file.content))
    assert metadata["factcheck.dataset_version"] == "3"
    assert metadata["factcheck.dataset_hash"] == frames.context.version_hash
    path = tmp_path / file.name
    path.write_bytes(file.content)
    with duckdb.connect() as database:
        found = database.execute(
            "select lang, count(*), min(dataset_version), max(len(appearances)) from read_parquet(?) "
            "where quote like '%۱۴۰۴%' or status = 'contested' group by lang order by lang",
            [str(path)],
        ).fetchall()
    assert found == [("en", 1, 3, 1), ("fa", 1, 3, 2)]
