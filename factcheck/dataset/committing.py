"""One commit: new rows into the data tables, then one row into `versions`, which makes them count."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import logs
from factcheck.dataset import older
from factcheck.dataset.compaction import gather, reconcile
from factcheck.dataset.content import rows_digest, version_content
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.files import entry, write_sorted
from factcheck.dataset.layout import BEFORE, DATA, VERSIONS, Layout
from factcheck.dataset.storage import Storage
from factcheck.dataset.store import Written
from factcheck.errors import Conflict, DatasetError, NewerFormat
from factcheck.frames import schema
from factcheck.models import SCHEMA_VERSION, Version, canonical_json, digest

_LOG = logs.named(__name__)

ATTEMPTS = 100
CHECKPOINT_EVERY = 10


class _Part(NamedTuple):
    """What a version brings to one table: the new rows, and for verdicts what they change."""

    layout: Layout
    rows: pl.DataFrame


def commit(
    dataset: Dataset,
    *,
    articles: pl.DataFrame | None = None,
    claims: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    verdicts: pl.DataFrame | None = None,
    claim_events: pl.DataFrame | None = None,
    editorial: pl.DataFrame | None = None,
    cause: str,
    message: str = "",
    cursor: Mapping[str, Any] | None = None,
    policy: str = "",
    now: datetime,
) -> Version | None:
    """The new version, on disk when this returns; None where every row is already there.

    Rows that the dataset has are left out, so a retry adds nothing: articles, events and editors' words by id; a claim
    or a verdict where it equals the claim's last row. A policy other than the last version's makes a version also
    without rows.
    `cursor` and `policy` left empty are those of the last version. `committed_at` never runs backwards: it is `now`
    or the last version's time, whichever is later.

    Raises NewerFormat where a newer factcheck wrote the dataset, Conflict where other writers won a hundred times in
    a row, Busy, Corrupt, and DatasetError for a full disk and the like; the last version then stays as it was.
    """
    storage = storage_of(dataset)
    given = {"articles": articles, "claims": claims, "annotations": events, "verdicts": verdicts}
    given |= {"claim_events": claim_events, "editorial": editorial}
    frames = {name: _checked(DATA[name], frame) for name, frame in given.items() if frame is not None}
    with storage.lock():
        if not storage.tidy:
            # What we build on, another process may have committed and died before it was on disk.
            storage.tables[VERSIONS.name].sync()
        storage.complete()
        for _ in range(ATTEMPTS):
            storage.refresh()
            storage.tables[VERSIONS.name].refuse_newer()
            parent = storage.newest()
            if parent is not None and parent.schema_version > SCHEMA_VERSION:
                raise NewerFormat(
                    f"was written by a newer factcheck (format {parent.schema_version}; this one "
                    f"writes {SCHEMA_VERSION})",
                    subject=storage.uri,
                    hint="upgrade factcheck to write to it; reading still works",
                )
            parts = [part for name, frame in frames.items() if (part := _new(storage, DATA[name], frame)).rows.height]
            changed_policy = bool(policy) and parent is not None and parent.policy != policy
            if not parts and not changed_policy:
                return None
            version = _describe(parent, parts, cause=cause, message=message, cursor=cursor, policy=policy, now=now)
            if _attempt(storage, version, parts):
                figures = logs.said(version=version.version, cause=cause, counts=version.counts)
                _LOG.info("committed", extra=figures)
                return version
            _LOG.warning("another writer was first", extra=logs.said(version=version.version))
    raise Conflict("other writers kept committing first", subject=storage.uri, hint="try again when they have finished")


def _checked(layout: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the record's schema, one row per key (the last)."""
    target = schema(layout.record)
    missing = [name for name in target if name not in frame.columns]
    if missing:
        raise DatasetError(
            f"columns are missing: {', '.join(missing)}",
            subject=layout.name,
            hint="this is a bug in factcheck: please report it",
        )
    rows = frame.select(pl.col(name).cast(dtype) for name, dtype in target.items())
    if rows[layout.key].null_count():
        raise DatasetError(
            f"a row has no {layout.key}", subject=layout.name, hint="this is a bug in factcheck: please report it"
        )
    return rows.with_columns(older.filled(layout)).unique(layout.key, keep="last", maintain_order=True)


def _new(storage: Storage, layout: Layout, rows: pl.DataFrame) -> _Part:
    """The rows that the dataset does not have; a verdict row gets what it changes."""
    from factcheck.dataset.key_index import decode, row_hash  # numpy, which reading does not need

    table = storage.tables[layout.name]
    paths = storage.state.files_of(layout.name, storage.state.head)["path"].to_list()
    storage.index.cover(layout, paths, table.read)
    last = storage.index.latest(layout, rows[layout.key])
    known = last["version"] > 0
    if layout.name in {"claims", "verdicts"}:
        known &= last["row"] == row_hash(layout, rows)
    if layout.name == "verdicts":
        status, verdict = decode(pl.col("code"))
        there = pl.col("version") > 0
        before = last.select(
            pl.when(there).then("version").alias("before_version"),
            pl.when(there).then(status).alias("before_status"),
            pl.when(there).then(verdict).alias("before_verdict"),
        )
        rows = rows.hstack(before.cast(pl.Schema(BEFORE)))
    return _Part(layout, rows.filter(~known))


def _describe(
    parent: Version | None,
    parts: list[_Part],
    *,
    cause: str,
    message: str,
    cursor: Mapping[str, Any] | None,
    policy: str,
    now: datetime,
) -> Version:
    found = {
        part.layout.name: (part.rows.height, rows_digest(part.rows.select(part.layout.columns), key=part.layout.key))
        for part in parts
    }
    version = Version(
        version=1 if parent is None else parent.version + 1,
        parent_hash=None if parent is None else parent.version_hash,
        content_hash=version_content(found),
        version_hash="0" * 64,
        cause=cause,
        message=message,
        counts={name: rows for name, (rows, _) in found.items()},
        cursor=dict(cursor) if cursor is not None else ({} if parent is None else parent.cursor),
        policy=policy or ("" if parent is None else parent.policy),
        committed_at=now if parent is None else max(now, parent.committed_at),
    )
    return version.model_copy(update={"version_hash": version_hash(version)})


def version_hash(version: Version) -> str:
    """The hash that chains a version to its parent: over everything the version says but this hash itself."""
    return digest(version.model_dump(exclude={"version_hash"}))


class _File(NamedTuple):
    """A data file of this commit, its entry in the version's list, and its rows."""

    written: Written
    entry: dict[str, Any]
    rows: pl.DataFrame


def _attempt(storage: Storage, version: Version, parts: list[_Part]) -> bool:
    """Writes the version; False where another writer took its number first."""
    commit_id = uuid.uuid4().hex
    stamp = [pl.lit(version.version, dtype=pl.Int64).alias("version"), pl.lit(commit_id).alias("commit_id")]
    stamped = [part._replace(rows=part.rows.with_columns(stamp)) for part in parts]
    with ThreadPoolExecutor(max_workers=len(DATA)) as pool:
        written = list(pool.map(lambda part: _write(storage, part), stamped))
    row = version.model_dump() | {
        "counts": canonical_json(version.counts),
        "cursor": canonical_json(version.cursor),
        "commit_id": commit_id,
        "files": [file.entry for files in written for file in files],
    }
    table = storage.tables[VERSIONS.name]
    marker = table.write(pl.DataFrame([row], schema=VERSIONS.stored), f"{version.version:08}")
    try:
        table.commit([marker], number=version.version)
    except DatasetError as error:
        # The answer may be unknown, and the log may hold our row all the same: look before saying so.
        there = _is_there(storage, marker)
        if not isinstance(error, Conflict):
            said = f"version {version.version} may be lost in a power cut: {error.what}" if there else error.what
            raise DatasetError(said, subject=error.subject, hint=error.hint) from error
        if not there:
            _undo(storage, stamped, written)
            return False
        table.sync()
    for part, files in zip(stamped, written, strict=True):
        for file in files:
            storage.index.add(part.layout, file.written.path, file.rows)
    try:
        _finish(storage, version.version)
    except DatasetError as error:
        raise DatasetError(
            f"version {version.version} is committed, but {error.subject} {error.what}",
            subject=storage.uri,
            hint=error.hint,
        ) from error
    return True


def _finish(storage: Storage, number: int) -> None:
    """What comes after the commit point: old leftovers put away, checkpoints, the seal."""
    storage.refresh(log=False)
    if not storage.tidy:
        reconcile(storage)
        storage.tidy = True
    tables = [storage.tables[name] for name in (*DATA, VERSIONS.name)]
    if number % CHECKPOINT_EVERY == 0:
        with contextlib.suppress(Conflict):  # another writer is doing it
            gather(storage)
        for table in tables:
            table.checkpoint()
    storage.seal("versions", number, tables)


def _write(storage: Storage, part: _Part) -> list[_File]:
    """The part's rows as files in the table's folder and in its log; they do not count yet."""
    table = storage.tables[part.layout.name]
    files = [
        _File(written, entry(part.layout, chunk, written), chunk)
        for written, chunk in write_sorted(table, part.rows, part.rows["version"][0])
    ]
    table.commit([file.written for file in files])
    return files


def _is_there(storage: Storage, marker: Written) -> bool:
    table = storage.tables[VERSIONS.name]
    table.refresh()
    return marker.path in table.active()


def _undo(storage: Storage, parts: list[_Part], written: list[list[_File]]) -> None:
    """Takes a lost attempt's files out again; if this fails the next writer does it."""
    for part, files in zip(parts, written, strict=True):
        with contextlib.suppress(DatasetError):
            storage.tables[part.layout.name].drop([file.written.path for file in files])
