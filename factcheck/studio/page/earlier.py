"""Earlier verdicts as a task tells them: a line each, in the desk's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from factcheck.days import Clock, is_bare
from factcheck.languages import Language
from factcheck.models import Origin
from factcheck.studio.page.label_config import NOTHING, words_of
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.text import isolate

TENSION = "tension"
"""The relation of two claims that tell other figures of the same thing (`matching.facts.Relation`)."""
MOST = 5
"""So many are told, the same words and the newest first; a claim that was checked more often is known to the desk."""


def told(
    found: pl.DataFrame, *, language: Language, own: Mapping[str, str] = NOTHING, clock: Clock, desk: str
) -> dict[str, str]:
    """What a task says of the earlier verdicts of its claim, by claim id; `found` is a frame of `verdicts.EARLIER`.

    Each line has the verdict, its day, who decided it (`desk` where it was this desk), and the words it was about;
    where these are other words than the claim's, how far they are alike, whether they tell other figures, and where
    the verdict is told.
    """
    words, like = words_of(language, own), TASK_WORDS[language]
    comma = like.comma

    def line(row: dict[str, Any]) -> str:
        reason = f" ({words.reasons[row['reason']]})" if row["reason"] else ""
        imported = row["origin"] == Origin.IMPORT
        moment = row["decided_at"]
        day = [isolate(clock.day(moment, bare=imported and is_bare(moment, None)))] if moment else []
        source = isolate((row["source"] or "") if imported else desk)
        alike = [like.alike.format(like.share(row["score"]))] if row["score"] is not None else []
        against = [like.other_figures] if row["relation"] == TENSION else []
        said = comma.join([words.choices[row["verdict"]] + reason, *day, source, *alike, *against])
        address = f" {isolate(row['url'])}" if row["url"] and imported else ""
        return f"{said}: {isolate(' '.join(row['quote'].split()))}{address}"

    lines: dict[str, list[str]] = {}
    for row in found.iter_rows(named=True):
        lines.setdefault(row["claim_id"], []).append(line(row))
    return {claim: "\n".join(some[:MOST]) for claim, some in lines.items()}
