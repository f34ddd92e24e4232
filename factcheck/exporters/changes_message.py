"""What changed as a message in Markdown (CommonMark): to mail, or to paste into a chat. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

import polars as pl

from factcheck.exporters import labels
from factcheck.exporters.changes import REMOVALS
from factcheck.exporters.commonmark import MARKS
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.editorial import REVIEW
from factcheck.exporters.profiles import Profile
from factcheck.languages import Language
from factcheck.text import direction_of_language, isolate

_LONGEST: Final = 280
"""Code points of a claim or a reason that stand in a message; the whole text is in the JSON Lines and on the page."""
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ARROWS: Final = {"ltr": "→", "rtl": "←"}


def message(changes: pl.DataFrame, profile: Profile, context: ExportContext) -> str:
    """The message: what has to come off the site, what changed, what is new; then which versions these are."""
    assert context.since is not None
    language = profile.language or context.language
    lines = [f"# {labels.WHAT_CHANGED[language].format(plain(context.desk_name))}", ""]
    if changes.is_empty():
        lines += [labels.NO_CHANGE[language], ""]
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in changes.iter_rows(named=True):
        sections.setdefault(_section(row), []).append(row)
    for section, rows in sections.items():
        lines += [f"## {labels.SECTIONS[section][language]} ({len(rows)})", ""]
        for row in rows:
            lines += _item(row, context, language)
        lines.append("")
    return "\n".join([*lines, "---", "", *_source(profile, context, language), ""])


def _section(row: dict[str, Any]) -> str:
    """Its heading in `labels.SECTIONS`."""
    kind = row["kind"]
    if row["editorial_state"] == REVIEW:
        return "review"
    return "removed" if kind in REMOVALS else "new" if kind == "verdict_new" else "changed"


def _item(row: dict[str, Any], context: ExportContext, language: Language) -> list[str]:
    who = f" — {plain(row['claimant'])}" if row["claimant"] else ""
    arrow = _ARROWS[direction_of_language(language)]
    sides = [row[side]["label"] if row[side] else "–" for side in ("before", "after")]
    day = context.clock.day(row["committed_at"]) if row["committed_at"] else "–"
    facts = f"{sides[0]} {arrow} {sides[1]} · {day} · v{row['version']}"
    return [
        f"- **{row['kind_label']}**: {plain(row['quote'])}{who}  ",
        f"  {facts}  ",
        *([f"  {labels.OF_CHANGES['why'][language]}: {plain(reason)}  "] if (reason := why(row, language)) else []),
        f"  <{row['page']}>",
    ]


def why(row: dict[str, Any], language: Language) -> str:
    """Why it changed, as far as it was said: what made the version, else the rationales that it has now."""
    if row["cause"] in labels.CAUSES and row["message"]:
        return f"{labels.CAUSES[row['cause']][language]}: {row['message']}"
    if row["after"] is None or row["kind"] == "words_corrected":
        return ""
    return "\n".join(row["after"]["rationales"])


def _source(profile: Profile, context: ExportContext, language: Language) -> list[str]:
    assert context.since is not None
    tag = f" ({plain(context.tag)})" if context.tag else ""
    facts = [
        f"{labels.OF_CHANGES['since'][language]} {context.since.version}",
        f"{labels.COLUMNS['dataset_version'][language]} {context.version}{tag}",
        f"{labels.COLUMNS['dataset_committed_at'][language]}: {context.committed_at:%Y-%m-%d %H:%M}",
        f"{labels.COLUMNS['dataset_hash'][language]}: {context.version_hash[:12]}",
        f"{labels.PROFILE[language]}: {plain(profile.name)}",
        f"{labels.COLUMNS['policy'][language]}: `{_SPACE.sub(' ', context.policy).replace('`', '')}`",
    ]
    return [f"{fact}  " for fact in facts]


def plain(text: str) -> str:
    """The text as words of one line that are nothing but words to a reader of Markdown, in their own direction."""
    line = _SPACE.sub(" ", text).strip()
    if len(line) > _LONGEST:
        line = line[: _LONGEST - 1].rstrip() + "…"
    return isolate(MARKS.sub(r"\\\1", line)) if line else ""
