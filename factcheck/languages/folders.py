"""The folder of each language: `languages/CODE/PART.toml`. Whoever adds a language adds a folder and its files.

A file is checked when it is first read, by the model of its part, which refuses a key that nothing would read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

Part = Literal[
    "structure", "signals", "grammar", "affiliations", "dates", "facts",
    "wording", "guide", "labels", "ratings", "site", "evidence",
]  # fmt: skip
PARTS: Final[dict[Part, str]] = {
    "structure": "the words that sentences and claims are found by",
    "signals": "the words that make a sentence worth checking, or not",
    "grammar": "verbs of saying, and where who says it stands",
    "affiliations": "roles and organisations of claimants",
    "dates": "the dates that claims speak of",
    "facts": "figures, denials and comparisons that make claims differ",
    "wording": "what the checkers' page says",
    "guide": "the checkers' guide",
    "labels": "the words of exports, sheets and messages",
    "ratings": "the words of results that readers see",
    "site": "what the public site says",
    "evidence": "the words for kinds of evidence",
}
"""The files of a language, and what each is for; the first four are what claims need."""
OF_DESKS: Final[tuple[Part, ...]] = ("wording", "guide", "labels", "ratings", "site", "evidence")
"""The files that a desk's own language needs."""
OTHERWISE: Final = "en"
"""What people read of a text that is in no language that a desk can speak."""


def folder() -> Traversable:
    """The folder that holds one folder for each language."""
    return files("factcheck.languages")


@cache
def known(part: Part) -> tuple[str, ...]:
    """The languages that have this part, by code."""
    return tuple(sorted(one.name for one in folder().iterdir() if one.joinpath(f"{part}.toml").is_file()))


@cache
def read(lang: str, part: Part) -> dict[str, Any] | None:
    """What a part of a language says; None where the language lacks it. Whoever gets it changes nothing in it.

    Raises ValueError for a file that is no TOML, or that has a key which nothing would read; it names the file.
    """
    if lang not in known(part):
        return None
    found = tomllib.loads(folder().joinpath(lang, f"{part}.toml").read_text("utf-8"))
    _check(lang, part, found)
    return found


def spoken() -> tuple[str, ...]:
    """The languages that a desk can speak to its people and readers, English first, then by code."""
    there = [set(known(part)) for part in OF_DESKS]
    return tuple(sorted(set.intersection(*there), key=lambda code: (code != OTHERWISE, code)))


def gaps() -> dict[str, list[Part]]:
    """The parts that each language lacks, by code, in the order of `PARTS`; a language that lacks none is there too."""
    codes = sorted({code for part in PARTS for code in known(part)})
    return {code: [part for part in PARTS if code not in known(part)] for code in codes}


def faults() -> dict[str, list[str]]:
    """What is wrong with the files of each language that has a folder, by code: a word that lacks, a key unread."""
    found: dict[str, list[str]] = {code: [] for code in gaps()}
    for code, wrong in found.items():
        for part in PARTS:
            try:
                read(code, part)
            except ValueError as error:
                wrong.append(str(error))
    return found


def _check(lang: str, part: Part, found: dict[str, Any]) -> None:
    from pydantic import ValidationError  # not at the top: `--help` names the languages and reads none

    from factcheck.languages.shapes import SHAPES

    if (shape := SHAPES.get(part)) is None:
        return
    try:
        shape.model_validate(found)
    except ValidationError as error:
        told = "; ".join(_told(one) for one in error.errors())
        raise ValueError(f"languages/{lang}/{part}.toml: {told}") from error


def _told(problem: Mapping[str, Any]) -> str:
    """A problem of a file in words: what it lacks, what nothing reads, what is wrong with a value."""
    where = ".".join(map(str, problem["loc"]))
    if problem["type"] == "missing":
        return f"lacks {where}"
    if problem["type"] == "extra_forbidden":
        return f"has {where}, which nothing reads"
    said = str(problem["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
