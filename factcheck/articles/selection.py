"""Which blocks of a page are its article: an extractor chooses them, and what it chose is given back whole.

The extractor sees a mark in every text node and is asked for nothing but the marks that it kept. So its lists of tags
and its clean-up of characters decide about blocks, never about words in one.
"""

from __future__ import annotations

import functools
import logging
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from factcheck.articles import references
from factcheck.articles.blocks import HEADINGS, Block
from factcheck.process_wide import Lent

# Braille letters: printable, no letters or digits, unchanged by Unicode normalisation, hardly ever in a page.
_FIRST = 0x2801
_BASE = 255
_MARK = re.compile("[\u2801-\u28ff]{2}")
_BRAILLE = re.compile("[\u2800-\u28ff]")
_LEAD_BLOCKS = 8
_LONG = 40  # code points; a shorter line may stand twice in an article
_SMALL_SHARE = 0.5  # of the page's prose: less of it is worth a second look
_BETTER = 1.3
_BETWEEN = 2  # blocks between two of prose: a heading, a caption
_WHOLE = 0.9
_OUTSIDE = frozenset({"nav", "aside", "footer", "form", "figure", "figcaption", "dialog", "menu", "button"})


_log = logging.getLogger("trafilatura")
_nowhere = logging.NullHandler()


def _silent() -> bool:
    before = _log.propagate
    _log.addHandler(_nowhere)
    _log.propagate = False
    return before


def _heard(before: bool) -> None:
    _log.propagate = before
    _log.removeHandler(_nowhere)


SILENCE = Lent(_silent, _heard)
"""No log of trafilatura's: what it cannot read is our rejection to tell."""


def chosen(root: Any, page: Sequence[Block], *, title: str | None, told: str | None) -> tuple[list[Block], bool]:
    """The article's blocks in order, and whether prose between them was left out; the tree is used up.

    `title` is the page's, `told` the text as the page's own data have it (JSON-LD articleBody), which is a second
    opinion: where all of it stands in the page, its blocks are the article's.
    """
    outside: dict[Any, bool] = {}
    prose = [
        block.is_prose and not _is_outside(block.element, outside) and not (n and _is_card(page[n - 1], block))
        for n, block in enumerate(page)
    ]
    _put_marks(page)
    kept = _kept(root, fast=True)
    whole = sum(len(block.text) for block, is_prose in zip(page, prose, strict=True) if is_prose)
    had = _amount(page, kept, prose)
    if had < whole * _SMALL_SHARE and not _told(page, kept, told):
        other = _kept(root, fast=False)
        if _amount(page, other, prose) > had * _BETTER:
            kept = other
        if kept and _amount(page, kept, prose) < whole * _SMALL_SHARE:
            kept |= _following(page, max(kept), prose)
    kept = _with_told(page, kept, told)
    if not kept:
        return [], False
    kept |= _leads(page, kept, prose, title)
    first, last = min(kept), max(kept)
    kept |= {n for n in range(first, last) if prose[n] and n not in kept and _is_beside(page, n, kept)}
    left_out = any(n not in kept and prose[n] for n in range(first, last))
    return _once([page[n] for n in sorted(kept)]), left_out


def _is_card(before: Block, block: Block) -> bool:
    """Whether the block stands below a headline that leads to another page: what is said there of another story."""
    return (
        before.is_linked
        and before.element.tag in HEADINGS
        and before.element.tag != "h1"
        and before.element.getparent() is block.element.getparent()
    )


def _put_marks(page: Sequence[Block]) -> None:
    for n, block in enumerate(page):
        at = min(n, _BASE * _BASE - 1)
        mark = chr(_FIRST + at // _BASE) + chr(_FIRST + at % _BASE)
        has_marks = _BRAILLE.search(block.text) is not None
        for node, is_tail in block.nodes:
            text = node.tail if is_tail else node.text
            text = mark + (_BRAILLE.sub("x", text) if has_marks else text)
            if is_tail:
                node.tail = text
            else:
                node.text = text


def _kept(root: Any, *, fast: bool) -> set[int]:
    import trafilatura

    with SILENCE.taken():
        found = trafilatura.bare_extraction(root, options=_options(fast))
    if found is None or isinstance(found, dict) or not found.text:
        return set()
    return {(ord(mark[0]) - _FIRST) * _BASE + ord(mark[1]) - _FIRST for mark in _MARK.findall(found.text)}


@functools.cache
def _options(fast: bool) -> Any:
    from trafilatura.settings import Extractor, use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "60")
    return Extractor(config=config, output_format="python", fast=fast, comments=False, tables=True)


def _is_outside(element: Any, known: dict[Any, bool]) -> bool:
    """Whether the element, or one around it, says that it holds no part of an article's text."""
    if element is None or element.tag in {"body", "html"}:
        return False
    if element not in known:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        known[element] = (
            element.tag in _OUTSIDE
            or (len(names) > 1 and _furniture().search(names) is not None)
            or _is_outside(element.getparent(), known)
        )
    return known[element]


@functools.cache
def _furniture() -> re.Pattern[str]:
    """Words in the names of classes that say what a box holds, apart from letters and digits around them."""
    words = tomllib.loads(files("factcheck.articles").joinpath("data/pages.toml").read_text("utf-8"))["furniture"]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})s?(?![a-z])", re.IGNORECASE)


def _amount(page: Sequence[Block], kept: set[int], prose: Sequence[bool]) -> int:
    return sum(len(page[n].text) for n in kept if prose[n])


def _told(page: Sequence[Block], kept: set[int], told: str | None) -> bool:
    """Whether what was kept is about as long as the page says that its text is."""
    return told is not None and sum(len(page[n].text) for n in kept) >= _WHOLE * len(told)


def _with_told(page: Sequence[Block], kept: set[int], told: str | None) -> set[int]:
    """The kept blocks and those that the page's own data name, where all of what these hold stands in the page."""
    if told is None:
        return kept
    words = references.letters(told)
    named = {n for n, block in enumerate(page) if len(block.text) > _LONG and references.letters(block.text) in words}
    if sum(len(references.letters(page[n].text)) for n in named) < _WHOLE * len(words):
        return kept
    first, last = min(named), max(named)
    is_whole = len(words) >= _WHOLE * sum(len(references.letters(page[n].text)) for n in kept)
    return named | {n for n in kept if first <= n <= last or not is_whole}


def _following(page: Sequence[Block], last: int, prose: Sequence[bool]) -> set[int]:
    """The prose that goes on below the last block, with its headings; a line of links, as of another story, ends it."""
    found: set[int] = set()
    between: list[int] = []
    for n in range(last + 1, len(page)):
        if prose[n]:
            found |= {n, *(m for m in between if page[m].element.tag in HEADINGS)}
            between = []
        elif page[n].is_linked or len(between) == _BETWEEN:
            break
        else:
            between.append(n)
    return found


def _leads(page: Sequence[Block], kept: set[int], prose: Sequence[bool], title: str | None) -> set[int]:
    """Prose between the headline and the first block of the text: the lead, which stands in a box of its own."""
    first = min(kept)
    heads = [n for n in range(first) if page[n].element.tag == "h1" or (title and page[n].text == title)]
    if not heads:
        return set()
    head = heads[-1]
    return {n for n in range(head + 1, first) if prose[n] and first - n <= _LEAD_BLOCKS}


def _is_beside(page: Sequence[Block], n: int, kept: set[int]) -> bool:
    """Whether the block stands in the same box as a kept one, or in one inside of it."""
    before = max(m for m in kept if m < n)
    after = min(m for m in kept if m > n)
    boxes = {page[m].element.getparent() for m in (before, after)} | {page[m].element for m in (before, after)}
    element = page[n].element
    for _ in range(3):
        if element is None:
            return False
        if element in boxes:
            return True
        if element.tag == "article":
            return False
        element = element.getparent()
    return False


def _once(found: list[Block]) -> list[Block]:
    """Without long blocks that stand there a second time, for another width of the window."""
    seen: set[str] = set()
    unique = []
    for block in found:
        if len(block.text) <= _LONG or block.text not in seen:
            unique.append(block)
            seen.add(block.text)
    return unique
