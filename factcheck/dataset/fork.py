"""A fork: a dataset of its own with the same claims and verdicts, in which nobody can be found again."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import fs
from factcheck.dataset import anonymous, tagging
from factcheck.dataset.committing import version_hash
from factcheck.dataset.compaction import with_files
from factcheck.dataset.content import rows_digest, version_content
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.files import entry, write_sorted
from factcheck.dataset.layout import DATA, TAGS, VERSIONS
from factcheck.dataset.state import AsOf
from factcheck.dataset.storage import Storage
from factcheck.errors import OutputExists, UnknownVersion
from factcheck.frames import to_records
from factcheck.models import Version


def fork(dataset: Dataset, uri: str | Path, *, as_of: AsOf = None) -> Dataset:
    """A dataset of its own at `uri` with the versions up to one and their tags; what follows is its own.

    Claims and verdicts are the same. People have other ids, drawn for this fork alone, and neither names nor the key
    of the old ids are in it; see `anonymous`. So its version hashes are its own too. A folder appears whole or not at
    all. Raises OutputExists, UnknownVersion.
    """
    number = dataset.resolve(as_of)
    if not number:
        raise UnknownVersion(
            "there is no version to fork", subject=dataset.uri, hint="run `factcheck pull` first; it commits a version"
        )
    target = None if "://" in str(uri) else Path(uri)
    if target is None:
        return Dataset(_fill(storage_of(dataset), _remote(str(uri)), number))
    _refuse_existing(target)
    building = target.with_name(f".{target.name}.tmp")
    with fs.explained(target):
        shutil.rmtree(building, ignore_errors=True)  # of a fork that was killed
    _fill(storage_of(dataset), Storage.create(building), number)
    with fs.explained(target):
        building.rename(target)
        fs.sync([target.parent])
    return Dataset.open(uri)


def _refuse_existing(target: Path) -> None:
    hint = "give the path of a new folder"
    if target.is_symlink():
        raise OutputExists("is a link", subject=str(target), hint=hint)
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputExists("a file already exists there", subject=str(target), hint=hint)
    with fs.explained(target):
        if not any(target.iterdir()):
            return
    there = Storage(str(target)).tables[VERSIONS.name].exists()
    what = "a dataset already exists there" if there else "there are other files in that folder"
    raise OutputExists(what, subject=str(target), hint=hint)


def _remote(uri: str) -> Storage:
    """The dataset to fill in an object store: a new one, or one that a killed fork left without a version."""
    found = Storage(uri)
    if not found.tables[VERSIONS.name].exists():
        return Storage.create(uri)
    if found.head():
        raise OutputExists("a dataset already exists there", subject=uri, hint="choose another folder")
    for name in (*DATA, TAGS.name):
        found.tables[name].refresh()
        found.tables[name].drop(found.tables[name].active())
    return found


def _fill(storage: Storage, copy: Storage, number: int) -> Storage:
    """The rows, the tags and last the versions, which make the rows count."""
    stored = {name: storage.stored(name, number).collect() for name in DATA}
    frames = anonymous.anonymous(stored, salt=secrets.token_bytes(32))
    entries: list[dict[str, Any]] = []
    for name, layout in DATA.items():
        table = copy.tables[name]
        written = list(write_sorted(table, frames[name], number))
        if written:
            table.commit([one for one, _ in written])
        entries.extend(entry(layout, chunk, one) for one, chunk in written)
    _copy_tags(storage, copy, number)
    versions = copy.tables[VERSIONS.name]
    rows = _chained(anonymous.versions(storage.state.versions.head(number)), frames)
    versions.commit([versions.write(with_files(rows, entries), f"{number:08}")], number=number)
    copy.seal("versions", number, [copy.tables[name] for name in (*DATA, VERSIONS.name)])
    copy.refresh()
    return copy


def _copy_tags(storage: Storage, copy: Storage, number: int) -> None:
    table = copy.tables[TAGS.name]
    tags = tagging.current(storage).filter(pl.col("version") <= number)
    rows = tags.with_columns(pl.col("tagged_at").dt.truncate("1d"), number=pl.int_range(1, pl.len() + 1))
    for row in rows.select(list(TAGS.stored)).iter_slices(1):
        nth = int(row["number"][0])
        table.commit([table.write(row, f"{nth:08}")], number=nth if table.last_number() < nth else None)
        copy.seal("tags", nth, [table])


def _chained(rows: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of `versions` with the hashes that the frames' rows and the versions before them give."""
    digests: dict[int, dict[str, tuple[int, str]]] = {}
    for name, layout in DATA.items():
        for (number,), own in frames[name].partition_by("version", as_dict=True).items():
            found = own.height, rows_digest(own.select(layout.columns), key=layout.key)
            digests.setdefault(int(number), {})[name] = found
    chained = list(_chain(to_records(Version, rows.select(VERSIONS.columns)), digests))
    return rows.with_columns(
        *(
            pl.Series(name, [getattr(one, name) for one in chained], pl.String)
            for name in ("parent_hash", "content_hash", "version_hash")
        )
    )


def _chain(versions: list[Version], digests: dict[int, dict[str, tuple[int, str]]]) -> Iterator[Version]:
    parent: str | None = None
    for version in versions:
        content = version_content(digests.get(version.version, {}))
        made = version.model_copy(update={"parent_hash": parent, "content_hash": content})
        parent = version_hash(made)
        yield made.model_copy(update={"version_hash": parent})
