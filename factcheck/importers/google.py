"""Answers of Google's Fact Check Tools API (claims:search): each review of each claim is a decision.

Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

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
