"""Bodies for Google's Fact Check Tools API: only fields that it knows, one body a page, and read back by our import."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters import Exported, Profile, find, render, view
from factcheck.exporters.as_google_api import _add
from factcheck.importers.draft import Draft
from factcheck.importers.json_documents import read_json
from tests.exporters.export_rows import CONTEXT, TEXTS, appearance, row, rows
from tests.exporters.test_export_feeds import HOSTILE
from tests.golden.export_release import release

SITE = "https://desk.example.org"
TEXT = {"type": "string", "pattern": r"\S"}
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
ADDRESS = {"type": "string", "pattern": "^https?://"}


def only(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "additionalProperties": False}


# The fields of the documentation; a field that it does not name is refused by the API.
BODY = jsonschema.Draft202012Validator(
    only(
        pageUrl=ADDRESS,
        publishDate=DAY,
        claimReviewAuthor=only(name=TEXT, imageUrl=ADDRESS),
        claimReviewMarkups={
            "type": "array",
            "minItems": 1,
            "items": only(
                url=ADDRESS,
                claimReviewed=TEXT,
                claimDate=DAY,
                claimLocation=TEXT,
                claimFirstAppearance=ADDRESS,
                claimAppearances={"type": "array", "minItems": 1, "items": ADDRESS},
                claimAuthor=only(name=TEXT, jobTitle=TEXT, imageUrl=ADDRESS, sameAs=ADDRESS),
                rating=only(
                    textualRating=TEXT,
                    ratingValue={"type": "integer"},
                    worstRating={"type": "integer"},
                    bestRating={"type": "integer"},
                    ratingExplanation=TEXT,
                    imageUrl=ADDRESS,
                ),
            )
            | {"required": ["claimReviewed", "rating"]},
        },
    )
    | {"required": ["pageUrl", "publishDate", "claimReviewAuthor", "claimReviewMarkups"]}
)


def exported(*items: dict[str, Any], **options: Any) -> Exported:
    profile = Profile.model_validate({"name": "api", "format": "google-api", "claimreview": options})
    return render(rows(*items), profile, replace(CONTEXT, desk_url=SITE))


def bodies(done: Exported) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.files[0].content.splitlines()]


def check(done: Exported) -> list[Draft]:
    """What our import reads of the bodies, each of which is whole."""
    for body in bodies(done):
        assert list(BODY.iter_errors(body)) == []
    drafts = list(read_json(done.files[0].content.decode(), "bodies")) if done.accepted else []
    assert len(drafts) == done.accepted
    assert all(isinstance(draft, Draft) for draft in drafts), drafts
    return [draft for draft in drafts if isinstance(draft, Draft)]


def test_the_golden_claims_are_read_back() -> None:
    frames = release()
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    done = render(rows_, find("google-api", None), frames.context)
    drafts = check(done)
    reviews = render(rows_, find("claimreview", None), frames.context).files[1:]
    wanted = [json.loads(file.content) for file in reviews]
    assert [draft.claim for draft in drafts] == [review["claimReviewed"] for review in wanted]
    assert [draft.review_urls for draft in drafts] == [(review["url"],) for review in wanted]
    assert [draft.ratings[0].words for draft in drafts] == [(one["reviewRating"]["alternateName"],) for one in wanted]
    assert [draft.decided_raw for draft in drafts] == [one["datePublished"][:10] for one in wanted]
    assert {draft.reviewer for draft in drafts} == {frames.context.desk_name}
    assert b"dataset_version: 3\n" in done.files[1].content


def test_the_whole_body_of_a_page() -> None:
    item = row(
        claimant="A minister", verdict="disputed",
        appearances=[appearance(), appearance(url="https://b.example.com/2"), appearance()],
    )  # fmt: skip
    (body,) = bodies(exported(item, ratings={"disputed": 1}))
    assert body == {
        "pageUrl": f"{SITE}/claims/clm_00000000000000000000",
        "publishDate": "2026-11-20",
        "claimReviewAuthor": {"name": "Fact-checking desk"},
        "claimReviewMarkups": [
            {
                "claimReviewed": "The bridge has 12 arches.",
                "claimDate": "2026-11-20",
                "claimFirstAppearance": "https://news.example.com/1",
                "claimAppearances": ["https://b.example.com/2"],
                "claimAuthor": {"name": "A minister"},
                "rating": {
                    "textualRating": "نادرست یا گمراه‌کننده", "ratingValue": 1, "worstRating": 1, "bestRating": 5,
                },
            }
        ],
    }  # fmt: skip


def test_a_page_has_all_of_its_claims_because_an_update_replaces_it_whole() -> None:
    (body,) = bodies(exported(row()))
    review = {
        "url": "", "claimReviewed": "x", "datePublished": "2026-11-20T00:00:00+00:00", "author": {"name": "Desk"},
        "reviewRating": {"alternateName": "False"}, "itemReviewed": {},
    }  # fmt: skip
    found: dict[str, Any] = {}
    for url, day in (("https://d.example/a#1", "2026-11-20"), ("https://d.example/b", "2026-11-20"),
                     ("https://d.example/a#2", "2026-11-19")):  # fmt: skip
        _add(found, review | {"url": url, "datePublished": f"{day}T00:00:00+00:00"})
    assert list(found) == ["https://d.example/a", "https://d.example/b"]
    assert found["https://d.example/a"]["publishDate"] == "2026-11-19"
    urls = [one.get("url") for body in found.values() for one in body["claimReviewMarkups"]]
    assert urls == ["https://d.example/a#1", "https://d.example/a#2", None]
    assert "url" not in body["claimReviewMarkups"][0]


def test_what_claimreview_leaves_out_is_left_out() -> None:
    items = [row(verdict="opinion"), row(claim_id="clm_" + "1" * 20, state="withdrawn"), row(quote="??? ????")]
    done = exported(*items)
    assert (done.accepted, sorted(done.rejected["code"])) == (0, ["CLAIMREVIEW", "OPINION", "WITHDRAWN"])


def hostile(text: str) -> None:
    item = row(
        quote=text, claimant=text or None, evidence=[text], rationales=[text],
        appearances=[appearance(url=text, publisher=text, title=text)],
    )  # fmt: skip
    done = exported(item)
    assert done.seen == done.accepted + done.rejected.height
    for draft in check(done):
        assert draft.claim.split() == text.split()
        assert draft.claimant.split() == text.split()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_back_or_refused(text: str) -> None:
    hostile(text)


@settings(max_examples=150)
@given(TEXTS.filter(lambda text: any(map(str.isalnum, text))))
def test_any_text_is_read_back_or_refused(text: str) -> None:
    hostile(text)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["verified", "disputed", "opinion"]), min_size=1, max_size=4), st.booleans())
def test_every_row_is_a_markup_or_said(verdicts: list[str], opinion: bool) -> None:
    items = [row(claim_id=f"clm_{number:020x}", verdict=verdict) for number, verdict in enumerate(verdicts)]
    done = exported(*items, opinion=opinion)
    markups = sum(len(body["claimReviewMarkups"]) for body in bodies(done))
    assert markups == done.accepted == len(verdicts) - (0 if opinion else verdicts.count("opinion"))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ({"pageUrl": "https://a.example", "claimReviewMarkups": []}, "NO_RATING"),
        ({"pageUrl": "https://a.example", "claimReviewMarkups": ["x"]}, "NOT_A_REVIEW"),
        ({"pageUrl": "https://a.example", "claimReviewMarkups": None}, "NO_RATING"),
    ],
)
def test_a_page_without_a_review_is_refused_in_words(page: dict[str, Any], code: str) -> None:
    (found,) = read_json(json.dumps({"claimReviewMarkupPages": [page]}), "answer")
    assert getattr(found, "code", None) == code
