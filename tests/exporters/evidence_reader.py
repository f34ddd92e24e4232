"""Evidence read back from the forms of others by their field names alone, as a program would that knows only those."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple


class Read(NamedTuple):
    """A claim as it was read: its words, who made it and when, its label, why; and each line of evidence in parts."""

    claim: str
    speaker: str | None
    said_on: date | None
    label: str
    why: str | None
    lines: list[list[dict[str, Any]]]


def averitec(content: bytes) -> list[Read]:
    """The claims of a file in the form of AVeriTeC; a question with its answers is a line of evidence."""
    return [
        Read(
            one["claim"],
            one["speaker"],
            _their_day(one["claim_date"]),
            one["label"],
            one["justification"],
            [
                [_answer(answer, question["question"]) for answer in question["answers"]]
                for question in one["questions"]
            ],
        )
        for one in json.loads(content)
    ]


def efcsn(content: bytes) -> list[Read]:
    """The claims of a file in the form of the EFCSN's records; pieces with one `entry` are a line of evidence."""
    found = []
    for one in json.loads(content):
        lines: dict[int, list[dict[str, Any]]] = {}
        for piece in one["evidence"]:
            lines.setdefault(piece["entry"], []).append(
                {
                    "question": piece["question"],
                    "quote": piece["answer"],
                    "url": piece["url"],
                    "archived_url": piece["archived_url"],
                    "kind": piece["type"],
                    "archived_on": piece["date"],
                }
            )
        said_on = date.fromisoformat(one["claim_date"]) if one["claim_date"] else None
        found.append(
            Read(one["claim"], one["claimant"], said_on, one["rating"], one["explanation"], list(lines.values()))
        )
    return found


def _answer(answer: dict[str, Any], question: str | None) -> dict[str, Any]:
    return {
        "question": question,
        "quote": answer["answer"],
        "url": answer["source_url"],
        "archived_url": answer["cached_source_url"],
        "kind": answer["evidence_kind"],
        "archived_on": answer["cached_on"],
    }


def _their_day(text: str | None) -> date | None:
    if text is None:
        return None
    day, month, year = map(int, text.split("-"))
    return date(year, month, day)
