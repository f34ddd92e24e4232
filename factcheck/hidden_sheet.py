"""By what our own workbook is known when it comes back: the sheet it hides, and what that says of each claim.

Exports write it and imports read it; neither knows the other.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "factcheck"
MARK: Final = "factcheck-workbook"
"""First cell of the sheet's column of facts."""
PREFIX: Final = "factcheck_"
"""How the names begin that the workbook gives to columns; programs carry them along when a column moves."""
EDITORIAL: Final = ("claim_reviewed", "headline", "summary", "page_url", "topic", "editorial_state")
"""Columns that editors write."""
SHOWN: Final = ("claim_id", "status", "verdict", "reason", *EDITORIAL, "proposal")
"""What the sheet has of each claim; `proposal` stood in the cell of `claim_reviewed` where nobody wrote words."""
