"""The words of all languages of desks side by side, as the code asks for them: by name, then by language."""

from __future__ import annotations

from typing import Final

from factcheck.languages import SPOKEN, Language, Part, read
from factcheck.languages.desk_words import LABELS, RATINGS, SITE

Label = dict[Language, str]
_NAMES: Final[dict[Part, dict[str, str]]] = {"labels": LABELS, "ratings": RATINGS, "site": SITE}


def table(part: Part, name: str) -> dict[str, Label]:
    """The words of a table of a part by their names, in the order of its model, each in every language of desks.

    Raises ValueError for a file that lacks a word or has one that nothing reads; it names the file and the word.
    """
    said = {code: (read(code, part) or {})[name] for code in SPOKEN}
    return {word: {code: said[code][word] for code in SPOKEN} for word in _NAMES[part][name].split()}
