"""What claims read of a language (`factcheck/languages/CODE/`), and the files of this room that all languages share."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from factcheck import languages as folders
from factcheck.languages import Part


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a folder of word lists, by name."""
    return folders.known("structure")


def read(lang: str, part: Part) -> dict[str, Any] | None:
    """What a file of a language says; None where there is no such file or language.

    Raises ValueError for a file that is no TOML or has a key that nothing reads.
    """
    return folders.read(lang, part) if lang in languages() else None


@cache
def shared(name: str) -> dict[str, Any]:
    """What a file for all languages says, by its name without the ending."""
    return tomllib.loads(files("factcheck.claims").joinpath("data", f"{name}.toml").read_text("utf-8"))
