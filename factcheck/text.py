"""Unicode for newspapers in Persian, Arabic and Latin script: direction, digits, controls.

Offsets everywhere are code points, the unit of Python's `str`. Nothing here changes a text that is stored:
`isolate` is for showing. How texts are folded to compare them is in `factcheck.folding`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]

ZWNJ = "\u200c"
ZWJ = "\u200d"
RLM = "\u200f"
FSI, PDI = "\u2068", "\u2069"

RTL_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_BIDI_OPEN = frozenset("\u202a\u202b\u202d\u202e")  # LRE RLE LRO RLO, closed by PDF
_BIDI_OVERRIDE = frozenset("\u202d\u202e")
_ISOLATE_OPEN = frozenset("\u2066\u2067\u2068")  # LRI RLI FSI, closed by PDI
_PDF = "\u202c"
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")

DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}
"""Arabic-Indic and Persian digits as ASCII digits."""
_DIGIT_TABLE = str.maketrans(DIGITS)

_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

# C0 and C1 controls except tab, line feed, carriage return and NEL, which are white space of real texts.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_NOT_FOR_TERMINALS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]|\r(?!\n)")
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def bare(text: str) -> str:
    """The text without direction marks and white space at its ends: the words that a reader sees."""
    return _MARKS.sub("", text).strip()


def ascii_digits(text: str) -> str:
    """The text with Persian and Arabic-Indic digits as ASCII digits; same length, so offsets stay true."""
    return text.translate(_DIGIT_TABLE)


def digits_of_any_script(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9."""
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def direction_of_language(lang: str | None) -> Direction:
    """`rtl` for a language written from right to left, else `ltr`; `lang` is an ISO 639 code."""
    return "rtl" if lang and lang.split("-")[0].lower() in RTL_LANGUAGES else "ltr"


def first_strong_direction(text: str) -> Direction | None:
    """The direction of the first strong character (rule P2 of UAX #9), or None where there is none."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return None


def for_display(text: str, lang: str | None) -> str:
    """The text to show in a `unicode-bidi: plaintext` block so that it runs in its language's direction.

    A right-to-left sentence whose first strong letter is Latin gets a leading U+200F; explicit direction controls
    are closed, so that they cannot reorder what stands around the text.
    """
    shown = isolate(text) if bidi_flags(text) else text
    if direction_of_language(lang) == "rtl" and first_strong_direction(text) != "rtl":
        return RLM + shown
    return shown


def isolate(text: str) -> str:
    """The text between FSI and PDI with every embedding and isolate inside it closed (UAX #9, 2.4)."""
    embeddings, isolates = _open_bidi(text)
    return FSI + text + _PDF * embeddings + PDI * isolates + PDI


def bidi_flags(text: str) -> list[str]:
    """Which of `bidi_override`, `bidi_unbalanced` are true of the text, in this order."""
    flags = []
    controls = "".join(_BIDI_CONTROL.findall(text))
    if any(char in _BIDI_OVERRIDE for char in controls):
        flags.append("bidi_override")
    if any(_open_bidi(controls)):
        flags.append("bidi_unbalanced")
    return flags


def _open_bidi(text: str) -> tuple[int, int]:
    embeddings = isolates = 0
    for char in _BIDI_CONTROL.findall(text):
        if char in _BIDI_OPEN:
            embeddings += 1
        elif char in _ISOLATE_OPEN:
            isolates += 1
        elif char == _PDF:
            embeddings = max(0, embeddings - 1)
        elif char == PDI:
            isolates = max(0, isolates - 1)
    return embeddings, isolates


def strip_controls(text: str) -> tuple[str, int]:
    """The text without C0/C1 controls (tab, line ends and NEL stay), and how many were taken out."""
    return _CONTROLS.subn("", text)


def has_surrogate(text: str) -> bool:
    """Whether a lone surrogate is in the text; JSON takes it, Arrow and SQLite do not."""
    return _SURROGATE.search(text) is not None


def storable(text: str) -> str:
    """The text with escapes for halves of surrogate pairs and bytes of no encoding, which no table holds."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def printable(text: str) -> str:
    r"""The text for a terminal: controls, direction overrides and lone surrogates as `\u001b`, which JSON reads back.

    Tab and line ends stay; a carriage return that would let a line be overwritten does not.
    """
    return _NOT_FOR_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_one_line(text: str) -> bool:
    """Whether the text is a line that can stand anywhere: no controls, line ends, direction controls, surrogates."""
    return _NOT_IN_A_LINE.search(text) is None
