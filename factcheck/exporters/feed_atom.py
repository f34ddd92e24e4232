"""Atom (RFC 4287) with tombstones for what was taken back (RFC 6721)."""

from __future__ import annotations

from datetime import UTC, datetime

from factcheck.exporters.feed_entries import Deleted, Entry, Feed
from factcheck.exporters.feed_xml import DECLARATION, attribute, element

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
SCHEME = "urn:x-factcheck:"
"""Of the categories of the feed itself, which say what it is of."""


def encode(feed: Feed, file: str) -> bytes:
    """The document, an entry a line; an entry taken back is an `at:deleted-entry` with its id and nothing it said."""
    address = feed.at(file)
    lines = [
        DECLARATION,
        f'<feed xmlns="{ATOM}" xmlns:at="{TOMBSTONES}" xml:lang="{attribute(feed.language)}">',
        element("id", feed.id),
        element("title", feed.title),
        element("subtitle", feed.description),
        element("updated", _date(feed.updated)),
        f"<author>{element('name', feed.author)}{element('uri', feed.home)}</author>",
        element("link", "", rel="alternate", href=feed.home),
        *([element("link", "", rel="self", href=address, type="application/atom+xml")] if address else []),
        *(element("category", "", scheme=SCHEME + name, term=value) for name, value in feed.facts.items()),
        element("generator", "factcheck"),
        *([element("logo", feed.logo)] if feed.logo else []),
        *_rights(feed),
        *(_entry(entry) for entry in feed.entries),
        *(_deleted(one) for one in feed.deleted),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _rights(feed: Feed) -> list[str]:
    """The licence in words, and its address as RFC 4946 has it."""
    if feed.licence is None:
        return []
    link = [element("link", "", rel="license", href=feed.licence.url)] if feed.licence.url else []
    return [element("rights", feed.licence.name), *link]


def _entry(entry: Entry) -> str:
    inside = [
        element("id", entry.id),
        element("title", entry.title, type="text"),
        element("published", _date(entry.published)),
        element("updated", _date(entry.updated)),
        element("link", "", rel="alternate", type="text/html", href=entry.page),
        *(element("category", "", term=tag) for tag in entry.tags),
        element("content", entry.html, type="html"),
    ]
    return f"<entry>{''.join(inside)}</entry>"


def _deleted(one: Deleted) -> str:
    return element("at:deleted-entry", "", ref=one.id, when=_date(one.when))


def _date(moment: datetime) -> str:
    """RFC 3339 to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
