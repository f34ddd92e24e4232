"""The language of an article, out of those the desk works in."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from factcheck.errors import ConfigError

_READ = 3_000  # code points; more of an article does not change the answer
_ENOUGH = 200  # below this many letters a language that the desk does not read is not believed
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


class Language(NamedTuple):
    """ISO 639 code or None where there are no letters; `expected` is false for a language the desk did not name."""

    code: str | None
    expected: bool


def language(text: str, languages: Sequence[str]) -> Language:
    """The language of the text among `languages` (all the model knows, where empty).

    A longer text in a language that is not among them is called by its own name and not forced into one of them.
    Raises ConfigError for a code that the model does not know.
    """
    identifier = _identifier()
    known = set(identifier.labels)
    if unknown := [code for code in languages if code not in known]:
        raise ConfigError(
            f"unknown language {unknown[0]!r}",
            subject="desk.languages",
            hint=f"use ISO 639-1 codes from this list: {' '.join(sorted(known))}",
        )
    sample = _ADDRESS.sub(" ", text[:_READ])
    letters = sum(char.isalpha() for char in sample)
    if not letters:
        return Language(None, expected=True)
    ranked: list[tuple[str, float]] = identifier.rank(sample)
    if not languages or ranked[0][0] in languages:
        return Language(ranked[0][0], expected=True)
    if letters >= _ENOUGH:
        return Language(ranked[0][0], expected=False)
    return Language(next(code for code, _ in ranked if code in languages), expected=True)


@functools.cache
def _identifier() -> Any:
    """The model of the py3langid package (0.7 s), loaded at the first article."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
