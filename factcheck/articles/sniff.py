"""What kind of source the bytes are (text, page or feed; by content, not only by name), and its candidates."""

from __future__ import annotations

import re
from datetime import datetime

from factcheck.articles import layout
from factcheck.articles.decode import decode
from factcheck.articles.draft import Candidate, Draft, Limits, reject
from factcheck.articles.feeds import feed_candidates
from factcheck.articles.links import web_link
from factcheck.articles.pages import page_candidate
from factcheck.articles.splitting import split
from factcheck.errors import Rejected

_TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown"})
_MARKUP_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".rdf"})
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\])?\s*>)*", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|(?:\w+:)?feed)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body|article|main|div|section|p|h1|title|meta|script)[\s>/]", re.IGNORECASE)


def candidates(
    data: bytes,
    *,
    source: str,
    suffix: str,
    now: datetime,
    limits: Limits,
    url: str | None = None,
    declared: str | None = None,
    media_type: str | None = None,
) -> list[Candidate]:
    """The article candidates of one source, at least one; raises Rejected where the source as a whole is none.

    `suffix` is the file name's (empty for an address), `url` where a page was read, `declared` and `media_type` what
    HTTP said.
    """
    named = _DECLARED.search(data[:2048])
    text, encoding = decode(data, declared=declared or (named[1].decode("ascii") if named else None))
    if not text.strip():
        raise Rejected("EMPTY", "contains no text", hint="save it again with the article's text")
    warnings = () if encoding == "utf_8" else (f"encoding_{encoding}",)
    opening = _PROLOGUE.match(text[:20_000])
    after = text[opening.end() if opening else 0 :][:200]
    if _FEED.match(after):
        return feed_candidates(text, source=source, warnings=warnings, limits=limits)
    if (
        _PAGE.match(after)
        or "<!doctype html" in text[:1000].lower()
        or media_type in {"text/html", "application/xhtml+xml"}
    ):
        return [page_candidate(text, source=source, url=url, warnings=warnings, limits=limits)]
    if suffix in _MARKUP_SUFFIXES and after.startswith("<"):
        raise Rejected("UNSUPPORTED", "is neither an HTML page nor a feed", hint="save the article as text or HTML")
    if suffix not in _TEXT_SUFFIXES | _MARKUP_SUFFIXES or (
        url and media_type not in {None, "text/plain", "text/markdown"}
    ):
        kind = suffix or media_type
        raise Rejected("UNSUPPORTED", f"{kind} files are not read as articles", hint="save it as .txt, .html or a feed")
    return text_candidates(text, source=source, url=url, warnings=warnings, now=now, limits=limits)


def text_candidates(
    text: str, *, source: str, url: str | None, warnings: tuple[str, ...], now: datetime, limits: Limits
) -> list[Candidate]:
    """The articles of a plain text: a single one keeps its text untouched, of several each is a slice."""
    if len(text) > limits.max_text * 10:
        raise Rejected("TOO_LARGE", f"has {len(text)} characters", hint="split it into its articles")
    found = split(text, now=now)
    return [
        _draft(
            text,
            part.start,
            part.end,
            several=len(found.parts) > 1,
            source=source,
            url=url,
            now=now,
            warnings=(*warnings, *found.warnings),
        )
        for part in found.parts
    ]


def _draft(
    text: str,
    start: int,
    end: int,
    *,
    several: bool,
    source: str,
    url: str | None,
    now: datetime,
    warnings: tuple[str, ...],
) -> Candidate:
    head = layout.header(text[:end], start)
    fields = head.fields
    start = head.end
    body = text[start:end]
    if several:
        body = body.rstrip()
        start += len(body) - len(body.lstrip())
        body = body.lstrip()
    subject = f"{source}#{start}" if several else source
    if not body.strip():
        return reject("NO_TEXT", subject, "has header lines but no text", fields.get("title"))
    link, dropped = web_link(fields.get("url"))
    return Draft(
        source=source,
        text=body,
        source_start=start,
        url=link or url,
        publisher=fields.get("outlet"),
        title=fields.get("title") or layout.headline(body),
        published_raw=fields.get("date") or layout.dateline(body, now=now),
        warnings=(*warnings, *dropped),
    )
