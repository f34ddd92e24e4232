"""The difference of two versions as one HTML page to open, print or mail: no script, no outside file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factcheck.exporters.labels import NO_CHANGE, label_of
from factcheck.languages import Language
from factcheck.templating import template
from factcheck.text import direction_of_language, isolate

_ARROWS = {"ltr": "→", "rtl": "←"}
"""An arrow is no mirrored character (UAX #9), so it is chosen to point the way the page is read."""


def diff_page(rows: Sequence[dict[str, Any]], *, before: str, after: str, language: Language) -> str:
    """The page; `rows` are those of a dataset's diff with each claim's `quote` and `lang`, in the desk's language."""
    direction = direction_of_language(language)
    return template("exporters/diff_page.html.j2").render(
        rows=[_row(row, language) for row in rows],
        title=f"{before} {_ARROWS[direction]} {after}",
        arrow=_ARROWS[direction],
        dir=direction,
        language=language,
        nothing=NO_CHANGE[language],
    )


def _row(row: dict[str, Any], language: Language) -> dict[str, str]:
    before, after = (row[f"{side}_verdict"] or row[f"{side}_status"] for side in ("before", "after"))
    return {
        "change": row["change"],
        "label": label_of(row["change"], language),
        "before": label_of(before, language) if before else "–",
        "after": label_of(after, language) if after else "–",
        "quote": isolate(row["quote"] or ""),
        "lang": row.get("lang") or "",
        "claim_id": row["claim_id"],
    }
