"""Rules of one ClaimReview in markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from factcheck import web
from factcheck.exporters.lint import rating, reviewed, said
from factcheck.exporters.lint.anywhere import everywhere, is_meant
from factcheck.exporters.lint.finding import Finding, Path, Review, shown
from factcheck.exporters.lint.values import (
    day_or_moment,
    first_text,
    has_space,
    is_address,
    is_before,
    is_host,
    split_addresses,
    unwrapped,
    without_space_around,
)
from factcheck.schema_org import texts

CONTEXT = "https://schema.org"
CONTEXTS = re.compile(r"\s*https?://(?:www\.)?schema\.org/*\s*", re.IGNORECASE)
_NO_DERIVATIVES = re.compile(r"\bnd\b|no[-\s]?deriv", re.IGNORECASE)


def check(review: Review, *, site: str | None, page: str | None) -> Iterator[Finding]:
    """The findings in one review. `site` is the desk's, `page` the address that carries the markup."""
    node, path = review.node, review.path
    yield from _standing(review)
    yield from everywhere(node, path)
    yield from _address(node, path, site, page)
    yield from _claim(node, path)
    yield from rating.check(node, path)
    yield from _when(node, path)
    yield from _author(node, path)
    yield from reviewed.check(node, path, site)
    name = "sdLicense" if first_text(node.get("sdLicense")) else "license"
    if _NO_DERIVATIVES.search(first_text(node.get(name))):
        yield Finding("LICENCE", (*path, name), shown(first_text(node.get(name))))
    yield from said.check(_said(node, path))


def usable(url: Any) -> bool:
    """Whether readers find a web address in the value of `url`, be it with a fault that they may mend."""
    if isinstance(url, list):
        return any(map(usable, url))
    if not isinstance(url, str):
        return False
    bare = without_space_around(url)
    return any(map(is_address, [bare, *split_addresses(bare)])) or (has_space(bare) and is_meant(bare))


def is_relative(url: Any) -> bool:
    """Whether the value is an address but for its beginning: a path on the site, or a host and a path."""
    if not isinstance(url, str):
        return False
    bare = without_space_around(url)
    host = bare.removeprefix("//").partition("/")[0]
    whole = f"https://site.example{bare}" if bare.startswith("/") else f"https://{bare}"
    return is_address(whole) and (bare.startswith("/") or ("/" in bare and is_host(host)))


def _standing(review: Review) -> Iterator[Finding]:
    node, path = review.node, review.path
    if review.in_graph:
        yield Finding("GRAPH", path, fixable=review.liftable)
    if review.context != CONTEXT:
        known = review.context is None or (
            isinstance(review.context, str) and CONTEXTS.fullmatch(review.context) is not None
        )
        seen = "none" if review.context is None else shown(review.context)
        yield Finding("CONTEXT", (*review.context_path, "@context"), seen, fixable=known)
    if node.get("@type") != "ClaimReview":
        yield Finding("TYPE_FORM", (*path, "@type"), shown(node.get("@type")), fixable=True)
    if review.feed is False:
        yield Finding("FEED_ITEM", path)


def _address(node: dict[str, Any], path: Path, site: str | None, page: str | None) -> Iterator[Finding]:
    url, where = node.get("url"), (*path, "url")
    if url in (None, "", [], {}) or (isinstance(url, str) and not without_space_around(url)):
        yield Finding("URL_MISSING", where)
        return
    if not is_address(url):
        if not usable(url):  # else it is a URL_SPACE or a URL_JOINED
            yield Finding("URL_RELATIVE" if is_relative(url) else "URL", where, shown(url))
        return
    desk = site or _home(node)
    if desk and not web.is_within(url, desk) and not web.is_within(desk, url):
        yield Finding("URL_SITE", where, f"{shown(web.host(url))} and {shown(web.host(desk))}")
    if page and url != page:
        yield Finding("URL_PAGE", where, shown(page))


def _home(node: dict[str, Any]) -> str | None:
    """The address of the review's author, where it is one."""
    author = node.get("author")
    first = author[0] if isinstance(author, list) and author else author
    url = first.get("url") if isinstance(first, dict) else None
    return url if isinstance(url, str) and is_address(url) else None


def _claim(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    claim = node.get("claimReviewed")
    if isinstance(claim, list | dict) and texts(claim):
        if len(dict.fromkeys(texts(claim))) > 1:
            yield Finding("CLAIM_SEVERAL", (*path, "claimReviewed"))
        else:
            yield Finding("CLAIM_WRAPPED", (*path, "claimReviewed"), fixable=unwrapped(claim) is not None)


def _when(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    published, modified = (day_or_moment(node.get(name)) for name in ("datePublished", "dateModified"))
    if not node.get("datePublished"):
        yield Finding("DATE_MISSING", (*path, "datePublished"))
    if not node.get("dateModified"):
        yield Finding("MODIFIED_MISSING", (*path, "dateModified"))
    elif is_before(modified, published):
        yield Finding("DATE_ORDER", (*path, "dateModified"), shown(node["dateModified"]))


def _author(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    authors, where = node.get("author"), (*path, "author")
    good = [
        one
        for one in (authors if isinstance(authors, list) else [authors])
        if reviewed.is_somebody(one) and (first_text(one.get("name")) or first_text(one.get("url")))
    ]
    if not good:
        yield Finding("AUTHOR", where, "" if authors is None else shown(authors))
    elif not any(first_text(one.get("url")) for one in good):
        yield Finding("AUTHOR_URL", where)


def _said(node: dict[str, Any], path: Path) -> said.Said:
    item = reviewed.item_of(node)
    item = item if isinstance(item, dict) else {}
    title = next((name for name in ("headline", "title", "name") if first_text(node.get(name))), "headline")
    claim = node.get("claimReviewed")
    return said.Said(
        claim=claim if isinstance(claim, str) and claim.strip() else first_text(claim),
        word=rating.word(node.get("reviewRating")),
        url=first_text(node.get("url")),
        title=first_text(node.get(title)),
        claimant=first_text(item.get("author")),
        reviewer=first_text(node.get("author")),
        claimed=first_text(item.get("datePublished")),
        published=first_text(node.get("datePublished")),
        language=first_text(node.get("inLanguage")),
        paths={
            "claim": (*path, "claimReviewed"),
            "word": (*path, "reviewRating"),
            "url": (*path, "url"),
            "title": (*path, title),
            "claimant": (*path, "itemReviewed", "author"),
            "claimed": (*path, "itemReviewed", "datePublished"),
            "language": (*path, "inLanguage"),
        },
    )
