"""The words of a language that figures, denials and comparisons are told with, from `languages/LANGUAGE/facts.toml`.

`numbers` add up, `scales` multiply what stands before them, `units` follow a number (or stand before it, as $ does),
`bounds` stand before one. Words are folded as a claim's identity key is, so a file has them as people write them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from factcheck.folding import identity_key
from factcheck.languages import OTHERWISE, known, read

LONGEST: Final = 4
"""Words of the longest phrase."""
TOMANS: Final = 10
"""Rials in a toman."""

Phrases = dict[tuple[str, ...], str]


class Words(NamedTuple):
    """What the words of a language say, by their folded form; phrases by their words."""

    numbers: dict[str, int]
    scales: dict[str, int]
    units: Phrases
    bounds: Phrases
    order: Phrases
    direction: dict[str, str]
    denial: frozenset[str]
    denied: tuple[str, ...]
    other: dict[str, frozenset[tuple[str, ...]]]
    attached_and: bool


@cache
def words_of(lang: str | None) -> Words:
    """The words of English and of the language; of English alone where there is no file of it."""
    code = (lang or "").split("-")[0]
    tables = [_table("en"), *([_table(code)] if code in known("facts") and code != OTHERWISE else [])]

    def phrases(name: str) -> Phrases:
        return {_key(text): kind for table in tables for kind, texts in table[name].items() for text in texts}

    return Words(
        numbers={_key(word)[0]: value for table in tables for word, value in table["numbers"].items()},
        scales={_key(word)[0]: value for table in tables for word, value in table["scales"].items()},
        units=phrases("units"),
        bounds=phrases("bounds"),
        order=phrases("order"),
        direction={words[0]: kind for words, kind in phrases("direction").items()},
        denial=frozenset(_key(word)[0] for table in tables for word in table["denial"]["words"]),
        denied=tuple(_key(word)[0] for table in tables for word in table["denial"].get("beginnings", ())),
        other={
            name: frozenset(_key(text) for table in tables for text in table["words"].get(name, ()))
            for name in ("and", "half", "a", "doubtful", "minus", "below_zero", "to", "between")
        },
        attached_and=code == "ar",
    )


def _table(code: str) -> dict[str, Any]:
    return read(code, "facts") or {}


def _key(text: str) -> tuple[str, ...]:
    # A sign alone, and one that is a sign already, stay: the key knows currency only beside a number.
    return tuple(identity_key(text).split()) or tuple(text.split())


def phrase_at(phrases: Phrases, tokens: list[str], at: int) -> tuple[str, int] | None:
    """What the longest phrase that begins at a token says, and where it ends."""
    for many in range(LONGEST, 0, -1):
        found = phrases.get(tuple(tokens[at : at + many]))
        if found is not None and at + many <= len(tokens):
            return found, at + many
    return None


def phrase_before(phrases: Phrases, tokens: list[str], end: int) -> tuple[str, int] | None:
    """What the longest phrase that ends before a token says, and where it begins."""
    for many in range(min(LONGEST, end), 0, -1):
        found = phrases.get(tuple(tokens[end - many : end]))
        if found is not None:
            return found, end - many
    return None
