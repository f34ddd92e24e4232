"""An open dataset's files: what is there, whether it is what was written, and the writers' lock.

What `Dataset` reads from and what the modules that write work on; nothing outside this package sees it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import polars as pl

from factcheck import fs, locks, names
from factcheck.dataset import older, seals, state
from factcheck.dataset.damage import RESTORE, unreadable
from factcheck.dataset.layout import ADDED_LATER, ALL, ANNOTATORS, APPEND_ONLY, KEY, PROPERTIES, TAGS, VERSIONS
from factcheck.dataset.state import State
from factcheck.dataset.store import Table, name_digest
from factcheck.errors import Busy, Corrupt, NoDataset
from factcheck.frames import to_records
from factcheck.models import Version

if TYPE_CHECKING:
    from factcheck.dataset.key_index import Index  # numpy, which reading does not need

LOCK = ".lock"
LOCK_SECONDS = 60.0
TEMPORARY = re.compile(r"\.tmp$|#\d+$")
"""Files that are being written: they get their own name when they are whole."""


class Storage:
    """A dataset's tables with their state: which versions and files count, and how to get at their rows.

    Nothing is read from disk until it is asked for; `refresh` takes in what others committed since.
    """

    def __init__(self, uri: str, options: Mapping[str, str] | None = None) -> None:
        self.uri = uri.rstrip("/")
        self.root = None if "://" in uri else Path(self.uri)
        if self.root is not None:
            names.check_folder(str(self.root.resolve()))
        self.tables = {name: Table(self.uri, layout, dict(options or {})) for name, layout in ALL.items()}
        self._rows: dict[str, dict[str, pl.DataFrame]] = {VERSIONS.name: {}, TAGS.name: {}}
        self._state: State | None = None
        self._trusted: dict[Path, tuple[int, int]] = {}
        self._sealed: dict[str, int] | None = None
        self.known_people: tuple[int, dict[tuple[str, int], str]] | None = None
        """Annotator ids by server and user number, and the state of the table they were read from; see `annotators`."""
        self._swept = self._is_complete = False
        self.tidy = False
        """Whether this process has already put away what dead writers left; the first commit does."""

    @classmethod
    def create(cls, uri: str | Path, *, options: Mapping[str, str] | None = None) -> Self:
        """An empty dataset at a folder or object-store URI; one that is there, whole or half made, is kept."""
        made = cls(str(uri), options)
        made._create(secrets.token_hex(32))
        return made

    @classmethod
    def open(cls, uri: str | Path, *, create: bool = False, options: Mapping[str, str] | None = None) -> Self:
        """The dataset at a folder or object-store URI; with `create`, made where there is none.

        `options` are those of the object store, where the environment (AWS_...) does not say them.
        """
        made = cls(str(uri), options)
        if not made.tables[VERSIONS.name].exists():
            if not create:
                raise NoDataset(
                    "there is no dataset yet", subject=made.uri, hint="run `factcheck pull`; the first one creates it"
                )
            return cls.create(uri, options=options)
        return made

    @property
    def state(self) -> State:
        """Versions and files as last read."""
        return self._state if self._state is not None else self.refresh()

    def head(self) -> int:
        """The newest version's number, 0 where there is none; raises Corrupt where what follows it is damaged."""
        return self.state.resolve(None, pl.DataFrame(schema=TAGS.stored))

    def newest(self) -> Version | None:
        """The newest version's record; raises Corrupt where what follows it is damaged."""
        return self.record(self.head())

    def record(self, number: int) -> Version | None:
        """The record of a version that is there; None for 0."""
        return to_records(Version, self.state.versions.slice(number - 1, 1))[0] if number else None

    @property
    def identity(self) -> str:
        """The id that deltalake drew for the table `versions` when the dataset was made."""
        return str(self.tables[VERSIONS.name].delta.metadata().id)

    def refresh(self, *, log: bool = True) -> State:
        """Reads what is new in `versions`; the state keeps the good versions before a damaged one.

        Without `log` the state is built anew from the log as it is loaded.
        """
        table = self.tables[VERSIONS.name]
        damage = None
        # Before the log: what was acknowledged by now must be in a log that is read after.
        acknowledged = 0
        try:
            if log and self.root is not None:
                acknowledged = seals.newest(self.root, "versions")
            if log:
                table.refresh()
        except Corrupt as error:
            damage = error
            if not table.loaded:
                table.load_last_good()
        rows, broken = self.read_small(table)
        current = state.build(rows, damage or broken)
        if current.damage is None and acknowledged > current.head:
            lost = table.damaged_log() or Corrupt(
                f"version {acknowledged} was committed but is missing from the log", subject=table.uri, hint=RESTORE
            )
            current = state.State(current.versions, current.files, lost)
        self._state = current
        return current

    def scan(self, name: str, version: int, *, after: int = 0, key: str | None = None) -> pl.LazyFrame:
        """The table's rows that versions in (after, version] brought; `key` leaves out files that cannot hold it.

        Rows of older formats are filled in: see `older`. Local files are compared with their digest before they are
        read; raises Corrupt naming the first that differs.
        """
        rows = self.stored(name, version, after=after, key=key).drop("commit_id")
        formats = self.state.versions["schema_version"].slice(after, version - after)
        return rows.with_columns(older.filled(ALL[name])) if (formats < older.COMPLETE).any() else rows

    def pieces(
        self, name: str, version: int, rows: int, columns: Sequence[str] | None = None
    ) -> Iterator[pl.DataFrame]:
        """As `scan`, at most so many of the stored rows at a time: what one reads is let go before the next.

        Of them the columns, where some are named; `version` is always there.
        """
        table, files = self.tables[name], self.state.files_of(name, version)
        self._trust(table, files["path"].to_list())
        stored = table.scan([f"{table.uri}/{path}" for path in files["path"]])
        formats = self.state.versions["schema_version"].slice(0, version)
        filled = older.filled(ALL[name]) if (formats < older.COMPLETE).any() else []
        for at in range(0, stored.select(pl.len()).collect().item(), rows):
            # The slice before the filter: then what comes before it is skipped, not read.
            piece = stored.slice(at, rows).filter(pl.col("version") <= version).drop("commit_id")
            piece = piece.with_columns(filled)
            yield piece.collect() if columns is None else piece.select({*columns, "version"}).collect()

    def stored(self, name: str, version: int, *, after: int = 0, key: str | None = None) -> pl.LazyFrame:
        """As `scan`, in the stored schema and as the rows were written."""
        files = self.state.files_of(name, version, after=after)
        if key is not None:
            files = files.filter((pl.col("min_key") <= key) & (pl.col("max_key") >= key))
        table = self.tables[name]
        self._trust(table, files["path"].to_list())
        rows = table.scan([f"{table.uri}/{path}" for path in files["path"]])
        if files.filter((pl.col("max_version") > version) | (pl.col("min_version") <= after)).height:
            rows = rows.filter(pl.col("version").is_between(after + 1, version))
        return rows

    def read_files(self, name: str, paths: Sequence[str]) -> pl.DataFrame:
        """The rows of some of a table's files, in the stored schema; raises Corrupt naming one that is damaged."""
        table = self.tables[name]
        self._trust(table, list(paths))
        return table.scan([f"{table.uri}/{path}" for path in paths]).collect()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the local writers' lock, which saves them races that compare-and-swap would decide anyway.

        Raises Busy after a minute. There is no lock where the dataset is in an object store.
        """
        if self.root is None:
            yield
            return
        busy = Busy("another run is writing to the dataset", subject=self.uri, hint="try again when it has finished")
        with contextlib.ExitStack() as held:
            with fs.explained(self.root):
                held.enter_context(locks.lock(self.root / LOCK, busy=lambda: busy, seconds=LOCK_SECONDS))
            if not self._swept:
                _sweep(self.root)
                self._swept = True
            fs.tighten(self.root)  # one that an older factcheck made, or that was copied here
            yield

    def complete(self) -> None:
        """Makes the tables that a dataset of an older format lacks; the caller holds the lock and then writes."""
        if self._is_complete:
            return
        self.tables[VERSIONS.name].refuse_newer()
        made = [self.tables[name] for name in ADDED_LATER if not self.tables[name].exists()]
        for table in made:
            table.create(PROPERTIES | APPEND_ONLY)
        if made and self.root is not None:
            self.seal("other", seals.next_number(self.root), made)
        self._is_complete = True

    def present(self) -> dict[str, Table]:
        """The tables by name, without those that a dataset of an older format lacks and no version has rows in."""
        lacking = {
            name
            for name in ADDED_LATER
            if not self.state.files_of(name, self.state.head).height and not self.tables[name].exists()
        }
        return {name: table for name, table in self.tables.items() if name not in lacking}

    def seal(self, kind: str, number: int, tables: list[Table]) -> None:
        """Records the digests of the log files that the tables wrote since their last seal."""
        if self.root is None:
            return
        with fs.explained(self.root):
            if self._sealed is None:
                self._sealed = seals.heads(self.root)
            logs = [path for one in tables for path in one.log_after(self._sealed.get(one.layout.name, -1))]
            sealed = self._sealed | {one.layout.name: one.delta.version() for one in tables}
            for path in logs:
                fs.close_to_others(path)  # deltalake made it
            seals.write(self.root, kind, number, logs, sealed)
            self._sealed = sealed

    @cached_property
    def index(self) -> Index:
        """Which keys each table has; made when a commit first asks."""
        from factcheck.dataset.key_index import FOLDER, Index

        return Index(None if self.root is None else self.root / FOLDER)

    def _create(self, key: str) -> None:
        if self.root is not None:
            with fs.explained(self.root):
                fs.make_folder(self.root, mode=0o700)
        with self.lock():
            for name, table in self.tables.items():
                # The key must be the same for every writer, so it lies with the dataset.
                own = {KEY: key} if name == ANNOTATORS.name else APPEND_ONLY
                table.create(PROPERTIES | own)
            if self.root is not None and not seals.paths(self.root):
                self.seal("other", 1, list(self.tables.values()))

    def read_small(self, table: Table) -> tuple[pl.DataFrame, Corrupt | None]:
        """The rows of a small table, and what could not be read of it; files already read are not read again."""
        known = self._rows[table.layout.name]
        active = table.active()
        damage = None
        for path in active:
            if path not in known:
                try:
                    known[path] = table.read(path)
                except Corrupt as error:
                    damage = damage or error
        frames = [known[path] for path in active if path in known]
        if not frames:
            return pl.DataFrame(schema=table.layout.stored), damage
        return pl.concat(frames), damage

    def _trust(self, table: Table, names: list[str]) -> None:
        if table.folder is None:
            return
        for name in names:
            path = table.folder / name
            try:
                found = path.stat()
                stamp = (found.st_mtime_ns, found.st_size)
                if self._trusted.get(path) == stamp:
                    continue
                with path.open("rb") as file:
                    same = hashlib.file_digest(file, "sha256").hexdigest() == name_digest(name)
            except OSError as error:
                raise unreadable(path, error) from error
            if not same:
                raise Corrupt("does not hold what was written", subject=str(path), hint=RESTORE)
            self._trusted[path] = stamp


def _sweep(root: Path) -> None:
    """Takes away the drafts of writers that died, ours and deltalake's; under the lock, which every writer holds."""
    for folder, _, files in os.walk(root):
        for name in files:
            if TEMPORARY.search(name):
                with contextlib.suppress(OSError):
                    Path(folder, name).unlink()
