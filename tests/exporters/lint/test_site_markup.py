"""The ClaimReview on each page of the site, and in the files for one reader: lint, JSON Schema, linked data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters import find, lint, render
from tests.exporters.export_rows import CONTEXT, TEXTS, row, rows
from tests.exporters.lint.test_own_markup import VALID, lost

# What rdflib's own parser does inside.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

EXPORTS = Path(__file__).parents[3] / "exports"
SITE = EXPORTS / "public-site" / "sample" / "public-site-pages"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PAGES = sorted(path for path in SITE.rglob("*.html") if "ld+json" in path.read_text("utf-8"))
FEED = EXPORTS / "claimreview-labeler" / "sample" / "claimreview-labeler-v3.jsonld"


def faults(document: dict[str, Any], site: str) -> list[str]:
    """What lint, schema or linked data have against the document."""
    found, others = lint.reviews(document)
    judged = lint.together(lint.judge("", None, found, site=site, page=None))
    said = [one.id for item in judged for one in item.findings if one.rule.exports == "refuse"]
    said += [one.reason for one in others]
    said += [error.message for error in VALID.iter_errors(document)]
    return said + [f"lost: {name}" for name in lost(document)]


def reviews(page: str) -> list[dict[str, Any]]:
    return [json.loads(script) for script in SCRIPT.findall(page)]


def test_the_sample_has_pages_with_a_review() -> None:
    assert len(PAGES) == 7


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_of_the_site_has_one_review_without_fault(path: Path) -> None:
    (document,) = reviews(path.read_text("utf-8"))
    assert document["@type"] == "ClaimReview"
    assert faults(document, "https://desk.example.org") == []


def test_the_labelers_feed_is_valid_and_whole_as_linked_data() -> None:
    document = json.loads(FEED.read_text("utf-8"))
    assert len(document["dataFeedElement"]) == 6
    assert list(VALID.iter_errors(document)) == []
    assert lost(document) == set()


WORDS = TEXTS.filter(lambda text: any(map(str.isalpha, text)))


@settings(max_examples=100)
@given(WORDS, st.none() | WORDS, st.lists(WORDS, max_size=2), st.none() | WORDS)
def test_any_words_make_a_page_with_one_review_without_fault_or_none(
    quote: str, claimant: str | None, notes: list[str], title: str | None
) -> None:
    item = row(quote=quote, claimant=claimant, rationales=notes, title=title, evidence=["https://a.example/1"])
    context = replace(CONTEXT, desk_url="https://desk.example.org")
    done = render(rows(item), find("public-site", None), context)
    assert done.folder is not None
    pages = [page.make().decode() for page in done.folder.pages if page.name.startswith("claims/")]
    found = [document for page in pages for document in reviews(page)]
    assert len(found) == 1 or any("has no ClaimReview" in note for note in done.folder.notes)
    for document in found:
        assert faults(document, "https://desk.example.org") == []
