"""Names of versions: rows of the table `tags`, of which the last of a name counts."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from factcheck.dataset import seals
from factcheck.dataset.damage import RESTORE
from factcheck.dataset.layout import TAGS
from factcheck.dataset.storage import Storage
from factcheck.errors import Conflict, Corrupt, UsageError
from factcheck.frames import to_records
from factcheck.models import Tag

RELEASE = "release "
"""Before the tag's own name this is the note of a tag that a release set."""


def rows(storage: Storage) -> pl.DataFrame:
    """Every row as stored, in the order the tags were set; raises Corrupt where one is lost or damaged."""
    table = storage.tables[TAGS.name]
    # Before the log: what was acknowledged by now must be in a log that is read after.
    acknowledged = 0 if storage.root is None else seals.newest(storage.root, "tags")
    table.refresh()
    found, damage = storage.read_small(table)
    found = found.sort("number")
    if damage is not None:
        raise damage
    if found["number"].to_list() != list(range(1, found.height + 1)) or acknowledged > found.height:
        raise Corrupt("a tag is missing from the log", subject=table.uri, hint=RESTORE)
    return found


def current(storage: Storage) -> pl.DataFrame:
    """models.Tag rows, one per name as it stands now, in the order they were set."""
    return rows(storage).unique("name", keep="last", maintain_order=True).select(TAGS.columns)


def put(storage: Storage, name: str, version: int, note: str = "", *, now: datetime, force: bool = False) -> Tag:
    """Names the version, whatever the name: an older factcheck took names that nobody can give any more.

    Raises UsageError where the name already means another version, unless forced.
    """
    wanted = Tag(name=name, version=version, note=note, tagged_at=now)
    with storage.lock():
        while True:
            before = rows(storage)
            known = before.filter(pl.col("name") == name)
            if known.height and not force:
                if int(known["version"][-1]) == version:
                    return to_records(Tag, known.tail(1))[0]
                raise UsageError(
                    f"is already a tag of version {known['version'][-1]}",
                    subject=name,
                    hint="choose another name, or move it with --force",
                )
            number = before.height + 1
            row = pl.DataFrame([wanted.model_dump() | {"number": number}], schema=TAGS.stored)
            table = storage.tables[TAGS.name]
            try:
                table.commit([table.write(row, f"{number:08}")], number=number)
            except Conflict:
                table.refresh()
                continue
            storage.seal("tags", number, [table])
            return wanted
