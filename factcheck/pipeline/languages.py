"""`languages`: what the program knows of each language, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from factcheck.languages import PARTS, SPOKEN, faults, gaps, known

OF_CLAIMS = "structure"
"""The part without which claims are cut by the rules that need no words."""


class Spoken(NamedTuple):
    """A language that has a folder: the `parts` that are there, and what it `lacks`, in words for people.

    A part that is there and is wrong is told there too, with what it lacks.

    `desk` says that a desk may speak it to its checkers and readers (`[desk] language`).
    """

    code: str
    parts: list[str]
    lacks: list[str]
    desk: bool


def languages() -> list[Spoken]:
    """Every language that has a folder, by code."""
    wrong = faults()
    return [_spoken(code, [*missing], wrong[code]) for code, missing in gaps().items()]


def _spoken(code: str, missing: list[str], wrong: list[str]) -> Spoken:
    lacks = [f"{part} ({about})" for part, about in PARTS.items() if part in missing]
    return Spoken(code, [part for part in PARTS if part not in missing], [*lacks, *wrong], code in SPOKEN)


def without_rules(articles: Mapping[str, int]) -> list[str]:
    """A sentence for each language that articles are in and that has no words for claims; `articles` counts by code."""
    return [
        f"{count:,} article{'s are' if count > 1 else ' is'} in {code!r}, which has no word lists: claims are cut by"
        " the rules that need none, and nobody is found who says them"
        for code, count in sorted(articles.items())
        if code.split("-")[0] not in known(OF_CLAIMS)
    ]
