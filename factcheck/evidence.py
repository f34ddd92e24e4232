"""What a checker typed as evidence: one line is `address | kind | quote or page`. Pure.

A line is stored as it was typed and is read here wherever it is shown, so that a better reading helps old answers too.
People paste: what comes with an address (invisible direction marks, brackets, end stops, a second address on the same
line, a domain without https) is not taken for a part of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from factcheck import web
from factcheck.folding import match_key
from factcheck.languages import SPOKEN, Language, read


class Kind(StrEnum):
    """What sort of evidence it is."""

    OFFICIAL_RECORD = "official_record"
    DATA = "data"
    EXPERT = "expert"
    MEDIA = "media"
    VIDEO = "video"
    OWN_CHECK = "own_check"
    """The desk looked for itself: it asked, measured, searched for the first copy of a picture."""


_WORDS: Final = {language: read(language, "evidence") or {} for language in SPOKEN}
KINDS: Final[dict[Kind, dict[Language, tuple[str, ...]]]] = {
    kind: {language: tuple(_WORDS[language][kind]) for language in SPOKEN} for kind in Kind
}
"""The words for each kind: the first of a language is the one that is taught and shown, all of them are understood."""

_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
"""Direction controls and marks without width; ZWNJ and ZWJ are letters of Persian, and stay."""
_JOINERS: Final = "\u200c\u200d"
_END: Final = '\\s"<>\\\\«»“”„‹›'
"""What no address holds and no writer means as a part of one; inside a character class."""
_AFTER: Final = ".,;:!?'’‘*،؛؟۔…" + _JOINERS
_BRACKETS: Final = {")": "(", "]": "[", "}": "{", "）": "（"}
_SEPARATOR: Final = re.compile(r"\s+[|｜]\s*|[|｜]\s+|[|｜](?=https?://)", re.IGNORECASE)
_TIGHT: Final = re.compile(r"[|｜]")
_WRITTEN_OUT: Final = rf"(?<![A-Za-z0-9])https?://(?:(?![,;،؛]+https?://)[^{_END}])+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_BARE = rf"(?<![\w@./:-])(?:{_LABEL}\.)+(?P<top>[a-z]{{2,24}}|[A-Z]{{2,24}})(?::\d{{1,5}})?"
_BARE += rf"(?P<path>[/?#][^{_END}]*)?(?![\w@-])"
_ADDRESS: Final = re.compile(rf"(?P<written>{_WRITTEN_OUT})|(?P<bare>{_BARE})", re.IGNORECASE)
_TOP: Final = frozenset({
    "com", "org", "net", "info", "gov", "edu", "int", "mil", "io", "co", "me", "tv", "news", "app", "dev",
    "example", "ac", "ir", "af", "iq", "sa", "ae", "eg", "sy", "lb", "jo", "kw", "qa", "om", "bh", "ye", "ps",
    "ma", "dz", "tn", "ly", "sd", "mr", "so", "tr", "pk", "tj", "uz", "az", "am", "de", "fr", "uk", "us", "eu",
    "in", "cn", "ru", "es", "it", "nl", "be", "ch", "at", "se", "no", "dk", "fi", "pl", "gr", "pt", "ie", "ca",
    "au", "nz", "jp", "kr", "br", "mx", "za", "il",
})  # fmt: skip
"""Ends by which a word with dots and nothing behind it is a domain and no file name, no abbreviation."""


class Evidence(NamedTuple):
    """One line: the addresses it names, in order and each once, its kind, and the words beside both ("" for none)."""

    typed: str
    addresses: tuple[str, ...]
    kind: Kind | None
    quote: str


def visible(text: str) -> str:
    """The text without what nobody sees and everybody pastes: direction controls and marks without width."""
    return text.translate(_INVISIBLE).strip()


@functools.lru_cache(maxsize=4096)
def parse(line: str) -> Evidence:
    """What the line says; a domain without a scheme is read as https."""
    kind: Kind | None = None
    addresses: list[str] = []
    words: list[str] = []
    for part in _parts(visible(line)):
        if kind is None and (meant := kind_of(part)):
            kind = meant
            continue
        named, rest = _addresses(part)
        addresses += named
        words += [rest] if rest else []
    if not addresses and web.is_web_address(line):
        return Evidence(line, (line,), None, "")  # an odd one, and all there is
    return Evidence(line, tuple(dict.fromkeys(addresses)), kind, " | ".join(words))


def kind_of(field: str) -> Kind | None:
    """The kind that a field of a line names; None where it is an address or a quote."""
    return _KIND_OF.get(_key(field))


def addresses(lines: Iterable[str]) -> list[str]:
    """The addresses that the lines name, in order and each once."""
    return list(dict.fromkeys(address for line in lines for address in parse(line).addresses))


def _parts(text: str) -> list[str]:
    """The fields of a line. A bar without space around it may stand in an address, unless a kind is behind it."""
    found: list[str] = []
    for part in _SEPARATOR.split(text):
        pieces = _TIGHT.split(part)
        joined = [pieces[0]]
        after_kind = False
        for piece in pieces[1:]:
            is_kind = kind_of(piece) is not None
            if is_kind or after_kind:
                joined.append(piece)
            else:
                joined[-1] += f"|{piece}"
            after_kind = is_kind
        found += joined
    return [part.strip() for part in found if part.strip()]


def _addresses(text: str) -> tuple[list[str], str]:
    """The addresses in the text, and the words around them."""
    found: list[str] = []
    around: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match[0])
        if match["bare"]:
            if not _is_domain(match):
                continue
            end, address = match.start() + len(address), f"https://{address}"
        else:
            end = match.start() + len(address)
        if web.is_web_address(address):
            found.append(address)
            around.append(text[at : match.start()])
            at = end
    if not found:
        return [], text
    words = " ".join(part for piece in [*around, text[at:]] if (part := piece.strip()))
    return found, words if any(map(str.isalpha, words)) else ""  # a number before it is that of a list


def _is_domain(match: re.Match[str]) -> bool:
    top = match["top"]
    if not (top.islower() or top.isupper()):
        return False  # "the end.In short": a sentence without its space
    known = top.lower() in _TOP or match[0].lower().startswith("www.")
    return known or (match["path"] or "").startswith("/")


def _trimmed(address: str) -> str:
    """The address without the stops and the closing brackets of the sentence it stands in."""
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        if last not in _AFTER and (opening is None or address.count(last) <= address.count(opening)):
            break
        address = address[:-1]
    return address


def _key(text: str) -> str:
    return match_key(text).replace(" ", "")


_KIND_OF: Final = {
    _key(word): kind for kind, by_language in KINDS.items() for words in by_language.values() for word in words
}
