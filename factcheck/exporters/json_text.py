"""JSON that is the same each time, keeps letters of every script, and can stand inside a script element."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

# Written inside strings as escapes: they would end a script element, start markup, or end a line to some programs.
_ESCAPED = "<>&\u2028\u2029\u0085"


def written(value: Any, indent: int | None = None) -> str:
    """The value as JSON; raises ValueError for a number that JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    for char in _ESCAPED:
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def listed(items: Iterable[Any]) -> bytes:
    """A list as JSON with an item a line: lists grow long, and a line an item makes a change easy to see.

    An item is forgotten when it is written, so that of a generator only the bytes are kept.
    """
    made = bytearray()
    for item in items:
        made += b",\n" if made else b"[\n"
        made += written(item).encode()
    return bytes(made + b"\n]\n") if made else b"[]\n"


def lines(items: Iterable[Any]) -> bytes:
    """JSON Lines, made as `listed` is."""
    made = bytearray()
    for item in items:
        made += written(item).encode() + b"\n"
    return bytes(made)
