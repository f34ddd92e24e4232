from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from factcheck import articles
from factcheck.articles import Ingested

Ingest = Callable[..., Ingested]
ROWS = {
    "title": ["Trees", "برق"],
    "body": ["The mayor said that the city had planted 12,000 trees.", "وزیر گفت: «تولید، ۱۲ درصد\nبیشتر شد»."],
    "outlet": ["Daily", "روزنامه"],
    "published_at": ["2025-11-23", "۱۴۰۴/۰۹/۰۲"],
    "link": ["https://a.example/1", "https://a.example/2"],
    "author": ["Sara Ahmadi", "Sara Ahmadi"],
}


def as_csv(separator: str = ",") -> bytes:
    return pl.DataFrame(ROWS).write_csv(separator=separator, quote_style="always").encode()


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(buffer)
    return buffer.getvalue()


RECORDS = pl.DataFrame(ROWS).to_dicts()
FILES = {
    "a.csv": as_csv(),
    "bom.csv": b"\xef\xbb\xbf" + as_csv(),
    "semicolon.csv": as_csv(";"),
    "excel.csv": b"sep=;\r\n" + as_csv(";"),
    "utf16.csv": as_csv("\t").decode().encode("utf-16"),
    "a.tsv": as_csv("\t"),
    "a.json": json.dumps(RECORDS).encode(),
    "wrapped.json": json.dumps({"count": 2, "articles": RECORDS}).encode(),
    "a.jsonl": "\n".join(map(json.dumps, RECORDS)).encode(),
    "a.parquet": as_parquet(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_table_of_any_form_gives_its_rows_and_says_what_was_guessed(ingest: Ingest, name: str) -> None:
    found = ingest(FILES[name], name)
    assert found.rejected.to_dicts() == []
    assert found.articles["text"].to_list() == ROWS["body"]
    assert found.articles["title"].to_list() == ROWS["title"]
    assert found.articles["publisher"].to_list() == ROWS["outlet"]
    assert found.articles["url"].to_list() == ROWS["link"]
    assert found.articles["published_at"].to_list() == [datetime(2025, 11, 23, tzinfo=UTC)] * 2
    assert {source.rpartition("/")[2] for source in found.articles["source"]} == {name}
    assert any("text=body, title=title" in warning for warning in found.warnings)
    assert "Sara" not in str(found.articles.to_dicts())


def test_columns_in_persian_and_arabic_are_known(ingest: Ingest) -> None:
    assert ingest("عنوان,متن خبر,تاریخ انتشار\nبرق,تولید برق بیشتر شد.,۱۴۰۴/۰۹/۰۲\n", "fa.csv").articles.height == 1
    assert (
        ingest("العنوان;نص الخبر;تاريخ النشر\nخبر;قال الوزير إن الإنتاج ارتفع.;2025-11-23\n", "ar.csv").articles.height
        == 1
    )


def test_columns_that_somebody_named_go_first(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,Lead,x\nnot this one,This is the text of it.,Trees\n", "utf-8")
    found = articles.read([path], now=now, languages=["en"], columns={"text": "lead", "title": "x"})
    assert found.articles["text", "title"].rows() == [("This is the text of it.", "Trees")]
    found = articles.read([path], now=now, languages=["en"], columns={"text": "body"})
    assert found.rejected["code"].to_list() == ["COLUMNS"]
    assert "'body'" in found.rejected["reason"][0]


def test_rows_that_cannot_be_read_are_rejected_and_the_others_read(ingest: Ingest) -> None:
    data = 'title,text\na,"The first text."\nb\n,\nc,"The ""second"" text.",too,many\nd,\ne,"The third text."\nf,"open'
    found = ingest(data, "a.csv")
    assert found.articles["title"].to_list() == ["a", "e"]
    assert found.rejected["code"].to_list() == ["UNREADABLE", "UNREADABLE", "NO_TEXT", "PARTIAL"]
    found = ingest('{"text": "The first text."}\n{broken\n[1]\n{"text": 7}\n{"text": "The last."}\n', "a.jsonl")
    assert found.articles["text"].to_list() == ["The first text.", "The last."]
    assert found.rejected["code"].to_list() == ["UNREADABLE", "UNREADABLE", "UNSUPPORTED"]


def test_markup_in_a_cell_is_read_as_a_page_is(ingest: Ingest) -> None:
    found = ingest('text\n"<p>One &amp; two.</p><script>x()</script><p>Three.</p>"\n', "a.csv")
    assert found.articles["text"].to_list() == ["One & two.\nThree."]
    assert found.articles["warnings"][0].to_list()[0] == "markup_removed"


def test_a_table_of_claims_is_no_table_of_articles(ingest: Ingest) -> None:
    found = ingest("claim,claimant,outlet\nOutput rose by 12 per cent.,The minister,Daily\n", "claims.csv")
    assert found.articles["text", "publisher"].rows() == [("Output rose by 12 per cent.", "Daily")]
    assert any("claim=claim, claimant=claimant" in warning for warning in found.warnings)


def test_numbers_in_a_date_are_seconds_or_milliseconds(ingest: Ingest) -> None:
    rows = [{"text": "One text.", "date": 1763892000}, {"text": "Another text.", "date": 1763892000000}]
    found = ingest(json.dumps(rows), "a.json")
    assert found.articles["published_at"].to_list() == [datetime(2025, 11, 23, 10, tzinfo=UTC)] * 2


PAGE = "<!DOCTYPE html><html><body><article><p>" + "The service is not available. " * 9 + "</p></article></body></html>"


@pytest.mark.parametrize(
    ("name", "data", "code", "hint"),
    [
        ("a.json", PAGE, "UNSUPPORTED", "error page"),
        ("a.csv", PAGE, "UNSUPPORTED", "error page"),
        ("a.srt", PAGE, "UNSUPPORTED", "error page"),
        ("a.pdf", PAGE, "UNSUPPORTED", "error page"),
        ("a.docx", PAGE, "UNSUPPORTED", "error page"),
        ("a.json", "not json at all", "UNREADABLE", "JSON"),
        ("a.json", "[" * 100_000, "TOO_DEEP", "list of objects"),
        ("a.json", '{"a": [1, 2]}', "COLUMNS", "--columns"),
        ("a.json", "[1, 2, 3]", "UNSUPPORTED", "list of objects"),
        ("a.json", '{"@type": "ClaimReview", "claimReviewed": "x"}', "UNSUPPORTED", "factcheck import"),
        ("a.csv", "name,age\nx,1\n", "COLUMNS", "--columns"),
        ("a.csv", "url,title\nhttps://a.example/1,x\n", "COLUMNS", "--urls"),
        ("a.csv", "title,text\n", "EMPTY", "rows"),
        ("a.txt", "title,text,date\nx,y,2025-11-23\n", "UNSUPPORTED", ".csv"),
        ("a.txt", "https://a.example/1\n\nhttps://a.example/2\n", "UNSUPPORTED", "--urls"),
        ("a.txt", "\ufeff# list\nhttps://a.example/1\n", "UNSUPPORTED", "--urls"),
        ("a.pdf", "Just words.", "UNSUPPORTED", "rename"),
        ("a.docx", "Just words.", "UNSUPPORTED", "rename"),
        ("a.parquet", b"PAR1 and no more", "PARTIAL", "again"),
        ("a.parquet", as_parquet()[:200] + b"\0" * 100 + as_parquet()[300:], "UNREADABLE", "again"),
        ("a.csv", as_parquet() + b"", None, ""),
        ("a.json", as_csv(), "UNREADABLE", "JSON"),
    ],
)
def test_no_file_is_read_as_something_it_is_not(
    ingest: Ingest, name: str, data: str | bytes, code: str | None, hint: str
) -> None:
    found = ingest(data, name)
    assert found.rejected["code"].to_list() == ([] if code is None else [code])
    assert code is None or hint in found.rejected["reason"][0]
    assert code is None or found.articles.height == 0
