"""Elements inside of a paragraph that an extractor does not know: unwrapped, so that their words stay in the sentence.

The extractor goes by lists of tags, and a word in another element is lost, or breaks its sentence. Pure but for the
tree, which is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

UNWRAPPED = (
    "time", "output", "label", "legend", "button", "object", "map", "center", "nobr", "bdi", "bdo", "font", "ins",
    "mark", "big", "small", "data", "meter", "progress", "ruby", "rb", "abbr", "acronym", "cite", "dfn", "var", "samp",
    "kbd", "tt", "wbr", "u", "s",
)  # fmt: skip
_BLOCKS = frozenset({"p", "li", "td", "th", "blockquote", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_BOXES = frozenset(
    {"div", "section", "article", "ul", "ol", "table", "form", "figure", "aside", "nav", "header", "footer"}
)
_STOPS = (".", "!", "؟", "?", "…", "»", "”")
_SHORTEST_LEAD = 40
_ENDS = 24  # visible code points that say that a paragraph is in the text
_SUPERSCRIPTS = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_FIGURES = frozenset("0123456789+-()")
_ASCII_DIGITS = {0x06F0 + n: str(n) for n in range(10)} | {0x0660 + n: str(n) for n in range(10)}


def unwrap(root: Any) -> None:
    """Takes such elements out of paragraphs and leaves their words; quotations get marks, raised figures stay so."""
    for element in list(root.iter("sup", "sub")):
        shown = "".join(element.itertext()).translate(_ASCII_DIGITS).strip()
        if shown and {*shown} <= _FIGURES and len(element) == 0:
            element.text = shown.translate(_SUPERSCRIPTS if element.tag == "sup" else _SUBSCRIPTS)
            element.drop_tag()
    for element in list(root.iter("q")):
        opening, closing = ("«", "»") if _is_arabic_script("".join(element.itertext())) else ("“", "”")
        element.text = opening + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + closing
        else:
            element.text += closing
        element.drop_tag()
    for element in list(root.iter(*UNWRAPPED)):
        if any(parent.tag in _BLOCKS for parent in element.iterancestors()):
            element.drop_tag()


def make_paragraphs(root: Any) -> None:
    """Makes paragraphs of sentences that stand beside those of the article: a lead in a box of its own, loose text.

    A table that holds paragraphs lays the page out, and is none. A block inside of a paragraph has ended it for the
    parser: its words and what follows go back.
    """
    _open_tables(root)
    for element in list(root.iter("center")):
        before = element.getprevious()
        words = "".join(element.itertext())
        if before is not None and before.tag == "p" and not _ends("".join(before.itertext())) and words.strip():
            _append(before, f"{words}{element.tail or ''}")
            element.getparent().remove(element)
    for box in [box for box in root.iter("article", "main", "div", "section") if len(box.findall("p")) > 1]:
        for child in list(box):
            if child.tail and len(_visible(child.tail)) > _ENDS:
                loose = box.makeelement("p")
                loose.text, child.tail = child.tail, None
                child.addnext(loose)
    for element in list(root.iter("div", "span", "section")):
        if _is_sentence(element) and _is_in_article(element):
            element.tag = "p"
            for inner in element:
                inner.tail = inner.tail or " "


def _is_in_article(element: Any) -> bool:
    """Whether the element is inside of the article, or stands right between the headline and its paragraphs."""
    if any(up.tag in {"article", "main"} for up in element.iterancestors()):
        return True
    before = element.getprevious()
    return before is not None and before.tag in {"h1", "h2"} and element.getnext() is not None


def _open_tables(root: Any) -> None:
    for table in list(root.iter("table")):
        if table.find(".//p") is None:
            continue
        for element in [*table.iter("tbody", "thead", "tr"), table]:
            element.drop_tag()
    for cell in list(root.iter("td", "th")):
        if not any(up.tag == "table" for up in cell.iterancestors()):
            cell.tag = "div"


def _append(element: Any, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _ends(text: str) -> bool:
    return text.rstrip().endswith(_STOPS)


def lead(root: Any) -> str:
    """The sentence right below the page's headline, "" where none stands there."""
    for heading in root.iter("h1"):
        following = heading.getnext()
        if following is not None and following.tag == "p":
            text = " ".join("".join(following.itertext()).split())
            return text if len(text) >= _SHORTEST_LEAD and _ends(text) else ""
    return ""


def with_lead(text: str, lead: str) -> str:
    """The text with the lead in front of it, where it is not in it."""
    return f"{lead}\n{text}" if text and lead and _visible(lead) not in _visible(text) else text


def paragraphs(root: Any) -> list[str]:
    """The visible code points of each paragraph of the tree, one string for each."""
    return [text for element in root.iter("p") if len(text := _visible("".join(element.itertext()))) > _ENDS * 2]


def left_out(before: Iterable[str], text: str) -> int:
    """How many paragraphs are in the text by their beginning or end and not as a whole."""
    there = _visible(text)
    return sum(one not in there and (one[:_ENDS] in there or one[-_ENDS:] in there) for one in before)


def _is_sentence(element: Any) -> bool:
    """Whether the element is a paragraph in all but its tag: a sentence that ends, no block and few links in it."""
    if element.getparent() is None or element.getparent().tag in _BLOCKS | {"a", "span"}:
        return False
    inner = [one for one in element.iter() if one is not element and isinstance(one.tag, str)]
    if any(one.tag in _BLOCKS or one.tag in _BOXES for one in inner):
        return False
    text = "".join(element.itertext()).strip()
    linked = sum(len("".join(one.itertext())) for one in inner if one.tag == "a")
    return len(text) >= _SHORTEST_LEAD and _ends(text) and linked * 2 < len(text)


def _visible(text: str) -> str:
    return "".join(text.split())


def _is_arabic_script(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)
