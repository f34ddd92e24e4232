"""The languages a desk speaks to its people and readers in, and the folder that holds what each one says.

Articles may be in any language. What the program knows of one is in its folder, a file for each part (`PARTS`). A desk
can speak those whose folder has all of `OF_DESKS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from factcheck.languages.folders import OF_DESKS, OTHERWISE, PARTS, Part, faults, folder, gaps, known, read, spoken

__all__ = [
    "OF_DESKS", "OTHERWISE", "PARTS", "SPOKEN", "Language", "Part", "faults", "folder", "gaps", "known", "read",
    "spoken",
]  # fmt: skip

SPOKEN: Final = spoken()
"""The languages of desks in the order of tables that have a column for each."""

if TYPE_CHECKING:
    Language = str
else:
    # What settings and commands accept: they name the choices, as does their JSON Schema.
    Language = Literal[SPOKEN]
