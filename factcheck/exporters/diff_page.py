"""The difference of two versions as one HTML page to open, print or mail: no script, no outside file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from factcheck.exporters.labels import NO_CHANGE, label_of
from factcheck.languages import Language
from factcheck.text import direction_of_language, isolate

_STYLE = """
body{font:16px/1.7 Vazirmatn,"Noto Naskh Arabic","Noto Sans",system-ui,sans-serif;
 max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
td{padding:.5rem .75rem;border-bottom:1px solid #ddd;text-align:start;vertical-align:top}
td:not(.quote){white-space:nowrap}
.new{color:#1b6e3c}.changed{color:#8a5a00}.withdrawn{color:#a3231b}.status{color:#555}
.quote{unicode-bidi:plaintext;text-align:start}code{font-size:.8em;color:#666}
"""
_ARROWS = {"ltr": "→", "rtl": "←"}
"""An arrow is no mirrored character (UAX #9), so it is chosen to point the way the page is read."""


def diff_page(rows: Sequence[dict[str, Any]], *, before: str, after: str, language: Language) -> str:
    """The page; `rows` are those of a dataset's diff with each claim's `quote` and `lang`, in the desk's language."""
    direction = direction_of_language(language)
    title = escape(f"{before} {_ARROWS[direction]} {after}")
    body = "\n".join(_row(row, language) for row in rows) or f"<tr><td>{escape(NO_CHANGE[language])}</td></tr>"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body>\n<h1>{title}</h1>\n<table>\n{body}\n</table>\n</body>\n</html>\n"
    )


def _row(row: dict[str, Any], language: Language) -> str:
    before, after = (row[f"{side}_verdict"] or row[f"{side}_status"] for side in ("before", "after"))
    change = f" {_ARROWS[direction_of_language(language)]} ".join(
        escape(label_of(word, language)) if word else "–" for word in (before, after)
    )
    quote = escape(isolate(row["quote"] or ""))
    lang = escape(row.get("lang") or "")
    return (
        f'<tr><td class="{escape(row["change"])}">{escape(label_of(row["change"], language))}</td><td>{change}</td>'
        f'<td class="quote" lang="{lang}" dir="auto">{quote}<br><code>{escape(row["claim_id"])}</code></td></tr>'
    )
