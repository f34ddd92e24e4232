"""The labeling config: what a checker sees, and the names under which the answers come back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from factcheck.languages import Language
from factcheck.models import Choice, Confidence, Reason
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.page.wording import Wording, reworded
from factcheck.templating import template

VERDICT, RATIONALE, EVIDENCE, CONFIDENCE = "verdict", "rationale", "evidence", "confidence"
REASON, SAME_AS, CORRECTED_CLAIM = "reason", "same_as", "corrected_claim"
ADDED = (REASON, SAME_AS, CORRECTED_CLAIM)
"""The controls that the page did not have before format 4: a config without any of them is an older one."""
CONTROLS = (VERDICT, REASON, RATIONALE, EVIDENCE, CONFIDENCE, SAME_AS, CORRECTED_CLAIM)

STORED: dict[str, str] = {reason: "untrue" if reason is Reason.FALSE else str(reason) for reason in Reason}
"""What Label Studio stores for each reason: it reads an alias "false" as no alias at all, and shows no page then."""

KEYS: dict[str, str] = {
    **{choice: f"shift+{number}" for number, choice in enumerate(Choice, 1)},
    **dict(zip(Reason, ("shift+q", "shift+w", "shift+e", "shift+a", "shift+s", "shift+d"), strict=True)),
    **dict(zip(Confidence, ("shift+7", "shift+8", "shift+9"), strict=True)),
}
"""The key of every answer. With Shift, because Label Studio sends the plain digits of the numeric keypad on to the page
from inside a box, and gives one of them to every choice that has no key."""

VARIABLES = ("claim", "context", "about", "notice")
"""Fields of a task's data that the page shows; every task has all of them."""

VOTES = "votes"
"""The field that a task in the leads' queue has besides: what the checkers said, without who said it."""


NOTHING: Mapping[str, str] = MappingProxyType({})


def words_of(language: Language, own: Mapping[str, str] = NOTHING) -> Wording:
    """The words of the desk's language, with the desk's own in their place; raises ConfigError as `reworded` does."""
    return reworded(WORDINGS[language], own)


def label_config(language: Language, own: Mapping[str, str] = NOTHING) -> str:
    """The XML of the checkers' labeling config, with labels and hints in the desk's language.

    One required single choice carries the verdict, so that no contradictory answer can exist; its stored values are
    those of `models.Choice` whatever the language. `own` has the desk's own words by the names of `Wording`.
    """
    words = words_of(language, own)
    return _config(words, question=words.verdict, leads=False)


def queue_config(language: Language, own: Mapping[str, str] = NOTHING) -> str:
    """The XML of the leads' labeling config: the same controls under what the checkers said, side by side."""
    words = words_of(language, own)
    return _config(words, question=words.decision, leads=True)


def _config(words: Wording, *, question: str, leads: bool) -> str:
    reasons = {STORED[reason]: label for reason, label in words.reasons.items()}
    keys = KEYS | {STORED[reason]: KEYS[reason] for reason in Reason}
    return template("studio/page/label_config.xml.j2").render(
        words=words, question=question, leads=leads, reasons=reasons, keys=keys
    )
