"""What `--json` prints: one object an answer, whatever came of the command; of what goes on for long a line an event.

The shape is promised (docs/json.md): `format` rises where a script that reads by the schema would have to change.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factcheck.errors import FactcheckError

FORMAT = 1
"""Of the envelope and of everything in it."""


def answer(command: str, data: Any, next_steps: Sequence[str] = ()) -> dict[str, Any]:
    """The envelope of a command that came to its end; its exit code may still be another than 0."""
    return {"format": FORMAT, "command": command, "data": data, "next_steps": list(next_steps)}


def refusal(command: str, error: FactcheckError, *, exit_code: int) -> dict[str, Any]:
    """The envelope of a command that an error ended."""
    return {"format": FORMAT, "command": command, "error": error.as_dict(exit_code=exit_code)}


def event(command: str, name: str, *, at: datetime, level: str = "info", **said: Any) -> dict[str, Any]:
    """One line of a command that goes on until it is stopped."""
    return {"format": FORMAT, "command": command, "event": name, "at": at, "level": level, **said}


def text(envelope: dict[str, Any], *, line: bool = False) -> str:
    """The envelope as JSON, indented or on one line; times are RFC 3339 in UTC, to the microsecond where they have one.

    Raises TypeError for a value that JSON does not have, ValueError for a number that is none.
    """
    return json.dumps(envelope, ensure_ascii=False, indent=None if line else 2, default=_plain, allow_nan=False)


def _plain(value: Any) -> str | list[Any]:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"a time without a zone: {value}")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no part of an answer")
