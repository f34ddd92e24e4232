"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from factcheck.exporters.feed_entries import Entry, Feed, sound

VERSION = "https://jsonfeed.org/version/1.1"
_ESCAPED = "<>&\u2028\u2029\u0085"
"""As escapes: they would end a script element or a line of JavaScript that the text is put into."""


def encode(feed: Feed, file: str) -> bytes:
    """The document, an item a line; `_factcheck` says which version, profile and policy it is of."""
    head: dict[str, Any] = {
        "version": VERSION,
        "title": sound(feed.title),
        "home_page_url": feed.home,
        "description": sound(feed.description),
        "language": feed.language,
        "authors": [{"name": sound(feed.author), "url": feed.home}],
        "_factcheck": {
            **{name: sound(value) for name, value in feed.facts.items()},
            "dataset_committed_at": _date(feed.updated),
        },
    }
    if feed.licence:
        head["_factcheck"] |= {
            name: value
            for name, value in zip(("licence", "licence_name", "licence_url"), feed.licence, strict=True)
            if value
        }
    if feed.logo:
        head["icon"] = feed.logo
    if address := feed.at(file):
        head["feed_url"] = address
    opening = _json(head | {"items": []}).removesuffix("]}")
    items = ",\n".join(_json(_item(entry)) for entry in feed.entries)
    return f"{opening}\n{items}\n]}}\n".encode()


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.page,
        "title": sound(entry.title),
        "content_html": entry.html,
        "date_published": _date(entry.published),
        "date_modified": _date(entry.updated),
        "tags": [sound(tag) for tag in entry.tags],
        "language": entry.lang,
    }
    return {name: value for name, value in item.items() if value}


def _json(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for char in _ESCAPED:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _date(moment: datetime) -> str:
    """RFC 3339 to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
