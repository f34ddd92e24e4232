"""Each mistake of published markup is a rule; the good document that they all start from has no finding."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters.claimreview_lint import lint

DESK = "https://desk.example.org"
PAGE = "https://desk.example.org/claims/1"
GOOD: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": PAGE,
    "claimReviewed": "The minister disputed that the bridge has 12 arches.",
    "datePublished": "2026-11-20",
    "dateModified": "2026-11-21T09:30:00+03:30",
    "author": {"@type": "Organization", "url": DESK},
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "Disputed",
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Jane Doe", "sameAs": "https://www.wikidata.org/wiki/Q1"},
        "datePublished": "2026-11-19T08:00:00Z",
        "firstAppearance": "https://news.example.com/1",
        "appearance": ["https://news.example.com/1", {"@type": "CreativeWork", "url": "https://b.example.com/2"}],
    },
}


def feed(*reviews: Any) -> dict[str, Any]:
    inside = [{name: value for name, value in item.items() if name != "@context"} for item in reviews]
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "dataFeedElement": [
            {"@type": "DataFeedItem", "dateCreated": "2026-11-20", "dateModified": "2026-11-21", "item": [item]}
            for item in inside
        ],
    }


def codes(document: Any) -> set[str]:
    return {finding.code for finding in lint(document, desk_url=DESK, page_url=PAGE)}


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def test_good_markup_has_no_finding() -> None:
    assert lint(GOOD, desk_url=DESK, page_url=PAGE) == []
    assert lint(feed(GOOD, GOOD | {"url": f"{PAGE}2"}), desk_url=DESK) == []
    assert lint(GOOD | {"reviewRating": {"@type": "Rating", "alternateName": "Disputed"}}) == []


def rating(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["reviewRating"].update(values)


def item(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["itemReviewed"].update(values)


def root(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(values)


MISTAKES: list[tuple[str, str, Callable[[dict[str, Any]], None]]] = [
    ("rating as a bare text", "RATING_TYPE", root(reviewRating="False")),
    ("rating as a list", "RATING_TYPE", root(reviewRating=[{"@type": "Rating", "alternateName": "False"}])),
    ("no rating", "REQUIRED", lambda document: document.pop("reviewRating")),
    ("no claim", "REQUIRED", root(claimReviewed="")),
    ("no url", "REQUIRED", lambda document: document.pop("url")),
    ("alternateName as a list", "RATING_NAME", rating(alternateName=["Disputed"])),
    ("alternateName as a value object", "RATING_NAME", rating(alternateName={"@value": "Disputed"})),
    ("empty alternateName", "RATING_NAME", rating(alternateName=" ")),
    ("value above its scale", "RATING_OUTSIDE", rating(ratingValue=6)),
    ("value below its scale", "RATING_OUTSIDE", rating(ratingValue=1, worstRating=2)),
    ("best equals worst", "RATING_FLAT", rating(ratingValue=1, bestRating=1)),
    ("inverted scale", "RATING_INVERTED", rating(bestRating=1, worstRating=5, ratingValue=5, alternateName="False")),
    ("a scale from 0", "RATING_BELOW_ONE", rating(worstRating=0)),
    ("a value of -1", "RATING_OUTSIDE", rating(ratingValue=-1)),
    ("an empty value", "RATING_NUMBER", rating(ratingValue="")),
    ("a value as text", "RATING_NUMBER", rating(ratingValue="2")),
    ("a value as a fraction", "RATING_NUMBER", rating(ratingValue=2.5)),
    ("a truth value", "RATING_NUMBER", rating(ratingValue=True)),
    ("half a scale", "RATING_PARTIAL", lambda document: document["reviewRating"].pop("bestRating")),
    ("addresses joined by a comma", "URL_JOINED", item(appearance="https://a.example/1, https://b.example/2")),
    ("addresses joined by a space", "URL_JOINED", item(firstAppearance="https://a.example/1 https://b.example/2")),
    ("addresses joined in a work", "URL_JOINED", item(appearance=[{"url": "http://a.example,http://b.example"}])),
    ("an appearance that is no address", "URL", item(appearance="news.example.com/1")),
    ("an appearance on the own site", "APPEARANCE_OWN", item(appearance="https://www.desk.example.org/1")),
    ("a work on the own site", "APPEARANCE_OWN", item(firstAppearance={"@type": "WebPage", "url": f"{DESK}/1"})),
    ("url of another page", "URL_PAGE", root(url="https://desk.example.org/claims/2")),
    ("url of another site", "URL_SITE", root(url="https://notdesk.example.org/claims/1")),
    ("a short link", "URL_SHORT", root(url="https://bit.ly/3abc")),
    ("a relative url", "URL", root(url="/claims/1")),
    ("several urls", "URL", root(url={"@id": PAGE})),
    ("a graph wrapper", "GRAPH", root(**{"@graph": [GOOD]})),
    ("an old context", "CONTEXT", root(**{"@context": "http://schema.org"})),
    ("several contexts", "CONTEXT", root(**{"@context": ["https://schema.org", "https://example.org"]})),
    ("another root", "ROOT_TYPE", root(**{"@type": "Article"})),
    ("two root types", "ROOT_TYPE", root(**{"@type": ["ClaimReview", "Article"]})),
    ("a place as the claim's name", "ITEM_NAME", item(name="Isfahan, Iran")),
    ("the claim as bare text", "ITEM_TYPE", root(itemReviewed="The bridge")),
    ("an item of another type", "ITEM_TYPE", item(**{"@type": "CreativeWork"})),
    ("a speaker without a name", "AUTHOR", item(author={"@type": "Person", "url": "https://x.example"})),
    ("a speaker as bare text", "AUTHOR", item(author="Jane Doe")),
    ("a checker without name and url", "AUTHOR", root(author={"@type": "Organization"})),
    (
        "sameAs is the claim",
        "SAME_AS",
        item(author={"@type": "Person", "name": "J", "sameAs": "https://b.example.com/2"}),
    ),
    ("sameAs is the review", "SAME_AS", item(author={"@type": "Person", "name": "J", "sameAs": [PAGE]})),
    ("text lost to question marks", "TEXT_LOST", root(claimReviewed="???? ?? ????")),
    ("text lost to replacement characters", "TEXT_LOST", root(claimReviewed="نر\ufffd بیکاری")),
    ("text lost to a wrong decoding", "TEXT_LOST", root(claimReviewed="سلام".encode().decode("latin-1"))),
    ("text lost to windows-1252", "TEXT_LOST", root(claimReviewed="گفت".encode().decode("cp1252", "replace"))),
    ("a claim that is a list", "CLAIM_TYPE", root(claimReviewed=["The bridge"])),
    ("the rating before the claim", "CLAIM_RATED", root(claimReviewed="Disputed: the bridge has 12 arches")),
    ("the rating after the claim", "CLAIM_RATED", root(claimReviewed="The bridge has 12 arches – disputed.")),
    ("the rating in brackets", "CLAIM_RATED", root(claimReviewed="The bridge has 12 arches (Disputed)")),
    ("a long claim", "CLAIM_LONG", root(claimReviewed="a" * 76)),
    ("a time without a zone", "DATE_ZONE", root(dateModified="2026-11-21T09:30:00")),
    ("a zoneless date of the claim", "DATE_ZONE", item(datePublished="2026-11-19T08:00")),
    ("a date in words", "DATE", root(datePublished="20 November 2026")),
    ("a date that is a number", "DATE", root(datePublished=20261120)),
    ("no date", "DATE_MISSING", lambda document: document.pop("dateModified")),
    ("changed before published", "DATE_ORDER", root(dateModified="2026-11-19")),
    ("a null property", "NULL", root(itemReviewed=None)),
    ("a null in a list", "NULL", item(appearance=[None])),
]


@pytest.mark.parametrize(("what", "code", "change"), MISTAKES, ids=[what for what, _, _ in MISTAKES])
def test_each_mistake_is_found(what: str, code: str, change: Callable[[dict[str, Any]], None]) -> None:
    document = copy.deepcopy(GOOD)
    change(document)
    assert code in codes(document)
    assert all(finding.message for finding in lint(document, desk_url=DESK, page_url=PAGE))


def test_mistakes_are_found_inside_a_feed_and_say_where() -> None:
    bad = GOOD | {"url": f"{PAGE}2", "reviewRating": "False"}
    (finding,) = lint(feed(GOOD, bad), desk_url=DESK)
    assert (finding.code, finding.path) == ("RATING_TYPE", "dataFeedElement[1].item[0].reviewRating")


def test_a_feed_without_null_items_repeats_or_strangers() -> None:
    whole = feed(GOOD, GOOD | {"url": f"{PAGE}2"})
    elements = whole["dataFeedElement"]
    assert codes(whole | {"dataFeedElement": [*elements, None]}) == {"NULL"}
    assert codes(whole | {"dataFeedElement": [elements[0] | {"item": [None]}]}) == {"NULL"}
    assert codes(whole | {"dataFeedElement": [elements[0], elements[0]]}) == {"FEED_REPEATED"}
    assert codes(whole | {"dataFeedElement": [GOOD]}) == {"FEED"}
    assert codes(whole | {"dataFeedElement": [elements[0] | {"item": []}]}) == {"FEED"}
    assert codes(whole | {"dataFeedElement": [elements[0] | {"item": [{"@type": "Article"}]}]}) == {"FEED"}
    assert codes(without(whole, "dataFeedElement")) == {"FEED"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("https://[x"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@value", "url", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(name=st.sampled_from(sorted({*GOOD, *GOOD["reviewRating"], *GOOD["itemReviewed"], "sameAs"})), value=ANYTHING)
@settings(max_examples=200, deadline=None)
def test_no_value_in_any_place_brings_it_down(name: str, value: Any) -> None:
    document = copy.deepcopy(GOOD)
    for target in (document, document["reviewRating"], document["itemReviewed"], document["itemReviewed"]["author"]):
        if isinstance(target, dict) and name in target:
            target[name] = value
            assert isinstance(lint(document, desk_url=DESK, page_url=PAGE), list)
            assert isinstance(lint(feed(document), desk_url=DESK), list)


@pytest.mark.parametrize("document", [None, [], "text", 1])
def test_a_root_that_is_no_object(document: Any) -> None:
    assert codes(document) == {"ROOT"}


@pytest.mark.parametrize(
    "claim",
    [
        "Opinion polls show 12 per cent.",
        "Disputed islands have 300 people.",
        "Disputed-area maps show 12 villages.",
        "Is that so?? The court said 12.",
        "Ünal said São Paulo has 12 bridges, Øystein agreed",
        "نرخ بیکاری ۷٫۲ درصد شد؛ می‌توان گفت کم‌سابقه است.",
    ],
)
def test_ordinary_claims_raise_no_alarm(claim: str) -> None:
    assert codes(GOOD | {"claimReviewed": claim}) == set()


def test_severity_tells_advice_from_errors() -> None:
    severities = {finding.code: finding.severity for finding in lint(GOOD | {"claimReviewed": "a" * 76})}
    assert severities == {"CLAIM_LONG": "warning"}
