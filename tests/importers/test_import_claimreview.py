from __future__ import annotations

import json
from typing import Any

import pytest

from tests.importers.import_files import codes, one, read, review


def test_a_sound_review() -> None:
    found = one(review())
    assert {name: found[name] for name in found if name not in {"decision", "warnings"}} == {
        "subject": "f#",
        "claim": "The bridge cost 40 million.",
        "verdict": "disputed",
        "claimant": "The mayor",
        "url": "https://news.example/a",
        "publisher": "The mayor",
        "title": None,
        "claimed_raw": "2025-03-01",
        "decided_raw": "2025-03-02",
        "rationales": ["It cost 60 million."],
        "evidence": ["https://checks.example/1"],
    }
    assert found["warnings"] == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([review()], "#/0"),
        ({"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "url": "x"}, review()]}, "#/@graph/1"),
        (
            {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [review()]}]},
            "#/dataFeedElement/0/item/0",
        ),
        ({"@type": "DataFeed", "dataFeedElement": {"item": review()}}, "#/dataFeedElement/item"),
        ([[review()]], "#/0/0"),
        (review(**{"@type": ["ClaimReview", "Article"]}), "#"),
        (review(**{"@type": "http://schema.org/ClaimReview"}), "#"),
    ],
)
def test_the_wrappings_of_reviews(document: Any, pointer: str) -> None:
    assert one(document)["subject"] == f"f{pointer}"


@pytest.mark.parametrize(
    "rating",
    [
        "False",
        ["False"],
        {"alternateName": ["False"]},
        {"alternateName": {"@value": "False", "@language": "en"}},
        {"alternateName": [{"@value": "False"}, {"@value": "نادرست"}]},
        {"alternateName": "False", "ratingValue": "", "bestRating": "", "worstRating": ""},
        {"alternateName": "False", "ratingValue": -1, "bestRating": 5, "worstRating": 1},
        {"alternateName": "False", "ratingValue": 1, "bestRating": 1, "worstRating": 1},
        {"alternateName": "False", "ratingValue": 5, "bestRating": 1, "worstRating": 5},
        {"ratingValue": "False"},
        {"ratingValue": "1", "bestRating": "5", "worstRating": "1"},
        {"name": "False"},
        [{"alternateName": "False"}, {"alternateName": "Misleading"}],
    ],
)
def test_ratings_as_they_are_published(rating: Any) -> None:
    assert one(review(reviewRating=rating))["verdict"] == "disputed"


@pytest.mark.parametrize(
    ("rating", "code"),
    [
        (None, "NO_RATING"),
        ({}, "NO_RATING"),
        ({"alternateName": "", "ratingValue": ""}, "NO_RATING"),
        ({"alternateName": "It's complicated"}, "UNKNOWN_RATING"),
        ({"ratingValue": 5, "bestRating": 1, "worstRating": 5}, "UNKNOWN_RATING"),
        ({"ratingValue": 3, "bestRating": 5, "worstRating": 1}, "UNKNOWN_RATING"),
        ([{"alternateName": "False"}, {"alternateName": "True"}], "UNKNOWN_RATING"),
    ],
)
def test_ratings_whose_meaning_is_not_clear(rating: Any, code: str) -> None:
    assert codes(json.dumps(review(reviewRating=rating))) == [code]


def test_several_addresses_in_one_text_are_several_appearances() -> None:
    item = {"@type": "Claim", "appearance": "https://a.example/1, https://b.example/2 https://c.example/3"}
    found = read(json.dumps(review(itemReviewed=item)))
    assert found.decisions["url"].to_list() == ["https://a.example/1", "https://b.example/2", "https://c.example/3"]
    assert (found.seen, found.decisions["decision"].to_list()) == (1, [0, 0, 0])


def test_an_appearance_on_the_checkers_own_site_is_none() -> None:
    item = {"@type": "Claim", "appearance": ["https://www.checks.example/1", {"url": "https://a.example/1"}]}
    found = one(review(itemReviewed=item))
    assert (found["url"], found["warnings"]) == ("https://a.example/1", ["appearance_on_own_site"])
    alone = one(review(itemReviewed={"@type": "Claim", "appearance": "https://checks.example/1"}))
    assert alone["url"] == "https://checks.example/1"  # the review itself: where we read the claim


@pytest.mark.parametrize(
    "author",
    [
        {"@type": "Organization", "name": "CHECKS"},
        {"@type": "Organization", "name": "Checks Ltd.", "sameAs": "https://checks.example"},
    ],
)
def test_the_checker_is_not_the_claimant(author: Any) -> None:
    found = one(review(itemReviewed={"@type": "Claim", "author": author}))
    assert (found["claimant"], found["warnings"]) == (None, ["claimant_is_reviewer"])


def test_authors_as_bare_text_and_lists() -> None:
    assert one(review(itemReviewed={"author": "The mayor"}))["claimant"] == "The mayor"
    assert one(review(itemReviewed=[{"author": [{"name": "The mayor"}]}]))["claimant"] == "The mayor"


def test_what_is_no_address_is_left_out_and_told() -> None:
    found = one(review(itemReviewed={"appearance": "javascript:alert(1)"}, url="not an address"))
    assert (found["url"], found["warnings"]) == (None, ["not_an_address"])


def test_text_survives_to_the_code_point_and_controls_do_not() -> None:
    claim = "می‌گوید «۱۲٪» 🌧 شد"
    assert one(review(claimReviewed=claim))["claim"] == claim
    controlled = one(review(claimReviewed="a\x00b \u202ec"))
    assert (controlled["claim"], controlled["warnings"]) == (
        "ab \u202ec",
        ["controls_removed", "bidi_override", "bidi_unbalanced"],
    )


def test_line_ends_inside_strings_are_let_through() -> None:
    found = read(json.dumps(review(reviewBody="one@two")).replace("one@two", "one\ntwo"))
    assert found.decisions["rationales"].to_list() == [["one\ntwo"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (json.dumps(review(claimReviewed=None)), "NO_CLAIM"),
        (json.dumps(review(claimReviewed=["One", "Two"])), "AMBIGUOUS"),
        (json.dumps(review(claimReviewed="half \ud800")), "SURROGATE"),
        (json.dumps(review(reviewRating="\ud800")), "SURROGATE"),
        ('{"@type": "ClaimReview", "claimReviewed": "a "quoted" word"}', "JSON"),
        ('{"@type": "ClaimReview", "claimReviewed": "a", "claimReviewed": "b"}', "JSON"),
        ("[null]", "EMPTY"),
        ('["text"]', "NOT_A_REVIEW"),
        ('[{"@type": "Article"}]', "NOT_A_REVIEW"),
        ('{"@graph": [{"@type": "WebPage"}]}', "NOT_A_REVIEW"),
        ('{"@graph": [null]}', "EMPTY"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str) -> None:
    assert codes(text) == [code]
