"""The languages a desk speaks to its people and readers in; articles may be in any language."""

from __future__ import annotations

from typing import Literal

Language = Literal["fa", "ar", "en"]
OTHERWISE: Language = "en"
"""What people read of a text that is in none of them."""
