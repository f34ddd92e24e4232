"""RSS 2.0 (rssboard.org/rss-specification), as most content management systems read it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from factcheck.exporters.feed_entries import Entry, Feed
from factcheck.exporters.feed_xml import DECLARATION, element

ATOM = "http://www.w3.org/2005/Atom"


def encode(feed: Feed, file: str) -> bytes:
    """The document, an item a line. RSS has no word for an entry taken back: it is just not there any more."""
    address = feed.at(file)
    own = element("atom:link", "", href=address, rel="self", type="application/rss+xml") if address else None
    lines = [
        DECLARATION,
        f'<rss version="2.0" xmlns:atom="{ATOM}">',
        "<channel>",
        element("title", feed.title),
        element("link", feed.home),
        element("description", feed.description),
        element("language", feed.language),
        *_rights(feed),
        element("pubDate", _date(feed.updated)),
        element("lastBuildDate", _date(feed.updated)),
        *(element("category", value, domain=name) for name, value in feed.facts.items()),
        element("generator", "factcheck"),
        *([own] if own else []),
        *([_image(feed)] if feed.logo else []),
        *(_item(entry) for entry in feed.entries),
        "</channel>",
        "</rss>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _rights(feed: Feed) -> list[str]:
    if feed.licence is None:
        return []
    address = f" ({feed.licence.url})" if feed.licence.url not in {"", feed.licence.name} else ""
    return [element("copyright", f"{feed.licence.name}{address}")]


def _image(feed: Feed) -> str:
    return f"<image>{element('url', feed.logo)}{element('title', feed.title)}{element('link', feed.home)}</image>"


def _item(entry: Entry) -> str:
    inside = [
        element("title", entry.title),
        element("link", entry.page),
        element("guid", entry.id, isPermaLink="false"),
        element("pubDate", _date(entry.published)),
        element("atom:updated", entry.updated.astimezone(UTC).isoformat(timespec="seconds")),
        *(element("category", tag) for tag in entry.tags),
        element("description", entry.html),
    ]
    return f"<item>{''.join(inside)}</item>"


def _date(moment: datetime) -> str:
    """RFC 822 with four digits of the year."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
