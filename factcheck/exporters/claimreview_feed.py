"""The feed of ClaimReviews: a DataFeed, or a list for a reader that takes one, with an item a line.

Feeds grow long, and a line a review makes a change easy to see.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final

from factcheck import licences
from factcheck.exporters import json_text
from factcheck.exporters.contract import ExportContext
from factcheck.languages import Language

CONTEXT: Final = "https://schema.org"
_CLOSING: Final = b"\n]}\n"


def feed(items: list[bytes], context: ExportContext, language: Language) -> bytes:
    """A DataFeed of the items as JSON text."""
    return _lines(_opening(context, language), items, _CLOSING)


def write(batches: Iterable[list[bytes]], context: ExportContext, language: Language, file: IO[bytes]) -> None:
    """The same DataFeed, its items written as they come."""
    between = _opening(context, language)
    for items in batches:
        if items:
            file.write(between + b",\n".join(items))
            between = b",\n"
    file.write(_CLOSING if between == b",\n" else between + _CLOSING)


def listed(items: list[bytes]) -> bytes:
    """The items as a list."""
    return _lines(b"[\n", items, b"\n]\n") if items else b"[]\n"


def _opening(context: ExportContext, language: Language) -> bytes:
    """The DataFeed up to its items."""
    head = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "name": context.desk_name,
        "url": context.desk_url,
        "inLanguage": language,
        **({"license": licences.address(context.licence)} if context.licence else {}),
        "dateModified": context.committed_at.isoformat(timespec="seconds"),
        "version": context.version,
        "identifier": context.version_hash,
        **({"alternateName": context.tag} if context.tag else {}),
        "dataFeedElement": [],
    }
    return f"{json_text.written(head).removesuffix(']}')}\n".encode()


def _lines(opening: bytes, items: list[bytes], closing: bytes) -> bytes:
    """An item a line; all of it is joined at once, because it is long."""
    first, *others = items or [b""]
    if not others:
        return opening + first + closing
    return b",\n".join([opening + first, *others[:-1], others[-1] + closing])
