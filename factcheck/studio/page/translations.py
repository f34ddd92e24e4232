"""What the checkers' page says, in the desk's languages; the stored values never depend on it.

The words are in `languages/CODE/wording.toml`.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from factcheck.languages import SPOKEN, Language, read
from factcheck.studio.page.wording import Wording


def _of(language: Language) -> Wording:
    """The words of one language; raises ValidationError where one is missing, or nothing shows it."""
    return TypeAdapter(Wording).validate_python((read(language, "wording") or {}).get("page"))


WORDINGS: dict[Language, Wording] = {language: _of(language) for language in SPOKEN}
