"""Unproven, reasons and evidence lines in what is published."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from factcheck.exporters import Exported, Profile, labels, lint, render
from factcheck.exporters.profiles import ClaimReviewOptions
from factcheck.importers import documents
from factcheck.languages import SPOKEN, Language
from factcheck.models import Reason
from tests.exporters.export_rows import CONTEXT, row, rows

UNPROVEN: dict[str, Any] = {"status": "unproven", "verdict": None, "n_verified": 0, "n_unproven": 2}
UNPROVEN |= {"first_published_at": None, "modified_at": None}


def exported(item: dict[str, Any], language: Language = "en", **options: Any) -> Exported:
    profile = Profile(
        name="claimreview", format="claimreview", language=language, claimreview=ClaimReviewOptions(**options)
    )
    return render(rows(item), profile, replace(CONTEXT, desk_url="https://desk.example.org"))


def document(done: Exported) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.files[1].content)
    return found


def test_an_unproven_claim_is_published_only_where_the_profile_says_so() -> None:
    silent = exported(row(**UNPROVEN))
    assert (silent.accepted, silent.rejected["code"].to_list()) == (0, ["UNPROVEN"])
    open_claim = exported(row(**UNPROVEN | {"status": "contested"}), unproven=True)
    assert open_claim.rejected["code"].to_list() == ["NO_VERDICT"]


@pytest.mark.parametrize(("language", "word"), [("en", "Unproven"), ("fa", "اثبات‌نشدنی"), ("ar", "غير مثبت")])
def test_its_rating_is_a_word_without_a_number(language: Language, word: str) -> None:
    told = document(exported(row(**UNPROVEN), language, unproven=True, ratings={"verified": 5, "disputed": 1}))
    assert told["reviewRating"] == {"@type": "Rating", "alternateName": word}
    assert told["datePublished"] == told["dateModified"] == "2026-11-20T09:30:00+00:00"
    found = lint.check(lint.reviews(told)[0][0], site="https://desk.example.org", page=None)
    assert [one.id for one in found if one.rule.exports == "refuse"] == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, ("False or misleading", labels.VERDICTS["disputed"]["fa"], labels.VERDICTS["disputed"]["ar"])),
        ("false", ("False", "نادرست", "زائف")),
        ("misleading", ("Misleading", "گمراه‌کننده", "مضلل")),
        ("partly_true", ("Partly true", "نیمه‌درست", "صحيح جزئياً")),
    ],
)
def test_a_reason_gives_the_precise_word(reason: str | None, words: tuple[str, str, str]) -> None:
    languages: tuple[Language, ...] = ("en", "fa", "ar")
    item = row(verdict="disputed", reason=reason)
    told = [document(exported(item, language, ratings={"disputed": 2})) for language in languages]
    assert tuple(one["reviewRating"]["alternateName"] for one in told) == words
    assert {one["reviewRating"]["ratingValue"] for one in told} == {2}


@pytest.mark.parametrize("reason", [None, *Reason])
@pytest.mark.parametrize("language", SPOKEN)
def test_every_word_that_we_publish_is_understood_by_our_import(reason: str | None, language: Language) -> None:
    text = json.dumps(
        {"@context": "https://schema.org", **document(exported(row(verdict="disputed", reason=reason), language))}
    )
    found = documents.read(text, subject="x", own={}, unguarded=lambda cell: cell)
    assert found.decisions["verdict"].to_list() == ["disputed"]


def test_an_unproven_claim_goes_out_and_comes_back() -> None:
    csv = render(rows(row(**UNPROVEN)), "csv", CONTEXT).files[0].content.decode("utf-8-sig")
    found = documents.read(csv, subject="x", own={}, unguarded=lambda cell: cell)
    assert (found.decisions["verdict"].to_list(), found.rejected.height) == (["unproven"], 0)


PASTED = [
    "\u202ahttps://a.example/1\u202c | آمار | جدول ۳",
    "https://a.example/2\u200e",
    "\u200fhttps://a.example/3، https://a.example/4",
    "(https://a.example/5).",
    "own check | we asked",
]
URLS = [f"https://a.example/{number}" for number in range(1, 6)]


def test_what_people_paste_around_addresses_breaks_no_link() -> None:
    item = row(evidence=PASTED)
    assert document(exported(item))["citation"] == URLS
    record = json.loads(render(rows(item), "jsonl", CONTEXT).files[0].content)
    assert [one["url"] for one in record["sources"]] == [*URLS, None]
    assert record["sources"][0] == {"url": URLS[0], "kind": "data", "quote": "جدول ۳", "archived_url": None}
    assert record["sources"][-1] == {"url": None, "kind": "own_check", "quote": "we asked", "archived_url": None}
    assert record["evidence"][:2] == ["https://a.example/1 | آمار | جدول ۳", "https://a.example/2"]
    parquet = pl.read_parquet(io.BytesIO(render(rows(item), "parquet", CONTEXT).files[0].content))
    assert parquet["sources"].to_list()[0] == record["sources"]
    csv = pl.read_csv(io.BytesIO(render(rows(item), "csv", CONTEXT).files[0].content))
    assert csv["evidence_urls"][0].split("\n") == URLS
    assert csv["evidence_kinds"][0].split("\n") == ["داده", "بررسی خودمان"]
    assert not set("\u200e\u200f\u202a\u202c") & set(csv["evidence"][0])


def test_only_lines_that_name_no_address_are_told() -> None:
    notes = exported(row(evidence=[*PASTED, "سالنامهٔ آماری"])).notes
    assert next(note for note in notes if "name no web address" in note).startswith("2 evidence entries")
