"""What is wrong with ClaimReview markup: the mistakes seen in published markup, each with a stable code.

Sources: schema.org (ClaimReview, Claim, Rating, DataFeed), Google's structured-data page for fact checks, and what
readers of published markup have to mend. An `error` makes readers drop or misread the review; a `warning` is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from factcheck import web

CONTEXT = "https://schema.org"
LONG_CLAIM = 75
_SHORTENERS = frozenset(
    ("bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "t.co", "t.ly", "tinyurl.com"),
)
_SCALE = ("worstRating", "ratingValue", "bestRating")
_DATES = frozenset({"dateCreated", "dateModified", "datePublished", "sdDatePublished"})
_ADDRESSES = frozenset({"url", "sameAs", "appearance", "firstAppearance", "citation", "archivedAt"})
_SEVERAL_URLS = re.compile(r"https?://\S*[\s,;|]+\s*https?://", re.IGNORECASE)
# Replacement characters, runs of question marks where letters were, and UTF-8 read as Latin-1 (Ø§Ù, Ú©, Ã©).
_LOST_TEXT = re.compile(r"\ufffd|\?{3,}|(?:[ØÙÚÛ][\u0080-\u00bf†‡‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){2}|Ã[\u0080-\u00bf]")


class Finding(NamedTuple):
    """One broken rule: a stable code, where (as `itemReviewed.author`), what is wrong, and how bad it is."""

    code: str
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"


def lint(document: Any, *, desk_url: str | None = None, page_url: str | None = None) -> list[Finding]:
    """The findings for one ClaimReview or a DataFeed of them; none for good markup.

    `desk_url` is the checking desk's site, `page_url` the page that carries the markup; rules that need one are
    skipped without it.
    """
    return list(_root(document, desk_url, page_url))


def _root(document: Any, desk_url: str | None, page_url: str | None) -> Iterator[Finding]:
    if not isinstance(document, dict):
        yield Finding("ROOT", "", "the root must be one object")
        return
    if "@graph" in document:
        yield Finding("GRAPH", "@graph", "many readers do not look inside @graph; put the ClaimReview at the root")
        return
    if document.get("@context") != CONTEXT:
        yield Finding("CONTEXT", "@context", f"must be {CONTEXT} alone")
    yield from _anywhere(document, "")
    if document.get("@type") == "DataFeed":
        yield from _feed(document, desk_url)
    elif document.get("@type") == "ClaimReview":
        yield from _review(document, "", desk_url, page_url)
    else:
        yield Finding("ROOT_TYPE", "@type", "must be ClaimReview or DataFeed")


def _anywhere(value: Any, path: str) -> Iterator[Finding]:
    """Rules that hold for every property: no nulls, whole dates, one address in a string."""
    if value is None:
        yield Finding("NULL", path, "leave out an unknown property or item")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _anywhere(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _anywhere(inner, _join(path, name))
            if name in _DATES and inner is not None:
                yield from _date(inner, _join(path, name))
            if name in _ADDRESSES:
                yield from _addresses(inner, _join(path, name))


def _date(value: Any, path: str) -> Iterator[Finding]:
    moment = _parsed(value)
    if moment is None:
        yield Finding("DATE", path, f"{value!r} is not an ISO 8601 date")
    elif isinstance(moment, datetime) and moment.tzinfo is None:
        yield Finding("DATE_ZONE", path, "a time needs a zone, such as +03:30 or Z")


def _addresses(value: Any, path: str) -> Iterator[Finding]:
    for number, item in enumerate(value if isinstance(value, list) else [value]):
        where = f"{path}[{number}]" if isinstance(value, list) else path
        if isinstance(item, str):
            if _SEVERAL_URLS.search(item):
                yield Finding("URL_JOINED", where, "several addresses in one text; repeat the property instead")
            elif not web.is_web_address(item):
                yield Finding("URL", where, f"{item!r} is not an absolute http(s) address")


def _feed(feed: dict[str, Any], desk_url: str | None) -> Iterator[Finding]:
    elements = feed.get("dataFeedElement")
    if not isinstance(elements, list):
        yield Finding("FEED", "dataFeedElement", "must be a list of DataFeedItem")
        return
    seen: dict[str, str] = {}
    for number, element in enumerate(elements):
        path = f"dataFeedElement[{number}]"
        if element is None:
            continue  # already a NULL
        if not isinstance(element, dict) or element.get("@type") != "DataFeedItem":
            yield Finding("FEED", path, "must be a DataFeedItem")
            continue
        items = element.get("item")
        if not isinstance(items, list) or not items:
            yield Finding("FEED", f"{path}.item", "must be a list with at least one ClaimReview")
            continue
        for inner, item in enumerate(items):
            where = f"{path}.item[{inner}]"
            if not isinstance(item, dict) or item.get("@type") != "ClaimReview":
                if item is not None:
                    yield Finding("FEED", where, "must be a ClaimReview")
                continue
            yield from _review(item, where, desk_url, None)
            address = str(item.get("url"))
            if address in seen:
                yield Finding("FEED_REPEATED", where, f"the review {address} appears already, at {seen[address]}")
            seen.setdefault(address, where)


def _review(review: dict[str, Any], path: str, desk_url: str | None, page_url: str | None) -> Iterator[Finding]:
    for name in ("claimReviewed", "reviewRating", "url"):
        if not review.get(name):
            yield Finding("REQUIRED", _join(path, name), "is required")
    for name in ("datePublished", "dateModified"):
        if not review.get(name):
            yield Finding("DATE_MISSING", _join(path, name), "say when the verdict was published and last changed")
    published, modified = _parsed(review.get("datePublished")), _parsed(review.get("dateModified"))
    if published and modified and str(modified)[:10] < str(published)[:10]:
        yield Finding("DATE_ORDER", _join(path, "dateModified"), "is before datePublished")
    yield from _claim_text(review, path)
    yield from _page(review, path, desk_url, page_url)
    yield from _author(review.get("author"), _join(path, "author"), needs=("name", "url"))
    if "reviewRating" in review:
        yield from _rating(review["reviewRating"], _join(path, "reviewRating"))
    if "itemReviewed" in review:
        yield from _item(review, _join(path, "itemReviewed"), desk_url)


def _claim_text(review: dict[str, Any], path: str) -> Iterator[Finding]:
    where = _join(path, "claimReviewed")
    claim = review.get("claimReviewed")
    if not isinstance(claim, str) or not claim:
        if claim:
            yield Finding("CLAIM_TYPE", where, "must be text")
        return
    if _LOST_TEXT.search(claim):
        yield Finding("TEXT_LOST", where, "letters were lost on the way; write the file as UTF-8")
    rating = review.get("reviewRating")
    name = rating.get("alternateName") if isinstance(rating, dict) else None
    if isinstance(name, str) and name:
        word = re.escape(name)
        # Only set apart by punctuation: "The minister disputed it" is a claim with a word of its own.
        opens, closes = rf"^{word}(?:\s*[:：|]|\s+[–—-]\s)", rf"(?:[:：|(\[]\s*|\s[–—-]\s+){word}[)\].]?$"
        if re.search(f"{opens}|{closes}", claim, re.IGNORECASE):
            yield Finding("CLAIM_RATED", where, "the rating belongs in reviewRating, not in the claim")
    if len(claim) > LONG_CLAIM:
        yield Finding("CLAIM_LONG", where, f"{len(claim)} characters; readers show about {LONG_CLAIM}", "warning")


def _page(review: dict[str, Any], path: str, desk_url: str | None, page_url: str | None) -> Iterator[Finding]:
    where, address = _join(path, "url"), review.get("url")
    if not isinstance(address, str) or not web.is_web_address(address):
        if address and not isinstance(address, str):
            yield Finding("URL", where, "must be one address")
        return
    if web.site(address) in _SHORTENERS:
        yield Finding("URL_SHORT", where, "must be the page itself, not a short link")
    elif desk_url and not web.is_within(address, desk_url):
        yield Finding("URL_SITE", where, f"must be on the publisher's own site, {desk_url}")
    if page_url and address != page_url:
        yield Finding("URL_PAGE", where, f"is not the page that carries the markup, {page_url}")


def _author(author: Any, path: str, *, needs: tuple[str, ...]) -> Iterator[Finding]:
    if author is None:
        return
    for item in author if isinstance(author, list) else [author]:
        if not isinstance(item, dict) or item.get("@type") not in ("Organization", "Person"):
            yield Finding("AUTHOR", path, "must be an Organization or a Person")
        elif not any(isinstance(item.get(name), str) and item[name].strip() for name in needs):
            yield Finding("AUTHOR", path, f"needs {' or '.join(needs)}; leave out an unknown author")


def _rating(rating: Any, path: str) -> Iterator[Finding]:
    if not isinstance(rating, dict) or rating.get("@type") != "Rating":
        yield Finding("RATING_TYPE", path, "must be a Rating object, not a text or a list")
        return
    name = rating.get("alternateName")
    if not isinstance(name, str) or not name.strip():
        yield Finding("RATING_NAME", _join(path, "alternateName"), "must be the verdict in words, as one plain text")
    if present := [key for key in _SCALE if key in rating]:
        yield from _scale(rating, present, path)


def _scale(rating: dict[str, Any], present: list[str], path: str) -> Iterator[Finding]:
    if len(present) < len(_SCALE):
        yield Finding("RATING_PARTIAL", path, f"{', '.join(_SCALE)} must be given together or not at all")
    if wrong := [key for key in present if type(rating[key]) is not int]:
        yield Finding("RATING_NUMBER", _join(path, wrong[0]), f"must be a whole number, not {rating[wrong[0]]!r}")
        return
    if len(present) < len(_SCALE):
        return
    worst, value, best = (rating[key] for key in _SCALE)
    if best < worst:
        yield Finding("RATING_INVERTED", path, "bestRating is the truer end and must be above worstRating")
    elif best == worst:
        yield Finding("RATING_FLAT", path, "bestRating and worstRating are the same")
    elif not worst <= value <= best:
        yield Finding("RATING_OUTSIDE", _join(path, "ratingValue"), f"{value} is not between {worst} and {best}")
    if min(worst, best) < 1:
        yield Finding("RATING_BELOW_ONE", path, "the scale must start at 1 or above")


def _item(review: dict[str, Any], path: str, desk_url: str | None) -> Iterator[Finding]:
    item = review["itemReviewed"]
    if not isinstance(item, dict) or item.get("@type") not in ("Claim", "MediaReviewItem"):
        if item is not None:
            yield Finding("ITEM_TYPE", path, "must be a Claim")
        return
    yield from _author(item.get("author"), _join(path, "author"), needs=("name",))
    if item.get("name") and item["name"] != review.get("claimReviewed"):
        yield Finding(
            "ITEM_NAME", _join(path, "name"), "put the claim's words in claimReviewed and a place in location"
        )
    made = {review.get("url")} if isinstance(review.get("url"), str) else set()
    for name in ("firstAppearance", "appearance"):
        works = item.get(name) or []
        for number, work in enumerate(works if isinstance(works, list) else [works]):
            where = f"{_join(path, name)}[{number}]" if isinstance(works, list) else _join(path, name)
            address = work.get("url") if isinstance(work, dict) else work
            if isinstance(address, str):
                made.add(address)
                if desk_url and web.is_within(address, desk_url):
                    yield Finding(
                        "APPEARANCE_OWN", where, "is the fact-checker's own page, not where the claim was made"
                    )
    author = item.get("author")
    same = author.get("sameAs") if isinstance(author, dict) else None
    for address in same if isinstance(same, list) else [same]:
        if isinstance(address, str) and address in made:
            yield Finding("SAME_AS", _join(path, "author.sameAs"), "must identify the speaker, not the claim")


def _parsed(value: Any) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) <= len("2026-11-22") else datetime.fromisoformat(value)
    except ValueError:
        return None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
