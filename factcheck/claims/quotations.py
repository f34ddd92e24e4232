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
_CLOSER = re.compile(r"[»”\"]|''")
_MARK = re.compile(r"[«»“”\"]|''")
_BEFORE_A_CLOSER = ".,!?…؟،"


class Found(NamedTuple):
    """A reporting phrase in folded offsets; `who` is None for a pronoun or a bare verb.

    `is_unnamed`: it is nobody whom the article could name ("some say"), so that `who` is None for another reason.
    """

    who: tuple[int, int] | None
    verb: tuple[int, int]
    opens_with_colon: bool
    is_unnamed: bool = False


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
    was_open = was_open or _begins_inside(sentence)
    blanked = _QUOTED.sub(lambda match: _blank(match.group()), sentence)
    blanked = _ASIDE.sub(lambda match: " " * len(match.group()), blanked)
    if was_open and (closer := _CLOSER.search(sentence)):
        blanked = BLANK * closer.start() + closer.group() + bare(sentence[closer.end() :], was_open=False)
    return blanked


def _begins_inside(sentence: str) -> bool:
    """Whether the first quotation mark of the sentence closes one, which a sentence before it opened."""
    mark = _MARK.search(sentence)
    if mark is None or mark[0] in "«“":
        return False
    if mark[0] in "»”":
        return True
    before, after = sentence[mark.start() - 1 : mark.start()], sentence[mark.end() : mark.end() + 1]
    return before in _BEFORE_A_CLOSER and before != "" and (after == "" or after.isspace())


def _blank(quoted: str) -> str:
    # A quoted name («جان میلر») is a speaker; keep what is too short for speech.
    return quoted if not is_speech(quoted) else quoted[0] + BLANK * (len(quoted) - 2) + quoted[-1]
