"""Markup to a tree or to lines, bounded in depth; scripts never run and nothing outside the text is loaded."""

from __future__ import annotations

import html
import re
from typing import Any

from factcheck.articles.blocks import CENTER, blocks, folded
from factcheck.errors import Rejected
from factcheck.text import strip_controls

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1\s*>|\Z)|<(/?)([a-zA-Z][\w:-]*+)([^<>]*+)>",
    re.DOTALL | re.IGNORECASE,
)
# Void elements, and those whose end tag may be left out: an open one is no level.
_FLAT = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup", "rp",
    "rt", "body", "html", "head",
])  # fmt: skip
_REFERENCE = re.compile(r"&(?:amp;)*#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
# Half of a pair is no character, but a pair is one: software that thinks in UTF-16 writes an emoji so.
_PAIR = re.compile(
    r"&(?:amp;)*#(?:[xX]0*([dD][89abAB][0-9a-fA-F]{2})|0*(5[56]\d{3}));&(?:amp;)*#(?:[xX]0*([dD][c-fC-F][0-9a-fA-F]{2})|0*(5[67]\d{3}));"
)
_CENTER = re.compile(r"<(/?)center\b", re.IGNORECASE)
_LAST = 0x10FFFF
_NEVER = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")


def possible_references(text: str) -> str:
    """The markup with U+FFFD for numeric references to what is no character, and Windows' characters for C1 ones.

    As browsers do (WHATWG HTML, 13.2.5.80), where the parsers here refuse the document, or leave the reference out.
    Controls beside white space get U+FFFD too, because no text holds them; readers warn of each U+FFFD. A reference
    that is escaped itself counts, because feeds hold markup as text. Two references that are the halves of one
    surrogate pair are its character.
    """
    return _REFERENCE.sub(_possible, _PAIR.sub(_joined, text))


def _joined(match: re.Match[str]) -> str:
    high = int(match[1], 16) if match[1] else int(match[2])
    low = int(match[3], 16) if match[3] else int(match[4])
    pair = (chr(high) + chr(low)) if 0xD800 <= high < 0xDC00 <= low < 0xE000 else ""  # noqa: PLR2004 - surrogates
    return pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le") if pair else match[0]


def _possible(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    base = 16 if match[1] else 10
    code = int(digits, base) if len(digits.lstrip("0")) <= 8 else _LAST + 1  # noqa: PLR2004 - more digits than any
    if code > _LAST:
        return "\ufffd"
    char = chr(code)
    if "\x80" <= char <= "\x9f":
        char = html.unescape(f"&#{code};")
    return "\ufffd" if _NEVER.match(char) or strip_controls(char)[1] else (match[0] if char == chr(code) else char)


def check_depth(text: str, most: int) -> None:
    """Raises Rejected TOO_DEEP where elements nest deeper than `most` levels; reads the text once, keeps no tree.

    For a feed alone, whose parser has no bound of its own and takes minutes for 20,000 levels; `tree` has one.
    """
    depth = 0
    open_tags: dict[str, int] = {}
    for match in _TAG.finditer(text):
        name = (match[3] or "").lower()
        if not name or name in _FLAT or match[4].endswith("/"):
            continue
        if not match[2]:
            depth += 1
            open_tags[name] = open_tags.get(name, 0) + 1
            if depth > most:
                raise Rejected(
                    "TOO_DEEP", f"has elements nested deeper than {most} levels", hint="save the article as text"
                )
        elif open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1


def tree(text: str) -> Any:
    """The lxml element of a page; nothing is loaded from elsewhere.

    Raises Rejected: NO_TEXT where there is no element; TOO_DEEP or TOO_LARGE where libxml2 met its own bound (256
    levels, 10 MB in one node), because it then drops the rest of the page without a word.
    """
    import lxml.html
    from lxml.etree import ParserError

    text = _CENTER.sub(rf"<\1{CENTER}", text)
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "surrogatepass"), parser=parser)
    except (ParserError, ValueError) as error:
        raise Rejected("NO_TEXT", "is an empty page", hint="open it in a browser and save the text") from error
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            code = "TOO_DEEP" if "depth" in entry.message else "TOO_LARGE"
            raise Rejected(code, f"is too much for the parser: {entry.message}", hint="save the article as text")
    return root


def fragment_text(markup: str) -> str:
    """The text of a piece of HTML, one line for each block, blank lines left out; white space folded as HTML does."""
    if "<" not in markup and "&" not in markup:
        return folded(markup)
    return "\n".join(block.text for block in blocks(tree(f"<div>{possible_references(markup)}</div>")))
