"""The three real articles that lie beside the repository, against what was read from them by hand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factcheck import articles
from factcheck.folding import match_key

NEWS = Path(__file__).parents[3] / "shared" / "data" / "news"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not NEWS.is_dir(), reason="the evaluation data ../shared/data/news is not there"),
]


@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((NEWS / "gold_open.json").read_text("utf-8"))
    return data


def rows(now: datetime) -> dict[str, dict[str, Any]]:
    found = articles.read(sorted(NEWS.glob("*.txt")), now=now, languages=["fa", "ar", "en"])
    assert found.rejected.height == 0
    return {Path(row["source"]).name: row for row in found.articles.to_dicts()}


def test_languages_dates_and_slices(gold: dict[str, Any], now: datetime) -> None:
    found = rows(now)
    assert sorted(found) == sorted(gold["files"])
    for name, about in gold["files"].items():
        row, expected = found[name], about["articles"][0]
        assert [row["lang"]] == about["languages"]
        assert (row["published_at"] and row["published_at"].date().isoformat()) == expected["publication_date"]
        text = (NEWS / name).read_bytes().decode()
        assert text[row["source_start"] :] == row["text"]


def test_publishers_and_source_chains(gold: dict[str, Any], now: datetime) -> None:
    found = rows(now)
    for name, about in gold["files"].items():
        row, expected = found[name], about["articles"][0]
        # The gold writes "Tabnak (تابناک)": the name in the article's own script stands in brackets where it has one.
        assert match_key(row["publisher"]) in match_key(expected["publisher"])
        second = expected["source_chain"][1]
        if "(" in second:
            assert match_key(row["source_chain"][1]) in match_key(second)
    assert [match_key(name) for name in found["interview_fa_full.txt"]["source_chain"]] == [
        match_key(name) for name in ["تابناک", "ایسنا", "سفارت ایران در روسیه", "شبکه پرستیوی"]
    ]
    assert found["interview_ar_2023.txt"]["source_chain"] == ["العالم", "صحيفة إزفستيا"]


def test_gold_claims_stand_where_the_gold_says(gold: dict[str, Any], now: datetime) -> None:
    found = rows(now)
    for claim in gold["claims"]:
        row = found[claim["file"]]
        shift = row["source_start"]
        assert row["text"][claim["start"] - shift : claim["end"] - shift] == claim["sentence"]
