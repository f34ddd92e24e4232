"""What each command says with --json, as types: the schemas under schemas/answers/ are made of them.

Where the program has a type of its own, a record, a named tuple, the schema of a frame, the answer is made of that, so
that the two cannot differ; the tests validate every answer that any of them sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factcheck.cli.answers import claims, daily, history, keeping, people, spread

ANSWERS: Mapping[str, Any] = {
    **daily.ANSWERS,
    **claims.ANSWERS,
    **history.ANSWERS,
    **people.ANSWERS,
    **keeping.ANSWERS,
    **spread.ANSWERS,
}
"""By command: the type of its `data`; where it has several, a union."""
