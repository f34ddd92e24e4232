"""HTML pages: the article without navigation, teasers and scripts, and every ZWNJ of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from factcheck.articles import layout, markup, phrasing
from factcheck.articles.draft import Draft, Limits
from factcheck.articles.metadata import page_metadata
from factcheck.articles.protect import Shield
from factcheck.errors import Rejected
from factcheck.folding import match_key
from factcheck.process_wide import Lent
from factcheck.text import strip_controls

_ROLES = " or ".join(f"@role='{role}'" for role in ("navigation", "complementary", "contentinfo", "banner"))
_ASIDE = f"//nav | //aside | //body/footer | //*[{_ROLES}]"
_LONGEST_HEADING = 40
_PAYWALLED = 500  # code points of text behind a paywall that are only its teaser
_LINKED = 0.5


def _silent() -> int:
    log = logging.getLogger("trafilatura")
    before = log.level
    log.setLevel(logging.CRITICAL)
    return before


SILENCE = Lent(_silent, logging.getLogger("trafilatura").setLevel)
"""No log of trafilatura's: what it cannot read is our rejection to tell."""


def page_candidate(
    text: str, *, source: str, url: str | None, warnings: tuple[str, ...], now: datetime, limits: Limits
) -> Draft:
    """The article of one page. Raises Rejected: TOO_DEEP, TOO_LARGE, NO_TEXT."""
    text, controls = strip_controls(text)
    text = markup.possible_references(text)
    root = markup.tree(text)
    about = page_metadata(root, base=url, now=now)
    _bounded(root, limits)
    for tag in ("script", "style", "noscript", "template", "iframe"):
        for element in list(root.iter(tag)):
            element.drop_tree()
    _drop_teasers(root)
    phrasing.unwrap(root)
    phrasing.make_paragraphs(root)
    paragraphs = phrasing.paragraphs(root)
    lead = phrasing.lead(root)
    body = phrasing.with_lead(extract(root), lead)
    if phrasing.left_out(paragraphs, body):
        warnings = (*warnings, "words_left_out")
    if about.body and len(body) < limits.min_page_text:  # the page shows it by a script
        body, warnings = about.body.strip(), (*warnings, "text_of_json_ld")
    if len(body) < limits.min_page_text or (not about.free and len(body) < _PAYWALLED):
        raise Rejected(
            "NO_TEXT",
            "has no article text (perhaps loaded by a script or behind a paywall)",
            hint="open it in a browser and save the text",
        )
    return Draft(
        source=source,
        text=body,
        url=about.url or url,
        publisher=about.publisher,
        title=about.title,
        published_raw=about.published_raw or layout.dateline(body, now=now),
        warnings=(*warnings, *about.warnings, *(["controls_removed"] if controls else [])),
    )


def extract(root: Any) -> str:
    """The main text of the page's tree, one line for each paragraph; the tree is used up."""
    import trafilatura
    from trafilatura.settings import use_config

    shield = Shield(_texts(root))
    for element in root.iter():
        if isinstance(element.tag, str):
            element.text = shield.put(element.text) if element.text else element.text
            element.tail = shield.put(element.tail) if element.tail else element.tail
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "60")
    with SILENCE.taken():
        found = trafilatura.bare_extraction(root, fast=True, include_comments=False, include_tables=True, config=config)
    if found is None or isinstance(found, dict) or not found.text:
        return ""
    return shield.back(found.text).strip()


def _texts(root: Any) -> Iterator[str]:
    for element in root.iter():
        yield element.text or ""
        yield element.tail or ""


def _bounded(root: Any, limits: Limits) -> None:
    sizes = [len(text) for text in _texts(root)]
    if max(sizes, default=0) > limits.max_text or sum(sizes) > limits.max_text * 4:
        raise Rejected(
            "TOO_LARGE", f"has more than {limits.max_text} characters in a paragraph", hint="save the article as text"
        )


def _drop_teasers(root: Any) -> None:
    """Takes out navigation and lists of other stories, but never half of the page."""
    whole = _size(root)
    for element in root.xpath(_ASIDE):
        _drop(element, whole)
    headings = layout.teaser_headings()
    for element in list(
        root.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "legend", "a")
    ):
        text = "".join(element.itertext()).strip() if _size(element) <= _LONGEST_HEADING else ""
        if match_key(text) in headings:
            _drop_list(element, whole)


def _drop_list(heading: Any, whole: int) -> None:
    """The list that follows the heading, or the box that holds both."""
    box = heading.getparent()
    if box is not None and box.tag not in {"body", "html", "article", "main"} and _linked(box) > _LINKED:
        _drop(box, whole)
        return
    following = heading.getnext()
    if (
        following is not None
        and following.tag in {"ul", "ol", "div", "section", "table"}
        and _linked(following) > _LINKED
    ):
        _drop(following, whole)
        _drop(heading, whole)


def _linked(element: Any) -> float:
    return sum(_size(link) for link in element.iter("a")) / max(1, _size(element))


def _drop(element: Any, whole: int) -> None:
    if element.getparent() is not None and _size(element) * 2 < whole:
        element.drop_tree()


def _size(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
