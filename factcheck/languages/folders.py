"""The folder of each language: `languages/CODE/PART.toml`. Whoever adds a language adds a folder and its files.

A file is checked when it is first read, by the model of its part, which refuses a key that nothing would read.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

Part = Literal["structure", "signals", "grammar", "affiliations", "dates", "facts", "wording", "guide"]
PARTS: Final[dict[Part, str]] = {
    "structure": "the words that sentences and claims are found by",
    "signals": "the words that make a sentence worth checking, or not",
    "grammar": "verbs of saying, and where who says it stands",
    "affiliations": "roles and organisations of claimants",
    "dates": "the dates that claims speak of",
    "facts": "figures, denials and comparisons that make claims differ",
    "wording": "what the checkers' page says",
    "guide": "the checkers' guide",
}
"""The files of a language, and what each is for; the first four are what claims need."""


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


def gaps() -> dict[str, list[Part]]:
    """The parts that each language lacks, by code, in the order of `PARTS`; a language that lacks none is there too."""
    codes = sorted({code for part in PARTS for code in known(part)})
    return {code: [part for part in PARTS if code not in known(part)] for code in codes}


def _check(lang: str, part: Part, found: dict[str, Any]) -> None:
    from factcheck.languages.shapes import SHAPES

    if (shape := SHAPES.get(part)) is None:
        return
    try:
        shape.model_validate(found)
    except ValueError as error:
        raise ValueError(f"languages/{lang}/{part}.toml: {error}") from error
