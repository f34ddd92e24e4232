"""Sentences folded for the lexicons, with the way back to the offsets of the source text.

Unlike `text.match_key` the folded sentence keeps its punctuation and capitals: quotation marks, question marks and
names are what the rules look at.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from factcheck import text as unicode_text

# Arabic and its presentation forms, and the formatting characters that stand inside words.
_RANGES = ((0x00A0, 0x00B0), (0x0600, 0x0780), (0x2000, 0x2070), (0xFB50, 0xFE00), (0xFE70, 0xFF00))


class Folded(NamedTuple):
    """A text folded for matching; `origin[i]` is the source offset of folded character `i` (None: they are equal)."""

    text: str
    origin: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span, in code points, of a non-empty folded span."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(source: str) -> Folded:
    """The text with one form per Arabic or Persian letter and digit, without ZWNJ, diacritics and direction marks."""
    table = _table()
    folded = source.translate(table)
    if len(folded) == len(source) and not any(len(table.get(ord(char), char)) != 1 for char in set(source)):
        return Folded(folded, None)
    return Folded(folded, [i for i, char in enumerate(source) for _ in table.get(ord(char), char)])


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for first, last in _RANGES:
        for code in range(first, last):
            char = chr(code)
            category = unicodedata.category(char)
            if category == "Zs":
                table[code] = " "
            elif category == "Cf":
                table[code] = ""
            elif category[0] in "LMN":
                table[code] = unicode_text.match_key(char)
    return {code: folded for code, folded in table.items() if folded != chr(code)}
