"""Rules of an answer of Google's Claim Search: what its markup said shows through, its form does not.

Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factcheck.exporters.lint import said
from factcheck.exporters.lint.anywhere import address
from factcheck.exporters.lint.finding import Finding, Path, Review, shown
from factcheck.exporters.lint.markup import is_relative, usable
from factcheck.exporters.lint.values import day_or_moment, first_text
from factcheck.schema_org import TWICE


def reviews(answer: dict[str, Any], path: Path) -> tuple[list[Review], list[tuple[Path, Any]]]:
    """Each review of an answer's claim, with the claim beside it; and what stands among them and is none."""
    given, place = answer["claimReview"], (*path, "claimReview")
    numbered = (
        [((*place, number), one) for number, one in enumerate(given)] if isinstance(given, list) else [(place, given)]
    )
    good = [
        Review(where, {"claim": answer, "review": one}, "answer") for where, one in numbered if isinstance(one, dict)
    ]
    return good, [(where, one) for where, one in numbered if not isinstance(one, dict)]


def check(review: Review) -> Iterator[Finding]:
    """The findings in one review of an answer."""
    answer, node, path = review.node["claim"], review.node["review"], review.path
    of_claim = path[: path.index("claimReview")] if "claimReview" in path else path
    for one, where in ((answer, of_claim), (node, path)):
        if TWICE in one:
            yield Finding("KEY_TWICE", where, ", ".join(map(shown, one[TWICE])))
    url = node.get("url")
    if not first_text(url):
        yield Finding("URL_MISSING", (*path, "url"))
    elif not usable(url):
        yield Finding("URL_RELATIVE" if is_relative(url) else "URL", (*path, "url"), shown(url))
    else:
        yield from address(url, (*path, "url"), own=True)
    if not first_text(node.get("textualRating")):
        yield Finding("RATING_MISSING", (*path, "textualRating"))
    for one, name, where in ((answer, "claimDate", of_claim), (node, "reviewDate", path)):
        if one.get(name) and day_or_moment(one[name]) is None:
            yield Finding("DATE", (*where, name), shown(one[name]))
    if not node.get("reviewDate"):
        yield Finding("DATE_MISSING", (*path, "reviewDate"))
    yield from said.check(_said(answer, node, of_claim, path))


def _said(answer: dict[str, Any], node: dict[str, Any], of_claim: Path, path: Path) -> said.Said:
    return said.Said(
        claim=first_text(answer["text"]),
        word=first_text(node.get("textualRating")),
        url=first_text(node.get("url")),
        title=first_text(node.get("title")),
        claimant=first_text(answer.get("claimant")),
        reviewer=first_text(node.get("publisher")),
        claimed=first_text(answer.get("claimDate")),
        published=first_text(node.get("reviewDate")),
        language=first_text(node.get("languageCode")),
        paths={
            "claim": (*of_claim, "text"),
            "word": (*path, "textualRating"),
            "url": (*path, "url"),
            "title": (*path, "title"),
            "claimant": (*of_claim, "claimant"),
            "claimed": (*of_claim, "claimDate"),
            "language": (*path, "languageCode"),
        },
    )
