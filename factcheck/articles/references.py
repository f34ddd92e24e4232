"""Texts of a page's data as a reader sees them: character references decoded, tags off, white space folded."""

from __future__ import annotations

import html
import re

_REFERENCE = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(r"</?(?:a|b|br|em|font|h\d|i|mark|p|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W_]+")
_TIMES = 3


def decoded(text: str) -> str:
    """The text with its character references as characters, also those that were escaped twice."""
    for _ in range(_TIMES):
        if not _REFERENCE.search(text):
            break
        text = html.unescape(text)
    return text


def plain(text: str | None) -> str | None:
    """One line without references and tags of HTML; None where nothing is left."""
    if not text:
        return None
    if "&" not in text and "<" not in text:
        return " ".join(text.split()) or None
    return " ".join(_TAG.sub(" " if "<br" in text.lower() else "", decoded(text)).split()) or None


def letters(text: str) -> str:
    """The letters and digits alone, in lower case, to compare titles and texts by."""
    return _NO_LETTER.sub("", text.lower())
