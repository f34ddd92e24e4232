"""One schema.org ClaimReview as a draft, read leniently where its meaning is clear.

Fields: schema.org/ClaimReview and Google's structured-data page; what is forgiven are the errors of published markup:
bare strings for objects, lists for one value, `{"@value": ...}`, several addresses in one string, appearances on the
checker's own site, the checker named as the one who made the claim.
"""

from __future__ import annotations

from typing import Any

from factcheck.importers.draft import Appearance, Candidate, Draft, Rating, reject
from factcheck.importers.tables import urls_of
from factcheck.schema_org import texts


def read_review(node: dict[str, Any], subject: str) -> Candidate:
    """The draft of a ClaimReview; rejected as AMBIGUOUS where it reviews several different claims at once."""
    claims = list(dict.fromkeys(texts(node.get("claimReviewed"))))
    if len(claims) > 1:
        return reject(
            "AMBIGUOUS", subject, "reviews several claims at once: give each claim its own review", "; ".join(claims)
        )
    reviewed = [item for item in _list(node.get("itemReviewed")) if isinstance(item, dict)]
    made_by = [author for item in reviewed for author in _list(item.get("author"))]
    checkers = [*_list(node.get("author")), *_list(node.get("publisher"))]
    made_on = _first([text for item in reviewed for text in texts(item.get("datePublished"))])
    return Draft(
        subject=subject,
        claim=_first(claims),
        ratings=tuple(_rating(item) for item in _list(node.get("reviewRating"))),
        claimant=_first([name for author in made_by for name in texts(author)]),
        claimant_same_as=_same_as(made_by),
        reviewer=_first([name for author in checkers for name in texts(author)]),
        reviewer_same_as=_same_as(checkers),
        review_urls=tuple(url for value in _list(node.get("url")) for url in urls_of(value)),
        appearances=tuple(
            dict.fromkeys(
                found
                for item in reviewed
                for field in ("appearance", "firstAppearance")
                for value in _list(item.get(field))
                for found in _appearances(value)
            )
        ),
        claimed_raw=made_on,
        decided_raw=_first([*texts(node.get("dateModified")), *texts(node.get("datePublished"))]),
        rationales=tuple(text for field in ("reviewBody", "description") for text in texts(node.get(field))[:1])[:1],
        evidence=tuple(url for item in _list(node.get("citation")) for url in _cited(item)),
    )


def _rating(value: Any) -> Rating:
    """A rating that is an object, or a bare word or number."""
    if not isinstance(value, dict):
        return _sorted_out(texts(value), "", "", "")
    words = texts(value.get("alternateName")) or texts(value.get("name")) or texts(value.get("@value"))
    numbers = [_first(texts(value.get(name))) for name in ("ratingValue", "worstRating", "bestRating")]
    return _sorted_out(words, *numbers)


def _sorted_out(words: list[str], value: str, worst: str, best: str) -> Rating:
    """The rating; a word that stands where the number should be is a word."""
    if value and not _is_number(value):
        return Rating(words=(*words, *([] if words else [value])))
    bare = [word for word in words if _is_number(word)]
    words = [word for word in words if not _is_number(word)]
    return Rating(words=tuple(words), value=value or _first(bare), worst=worst, best=best)


def _is_number(text: str) -> bool:
    return all(char.isdigit() or char in "+-.,٫/ " for char in text)


def _appearances(value: Any) -> list[Appearance]:
    if isinstance(value, dict):
        return [
            Appearance(
                url=url,
                publisher=_first([*texts(value.get("publisher")), *texts(value.get("provider"))]),
                title=_first([*texts(value.get("headline")), *texts(value.get("name"))]),
                published_raw=_first(texts(value.get("datePublished"))),
            )
            for url in _addresses(value)
        ]
    return [Appearance(url=url) for url in urls_of(value)]


def _addresses(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        return next((found for name in ("url", "@id", "sameAs") if (found := urls_of(value.get(name)))), ())
    return urls_of(value)


def _cited(value: Any) -> tuple[str, ...]:
    """The archived copy goes first: it is what was seen."""
    kept = urls_of(value.get("archivedAt")) if isinstance(value, dict) else ()
    return kept or _addresses(value)


def _same_as(people: list[Any]) -> tuple[str, ...]:
    return tuple(
        url
        for one in people
        if isinstance(one, dict)
        for field in ("sameAs", "url", "@id")
        for value in _list(one.get(field))
        for url in urls_of(value)
    )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _first(found: list[str]) -> str:
    return found[0] if found else ""
