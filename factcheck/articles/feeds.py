"""RSS and Atom: one candidate for each item; a feed that was cut short gives the items that are whole."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any, NamedTuple

from factcheck.articles import feed_texts, markup
from factcheck.articles.draft import Candidate, Draft, Limits, reject
from factcheck.articles.links import web_link
from factcheck.errors import Rejected
from factcheck.text import strip_controls

_PROTECTED = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_ITEM = re.compile(r"<(/?)((?:\w+:)?(?:item|entry))(?=[\s>/])[^<>]*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</((?:\w+:)?(?:rss|feed|rdf))\s*>\s*\Z", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml.*?\?>", re.DOTALL)
_SUMMARY = 200  # code points


class _Cut(NamedTuple):
    text: str
    """The feed up to the end of its last whole item."""
    items: int
    partial: bool
    """Whether an item was begun and not ended."""


def feed_candidates(text: str, *, source: str, warnings: tuple[str, ...], limits: Limits) -> list[Candidate]:
    """The items of a feed as article drafts and rejections, as many as the feed has items.

    Raises Rejected: XML_ENTITIES for a feed that defines entities (bombs, files of this machine), TOO_DEEP,
    TOO_LARGE for too many items, EMPTY without items, PARTIAL where it is cut off in its first item, UNREADABLE.
    """
    import feedparser

    text, controls = strip_controls(text)
    text = markup.possible_references(text)
    warnings = (*warnings, *(["controls_removed"] if controls else []))
    if "<!ENTITY" in text.upper():
        raise Rejected("XML_ENTITIES", "defines XML entities, which are not allowed", hint="check where it comes from")
    markup.check_depth(_PROTECTED.sub("", text), limits.max_depth)
    cut = _whole_items(text)
    if cut.items > limits.max_items:
        raise Rejected("TOO_LARGE", f"has more than {limits.max_items} items", hint="split it")
    if not cut.items:
        if cut.partial:
            raise Rejected("PARTIAL", "is cut off in its first item", hint="fetch it again")
        raise Rejected("EMPTY", "is a feed with no items", hint="fetch it again")
    # Bytes in a file object: given text, feedparser would take it for an address or a file's name.
    data = _DECLARATION.sub("", cut.text).lstrip().encode("utf-8")
    try:
        feed = feedparser.parse(io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + data))
    except Exception as error:  # its second, lenient parser raises whatever a broken feed makes it stumble on
        raise Rejected("UNREADABLE", f"is a feed that cannot be parsed: {error}", hint="fetch it again") from error
    if cut.partial:
        warnings = (*warnings, "feed_partial")
    elif feed.bozo:
        warnings = (*warnings, "feed_malformed")
    guids = Counter(str(entry["id"]) for entry in feed.entries if entry.get("id"))
    found = [
        _item(entry, f"{source}#{n}", source, _text(feed.feed.get("title")), guids, warnings)
        for n, entry in enumerate(feed.entries, 1)
    ]
    missing = cut.items - len(found) + cut.partial
    reason = (
        "is cut off in the middle: fetch the feed again" if cut.partial else "cannot be read: the feed is malformed"
    )
    return found + [reject("PARTIAL", f"{source}#{len(found) + n}", reason) for n in range(1, missing + 1)]


def _whole_items(text: str) -> _Cut:
    """Items are counted outside comments and CDATA, where an item's text may speak of items."""
    hidden = _PROTECTED.sub(lambda match: " " * len(match[0]), text)
    opened = closed = end = 0
    for match in _ITEM.finditer(hidden):
        if match[1]:
            closed, end = closed + 1, match.end()
        else:
            opened += 1
            if match[0].endswith("/>"):
                closed, end = closed + 1, match.end()
    if _ROOT_END.search(hidden) or not closed:
        return _Cut(
            text, max(opened, closed) if _ROOT_END.search(hidden) else closed, partial=not closed and opened > 0
        )
    root = re.search(r"<((?:\w+:)?(?:rss|feed|rdf))(?=[\s>])", hidden, re.IGNORECASE)
    name = root[1] if root else "rss"
    channel = "</channel>" if name.lower() == "rss" else ""
    return _Cut(f"{text[:end]}{channel}</{name}>", closed, partial=opened > closed or not text[end:].strip())


def _item(
    entry: Any,
    subject: str,
    source: str,
    feed_title: str | None,
    guids: Counter[str],
    warnings: tuple[str, ...],
) -> Candidate:
    title = _text(entry.get("title"))
    bodies = [str(part.get("value", "")) for part in entry.get("content", [])] + [str(entry.get("summary", ""))]
    try:
        text = max((markup.fragment_text(body) for body in bodies if body.strip()), key=len, default="")
    except Rejected as error:
        return reject(error.reason_code, subject, error.what, title)
    origin = entry.get("source")
    channel = (_text(origin.get("title")) if origin else None) or feed_title
    text, continued = feed_texts.without_footer(text, title=title, channel=channel)
    if not text.strip():
        return reject("NO_TEXT", subject, "has a title but no text: ingest the address of its page", entry.get("link"))
    link, dropped = web_link(entry.get("link"))
    published = entry.get("published") or entry.get("updated")
    return Draft(
        source=source,
        text=text,
        url=link,
        publisher=channel,
        title=title,
        published_raw=published,
        dated=feed_texts.with_century(published),
        warnings=(
            *warnings,
            *dropped,
            *(["summary_only"] if continued or len(text) < _SUMMARY else []),
            *(["guid_repeated"] if guids[str(entry.get("id"))] > 1 else []),
        ),
    )


def _text(value: Any) -> str | None:
    return markup.fragment_text(value).replace("\n", " ").strip() or None if isinstance(value, str) else None
