"""The labeling config: what a checker sees, and the names under which the answers come back."""

from __future__ import annotations

from factcheck.languages import Language
from factcheck.studio.page.translations import WORDINGS, Wording
from factcheck.templating import template

VERDICT, RATIONALE, EVIDENCE, CONFIDENCE = "verdict", "rationale", "evidence", "confidence"
REASON, SAME_AS, CORRECTED_CLAIM = "reason", "same_as", "corrected_claim"
CONTROLS = (VERDICT, REASON, RATIONALE, EVIDENCE, CONFIDENCE, SAME_AS, CORRECTED_CLAIM)

VARIABLES = ("claim", "context", "about", "notice")
"""Fields of a task's data that the page shows; every task has all of them."""

VOTES = "votes"
"""The field that a task in the leads' queue has besides: what the checkers said, without who said it."""


def label_config(language: Language) -> str:
    """The XML of the checkers' labeling config, with labels and hints in the desk's language.

    One required single choice carries the verdict, so that no contradictory answer can exist; its stored values are
    those of `models.Choice` whatever the language. Keys 1 to 4 choose, as the translations name them.
    """
    words = WORDINGS[language]
    return _config(words, question=words.verdict, leads=False)


def queue_config(language: Language) -> str:
    """The XML of the leads' labeling config: the same controls under what the checkers said, side by side."""
    words = WORDINGS[language]
    return _config(words, question=words.decision, leads=True)


def _config(words: Wording, *, question: str, leads: bool) -> str:
    return template("studio/page/label_config.xml.j2").render(words=words, question=question, leads=leads)
