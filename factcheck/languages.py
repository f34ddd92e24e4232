"""The languages a desk speaks to its people and readers in; articles may be in any language."""

from __future__ import annotations

from typing import Literal

Language = Literal["fa", "ar", "en"]
