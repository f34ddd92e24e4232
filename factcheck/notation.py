"""JSON and TOML as this machine finds them on its disk and in its environment: a value, or one ValueError.

The parsers of the standard library end in a RecursionError where a file is nested deeper than anything of ours, and in
a ValueError of their own kind or a plain one elsewhere; whoever reads a file has one error to answer.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

_TOO_DEEP = "is nested too deeply"


def json_value(text: str | bytes) -> Any:
    """The value that the JSON says; raises ValueError for what is none, and for one nested too deeply to be read."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def toml_table(text: str) -> dict[str, Any]:
    """The table that the TOML says; raises ValueError for what is none, and for one nested too deeply to be read."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
