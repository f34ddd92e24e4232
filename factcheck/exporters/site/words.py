"""What the site says to its readers; the words for verdicts are those of `exporters.labels`.

The words are in `languages/CODE/site.toml`, what results mean in `ratings.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.exporters import labels
from factcheck.languages import SPOKEN, Language, read
from factcheck.languages.texts import table
from factcheck.models import Status

MEANINGS = table("ratings", "meanings")
"""What each rating means, by its key: a reason, a verdict or `unproven`."""
WORDS = table("site", "words")
METHOD = table("site", "method")
"""What stands where the desk has written no text of its own, by the setting that replaces it."""
CAUSES = table("site", "causes")
"""Why a verdict changed, by the cause of the version, where no reason is written beside it."""
LANGUAGES: dict[Language, dict[str, str]] = {one: (read(one, "site") or {})["languages"] for one in SPOKEN}
"""What each language calls others, by their codes."""


def of(language: Language) -> dict[str, str]:
    """The words of the site in the language."""
    return {name: label[language] for name, label in WORDS.items()}


def rating_key(verdict: str | None, reason: str | None) -> str:
    """The stable name of a rating: the reason, else the verdict, else `unproven`."""
    return reason or verdict or str(Status.UNPROVEN)


def result(verdict: str | None, status: str | None, language: Language, own: Mapping[str, str]) -> str:
    """What a list of changes calls a result: the verdict, else where the claim stands; `own` words go before ours."""
    key = str(verdict or status)
    if key in labels.PUBLISHED:
        return own.get(key) or labels.PUBLISHED[key][language]
    return WORDS["withdrawn"][language]


def language_name(code: str, language: Language) -> str:
    """The language's name, in its own words where the other has none, or its code where we have none at all."""
    return LANGUAGES[language].get(code) or LANGUAGES.get(code, {}).get(code) or code
