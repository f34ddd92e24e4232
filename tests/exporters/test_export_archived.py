"""Evidence that is a copy in a public web archive: the copy's address beside that of what was copied."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl

from factcheck.exporters import lint, render
from factcheck.importers.claimreview import read_review
from tests.exporters.export_rows import CONTEXT, row, rows

PAGE = "https://stats.example/t?y=1404"
WAYBACK = f"https://web.archive.org/web/20260102030405/{PAGE}"
SHORT = "https://archive.ph/AbC12"
LINES = [f"{WAYBACK} | data | table 3", SHORT, "https://news.example/1", "own check | we asked"]


def exported(what: str) -> bytes:
    return render(rows(row(evidence=LINES)), what, CONTEXT).files[0].content


def test_nested_sources_have_the_original_and_where_it_is_archived() -> None:
    record = json.loads(exported("jsonl").decode().splitlines()[0])
    assert record["evidence"] == LINES
    assert record["sources"] == [
        {"url": PAGE, "kind": "data", "quote": "table 3", "archived_url": WAYBACK},
        {"url": SHORT, "kind": None, "quote": None, "archived_url": SHORT},
        {"url": "https://news.example/1", "kind": None, "quote": None, "archived_url": None},
        {"url": None, "kind": "own_check", "quote": "we asked", "archived_url": None},
    ]
    assert pl.read_parquet(io.BytesIO(exported("parquet")))["sources"].to_list()[0] == record["sources"]


def test_a_table_has_the_addresses_as_they_were_given() -> None:
    (line,) = pl.read_csv(exported("csv"))["evidence_urls"].to_list()
    assert line.split("\n") == [WAYBACK, SHORT, "https://news.example/1"]


def review() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exported("claimreview"))["dataFeedElement"][0]["item"][0]
    return found


def refused(document: dict[str, Any]) -> list[tuple[str, lint.Path]]:
    found = lint.check(lint.reviews({"@context": "https://schema.org", **document})[0][0], site=None, page=None)
    return [(one.id, one.path) for one in found if one.rule.exports == "refuse"]


def test_a_claimreview_cites_the_original_and_says_where_it_is_archived() -> None:
    document = review()
    assert document["citation"] == [
        {"@type": "CreativeWork", "url": PAGE, "archivedAt": WAYBACK},
        SHORT,
        "https://news.example/1",
    ]
    assert refused(document) == []


def test_an_archived_address_that_is_none_is_found_by_the_linter() -> None:
    document = {"@context": "https://schema.org", **review()}
    document["citation"][0]["archivedAt"] = "web.archive.org/web/2026/x"
    assert refused(document) == [("URL_OTHER", ("citation", 0, "archivedAt"))]


def test_our_own_reviews_are_read_back_with_the_copy_that_was_seen() -> None:
    draft = read_review(review(), "a review")
    assert getattr(draft, "evidence", None) == (WAYBACK, SHORT, "https://news.example/1")
