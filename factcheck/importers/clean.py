"""Imported texts as readers saw them: HTML entities decoded, tags off where they are markup and not what is said."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from factcheck import web
from factcheck.importers.draft import Appearance, Draft

_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"<!--.{0,500}?-->|<(/?)([A-Za-z][A-Za-z0-9]{0,12})((?:\s[^<>]*)?/?)>", re.DOTALL)
_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr"})
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "time", "tt", "u", "var", "wbr",
])  # fmt: skip
_OPEN_ENDED = frozenset({"br", "p", "li", "hr", "img", "wbr", "td", "th", "tr"})
"""Tags that need no end tag."""
_MOST_ROUNDS = 4
"""Texts that were escaped twice are met; more often is no accident any more."""
_BROKEN_ENDS = re.compile(r"[ \t]*\n\s*")


def cleaned(draft: Draft) -> tuple[Draft, bool]:
    """The draft with plain texts, addresses with their entities decoded; and whether that changed anything."""
    if draft.is_plain:
        return draft, False
    found = replace(
        draft,
        claim=plain(draft.claim),
        ratings=tuple(replace(rating, words=_all(rating.words), value=plain(rating.value)) for rating in draft.ratings),
        status=plain(draft.status),
        claimant=plain(draft.claimant),
        reviewer=plain(draft.reviewer),
        review_urls=tuple(map(_decoded, draft.review_urls)),
        appearances=tuple(
            Appearance(
                url=_decoded(place.url),
                publisher=plain(place.publisher),
                title=plain(place.title),
                published_raw=plain(place.published_raw),
            )
            for place in draft.appearances
        ),
        claimed_raw=plain(draft.claimed_raw),
        decided_raw=plain(draft.decided_raw),
        rationales=_all(draft.rationales),
        evidence=tuple(_decoded(text) if web.is_meant_as_address(text) else plain(text) for text in draft.evidence),
    )
    return found, found != draft


def plain(text: str) -> str:
    """The text without markup, exactly as it was where it has none.

    Only entities that end in a semicolon are decoded; tags go where all of them are HTML's own and each that is
    opened is closed, so that "5 < 6" and a claim about a tag stay. Blocks become lines.
    """
    if "&" not in text and "<" not in text:
        return text
    found = text
    for _ in range(_MOST_ROUNDS):
        before = found
        found = _decoded(_without_tags(found))
        if found == before:
            break
    return found if found == text else found.strip()


def _all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(plain, texts))


def _decoded(text: str) -> str:
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    # Python leaves out what HTML calls an invalid character; a reader has to see that something stood there.
    return html.unescape(match[0]) or "\ufffd"


def _without_tags(text: str) -> str:
    if not _is_markup(text):
        return text
    broken = _TAG.sub(lambda tag: "\n" if (tag[2] or "").lower() in _BREAKS else "", text)
    return _BROKEN_ENDS.sub("\n", broken).strip() if "\n" in broken else broken


def _is_markup(text: str) -> bool:
    """Whether there are tags, all are HTML's, and each that needs an end has it in its place."""
    opened: list[str] = []
    met = False
    for tag in _TAG.finditer(text):
        met = True
        name = (tag[2] or "").lower()
        if not name:
            continue
        if name not in _BREAKS | _INLINE:
            return False
        if name in _OPEN_ENDED or tag[3].endswith("/"):
            continue
        if not tag[1]:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return met and not opened
