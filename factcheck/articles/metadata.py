"""What a page says about itself, the best candidate of each field: JSON-LD of this page, meta tags, what a reader sees.

A page also tells of other stories and of today, so the first match is not the best: JSON-LD below a list is another
story's, a time in the page's header is the reader's, and a date that cannot be one is passed over for the next.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from factcheck.articles import dates
from factcheck.articles.links import web_link
from factcheck.folding import match_key

_LARGEST_JSON = 1_000_000
_DATE_NAMES = (
    "article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date", "dc.date.issued",
    "dcterms.created", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_ONE_MOMENT = timedelta(hours=38)
_MARKED = (
    "//*[@itemprop='datePublished' or @itemprop='dateCreated' or contains(@property, 'dc:date')"
    " or contains(@property, 'datePublished')]"
)
_OF_OTHERS = frozenset({"itemListElement", "hasPart", "relatedLink", "isRelatedTo", "mentions", "citation", "isPartOf"})
_TODAY = re.compile(r"(?:^|[\W_])(?:top|today|current|now|clock|live)(?:$|[\W_])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")
_DATED = re.compile(r"(?:^|[\W_])(?:date|time|published|pubdate|timestamp|tarikh)(?:$|[\W_])", re.IGNORECASE)


class Metadata(NamedTuple):
    """Fields as they stand in the page, None where it says nothing; `free` is false behind a paywall.

    `body` is the article's text as JSON-LD has it.
    """

    title: str | None
    publisher: str | None
    url: str | None
    published_raw: str | None
    free: bool
    warnings: tuple[str, ...]
    body: str | None = None


def page_metadata(root: Any, *, base: str | None, now: datetime) -> Metadata:
    """The metadata of a page's lxml tree; relative addresses are joined to `base`.

    Warnings: `date_disagrees` where the page names another day too, as its own; those of the address.
    """
    meta = _meta(root)
    heading = _seen(root, "//article//h1") or _seen(root, "//main//h1") or _seen(root, "//h1")
    address = _first(root, "//link[@rel='canonical']/@href") or meta.get("og:url")
    found = _own_article(root, heading=heading, address=web_link(address, base)[0], base=base)
    link, dropped = web_link(address or _text(found.get("url")), base)
    publisher = found.get("publisher")
    raw, disagree = _date(root, found, meta, now=now)
    return Metadata(
        title=_decoded(_text(found.get("headline")) or meta.get("og:title") or heading or _seen(root, "//title")),
        publisher=_decoded(
            (_text(publisher.get("name")) if isinstance(publisher, dict) else _text(publisher))
            or meta.get("og:site_name")
            or meta.get("application-name")
        ),
        url=link,
        published_raw=raw,
        free=str(found.get("isAccessibleForFree", True)).lower() != "false",
        warnings=(*dropped, *(["date_disagrees"] if disagree else [])),
        body=_decoded_text(_text(found.get("articleBody"))),
    )


def _own_article(root: Any, *, heading: str | None, address: str | None, base: str | None) -> dict[str, Any]:
    """The JSON-LD node of this page: with its address or its headline, else the first that names no other address."""
    nodes = list(_articles(root))
    key = match_key(heading) if heading else ""
    for node in nodes:
        if address and address in {web_link(one, base)[0] for one in _addresses(node)}:
            return node
    for node in nodes:
        if key and match_key(_text(node.get("headline")) or "") == key:
            return node
    others = [node for node in nodes if not (address and any(_addresses(node)))]
    return others[0] if others else {}


def _addresses(node: dict[str, Any]) -> Iterator[str]:
    for name in ("url", "@id", "mainEntityOfPage"):
        value = node.get(name)
        value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if text := _text(value):
            yield text


def _date(root: Any, found: dict[str, Any], meta: dict[str, str], *, now: datetime) -> tuple[str | None, bool]:
    """The date as it stands in the best candidate that can be read, and whether one as good names another day.

    Of candidates that cannot be read the best is kept, so that the article says what it had.
    """
    own = [_text(found.get("datePublished")), *(meta.get(name) for name in _DATE_NAMES)]
    seen = [*_marked(root), *_visible_dates(root)]
    candidates = list(dict.fromkeys(raw for raw in (*own, *seen) if raw))
    read = {raw: dates.published(raw, now=now, lang=None) for raw in candidates}
    readable = [raw for raw in candidates if read[raw].at is not None]
    if not readable:
        return (candidates[0] if candidates else None), False
    moments = [at for raw in readable if raw in own and (at := read[raw].at) is not None]
    # One moment is two days where it is written in two zones, and a day alone is its first moment.
    return readable[0], any(abs(at - moments[0]) > _ONE_MOMENT for at in moments)


def _marked(root: Any) -> Iterator[str]:
    """Dates that the page marks as its own: RDFa and microdata on any element, then <time> of the article."""
    for element in root.xpath(_MARKED):
        if not _is_aside(element) and (raw := element.get("content") or element.get("datetime") or _words(element)):
            yield raw
    inside: list[str] = []
    others: list[str] = []
    for element in root.xpath("//time[@datetime]"):
        if not _is_aside(element) and "modified" not in (element.get("itemprop") or "").lower():
            (inside if _is_within(element, {"article", "main"}) else others).append(element.get("datetime").strip())
    yield from (raw for raw in (*inside, *others) if raw)


def _visible_dates(root: Any) -> Iterator[str]:
    """The texts of short elements that are named as a date, those inside of the article first."""
    longest = 120
    inside: list[str] = []
    others: list[str] = []
    for element in root.iter("time", "span", "div", "p", "li", "td"):
        names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        if "modified" in names.lower() or "update" in names.lower():
            continue
        if element.tag == "time" or _DATED.search(names):
            text = _words(element)
            if any(char.isdecimal() for char in text) and len(text) <= longest and not _is_aside(element):
                (inside if _is_within(element, {"article", "main"}) else others).append(text)
    yield from (*inside, *others)


def _is_aside(element: Any) -> bool:
    """Whether the element is of the page's frame: its header, a side column, a list of other stories."""
    if _is_within(element, {"nav", "aside", "footer"}):
        return True
    return (_is_within(element, {"header"}) and not _is_within(element, {"article", "main"})) or bool(
        _TODAY.search(" ".join(filter(None, (element.get("class"), element.get("id")))))
    )


def _is_within(element: Any, tags: set[str]) -> bool:
    return any(parent.tag in tags for parent in element.iterancestors())


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        if len(script) <= _LARGEST_JSON:
            try:
                yield from _of_type(json.loads(script, parse_int=str, parse_float=str), 0)
            except (ValueError, RecursionError):
                continue  # a site's broken JSON-LD says nothing; the page is still read


def _of_type(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The nodes of articles, none below a list of others."""
    deepest = 6
    if isinstance(value, dict):
        kinds = value.get("@type")
        if any(
            "Article" in str(kind) or "Report" in str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield value
    if isinstance(value, dict | list) and depth < deepest:
        inner = [one for key, one in value.items() if key not in _OF_OTHERS] if isinstance(value, dict) else value
        for one in inner:
            yield from _of_type(one, depth + 1)


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        content = (tag.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    return found


def _decoded(text: str | None) -> str | None:
    """The text without character references that were escaped twice."""
    return " ".join(html.unescape(text).split()) or None if text and _REFERENCE.search(text) else text


def _decoded_text(text: str | None) -> str | None:
    return html.unescape(text) if text and _REFERENCE.search(text) else text


def _seen(root: Any, path: str) -> str | None:
    return next((text for node in root.xpath(path) if (text := " ".join("".join(node.itertext()).split()))), None)


def _first(root: Any, path: str) -> str | None:
    return next((str(value).strip() for value in root.xpath(path) if str(value).strip()), None)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
