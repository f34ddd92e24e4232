"""How long a text is to X, and a text made to fit: the weights of twitter-text (config v3). Pure.

A code point weighs 1 in the ranges below and 2 elsewhere, in NFC; an address weighs 23 however long it is, an emoji 2.
Where only X's own lists of domains and emoji would tell, the heavier answer is taken: a text is never longer to X than
it is here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import regex

LONGEST: Final = 280
ADDRESS: Final = 23
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_GRAPHEME: Final = regex.compile(r"\X")
_EMOJI: Final = regex.compile(
    r"[\p{Emoji}--[0-9#*]]\ufe0f?|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|[0-9#*]\ufe0f?\u20e3", regex.VERSION1
)
_LINKED: Final = re.compile(
    r"(?P<whole>https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#](?:[\w/=&%+#~.,;:!*?@$-]*[\w/=&#-])?)?)"
    # From the first letter of its run on, so that a run is looked at once.
    r"|(?P<bare>(?<![A-Za-z0-9.-])[A-Za-z0-9.-]*\.[A-Za-z]{2,})",
    re.ASCII | re.IGNORECASE,
)
ELLIPSIS: Final = "…"


def weighed(text: str) -> int:
    """What the text weighs to X, or a little more."""
    total, at = 0, 0
    for found in _LINKED.finditer(text):
        total += sum(map(_weight, _GRAPHEME.findall(text[at : found.start()]))) + ADDRESS
        if found["bare"]:  # it may be no address to X, or several with dots between: then its letters count too
            total += len(found[0]) + ADDRESS * found[0].count("..")
        at = found.end()
    return total + sum(map(_weight, _GRAPHEME.findall(text[at:])))


def fitted(text: str, room: int) -> str:
    """The text where it weighs at most `room`; else its first words that do, with an ellipsis; "" where none fits.

    It is cut between words, and where the first word is too long between two of its graphemes (UAX #29).
    """
    if weighed(text) <= room:
        return text
    room -= weighed(ELLIPSIS)
    end, used = 0, 0
    for word in re.finditer(r"(\s*)(\S+)", text):
        used += weighed(word[0])
        if used > room:
            break
        end = word.end()
    cut = text[:end] if end else _first_graphemes(text, room)
    # An address may end where its text goes on: what is cut is weighed again.
    return f"{cut}{ELLIPSIS}" if cut and weighed(cut) <= room else ""


def _first_graphemes(text: str, room: int) -> str:
    used, end = 0, 0
    for found in _GRAPHEME.finditer(text):
        used += _weight(found[0])
        if used > room or found[0].isspace():
            break
        end = found.end()
    return text[:end]


def _weight(grapheme: str) -> int:
    if _EMOJI.fullmatch(grapheme):
        return 2
    return sum(
        1 if any(first <= ord(char) <= last for first, last in _LIGHT) else 2
        for char in unicodedata.normalize("NFC", grapheme)
    )
