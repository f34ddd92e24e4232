"""Quotations of a folded sentence, and what is left of it when they are blanked: where a reporting phrase may stand.

All offsets here are of the folded sentence; blanking keeps them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MIN_QUOTED_WORDS = 3
# Stands for what is not looked at; ingest takes controls out of every text.
BLANK = "\x00"
_QUOTED = re.compile(r"«[^»]*»?|“[^”]*”?|\"[^\"]*\"?|''[^']*(?:'(?!')[^']*)*(?:'')?")
_ASIDE = re.compile(r"\([^()]*\)")
_CLOSER = re.compile(r"[»”\"]")


class Found(NamedTuple):
    """A reporting phrase in folded offsets; `who` is None for a pronoun or a bare verb."""

    who: tuple[int, int] | None
    verb: tuple[int, int]
    opens_with_colon: bool


def quotations(sentence: str, start: int = 0) -> list[str]:
    """What stands between quotation marks from `start`, the marks included; the last one may be left open."""
    return [match.group() for match in _QUOTED.finditer(sentence, start)]


def is_speech(quotation: str) -> bool:
    """Whether a quotation is long enough to be speech and not a name or a scare quote."""
    return len(quotation.split()) > _MIN_QUOTED_WORDS


def bare(sentence: str, *, was_open: bool) -> str:
    """The sentence with quoted speech and asides blanked; `was_open` says that it begins inside a quotation.

    Verbs inside a quotation belong to the quoted.
    """
    blanked = _QUOTED.sub(lambda match: _blank(match.group()), sentence)
    blanked = _ASIDE.sub(lambda match: " " * len(match.group()), blanked)
    if was_open and (closer := _CLOSER.search(sentence)):
        blanked = BLANK * (closer.end() - 1) + closer.group() + bare(sentence[closer.end() :], was_open=False)
    return blanked


def _blank(quoted: str) -> str:
    # A quoted name («جان میلر») is a speaker; keep what is too short for speech.
    return quoted if not is_speech(quoted) else quoted[0] + BLANK * (len(quoted) - 2) + quoted[-1]
