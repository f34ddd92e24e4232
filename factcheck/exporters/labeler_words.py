"""The words of a rating as the Bluesky labeler reads them, and those in which it finds what we mean.

It folds the word and takes the first rule of which a phrase stands anywhere in it, inside other words too: "Inaccurate"
is true to it, because of "accurate". Source: its code (atproto-fact-labeler, `normalise-rating`), the English phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from factcheck.models import Reason, Status, Verdict

OURS: Final[Mapping[str, str]] = {
    Verdict.VERIFIED: "Verified",
    Verdict.DISPUTED: "False or misleading",
    Reason.FALSE: "False",
    Reason.MISLEADING: "Misleading",
    Reason.PARTLY_TRUE: "Mixed",  # it would find "true" in "Partly true", and call the claim true
    Reason.OUT_OF_CONTEXT: "Out of context",
    Reason.OUTDATED: "Outdated",
    Reason.DOCTORED: "False (doctored)",  # it has no word for doctored, and finds "false" in this
    Status.UNPROVEN: "Unproven",  # it would find "verified" in "Unverified"
}
"""Words in which the labeler finds a word of its table, and the right one first. It has none for an opinion."""

MEANT: Final[Mapping[str, str]] = {
    Verdict.VERIFIED: "true",
    Verdict.DISPUTED: "false",
    Reason.FALSE: "false",
    Reason.MISLEADING: "false",
    Reason.PARTLY_TRUE: "mixed",
    Reason.OUT_OF_CONTEXT: "mixed",
    Reason.OUTDATED: "outdated",
    Reason.DOCTORED: "false",
    Status.UNPROVEN: "unknown",
}
"""What it calls a claim with each of our results, if it reads the word as we mean it."""

_RULES: Final = (
    ("false", "false|fake|pants on fire|untrue|misleading|debunked|made up|fabricated"),
    ("true", "true|accurate|confirmed|verified"),
    ("mixed", "mixture|mixed|some truth"),
    ("outdated", "outdated"),
    ("disputed", "disputed|contested"),
    ("unknown", "unproven|not enough evidence|not enough information|insufficient evidence"),
    ("mixed", "satire|out of context"),
)
"""What it finds, the first rule first; phrases that hold one of an earlier rule are never come to, and left out."""
_ROWS: Final = tuple((verdict, tuple(phrases.split("|"))) for verdict, phrases in _RULES)
_MARKS: Final = re.compile("[\u0300-\u036f]")
_NO_LETTERS: Final = re.compile("[^a-z0-9]+")


def read(word: str) -> str | None:
    """What the labeler calls a claim with this rating word; None where it finds nothing in it."""
    folded = _NO_LETTERS.sub(" ", _MARKS.sub("", unicodedata.normalize("NFD", word)).lower())
    return next((verdict for verdict, phrases in _ROWS if any(phrase in folded for phrase in phrases)), None)


def check(result: str, word: str) -> None:
    """Raises ValueError where the labeler would not read the word as the result, by its stable name, that it means."""
    if result not in MEANT:
        raise ValueError(f"{result}: the Bluesky labeler calls no claim that; leave the word out")
    if (found := read(word)) != MEANT[result]:
        reads = f"reads {word!r} as {found}, not as {MEANT[result]}" if found else f"knows no word in {word!r}"
        raise ValueError(f"{result}: the Bluesky labeler {reads}; {OURS[result]!r} is read right")
