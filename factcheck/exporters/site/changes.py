"""What became of a published verdict, for its own page and for the list of corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from factcheck.exporters.contract import ExportContext
from factcheck.exporters.site import words
from factcheck.exporters.site.entries import SHOWN, both, shown
from factcheck.languages import Language

Row = Mapping[str, Any]


def by_claim(context: ExportContext) -> dict[str, list[Row]]:
    """The changes that readers could see, by claim, in order: from the first result on that readers were shown."""
    found: dict[str, list[Row]] = {}
    if context.history is None:
        return found
    for row in context.history.sort("version", maintain_order=True).iter_rows(named=True):
        if row["claim_id"] in found or row["before_status"] in SHOWN:
            found.setdefault(row["claim_id"], []).append(row)
    return found


def told(row: Row, context: ExportContext, language: Language) -> dict[str, Any]:
    """A change as a page shows it: when, from what, to what, and why."""
    return {
        "iso": row["committed_at"].isoformat(),
        "day": both(row["committed_at"], context.clock, language),
        "before": words.result(row["before_verdict"], row["before_status"], language, context.words),
        "after": words.result(row["verdict"], row["status"], language, context.words),
        "why": why(row, language),
    }


def why(row: Row, language: Language) -> Sequence[str]:
    """The reasons of the new result; without any, what kind of act brought it and what was noted with it."""
    if row["status"] in SHOWN and row["rationales"]:
        return [shown(text) for text in row["rationales"]]
    cause = words.CAUSES.get(row["cause"], words.CAUSES["pull"])[language]
    return [cause, shown(row["message"])] if row["message"] else [cause]


def key(rows: Sequence[Row]) -> list[object]:
    """What pages about these changes are made of, for their digest."""
    names = ("version", "committed_at", "cause", "message", "before_status", "before_verdict", "status", "verdict")
    return [[*(row[name] for name in names), row["rationales"]] for row in rows]
