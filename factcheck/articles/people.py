"""Sources that hold people: exports of chats and contact cards, told by their name or their content. Pure.

Of these neither the file's name, which is a person's or a group's, nor the content gets into a rejection or a note.
"""

from __future__ import annotations

import hashlib
import re

from factcheck.text import digits_of_any_script

_CHAT_NAME = re.compile(r"whats ?app[ _-]+chat|^_chat\b|واتس[ \u200c]?[اآ]پ|واتس ?[اآ]ب", re.IGNORECASE)
_CARDS = frozenset({".vcf", ".vcard"})
_DATA = frozenset({".json", ".jsonl", ".ndjson"})
_HEAD, _LINES = 20_000, 40
_LINE = re.compile(
    r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\s\[]{0,8}\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}\D{1,12}\d{1,2}[:.٫]\d{2}"
    r"(?:[:.٫]\d{2})?[^\n:]{0,14}?[^\n:]{1,60}:[\s\u200e\u200f]"
)


def is_named_so(name: str) -> bool:
    """Whether a file of this name is an exported chat or somebody's contact card."""
    suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return (suffix is not None and suffix[0].lower() in _CARDS) or bool(_CHAT_NAME.search(name))


def looks_like_chat(text: str) -> bool:
    """Whether at least half of the first lines, two or more, are a date, a clock and what somebody said."""
    lines = [line for line in digits_of_any_script(text[:_HEAD]).split("\n") if line.strip()][:_LINES]
    said = sum(_LINE.match(line) is not None for line in lines)
    return said > 1 and said * 2 >= len(lines)


def may_hold(suffix: str, data: bytes) -> bool:
    """Whether the beginning of such a source may not be shown: it may name people who said or sent something."""
    if suffix in _CARDS | _DATA or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return True
    return data[:_HEAD].lstrip().upper().startswith(b"BEGIN:VCARD") or is_chat(data)


def is_chat(data: bytes) -> bool:
    """Whether the bytes are an exported chat, also one that cannot be decoded."""
    return looks_like_chat(data[:_HEAD].decode("utf-8", "replace"))


def alias(data: bytes, suffix: str) -> str:
    """The name of such a source: a digest of its content."""
    return f"chat-{hashlib.sha256(data).hexdigest()[:8]}{suffix}"
