"""The order of names in lists that people read, by the alphabet of a language."""

from __future__ import annotations

from functools import cache

from factcheck.languages import Language, read


def in_order(name: str, language: Language) -> tuple[tuple[int, ...], str]:
    """What names are sorted by: the letters by their places in the language's alphabet, whatever their case.

    Blanks, digits and signs come before them and letters of other alphabets behind, by code point. Where a language
    gives no alphabet the names are in the order of their code points.
    """
    places, small = _alphabet(language)
    if not places:
        return (), name
    return tuple(places.get(char, ord(char) * _ROOM) for char in name.translate(small).lower()), name


_ROOM = 1000
"""More letters than an alphabet has: all of them stand in the place of `a`, behind what comes before it."""


@cache
def _alphabet(language: Language) -> tuple[dict[str, int], dict[int, str]]:
    """The place of each small letter, and the small letters of capitals that differ from those of other languages."""
    letters: str = (read(language, "labels") or {}).get("alphabet", "")
    capitals: dict[str, str] = (read(language, "structure") or {}).get("capitals", {})
    places = {letter: ord("a") * _ROOM + at for at, letter in enumerate(letters)}
    return places, str.maketrans({capital: small for small, capital in capitals.items()})
