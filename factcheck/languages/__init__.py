"""The languages a desk speaks to its people and readers in, and the folder that holds what each one says.

Articles may be in any language. What the program knows of one is in its folder, a file for each part (`PARTS`).
"""

from __future__ import annotations

from typing import Literal

from factcheck.languages.folders import PARTS, Part, folder, gaps, known, read

__all__ = ["OTHERWISE", "PARTS", "SPOKEN", "Language", "Part", "folder", "gaps", "known", "read"]

Language = Literal["fa", "ar", "en"]
OTHERWISE: Language = "en"
"""What people read of a text that is in none of them."""
SPOKEN: tuple[Language, ...] = ("en", "fa", "ar")
"""The same languages in the order of tables that have a column for each."""
