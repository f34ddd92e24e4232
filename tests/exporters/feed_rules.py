"""What the formats of feeds ask for, as rules: each returns what is wrong with a document, as sentences.

RFC 4287 and RFC 6721 (every MUST that concerns a document like ours), the RSS 2.0 specification, JSON Feed 1.1.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

ATOM = "{http://www.w3.org/2005/Atom}"
TOMB = "{http://purl.org/atompub/tombstones/1.0}"
_RFC3339 = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_WEB = re.compile(r"https?://[^\s<>\"]+")
_LANG = re.compile(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]+)*")


def atom(content: bytes) -> list[str]:
    """Against RFC 4287 and RFC 6721."""
    try:
        feed = fromstring(content)
    except ParseError as error:
        return [f"not well-formed: {error}"]
    if feed.tag != f"{ATOM}feed":
        return ["the root is no atom:feed"]
    return [*_atom_feed(feed), *_atom_dates(feed), *_atom_names(feed), *_tombstones(feed)]


def _atom_feed(feed: Element) -> Iterator[str]:
    yield from _once(feed, "feed", exactly=("id", "title", "updated"), at_most=("generator", "subtitle", "rights"))
    entries = feed.findall(f"{ATOM}entry")
    if not feed.findall(f"{ATOM}author") and not all(entry.findall(f"{ATOM}author") for entry in entries):
        yield "4.1.1: no author"
    for person in feed.iter(f"{ATOM}author"):
        yield from _once(person, "author", exactly=("name",), at_most=("uri", "email"))
    for entry in entries:
        yield from _atom_entry(entry)
    stamps = Counter((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries)
    yield from (f"4.1.1: {one} stands twice" for one, count in stamps.items() if count > 1)


def _atom_entry(entry: Element) -> Iterator[str]:
    where = entry.findtext(f"{ATOM}id", "?")
    yield from _once(
        entry, where, exactly=("id", "title", "updated"), at_most=("content", "published", "summary", "rights")
    )
    alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    if not entry.findall(f"{ATOM}content") and not alternates:
        yield f"4.1.2: {where} has neither content nor an alternate link"
    if len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
        yield f"4.1.2: {where} has two alternate links of one type"


def _atom_dates(feed: Element) -> Iterator[str]:
    for one in feed.iter(f"{ATOM}id"):
        if not _IRI.fullmatch(one.text or ""):
            yield f"4.2.6: id is no IRI: {one.text!r}"
    for name in ("updated", "published"):
        for one in feed.iter(ATOM + name):
            if not _RFC3339.fullmatch(one.text or ""):
                yield f"3.3: {name} is no RFC 3339 date: {one.text!r}"


def _atom_names(feed: Element) -> Iterator[str]:
    for one in feed.iter(f"{ATOM}link"):
        if not _IRI.fullmatch(one.get("href", "")):
            yield f"4.2.7: a link without an address: {one.attrib}"
    for one in feed.iter(f"{ATOM}category"):
        if one.get("term") is None:
            yield "4.2.2: a category without a term"
        if one.get("scheme") is not None and not _IRI.fullmatch(one.get("scheme", "")):
            yield "4.2.2: a scheme that is no IRI"
    for name in ("title", "subtitle", "summary", "content"):
        for one in feed.iter(ATOM + name):
            if one.get("type", "text") not in {"text", "html", "xhtml"} or len(one):
                yield f"3.1.1: {name} has children or an unknown type"


def _tombstones(feed: Element) -> Iterator[str]:
    live = {entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")}
    for one in feed.iter(f"{TOMB}deleted-entry"):
        if not _IRI.fullmatch(one.get("ref", "")):
            yield f"RFC 6721, 3: ref is no IRI: {one.get('ref')!r}"
        if not _RFC3339.fullmatch(one.get("when", "")):
            yield f"RFC 6721, 3: when is no date: {one.get('when')!r}"
        if one.get("ref") in live:
            yield f"RFC 6721, 5: {one.get('ref')} is deleted and there"


def _once(parent: Element, where: str, *, exactly: tuple[str, ...], at_most: tuple[str, ...]) -> Iterator[str]:
    for name in (*exactly, *at_most):
        count = len(parent.findall(ATOM + name))
        if count > 1 or (name in exactly and count != 1):
            yield f"4.1: {where} has {count} of {name}"


def rss(content: bytes) -> list[str]:
    """Against the specification of RSS 2.0."""
    try:
        root = fromstring(content)
    except ParseError as error:
        return [f"not well-formed: {error}"]
    channels = root.findall("channel")
    if (root.tag, root.get("version"), len(channels)) != ("rss", "2.0", 1):
        return ["the root is no rss 2.0 with one channel"]
    return list(_channel(channels[0]))


def _channel(channel: Element) -> Iterator[str]:
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not channel.findtext(name):
            yield f"a channel needs one {name}"
    for name in ("language", "pubDate", "lastBuildDate", "generator"):
        if len(channel.findall(name)) > 1:
            yield f"{name} stands twice"
    if not _LANG.fullmatch(channel.findtext("language", "en")):
        yield "language is no code"
    for one in [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]:
        if not _RFC822.fullmatch(one.text or "") or parsedate_to_datetime(one.text or "") is None:
            yield f"no RFC 822 date: {one.text!r}"
    for link in channel.iter("link"):
        if not _WEB.fullmatch(link.text or ""):
            yield f"no address: {link.text!r}"
    yield from _rss_items(channel)


def _rss_items(channel: Element) -> Iterator[str]:
    guids = Counter(one.text for one in channel.iter("guid"))
    yield from (f"guid {one} stands {count} times" for one, count in guids.items() if count > 1)
    for item in channel.findall("item"):
        if not item.findtext("title") and not item.findtext("description"):
            yield "an item needs a title or a description"
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink", "true") == "true" and not _WEB.fullmatch(guid.text or ""):
            yield "a guid that is a permalink is an address"
        for name in ("title", "link", "description", "guid", "pubDate"):
            if len(item.findall(name)) > 1:
                yield f"an item has two of {name}"


def json_feed(content: bytes) -> list[str]:
    """Against JSON Feed 1.1."""
    try:
        feed = json.loads(content.decode("utf-8"))
    except ValueError as error:
        return [f"no JSON: {error}"]
    return list(_json_feed(feed))


def _json_feed(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version is not that of JSON Feed 1.1"
    if not isinstance(feed.get("title"), str) or not feed.get("title"):
        yield "title is missing"
    for name in ("home_page_url", "feed_url"):
        if name in feed and not _WEB.fullmatch(feed[name]):
            yield f"{name} is no address"
    for author in feed.get("authors", []):
        if not {"name", "url", "avatar"} & author.keys():
            yield "an author says nothing"
    items = feed.get("items")
    if not isinstance(items, list):
        yield "items is no array"
        return
    yield from _items(items)


def _items(items: list[dict[str, Any]]) -> Iterator[str]:
    ids = Counter(str(item.get("id")) for item in items)
    yield from (f"id {one} stands {count} times" for one, count in ids.items() if count > 1)
    for item in items:
        where = item.get("id")
        if not isinstance(where, str) or not where:
            yield "an item's id is no text"
        if not isinstance(item.get("content_html", item.get("content_text")), str):
            yield f"{where} has no content"
        if "url" in item and not _WEB.fullmatch(item["url"]):
            yield f"{where}: url is no address"
        for name in ("date_published", "date_modified"):
            if name in item and not _RFC3339.fullmatch(item[name]):
                yield f"{where}: {name} is no RFC 3339 date"
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            yield f"{where}: a tag is no text"
        if not _LANG.fullmatch(item.get("language", "en")):
            yield f"{where}: language is no code"


RULES = {".atom": atom, ".rss": rss, ".json": json_feed}
