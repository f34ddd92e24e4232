"""What a task says of its claim's worth and earlier verdicts, and a tab's name, in the desk's languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import TypeAdapter

from factcheck.languages import SPOKEN, Language, read


class TaskWords(NamedTuple):
    """The words of one language; `signals` has one for each reason of `claims.worthiness`."""

    tab: str
    worth: str
    raised: str
    lowered: str
    earlier: str
    open: str
    withdrawn: str
    settled: str
    alike: str
    other_figures: str
    comma: str
    digits: str
    per_cent: str
    signals: Mapping[str, str]

    def share(self, value: float) -> str:
        """A share of 1 as per cent, in the digits of the language."""
        number = f"{value * 100:.0f}".translate(str.maketrans("0123456789", self.digits))
        return self.per_cent.format(number)


def _of(language: Language) -> TaskWords:
    """The words of one language; raises ValidationError where one is missing, or nothing shows it."""
    return TypeAdapter(TaskWords).validate_python((read(language, "wording") or {}).get("task"))


TASK_WORDS: dict[Language, TaskWords] = {language: _of(language) for language in SPOKEN}
