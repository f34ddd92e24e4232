"""Texts inside Markdown (CommonMark 0.31) that are nothing but those texts to whoever reads it. Pure."""

from __future__ import annotations

import re
from typing import Final

from factcheck.text import isolate

MARKS: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@=$^/])")
"""Whatever CommonMark or an extension of it reads as more than itself, also inside a word: a link, an address, HTML."""
LOST: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""What Markdown, or the HTML made of it, cannot hold: it is written as U+FFFD."""
_SPACE: Final = re.compile("^[ \t]+|[ \t]+$|[\t\n\r\x0c\u2028\u2029]")
"""White space that a reader of Markdown would take away, or take for the end of a line."""


def inline(text: str) -> str:
    """The text as a piece of one line that reads back as it was, in its own direction; "" for one without words."""
    return isolate(_escaped(text)) if text.strip() else ""


def quoted(text: str) -> list[str]:
    """The text as the lines of a block quotation, in which an end of line is one to the reader too."""
    if not text.strip():
        return []
    lines = isolate("\n".join(map(_escaped, text.split("\n")))).split("\n")
    # A backslash at the end of a line is a hard break; a line of nothing else is one more.
    return [f"> {line}" for line in "\\\n".join(lines).split("\n")]


def linked(address: str) -> str:
    """A web address as a link that shows it."""
    return f"<{address}>"


def _escaped(text: str) -> str:
    marked = MARKS.sub(r"\\\1", LOST.sub("\ufffd", text))
    return _SPACE.sub(lambda found: "".join(f"&#{ord(char)};" for char in found[0]), marked)
