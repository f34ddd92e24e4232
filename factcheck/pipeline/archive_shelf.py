"""The desk's own copies of evidence: one web archive a page, in a folder of the month, and an index of them.

In `.factcheck/evidence`, which only its owner can read. A copy appears under its name when all of it is on disk, and
the index is written anew after each: whatever ends a run, every copy that is there is whole, and one that the index
does not know yet is found by its name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from factcheck import fs, locks
from factcheck.articles.draft import Limits
from factcheck.articles.warc_writing import Kept, opened
from factcheck.errors import Busy, Corrupt
from factcheck.models import digest

SUFFIX = ".warc.gz"
LIMITS = Limits(max_bytes=20_000_000, seconds=20.0)
"""Of one page: bytes on the wire and out of it, seconds."""


class Entry(BaseModel):
    """One address: when it was fetched last and what came of it; `file` is below the folder, `digest` the payload's.

    `url` is where the page was found after redirects, `size` the bytes of the file, `next_try` when a failed one is
    fetched again: null for one that is not.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str
    state: Literal["archived", "failed"]
    at: datetime
    tries: int = 1
    next_try: datetime | None = None
    url: str | None = None
    status: str | None = None
    media_type: str | None = None
    digest: str | None = None
    file: str | None = None
    size: int = 0
    code: str | None = None
    reason: str | None = None


_INDEX = TypeAdapter(list[Entry])


class ArchiveShelf:
    """The copies below `folder`; nothing is made before the first one is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def filling(self) -> Iterator[dict[str, Entry]]:
        """A context with the entries by address, in which no other run fills; raises Busy where one does."""
        self._make(self.folder)
        with locks.lock(self.folder / "lock", busy=lambda: Busy("another run is archiving", subject=str(self.folder))):
            for folder in (self.folder, *self.folder.glob("????-??")):
                fs.sweep(folder)
            yield self.entries()

    def entries(self) -> dict[str, Entry]:
        """What is known of each address; empty where the index is gone or damaged: the copies are found again."""
        try:
            found = _INDEX.validate_json(self._index.read_bytes())
        except (FileNotFoundError, ValidationError):
            return {}
        return {entry.address: entry for entry in found}

    def save(self, entries: dict[str, Entry]) -> None:
        """Keep the entries as the index."""
        fs.write_private(self._index, _INDEX.dump_json(list(entries.values()), indent=0, exclude_none=True))

    def keep(self, address: str, archive: bytes, *, now: datetime) -> Entry:
        """Keep the archive of one page; the entry for it."""
        path = self.folder / f"{now:%Y-%m}" / f"{_key(address)}{SUFFIX}"
        self._make(path.parent)
        fs.write_private(path, archive)
        return self._entry(address, path)

    def found(self, known: dict[str, Entry], addresses: list[str]) -> dict[str, Entry]:
        """Entries for addresses whose copy is there and whole, though `known` has none: a run ended in between."""
        there = {path.name.removesuffix(SUFFIX): path for path in sorted(self.folder.glob(f"????-??/*{SUFFIX}"))}
        lost = {
            address: there[_key(address)]
            for address in addresses
            if _key(address) in there and (address not in known or known[address].state != "archived")
        }
        entries = {}
        for address, path in lost.items():
            with contextlib.suppress(Corrupt):  # then it is fetched again
                entries[address] = self._entry(address, path)
        return entries

    def is_there(self, entry: Entry) -> bool:
        """Whether the copy still lies where the index says."""
        return entry.file is not None and (self.folder / entry.file).is_file()

    def read(self, entry: Entry) -> Kept:
        """The page as it was kept; raises Corrupt where the copy is damaged or gone."""
        path = self.folder / (entry.file or "")
        try:
            return opened(path.read_bytes(), str(path), LIMITS)
        except FileNotFoundError as error:
            hint = "the next `factcheck pull` fetches the page again"
            raise Corrupt("is gone", subject=str(path), hint=hint) from error

    def _entry(self, address: str, path: Path) -> Entry:
        archive = path.read_bytes()
        kept = opened(archive, str(path), LIMITS)
        return Entry(
            address=address, state="archived", at=kept.at, url=kept.url, status=kept.status,
            media_type=kept.media_type or None, digest=kept.digest,
            file=path.relative_to(self.folder).as_posix(), size=len(archive),
        )  # fmt: skip

    def _make(self, folder: Path) -> None:
        fs.make_folder(folder, mode=0o700)
        fs.close_to_others(folder)

    @property
    def _index(self) -> Path:
        return self.folder / "index.json"


def _key(address: str) -> str:
    return digest(address)[:32]
