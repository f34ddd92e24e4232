"""What Google's Fact Check Tools API gives: each review of each claim, or on each page, is a decision.

Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1, `claims:search` and `pages`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from factcheck.importers.claimreview import read_review
from factcheck.importers.draft import Appearance, Candidate, Draft, Rating, reject
from factcheck.importers.tables import urls_of
from factcheck.schema_org import texts

Guard = Callable[[Callable[[], Candidate], str, Any], Candidate]


def read_answer(claim: dict[str, Any], subject: str, guard: Guard) -> Iterator[Candidate]:
    """A draft or rejection for each review of the claim, at least one; `guard` keeps what one does to itself."""
    reviews = claim["claimReview"]
    if isinstance(reviews, dict):
        reviews = [reviews]
    if not isinstance(reviews, list) or not reviews:
        yield reject("NO_RATING", subject, "has a claim but no review of it", _first(claim["text"]))
        return
    for number, review in enumerate(reviews):
        place = f"{subject}/claimReview/{number}"
        if review is None:
            yield reject("EMPTY", place, "is null: remove it")
        elif not isinstance(review, dict):
            yield reject("NOT_A_REVIEW", place, "is not an object", repr(review))
        else:
            yield guard(functools.partial(_draft, claim, review, place), place, review)


def read_page(page: dict[str, Any], subject: str, guard: Guard) -> Iterator[Candidate]:
    """A draft or rejection for each markup of the page, at least one; `guard` keeps what one does to itself."""
    markups = page["claimReviewMarkups"]
    if not isinstance(markups, list) or not markups:
        yield reject("NO_RATING", subject, "has a page but no review on it", _first(page.get("pageUrl")))
        return
    for number, markup in enumerate(markups):
        place = f"{subject}/claimReviewMarkups/{number}"
        if not isinstance(markup, dict):
            yield reject("NOT_A_REVIEW", place, "is not an object", repr(markup))
        else:
            yield guard(functools.partial(read_review, _review(page, markup), place), place, markup)


def _review(page: dict[str, Any], markup: dict[str, Any]) -> dict[str, Any]:
    """The ClaimReview that Google makes of the markup; which field becomes which property its documentation says."""
    rating = markup.get("rating")
    said = rating if isinstance(rating, dict) else {}
    return {
        "@type": "ClaimReview",
        "url": markup.get("url") or page.get("pageUrl"),
        "claimReviewed": markup.get("claimReviewed"),
        "datePublished": page.get("publishDate"),
        "author": page.get("claimReviewAuthor"),
        "reviewRating": said | {"alternateName": said.get("textualRating")},
        "itemReviewed": {
            "author": markup.get("claimAuthor"),
            "datePublished": markup.get("claimDate"),
            "firstAppearance": markup.get("claimFirstAppearance"),
            "appearance": markup.get("claimAppearances"),
        },
    }


def _draft(claim: dict[str, Any], review: dict[str, Any], subject: str) -> Draft:
    publisher = review.get("publisher")
    title = _first(review.get("title"))
    return Draft(
        subject=subject,
        claim=claim["text"] if isinstance(claim["text"], str) else "",
        ratings=(Rating(words=tuple(texts(review.get("textualRating")))),),
        claimant=_first(claim.get("claimant")),
        reviewer=_first(publisher),
        review_urls=urls_of(review.get("url")),
        appearances=(Appearance(published_raw=_first(claim.get("claimDate"))),),
        claimed_raw=_first(claim.get("claimDate")),
        decided_raw=_first(review.get("reviewDate")),
        rationales=(title,) if title else (),
    )


def _first(value: Any) -> str:
    return next(iter(texts(value)), "")
