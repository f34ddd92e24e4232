"""Bytes to text: the encoding is named by a BOM, proven by strict UTF-8, or told by the words; else it is refused."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from factcheck.errors import Rejected

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf_32_le"),  # before UTF-16, whose BOM it starts with
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_BINARY = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x07\x08", "a part of a split ZIP archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_WIDE = ("utf_16_le", "utf_16_be")
# Letters of newspapers' scripts. UTF-8 or 8-bit text read as UTF-16 turns into Han characters, which are not here.
_PLAUSIBLE = re.compile(
    r"[\s -~\u00a0-\u058f\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u2000-\u206f\ufb50-\ufdff\ufe70-\ufefe]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x20)])  # C0 without white space
_MOSTLY = 0.97
# The commonest short words of Persian and Arabic news: one of the two encodings makes them, the other does not.
_COMMON = frozenset([
    "از", "به", "در", "که", "را", "این", "آن", "با", "است", "بود", "شد", "برای", "تا", "هم", "یک", "وی", "او",
    "گفت", "می", "كه", "اين", "براي", "يك", "های", "هاي", "نیز", "نيز", "في", "من", "على", "إلى", "ان", "أن", "إن",
    "الى", "ما", "لا", "عن", "مع", "هذا", "هذه", "التي", "الذي", "قال", "كان", "كما", "بعد", "قد", "لم", "بين",
])  # fmt: skip
_COMMON_SHARE = 0.06
_ARABIC_WORD = re.compile(r"[\u0621-\u065f\u0670-\u06d3]+")
_MIXED_WORD = re.compile(r"[A-Za-zÀ-öø-ÿ][\u0621-\u06d3]|[\u0621-\u06d3][A-Za-zÀ-öø-ÿ]")
_NOT_OF_TEXT = re.compile(r"[\x80-\x9f\u00a1-\u00a8\u00ac\u00ae-\u00b6\u00b8-\u00ba\u00bc-\u00bf×÷¤§¦¬±²³µ¶¹¼½¾]")
_LATIN_LETTER = re.compile(r"[\u00c0-\u00ff\u0152-\u017e]")
_CASE_BREAK = re.compile(r"[a-zß-ÿ][À-Þ]")
_WESTERN_SIGN = re.compile("[‘’“”–—…«»€£°]")
_WITH_ARTICLE = 4
_ACCENTED = 0.25  # of all letters; Cyrillic read as Latin has nothing else
_ARABIC = ("cp1256", "iso8859_6")
_HALF = re.compile("[\ud800-\udfff]")
_MOST_DAMAGED = 500  # bytes for each damaged place; more damage is another encoding
_ASCII_WORD = re.compile(r"[A-Za-z]{2,}")


class Decoded(NamedTuple):
    """The text without its BOM, and the encoding it was read in (Python codec name)."""

    text: str
    encoding: str


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """The text of the bytes; `declared` is the charset that HTTP, XML or HTML named, tried when UTF-8 fails.

    A BOM that stands there twice goes as well, and a surrogate pair in UTF-8 (CESU-8) is its character. Raises
    Rejected: EMPTY for no bytes, UNSUPPORTED for a known binary format, SURROGATE for half a surrogate pair, ENCODING
    where no encoding is certain. Never puts U+FFFD in.
    """
    if not data:
        raise Rejected("EMPTY", "is empty", hint="save it again with the article's text")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_strict(data[len(bom) :], encoding).lstrip("\ufeff"), encoding)
    for magic, kind in _BINARY:
        if data.startswith(magic):
            raise Rejected("UNSUPPORTED", f"is {kind}, not a text", hint="save it as text, HTML or a feed")
    wide = _wide(data)
    if wide:
        return wide
    try:
        return Decoded(data.decode("utf_8"), "utf_8")
    except UnicodeDecodeError as error:
        return _other(data, declared, error)


def marked(data: bytes) -> tuple[str, str] | None:
    """The text of damaged bytes with one mark for each damaged place, and the mark: a character that is nowhere else.

    For sources of many articles, where a cut character costs the article that it stands in. None where the bytes are
    not UTF-8 (or UTF-16 with a BOM) apart from a few places.
    """
    bom, encoding = next((bom for bom in _BOMS if data.startswith(bom[0])), (b"", "utf_8"))
    data = data[len(bom) :]
    try:
        text = data.decode(encoding, "surrogateescape" if encoding == "utf_8" else "surrogatepass")
    except UnicodeDecodeError:
        return None
    text = _pairs_joined(text)
    damaged = len(_HALF.findall(text))
    if damaged * _MOST_DAMAGED > len(data) and not _mostly_utf8(data):
        return None
    mark = next((chr(code) for code in range(0xF8FF, 0xDFFF, -1) if chr(code) not in text), None)
    return (_HALF.sub(mark, text).lstrip("\ufeff"), mark) if mark else None


def _pairs_joined(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if (text := _with_surrogates(data, encoding)) is not None:
            return _of_pairs(text, error)
        raise _damaged(encoding, error.start) from error


def _with_surrogates(data: bytes, encoding: str) -> str | None:
    """The text where nothing but surrogates is wrong with it, None otherwise."""
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return None


def _of_pairs(text: str, error: UnicodeDecodeError) -> str:
    joined = _pairs_joined(text)
    if _HALF.search(joined):
        raise Rejected("SURROGATE", "holds half of a surrogate pair", hint="save it again as UTF-8") from error
    return joined


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without BOM. Arabic letters in it are pairs such as 27 06, which strict UTF-8 would take as controls."""
    head = data[:4096]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if len(data) % 2 or controls < len(head) / 10:
        return None
    best = max(_WIDE, key=lambda encoding: _plausible(head.decode(encoding, "replace")))
    if _plausible(head.decode(best, "replace")) < _MOSTLY:
        return None
    return Decoded(_strict(data, best), best)


def _plausible(text: str) -> float:
    return (len(_PLAUSIBLE.findall(text)) - len(_CONTROL.findall(text))) / max(1, len(text))


def _other(data: bytes, declared: str | None, error: UnicodeDecodeError) -> Decoded:
    if (pairs := _with_surrogates(data, "utf_8")) is not None:
        return Decoded(_of_pairs(pairs, error), "utf_8")
    if _mostly_utf8(data):
        raise _damaged("UTF-8", error.start) from error
    for encoding in _declared(declared):
        text = _read(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    scores = {encoding: _arabic_words(text) for encoding in _ARABIC if (text := _read(data, encoding)) is not None}
    best = max(scores, key=lambda encoding: scores[encoding], default="cp1252")
    if not scores.get(best):
        best = "cp1252"
    text = _read(data, best)
    if text is None or (best == "cp1252" and not _is_western(text)):
        raise _damaged("UTF-8", error.start) from error
    return Decoded(text, best)


def _mostly_utf8(data: bytes) -> bool:
    """Whether most bytes past ASCII are good UTF-8: it is UTF-8 then, and where the others are it is damaged."""
    multibyte = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", data))
    high = sum(1 for byte in data if byte > 0x7F)  # noqa: PLR2004 - the end of ASCII
    return multibyte * 2 > high / 2


def _read(data: bytes, encoding: str) -> str | None:
    """The text in an 8-bit encoding, None where it has bytes that are no text there."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if _CONTROL.search(text) or re.search("[\x80-\x9f]", text) else text


def _declared(declared: str | None) -> tuple[str, ...]:
    try:
        name = codecs.lookup(declared).name.replace("-", "_") if declared else "utf_8"
    except LookupError:
        return ()
    # Every byte is a letter in Latin-1, so that a page that names it by mistake would always "decode".
    return () if name in {"utf_8", "ascii", "iso8859_1"} else (name,)


def _is_western(text: str) -> bool:
    """Whether what is past ASCII is a minority of accented letters, quotation marks, dashes and currency signs."""
    foreign = sum(ord(char) > 0xA0 for char in text)  # noqa: PLR2004 - after NBSP
    accented = len(_LATIN_LETTER.findall(text))
    return (
        bool(_ASCII_WORD.search(text))
        and accented <= _ACCENTED * sum(char.isalpha() for char in text)
        and accented + len(_WESTERN_SIGN.findall(text)) == foreign
        and not _CASE_BREAK.search(text)
    )


def _arabic_words(text: str) -> float:
    """The share of words that are common ones or carry the Arabic article; 0 where the text is no prose."""
    words = _ARABIC_WORD.findall(text)
    common: int = sum(word in _COMMON or (word.startswith("ال") and len(word) >= _WITH_ARTICLE) for word in words)
    if (
        len(words) < 2  # noqa: PLR2004 - one word proves nothing
        or common < max(1, _COMMON_SHARE * len(words))
        or len(_MIXED_WORD.findall(text)) > len(words) / 50
        or len(_NOT_OF_TEXT.findall(text)) > len(words) / 10
    ):
        return 0.0
    return common / len(words)


def _damaged(encoding: str, position: int) -> Rejected:
    name = encoding.upper().replace("_", "-")
    return Rejected(
        "ENCODING",
        f"is not valid {name} at byte {position}, and no other encoding is certain",
        hint="save it again as UTF-8",
    )
