"""The blocks of a page as a reader sees them: the text between two block edges, whole, and the nodes it stands in."""

from __future__ import annotations

import functools
import re
from typing import Any

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search", "section", "select",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that hold one paragraph: a line break is no end of it.
_PARAGRAPHS = HEADINGS | {"p", "li", "td", "th", "dd", "dt", "figcaption", "caption", "pre", "summary"}
SILENT = frozenset([
    "audio", "canvas", "datalist", "head", "iframe", "math", "noscript", "rp", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
])  # fmt: skip
CENTER = "x-center"
"""What `markup` calls <center>, because the parser would end the paragraph around it."""
_HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile("sr-only|visually-hidden|screen-reader")
_BREAK = "\x00"  # no text of a tree has it
# White space that HTML folds; not ZWNJ, and U+00A0 only beside other white space.
_SPACE = re.compile("[ \t\n\r\f\u00a0]{2,}|[\t\n\r\f]")
_MANY_BREAKS = re.compile(f"[ \t\n\r\f\u00a0]*{_BREAK}[ \t\n\r\f\u00a0{_BREAK}]*")
_STOP = re.compile(r"[.!?؟۔…:؛][\"”»’')\]]*\s*\Z")
_STOPS = (".", "!", "?", "؟", "۔", "…")
_CLOSING = "\"”»’')]"
_FEW_WORDS = 5
_RAISED = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_FIGURES = re.compile(r"[\d+\-−()]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_MARKS = (("«", "»"), ("“", "”"), ("‘", "’"))


class Block:
    """One block: its text (a line end for each <br>), the block element it stands in, and its text nodes in order.

    `linked` is how many of its code points are in links; `first` the element that holds its first word.
    """

    __slots__ = ("element", "first", "linked", "nodes", "text")

    def __init__(self, text: str, element: Any, nodes: list[tuple[Any, bool]], linked: int) -> None:
        self.text = text
        self.element = element
        self.nodes = nodes
        self.linked = linked
        node, is_tail = nodes[0]
        self.first = node.getparent() if is_tail else node

    @property
    def is_linked(self) -> bool:
        """Whether half of it or more is links."""
        return self.linked * 2 > len(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it is a sentence or more of running text, and no headline."""
        return (
            not self.is_linked
            and self.element.tag not in HEADINGS
            and (self.text.rstrip(_CLOSING).endswith(_STOPS) or self.text.endswith((":", "»", "”")))
            and len(self.text.split(None, _FEW_WORDS)) >= _FEW_WORDS
        )


def blocks(root: Any) -> list[Block]:
    """The blocks of a tree in document order; what is not shown (scripts, forms' choices, hidden words) is left out."""
    walk = _Walk()
    walk.element(root, root, False, 0)
    walk.flush(root)
    return walk.found


def at(element: Any, path: str) -> Any:
    """What the XPath finds from the element; each path is compiled once."""
    return _compiled(path)(element)


@functools.cache
def _compiled(path: str) -> Any:
    from lxml.etree import XPath

    return XPath(path)


def folded(text: str) -> str:
    """The text with white space as HTML shows it; a no-break space between two characters stays."""
    if "\n" in text or "  " in text or "\u00a0" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _SPACE.sub(" ", text)
    return text.strip(" \u00a0")


def _is_hidden(element: Any) -> bool:
    style, names = element.get("style"), element.get("class")
    return (
        element.get("hidden") is not None
        or (style is not None and _HIDDEN_STYLE.search(style) is not None)
        or (names is not None and _HIDDEN_CLASS.search(names) is not None)
    )


class _Walk:
    def __init__(self) -> None:
        self.found: list[Block] = []
        self._pieces: list[str] = []
        self._nodes: list[tuple[Any, bool]] = []
        self._linked = 0
        self._quotes = 0

    def element(self, element: Any, block: Any, is_paragraph: bool, link: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            return
        if tag == "br":
            self._line_break(block, is_paragraph)
            return
        is_block = tag in BLOCKS or (tag == "legend" and block.tag == "fieldset")
        if is_block:
            self.flush(block)
            block, is_paragraph = element, tag in _PARAGRAPHS
        elif _is_hidden(element):
            return
        elif tag in _HANDLED:
            _HANDLED[tag](self, element, block, is_paragraph, link)
            return
        elif not is_paragraph and tag in {"span", "time", "small"}:
            self._apart(element, block)
        self._inside(element, block, is_paragraph, link + (tag == "a"))
        if is_block:
            self.flush(block)

    def _inside(self, element: Any, block: Any, is_paragraph: bool, link: int) -> None:
        if element.text:
            self._add(element.text, element, False, link)
        for child in element:
            self.element(child, block, is_paragraph, link)
            if child.tail:
                self._add(child.tail, child, True, link)

    def _add(self, text: str, node: Any, is_tail: bool, link: int) -> None:
        self._pieces.append(text)
        if not text.isspace():
            self._nodes.append((node, is_tail))
            if link:
                self._linked += len(text.strip())

    def flush(self, block: Any) -> None:
        if self._nodes:
            text = folded("".join(self._pieces))
            if _BREAK in text:
                text = _MANY_BREAKS.sub("\n", text).strip(" \n\u00a0")
            self.found.append(Block(text, block, self._nodes, self._linked))
            self._nodes = []
            self._linked = 0
        self._pieces = []

    def _line_break(self, block: Any, is_paragraph: bool) -> None:
        """A line end; two of them end the block where no element says what a paragraph is."""
        if not is_paragraph and next((piece for piece in reversed(self._pieces) if piece.strip()), "") == _BREAK:
            self.flush(block)
        else:
            self._pieces.append(_BREAK)

    def _apart(self, element: Any, block: Any) -> None:
        """Ends the block between elements that stand side by side with nothing between them, as pieces of a layout."""
        before = element.getprevious()
        if before is not None and not before.tail and self._nodes and before.tag == element.tag:
            written = "".join(before.itertext()).strip()
            if len(written) > 1 and (_DATE_LIKE.search(written) or _STOP.search(written)):
                self.flush(block)

    def _quoted(self, element: Any, block: Any, is_paragraph: bool, link: int) -> None:
        is_arabic = _ARABIC.search("".join(element.itertext())) is not None
        opening, closing = _MARKS[self._quotes % 2 if is_arabic else 1 + self._quotes % 2]
        self._quotes += 1
        self._pieces.append(opening)
        self._inside(element, block, is_paragraph, link)
        self._pieces.append(closing)
        self._quotes -= 1
        element.tag = "span"  # a quotation in a line is no block, whatever the extractor thinks

    def _raised(self, element: Any, block: Any, is_paragraph: bool, link: int) -> None:
        """Digits that stand above or below the line say so, because 10 with a small 2 is not 102."""
        text = "".join(element.itertext()).strip()
        before = next((piece.rstrip()[-1:] for piece in reversed(self._pieces) if piece.strip()), "")
        if not _FIGURES.fullmatch(text) or not before.isalnum():
            self._inside(element, block, is_paragraph, link)
            return
        node = next(one for one in element.iter() if one.text and one.text.strip())
        self._nodes.append((node, False))
        ascii_digits = "".join(str(int(one)) if one.isdecimal() else one for one in text)
        self._pieces.append(ascii_digits.translate(_RAISED if element.tag == "sup" else _LOWERED))

    def _centered(self, element: Any, block: Any, is_paragraph: bool, link: int) -> None:
        """A centred word in a sentence is a part of it; one between sentences is a block."""
        element.tag = "span"
        self._edge(block)
        self._inside(element, block, is_paragraph, link)
        self._edge(block)

    def _edge(self, block: Any) -> None:
        written = "".join(self._pieces).rstrip()
        if not written or _STOP.search(written):
            self.flush(block)
        else:
            self._pieces.append(" ")


_HANDLED = {"q": _Walk._quoted, "sup": _Walk._raised, "sub": _Walk._raised, CENTER: _Walk._centered}  # noqa: SLF001
_DATE_LIKE = re.compile(r"\d{1,4}\D{1,12}\d{1,4}\D*\Z|\d\s*\Z")
