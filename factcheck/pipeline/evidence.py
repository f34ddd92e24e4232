"""`evidence`: what the desk keeps of the pages that answers name, and one of them read back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import fs, web
from factcheck.errors import NotFound, OutputExists, UsageError
from factcheck.pipeline.archive import shelf
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


class PageOut(NamedTuple):
    """A kept page as it was written out."""

    address: str
    url: str
    at: datetime
    status: str
    media_type: str
    digest: str
    path: str
    size: int


def kept(settings: Settings) -> list[dict[str, Any]]:
    """What is known of each address: its copy, or why there is none; models of the index as dicts."""
    entries = shelf(Desk(settings)).entries().values()
    return [entry.model_dump(mode="json") for entry in entries]


def read(settings: Settings, address: str, out: Path, *, force: bool) -> PageOut:
    """Write the kept page of the address to a file that only its owner can read.

    Raises NotFound where there is no copy, OutputExists where the file is there, Corrupt where the copy is damaged.
    """
    found = shelf(Desk(settings))
    entry = found.entries().get(address)
    if entry is None or entry.state != "archived":
        why = f": {entry.reason}" if entry is not None else ""
        hint = "`factcheck evidence list` shows the addresses that are archived"
        if not web.is_meant_as_address(address):
            hint += "; name one as it is shown there, with https://"
        raise NotFound(f"is not archived{why}", subject=address, hint=hint)
    page = found.read(entry)
    if out.is_dir():
        raise UsageError("is a folder", subject=str(out), hint="name the file to write")
    try:
        fs.write_private(out, page.data, new=not force)
    except FileExistsError as error:
        raise OutputExists("exists already", subject=str(out), hint="name another file, or use --force") from error
    return PageOut(address, page.url, page.at, page.status, page.media_type, page.digest, str(out), len(page.data))
