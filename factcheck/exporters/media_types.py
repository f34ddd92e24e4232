"""The media type of a file that an export writes, whatever the machine's own table says. Pure."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from typing import Final

_TYPES: Final = {
    ".atom": "application/atom+xml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".rss": "application/rss+xml",
    ".sqlite": "application/vnd.sqlite3",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_IN_UTF_8: Final = {"application/json", "application/ld+json", "application/x-ndjson"}


def media_type(name: str) -> str:
    """The type by the name's ending, with the encoding where it is a text; as the header Content-Type has it."""
    found = (
        _TYPES.get(PurePosixPath(name).suffix.lower()) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    )
    return f"{found}; charset=utf-8" if found.startswith("text/") or found in _IN_UTF_8 else found
