"""What readers are told of how a claim travelled, in the languages of desks."""

from __future__ import annotations

from factcheck.languages import Language
from factcheck.languages.texts import table

WORDS = table("site", "spread")


def of(language: Language) -> dict[str, str]:
    """The words in the language."""
    return {name: label[language] for name, label in WORDS.items()}
