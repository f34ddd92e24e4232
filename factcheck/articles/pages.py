"""HTML pages: the article without navigation, teasers and scripts, and every ZWNJ of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factcheck.articles import blocks, layout, markup, metadata, selection
from factcheck.articles.blocks import Block, at
from factcheck.articles.draft import Draft, Limits, Origin
from factcheck.errors import Rejected
from factcheck.folding import match_key
from factcheck.text import strip_controls

_ASIDE = "//*[self::nav or self::aside or @role or (self::footer and parent::body)]"
_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner"})
_LONGEST_HEADING = 40
_PAYWALLED = 500  # code points of text behind a paywall that are only its teaser
_LINKED = 0.5
_NEVER_TEXT = ("script", "style", "noscript", "template", "iframe")
_PARAGRAPHS = ".//p | .//div | .//h1 | .//h2 | .//h3 | .//ul | .//ol | .//article | .//section"
_LONG_CELL = 200  # code points


def page_candidate(text: str, origin: Origin, warnings: tuple[str, ...]) -> Draft:
    """The article of one page. Raises Rejected: TOO_DEEP, TOO_LARGE, NO_TEXT.

    Warning `text_left_out`: there is prose between its paragraphs that was not taken for the article's.
    """
    text, controls = strip_controls(text)
    root = markup.tree(markup.possible_references(text))
    head = metadata.head(root)
    _drop_silent(root)
    _unwrap_layout(root)
    held = list(root.iter())  # so that lxml makes each element's object once
    page = blocks.blocks(root)
    _bounded(page, origin.limits)
    about = metadata.page_metadata(head, root, page, base=origin.url, now=origin.now)
    page = _without_teasers(root, page)
    found, left_out = selection.chosen(root, page, title=about.title, told=about.body)
    del held
    body = rendered([block for block in found if block.text != about.published_raw])
    if about.body and len(body) < len(about.body) / 2:
        body, left_out, warnings = about.body, False, (*warnings, "text_of_json_ld")
    if len(body) < origin.limits.min_page_text or (not about.free and len(body) < _PAYWALLED):
        raise Rejected(
            "NO_TEXT",
            "has no article text (perhaps loaded by a script or behind a paywall)",
            hint="open it in a browser and save the text",
        )
    return Draft(
        source=origin.source,
        text=body,
        url=about.url or origin.url,
        publisher=about.publisher,
        title=about.title,
        published_raw=about.published_raw or layout.dateline(body, now=origin.now),
        warnings=(
            *warnings,
            *about.warnings,
            *(["controls_removed"] if controls else []),
            *(["text_left_out"] if left_out else []),
        ),
    )


def rendered(found: Sequence[Block]) -> str:
    """The text of the blocks, one line for each; the cells of a table's row stand in one line."""
    lines: list[str] = []
    row: Any = None
    for block in found:
        parent = block.element.getparent() if block.element.tag in {"td", "th"} else None
        cell = block.text.replace("\n", " ")
        if parent is not None and parent is row:
            lines[-1] += f" {cell} |"
        else:
            lines.append(f"| {cell} |" if parent is not None else block.text)
        row = parent
    return "\n".join(lines)


def _drop_silent(root: Any) -> None:
    from lxml.etree import strip_elements

    strip_elements(root, *_NEVER_TEXT, with_tail=False)


def _unwrap_layout(root: Any) -> None:
    """Tables that only place paragraphs on the page become boxes, so that nobody reads their cells as a row."""
    for table in list(root.iter("table")):
        cells = [cell for cell in table.iter("td", "th") if next(cell.iterancestors("table")) is table]
        sizes = [_size(cell) for cell in cells]
        if any(at(cell, _PARAGRAPHS) for cell in cells) or (
            sizes and max(sizes) > _LONG_CELL and max(sizes) * 2 > sum(sizes)
        ):
            for element in (table, *table.iter("tbody", "thead", "tfoot", "tr", "td", "th")):
                if element is table or next(element.iterancestors("table"), table) is table:
                    element.tag = "div"


def _bounded(page: Sequence[Block], limits: Limits) -> None:
    sizes = [len(block.text) for block in page]
    if max(sizes, default=0) > limits.max_text or sum(sizes) > limits.max_text * 4:
        raise Rejected(
            "TOO_LARGE", f"has more than {limits.max_text} characters in a paragraph", hint="save the article as text"
        )


def _without_teasers(root: Any, page: Sequence[Block]) -> list[Block]:
    """The blocks without navigation and lists of other stories, which also leave the tree; never half of the page."""
    whole = sum(len(block.text) for block in page)
    dropped: set[Any] = set()
    for element in at(root, _ASIDE):
        if element.tag in {"nav", "aside", "footer"} or element.get("role") in _ROLES:
            _drop(element, whole, dropped)
    headings = layout.teaser_headings()
    for block in page:
        if len(block.text) <= _LONGEST_HEADING and match_key(block.text) in headings:
            element = block.first
            while element is not None and not _drop_list(element, whole, dropped) and element is not block.element:
                element = element.getparent()
    return [block for block in page if block.element not in dropped and block.first not in dropped]


def _drop_list(heading: Any, whole: int, dropped: set[Any]) -> bool:
    """Drops the list that follows the heading, or the box that holds both; whether there was one."""
    box = heading.getparent()
    if box is not None and box.tag not in {"body", "html", "article", "main"} and _linked(box) > _LINKED:
        return _drop(box, whole, dropped)
    following = heading.getnext()
    if (
        following is not None
        and following.tag in {"ul", "ol", "div", "section", "table"}
        and _linked(following) > _LINKED
    ):
        return _drop(following, whole, dropped) and _drop(heading, whole, dropped)
    return False


def _linked(element: Any) -> float:
    return sum(_size(link) for link in element.iter("a")) / max(1, _size(element))


def _drop(element: Any, whole: int, dropped: set[Any]) -> bool:
    if element.getparent() is None or _size(element) * 2 >= whole:
        return False
    dropped.update(element.iter())
    element.drop_tree()
    return True


def _size(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
