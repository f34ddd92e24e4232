"""Rules of `itemReviewed`: the claim, who made it, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from factcheck import web
from factcheck.exporters.lint.finding import Finding, Path, shown
from factcheck.exporters.lint.values import first_text
from factcheck.schema_org import types

_ITEMS = {"Claim", "MediaReviewItem"}
_PEOPLE = {"Organization", "Person", "NewsMediaOrganization", "GovernmentOrganization", "NGO", "Corporation"}


def item_of(review: dict[str, Any]) -> Any:
    """The first item that the review is about; None where there is none."""
    item = review.get("itemReviewed")
    return (item[0] if item else None) if isinstance(item, list) else item


def is_somebody(author: Any) -> TypeGuard[dict[str, Any]]:
    """Whether the value is an Organization or a Person."""
    return isinstance(author, dict) and bool(_PEOPLE.intersection(types(author)))


def check(review: dict[str, Any], path: Path, site: str | None) -> Iterator[Finding]:
    """The findings in what a review is about; `site` is the desk's."""
    where = (*path, "itemReviewed")
    item = item_of(review)
    if item in (None, "", {}):
        yield Finding("ITEM_MISSING", path)
        return
    if not isinstance(item, dict):
        yield Finding("ITEM_TYPE", where, shown(item))
        return
    if not _ITEMS.intersection(types(item)):
        yield Finding("ITEM_TYPE", where, shown(first_text(item.get("@type"))) if "@type" in item else "")
    name = first_text(item.get("name"))
    if name and "Claim" in types(item) and name != first_text(review.get("claimReviewed")):
        yield Finding("ITEM_NAME", (*where, "name"), shown(name))
    authors = item.get("author")
    for one in authors if isinstance(authors, list) else [authors]:
        if one not in (None, "", [], {}) and not (is_somebody(one) and first_text(one.get("name"))):
            yield Finding("CLAIMANT", (*where, "author"), shown(one))
    yield from _places(review, item, where, site)


def _places(review: dict[str, Any], item: dict[str, Any], where: Path, site: str | None) -> Iterator[Finding]:
    url = review.get("url")
    made = {url} if isinstance(url, str) and url else set()
    for name in ("firstAppearance", "appearance"):
        works = item.get(name)
        for number, work in enumerate(works if isinstance(works, list) else [works]):
            address = work.get("url") if isinstance(work, dict) else work
            if not isinstance(address, str) or not address:
                continue
            made.add(address)
            if site and web.is_within(address, site):
                place = (*where, name, number) if isinstance(works, list) else (*where, name)
                yield Finding("APPEARANCE_OWN", place, shown(address))
    author = item.get("author")
    for one in author if isinstance(author, list) else [author]:
        same = one.get("sameAs") if isinstance(one, dict) else None
        for address in same if isinstance(same, list) else [same]:
            if isinstance(address, str) and address in made:
                yield Finding("SAME_AS", (*where, "author", "sameAs"), shown(address))
