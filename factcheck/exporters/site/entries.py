"""A claim as lists, search and corrections name it; one place says which words of it the site shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.days import Clock
from factcheck.exporters import editorial, labels
from factcheck.exporters.site import words
from factcheck.languages import Language
from factcheck.models import ClaimState, Status
from factcheck.text import PDI, bidi_flags, direction_of_language, for_display, isolate

_LRI = "\u2066"
SHOWN = frozenset({Status.DECIDED, Status.UNPROVEN})
"""Statuses that readers are shown; what has none of them any more leaves a tombstone."""
COLUMNS = (
    *("claim_id", "quote", "claim_reviewed", "lang", "claimant", "publisher", "verdict", "reason", "status", "state"),
    *("first_published_at", "decided_at", "topic", "outlets"),
)
"""Columns that an entry is made of: of the view, and `outlets`, all that carried it."""


class Entry(NamedTuple):
    """What a list shows of a claim; `key` names its rating, `day` and `year` are as the desk's readers write them."""

    claim_id: str
    words: str
    lang: str
    claimant: str
    outlets: tuple[str, ...]
    key: str
    rating: str
    moment: datetime | None
    day: str
    year: str
    topic: str = ""

    @property
    def path(self) -> str:
        """Its page, from the site's root."""
        return page_of(self.claim_id)

    @property
    def who(self) -> str:
        """Who said it, or who carried it where nobody is named."""
        return shown(self.claimant or next(iter(self.outlets), ""))

    @property
    def claimants(self) -> tuple[str, ...]:
        """The claimant, where one is named."""
        return (self.claimant,) if self.claimant else ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The topic, where an editor has signed one."""
        return (self.topic,) if self.topic else ()

    @property
    def direction(self) -> str:
        """Of its words."""
        return direction_of_language(self.lang)


def rows_of(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of a view as `entry` takes them."""
    outlets = pl.col("appearances").list.eval(pl.element().struct.field("publisher"))
    return list(rows.with_columns(outlets=outlets).select(COLUMNS).iter_rows(named=True))


def page_of(claim_id: str) -> str:
    """The path of a claim's page from the site's root."""
    return f"claims/{claim_id}.html"


def claim_words(row: Mapping[str, Any]) -> str:
    """The words in which the site gives the claim: an editor's where somebody signed them, else the quote."""
    return editorial.claim_words(row)


def topic_of(row: Mapping[str, Any]) -> str:
    """The topic that an editor gave the claim, "" for none; drafts are not in the rows that a site is given."""
    return (row["topic"] or "").strip()


def is_shown(row: Mapping[str, Any]) -> bool:
    """Whether readers are shown a result of the claim."""
    return row["state"] == ClaimState.ACTIVE and row["status"] in SHOWN


def shown(text: str) -> str:
    """The text, closed off where its direction controls would reorder what stands around it."""
    return isolate(text) if bidi_flags(text) else text


def entry(row: Mapping[str, Any], clock: Clock, language: Language, own: Mapping[str, str]) -> Entry:
    """The entry of a row that has the columns of `COLUMNS`; `own` are the profile's words for ratings."""
    moment = row["first_published_at"] or row["decided_at"]
    return Entry(
        claim_id=row["claim_id"],
        words=for_display(claim_words(row), row["lang"]),
        lang=row["lang"] or "",
        claimant=row["claimant"] or "",
        outlets=tuple(dict.fromkeys(name for name in (row["publisher"], *row["outlets"]) if name)),
        key=words.rating_key(row["verdict"], row["reason"]),
        rating=labels.rating_of(row["verdict"], row["reason"], language, own),
        moment=moment,
        day=both(moment, clock, language),
        year=_year(moment, clock),
        topic=topic_of(row),
    )


def both(moment: date | None, clock: Clock, language: Language, *, bare: bool = False) -> str:
    """The day in the desk's calendar and, where that is another one, in the Gregorian beside it; "" for none."""
    if moment is None:
        return ""
    own = clock.label(moment, language, bare=bare) or ""
    plain = Clock(clock.zone).day(moment, bare=bare)
    # Its parts would stand in the order of the letters around it.
    isolated = f"{_LRI}{plain}{PDI}" if direction_of_language(language) == "rtl" else plain
    return isolated if own == plain else f"{own} ({isolated})"


def _year(moment: datetime | None, clock: Clock) -> str:
    """The year of the desk's calendar: what the search is cut by, and what readers choose."""
    if moment is None:
        return ""
    return clock.day(moment).replace("/", "-").split("-")[0]
