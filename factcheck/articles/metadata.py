"""What a page says about itself: JSON-LD first, then meta tags, then what a reader sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from factcheck.articles.links import web_link

_LARGEST_JSON = 1_000_000
_DATE_NAMES = (
    "article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date", "dc.date.issued",
    "dcterms.created", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_DATED = re.compile(r"(?:^|[\W_])(?:date|time|published|pubdate|timestamp|tarikh)(?:$|[\W_])", re.IGNORECASE)


class Metadata(NamedTuple):
    """Fields as they stand in the page, None where it says nothing; `free` is false behind a paywall."""

    title: str | None
    publisher: str | None
    url: str | None
    published_raw: str | None
    free: bool
    warnings: tuple[str, ...]


def page_metadata(root: Any, *, base: str | None) -> Metadata:
    """The metadata of a page's lxml tree; relative addresses are joined to `base`."""
    found = next(_articles(root), {})
    meta = _meta(root)
    canonical = _first(root, "//link[@rel='canonical']/@href") or meta.get("og:url") or _text(found.get("url"))
    link, dropped = web_link(canonical, base)
    publisher = found.get("publisher")
    return Metadata(
        title=_text(found.get("headline")) or meta.get("og:title") or _seen(root, "//h1") or _seen(root, "//title"),
        publisher=(_text(publisher.get("name")) if isinstance(publisher, dict) else _text(publisher))
        or meta.get("og:site_name")
        or meta.get("application-name"),
        url=link,
        published_raw=_text(found.get("datePublished"))
        or next((meta[name] for name in _DATE_NAMES if meta.get(name)), None)
        or _first(root, "//time/@datetime")
        or _visible_date(root),
        free=str(found.get("isAccessibleForFree", True)).lower() != "false",
        warnings=dropped,
    )


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        if len(script) <= _LARGEST_JSON:
            try:
                yield from _of_type(json.loads(script, parse_int=str, parse_float=str), 0)
            except (ValueError, RecursionError):
                continue  # a site's broken JSON-LD says nothing; the page is still read


def _of_type(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    deepest = 6
    if isinstance(value, dict):
        kinds = value.get("@type")
        if any(
            "Article" in str(kind) or "Report" in str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield value
    if isinstance(value, dict | list) and depth < deepest:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _of_type(inner, depth + 1)


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        content = (tag.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    return found


def _visible_date(root: Any) -> str | None:
    """The text of the first short element that is named as a date."""
    longest = 120
    for element in root.iter("time", "span", "div", "p", "li", "td"):
        names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        if element.tag == "time" or _DATED.search(names):
            text = " ".join("".join(element.itertext()).split())
            if any(char.isdecimal() for char in text) and len(text) <= longest:
                return text
    return None


def _seen(root: Any, path: str) -> str | None:
    return next((text for node in root.xpath(path) if (text := " ".join("".join(node.itertext()).split()))), None)


def _first(root: Any, path: str) -> str | None:
    return next((str(value).strip() for value in root.xpath(path) if str(value).strip()), None)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
