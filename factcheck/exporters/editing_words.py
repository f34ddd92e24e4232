"""What the workbook tells editors of the columns that they fill in, in the languages of desks."""

from __future__ import annotations

from factcheck.languages.texts import table

_EDITING = table("labels", "editing")
CHOOSE = _EDITING["choose"]
RULES = {name: label for name, label in _EDITING.items() if name != "choose"}
"""By column, what its comment says."""
