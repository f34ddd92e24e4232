"""Keeping files few and the tables' logs in step with the versions; no version ever changes by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from factcheck.dataset.files import entry, write_sorted
from factcheck.dataset.layout import DATA, VERSIONS
from factcheck.dataset.storage import Storage
from factcheck.dataset.store import Written, label_number

SMALL_ROWS = 20_000
MANY = 8
COUNTER = "factcheck-files"


def reconcile(storage: Storage) -> dict[str, int]:
    """How many files were taken out of (`removed`) and put into (`restored`) the data tables' logs.

    A file that no version lists is a dead writer's once a later version exists: its number is taken, so its writer
    can never finish. A file of a larger number may belong to a writer that is still at work, and stays.
    Files that a version lists and a log does not hold come from a compaction that died; both are put right in one
    step of the log, so that no reader of another engine sees rows twice.
    """
    counts = {"removed": 0, "restored": 0}
    state = storage.state
    for name in DATA:
        table = storage.tables[name]
        listed = {row["path"]: row for row in state.files_of(name, state.head).iter_rows(named=True)}
        table.refresh()
        active = set(table.active())
        gone = [path for path in active if path not in listed and label_number(path) <= state.head]
        back = [Written(path, row["rows"], row["size"]) for path, row in listed.items() if path not in active]
        if gone or back:
            table.commit(back, gone)
            counts["removed"] += len(gone)
            counts["restored"] += len(back)
    return counts


def gather(storage: Storage) -> None:
    """Puts the small files of the last commits together, so that reading and committing stay as quick as they were.

    A row is written again a few times in its life, when enough small files have come together.
    """
    small = storage.state.files.filter(pl.col("rows") < SMALL_ROWS)
    chosen = {name: small.filter(pl.col("table") == name)["path"].to_list() for name in DATA}
    rewrite(storage, {name: paths for name, paths in chosen.items() if len(paths) >= MANY})


def rewrite(storage: Storage, chosen: Mapping[str, Sequence[str]]) -> None:
    """Replaces data files by ones with the same rows, sorted, and the files of `versions` by one.

    `versions` is replaced in one step, which is when it happens: before it nothing has, after it the old files are
    vacuum's. A version that another writer commits meanwhile keeps its own files. Raises Conflict where another
    writer does the same at the same time; nothing has happened then.
    """
    number = storage.head()
    entries: list[dict[str, Any]] = []
    for name, paths in chosen.items():
        table = storage.tables[name]
        rows = storage.read_files(name, paths)
        for written, chunk in write_sorted(table, rows, number):
            entries.append(entry(table.layout, chunk, written))
            storage.index.add(table.layout, written.path, chunk)
    replaced = [path for paths in chosen.values() for path in paths]
    kept = storage.state.files.filter(~pl.col("path").is_in(replaced)).to_dicts()
    table = storage.tables[VERSIONS.name]
    listing = with_files(storage.state.versions, [*kept, *entries])
    # delta-rs lets two writers remove the same files, each adding its own in their place: the counter forbids it.
    turn = table.last_number(COUNTER) + 1
    table.commit([table.write(listing, f"{number:08}")], table.active(), number=turn, counter=COUNTER)
    storage.refresh(log=False)
    reconcile(storage)


def with_files(versions: pl.DataFrame, entries: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of `versions` as stored, the last of which lists all files."""
    files: list[list[dict[str, Any]]] = [*([] for _ in range(versions.height - 1)), entries]
    return versions.with_columns(pl.Series("files", files, dtype=VERSIONS.stored["files"])).select(
        list(VERSIONS.stored)
    )
