"""The files of each language: `data/LANGUAGE/*.toml`. Whoever adds a language adds a folder here and nothing else."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


def folder() -> Traversable:
    """The folder that holds one folder for each language, and the files that all of them share."""
    return files("factcheck.claims").joinpath("data")


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a folder of word lists, by name."""
    return tuple(sorted(one.name for one in folder().iterdir() if one.joinpath("structure.toml").is_file()))


def read(*names: str) -> dict[str, Any] | None:
    """What a file says, by its language and its name without the ending; None where there is no such file or language.

    Raises tomllib.TOMLDecodeError (a ValueError) for a file that is no TOML.
    """
    if len(names) > 1 and names[0] not in languages():
        return None
    path = folder().joinpath(*names[:-1], f"{names[-1]}.toml")
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else None
