"""One form for each letter and digit: the key to find a text by, and folds that keep offsets for rules to search."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from factcheck.text import DIGITS, RLM, ZWJ, ZWNJ

# Letters that keyboards of two languages write with two code points, folded for comparison only.
_LETTERS = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و",
}  # fmt: skip
_JOINERS = ("ـ", ZWNJ, ZWJ, "\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e", RLM, "\u061c")

_KEY_TABLE = str.maketrans(
    _LETTERS
    | DIGITS
    | dict.fromkeys((*_JOINERS, "ء", "\u0670"), "")
    | {chr(code): "" for code in (*range(0x064B, 0x0660), *range(0x06D6, 0x06EE), *range(0x202A, 0x202F))}
    | {chr(code): "" for code in range(0x2066, 0x206A)},
)
# Turkish parts i and ı in both cases, and small letters made without knowing the language have them mixed: a capital I
# becomes i, İ becomes i with a dot of its own. Who searches finds either; two quotes stay two.
_TO_FIND = _KEY_TABLE | str.maketrans({"ı": "i", "\u0307": ""})
_IN_PLACE = str.maketrans(_LETTERS | DIGITS | dict.fromkeys((*_JOINERS, "\u00a0"), " "))
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_NOT_WORD = re.compile(r"[\W_]+")
_FOLDED_AWAY = frozenset("ء\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670")
"""What the fold leaves out though it is written and read: a hamza, a vowel."""

# Arabic and its presentation forms, and the formatting characters that stand inside words.
_RANGES = ((0x00A0, 0x00B0), (0x0600, 0x0780), (0x2000, 0x2070), (0xFB50, 0xFE00), (0xFE70, 0xFF00))


class Folded(NamedTuple):
    """A text folded for matching; `origin[i]` is the source offset of folded character `i` (None: they are equal).

    `source` is what was folded, where it is not equal.
    """

    text: str
    origin: list[int] | None
    source: str = ""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span, in code points, of a non-empty folded span.

        A hamza or a vowel that the fold leaves out behind its last letter is the word's: without it another word,
        and another name, would stand there.
        """
        if self.origin is None:
            return start, end
        last = self.origin[end - 1] + 1
        while self.source[last : last + 1] in _FOLDED_AWAY:
            last += 1
        return self.origin[start], last

    def piece(self, start: int, end: int) -> Folded:
        """What `source[start:end]` folds to, in code points of the source; no character folds together with another."""
        if self.origin is None:
            return Folded(self.text[start:end], None)
        first, last = bisect_left(self.origin, start), bisect_left(self.origin, end)
        inside = self.origin[first:last]
        # As many as the source has, and the first and last are its own: none was left out and none made two.
        same = last - first == end - start and inside == list(range(start, end))
        if same:
            return Folded(self.text[first:last], None)
        return Folded(self.text[first:last], [at - start for at in inside], self.source[start:end])


def match_key(text: str) -> str:
    """The text folded to find it: NFKC, lower case, one form per letter and digit, words only.

    Arabic and Persian forms of a letter, digits of three scripts, tatweel, diacritics, ZWNJ and direction marks
    compare equal, and so do i and ı, I and İ; punctuation and signs become one space. Never shown and never stored in
    place of the text.
    """
    return _NOT_WORD.sub(" ", fold_to_find(text)).strip()


def fold_in_place(text: str, *, keep_case: bool = False) -> str:
    """The text with one form per Arabic letter, ASCII digits, spaces for joiners, in lower case; as long as it was.

    Lower case is that of ASCII letters alone: others may get longer.
    """
    folded = text.translate(_IN_PLACE)
    return folded if keep_case else folded.translate(_LOWER)


def fold_with_offsets(source: str) -> Folded:
    """The text with one form per Arabic or Persian letter and digit, without ZWNJ, diacritics and direction marks.

    It keeps punctuation and capitals: quotation marks, question marks and names are what the rules look at.
    """
    table = _offset_table()
    folded = source.translate(table)
    origin: list[int] = []
    after = 0
    for changed in _changing_length().finditer(source):
        at = changed.start()
        origin += range(after, at)
        origin += [at] * len(table[ord(changed[0])])
        after = at + 1
    if not after:
        return Folded(folded, None)
    origin += range(after, len(source))
    return Folded(folded, origin, source)


def fold_characters(text: str) -> str:
    """The text in NFKC and lower case with one form per letter and digit; punctuation and signs stay."""
    return _folded(text, _KEY_TABLE)


def fold_to_find(text: str) -> str:
    """The text as by `fold_characters`, and i for the four letters that Turkish makes of it."""
    return _folded(text, _TO_FIND)


def _folded(text: str, table: dict[int, str]) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(table)
    # A hamza that stood alone is folded away; a composed one was unfolded by NFKC and comes here as a letter.
    return unicodedata.normalize("NFKC", folded)


@cache
def _changing_length() -> re.Pattern[str]:
    """The characters that fold to none or to several."""
    changing = (chr(code) for code, folded in _offset_table().items() if len(folded) != 1)
    return re.compile(f"[{''.join(map(re.escape, changing))}]")


@cache
def _offset_table() -> dict[int, str]:
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
                table[code] = match_key(char)
    return {code: folded for code, folded in table.items() if folded != chr(code)}
