"""Editors' words in what readers get: where somebody signed them, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from factcheck.exporters import Profile, editorial, labels, render
from factcheck.exporters.profiles import ClaimReviewOptions
from factcheck.languages import SPOKEN
from factcheck.models import EditorialState
from tests.exporters import export_rows, site_rows
from tests.exporters.export_rows import CONTEXT, row, rows

WORDS = {
    "claim_reviewed": "The bridge of Khaju has 12 arches",
    "headline": "It has 23 arches",
    "summary": "The ministry's own drawing shows 23 of them.",
    "page_url": "https://example.org/2026/khaju",
    "topic": "Monuments",
}
SITE = Profile(name="site", format="site")


def told(state: str | None, **values: Any) -> dict[str, Any]:
    return row(**(WORDS | values), editorial_state=state, rationales=["a rationale"])


def review(state: str | None, **values: Any) -> dict[str, Any]:
    profile = Profile(name="x", format="claimreview", claimreview=ClaimReviewOptions(feed=False))
    done = render(rows(told(state, **values)), profile, CONTEXT)
    assert done.rejected.is_empty(), done.rejected.to_dicts()
    found: dict[str, Any] = json.loads(done.files[0].content)
    return found


@pytest.mark.parametrize("state", [None, *EditorialState])
def test_a_claimreview_has_signed_words_alone(state: str | None) -> None:
    found = review(state)
    signed = state in editorial.SIGNED
    assert found["claimReviewed"] == (WORDS["claim_reviewed"] if signed else "The bridge has 12 arches.")
    assert found.get("headline") == (WORDS["headline"] if signed else None)
    assert found["reviewBody"] == (WORDS["summary"] if signed else "a rationale")
    # A review is known by its address, which must not change while an editor looks at the new verdict.
    own = signed or state == EditorialState.NEEDS_REVIEW
    assert found["url"] == (WORDS["page_url"] if own else f"https://example.org/claims/clm_{'0' * 20}")


def test_words_that_would_break_the_markup_stand_in_it_as_words() -> None:
    hostile = '</script><b>\u2028"x"\n=1+1'
    found = review("published", claim_reviewed=hostile, headline=hostile, summary=hostile)
    assert found["summary" if "summary" in found else "reviewBody"] == hostile
    assert found["headline"] == found["claimReviewed"] == '</script><b> "x" =1+1'


@pytest.mark.parametrize("state", [None, *EditorialState])
def test_a_page_of_the_site_has_signed_words_alone(state: str | None) -> None:
    context = site_rows.CONTEXT
    own = {"page_url": None, "claim_id": site_rows.claim_id(1)}
    folder = render(rows(told(state, **own)), SITE, context).folder
    assert folder is not None
    pages = {page.name: page.make().decode() for page in folder.pages if page.name.endswith(".html")}
    page = pages[f"claims/{own['claim_id']}.html"]
    signed = state in editorial.SIGNED
    for words in (WORDS["claim_reviewed"], WORDS["headline"], WORDS["summary"].replace("'", "&#39;")):
        assert (words in page) == signed
        assert signed or not any(words in text for text in pages.values())
    assert "The bridge has 12 arches." in page
    assert (WORDS["claim_reviewed"] in pages["index.html"]) == signed
    assert page.count("<h1") == 1


@pytest.mark.parametrize("language", SPOKEN)
def test_a_state_is_read_from_its_code_and_from_its_label_in_any_language(language: Any) -> None:
    for state in EditorialState:
        for text in (state, f" {labels.EDITORIAL_STATES[state][language]} ", state.upper(), state.replace("_", " ")):
            assert editorial.state_of(text) == state
    for text in ("", "maybe", "منتشر نشده", "publish", "_"):
        assert editorial.state_of(text) is None


def test_what_waits_for_a_review_stands_first_and_the_rest_as_it_was() -> None:
    states = [None, "needs_review", "draft", "needs_review", "published"]
    view = export_rows.rows(*(row(claim_id=f"clm_{n:020x}", editorial_state=state) for n, state in enumerate(states)))
    order = [int(one[4:], 16) for one in editorial.first_for_review(view)["claim_id"]]
    assert order == [1, 3, 0, 2, 4]
