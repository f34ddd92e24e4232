"""Editors' words as readers get them: those that somebody approved, and none while a new verdict waits to be read.

Every format but those for the desk itself is given rows that `for_readers` has passed, so none can show a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from factcheck.exporters import labels
from factcheck.hidden_sheet import EDITORIAL
from factcheck.models import EditorialState

WORDS = tuple(name for name in EDITORIAL if name not in {"page_url", "editorial_state"})
SIGNED = (str(EditorialState.APPROVED), str(EditorialState.PUBLISHED))
REVIEW = str(EditorialState.NEEDS_REVIEW)
_STATE = pl.col("editorial_state")
_ADDRESS = r"""(?i)^https?://[^\s\p{Cc}<>"]+$"""
"""What may stand as an address in markup, a feed and a message; `write` and `import` let no other in."""


def for_readers(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a view with the words of approved and published claims alone.

    The address of a page stays while its words wait for review: readers know a review by it, and a second address
    would leave the first one with the old verdict for ever. What is no address of a page is none to readers.
    """
    signed = _STATE.is_in(SIGNED)
    return rows.with_columns(
        *(pl.when(signed).then(name).alias(name) for name in WORDS),
        pl.when(_STATE.is_in([*SIGNED, REVIEW]) & pl.col("page_url").str.contains(_ADDRESS)).then("page_url"),
    )


def claim_words(row: Mapping[str, Any]) -> str:
    """The claim as readers are told it: in an editor's words where the row has some, else as it was said."""
    return str(row["claim_reviewed"] or row["quote"])


def first_for_review(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with those that wait for an editor before all others, both in the order they had."""
    return rows.sort(_STATE.eq_missing(pl.lit(REVIEW)), descending=True, maintain_order=True)


def state_of(text: str) -> str | None:
    """The state that a code or its label in any of the desk's languages names; None for what names none."""
    from factcheck.folding import match_key

    names = {match_key(word): str(state) for state in EditorialState for word in (state, *_labels(state))}
    return names.get(match_key(text.replace("_", " "))) or names.get(match_key(text))


def _labels(state: EditorialState) -> list[str]:
    return [*labels.EDITORIAL_STATES[state].values(), state.replace("_", " ")]
