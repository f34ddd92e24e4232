"""The difference of two versions as one HTML page to open, print or mail: no script, no outside file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from factcheck import web
from factcheck.exporters.labels import COLUMNS, NO_CHANGE, label_of
from factcheck.exporters.profiles import ClaimReviewOptions
from factcheck.languages import Language
from factcheck.templating import template
from factcheck.text import direction_of_language, isolate

_ARROWS = {"ltr": "→", "rtl": "←"}
"""An arrow is no mirrored character (UAX #9), so it is chosen to point the way the page is read."""


class Side(NamedTuple):
    """One of the two versions as people name it: its number, its day and its tags; the empty dataset is version 0."""

    version: int
    day: str = ""
    tags: Sequence[str] = ()

    def __str__(self) -> str:
        """As in `12 (2026-11-27, week-47)`."""
        more = ", ".join(isolate(part) for part in (self.day, *self.tags) if part)
        return f"{self.version} ({more})" if more else str(self.version)


def claim_pages(desk_url: str) -> str:
    """The address of a claim's page with `{claim_id}` in it; empty for a desk that has not named its own site."""
    if web.is_placeholder(desk_url):
        return ""
    return ClaimReviewOptions().review_url.format(desk_url=desk_url.rstrip("/"), claim_id="{claim_id}")


def diff_page(
    rows: Sequence[dict[str, Any]], *, desk: str, before: Side, after: Side, pages: str, language: Language
) -> str:
    """The page; `rows` are those of a dataset's diff with each claim's `quote`, `lang`, `claimant` and `rationales`.

    `pages` is the address of a claim's page with `{claim_id}` in it, or empty where the desk has no site.
    """
    direction = direction_of_language(language)
    arrow = _ARROWS[direction]
    return template("exporters/diff_page.html.j2").render(
        rows=[_row(row, pages, language) for row in rows],
        title=f"{isolate(desk)}: {before} {arrow} {after}",
        desk=isolate(desk),
        versions=f"{COLUMNS['dataset_version'][language]}: {before} {arrow} {after}",
        arrow=arrow,
        dir=direction,
        language=language,
        nothing=NO_CHANGE[language],
    )


def _row(row: dict[str, Any], pages: str, language: Language) -> dict[str, Any]:
    before, after = (row[f"{side}_verdict"] or row[f"{side}_status"] for side in ("before", "after"))
    address = pages.replace("{claim_id}", row["claim_id"])
    return {
        "change": row["change"],
        "label": label_of(row["change"], language),
        "before": label_of(before, language) if before else "–",
        "after": label_of(after, language) if after else "–",
        "quote": isolate(row["quote"] or ""),
        "claimant": isolate(row["claimant"]) if row["claimant"] else "",
        "rationales": [isolate(text) for text in row["rationales"] or () if text.strip()],
        "lang": row.get("lang") or "",
        "claim_id": row["claim_id"],
        "address": address if web.is_web_address(address) else "",
    }
