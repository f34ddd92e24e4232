"""The edge to the disk or object store: Delta tables whose data files are named by their own SHA-256.

deltalake writes the transaction logs, so that every engine that reads Delta reads the dataset, and its
put-if-absent decides races. It makes no fsync, so a local commit is followed by ours before it counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from factcheck import distribution, fs
from factcheck.dataset.damage import RESTORE, from_delta, unreachable, unreadable
from factcheck.dataset.delta_types import delta_schema
from factcheck.dataset.layout import Layout
from factcheck.dataset.local_log import LOG, LocalLog
from factcheck.errors import Conflict, Corrupt, DatasetError, NewerFormat
from factcheck.models import Annotator

if TYPE_CHECKING:
    from deltalake import DeltaTable

ROW_GROUP = 25_000
READER_VERSION, WRITER_VERSION = 3, 7
"""Of the Delta protocol, as far as its specification and deltalake go."""
_FIRST_CONTACT = {"connect_timeout": "4s", "timeout": "4s", "max_retries": "1", "retry_timeout": "8s"}
"""For the one small question by which an object store is found; what comes after may take its time."""
MAX_COMMIT_RETRIES = 1_000  # blind appends never conflict; they only queue for the next log number


class Written(NamedTuple):
    """A data file that lies in a table's folder and that no log names yet."""

    path: str
    rows: int
    size: int


class Table:
    """One Delta table of the dataset; opened when first used."""

    def __init__(self, root: str, layout: Layout, options: dict[str, str]) -> None:
        self.layout = layout
        self.uri = f"{root}/{layout.name}"
        self.folder = None if "://" in root else Path(self.uri)
        # deltalake reads whatever it is given as a URL: a plain path with %20 in it would be another folder's.
        self._address = self.uri if self.folder is None else self.folder.absolute().as_uri()
        self._options = options
        self._delta: DeltaTable | None = None
        self.log = None if self.folder is None else LocalLog(self.folder / LOG)
        """The transaction log as files of ours; None in an object store."""

    def create(self, properties: dict[str, str]) -> None:
        """The table on disk, empty; nothing happens where it exists."""
        from deltalake import DeltaTable

        with self._explained():
            if self.folder is not None:
                fs.make_folder(self.folder)
            DeltaTable.create(
                self._address,
                schema=delta_schema(self.layout.stored, self.layout.comments),
                mode="ignore",
                description=" ".join((self.layout.record.__doc__ or "").split()),
                configuration=properties,
                storage_options=self._options or None,
                raise_if_key_not_exists=False,
            )
            self._sync_log()
            if self.folder is not None:
                fs.sync([self.folder])

    def exists(self) -> bool:
        """Whether the table is there; raises StoreUnreachable after about eight seconds where nobody answers that."""
        from deltalake import DeltaTable

        options = self._options if self.folder is not None else {**_FIRST_CONTACT, **self._options}
        with self._explained():
            return DeltaTable.is_deltatable(self._address, storage_options=options or None)

    @property
    def delta(self) -> DeltaTable:
        """The table as deltalake has it loaded; see `refresh`."""
        from deltalake import DeltaTable

        if self._delta is None:
            with self._explained():
                self._delta = DeltaTable(self._address, storage_options=self._options or None)
        return self._delta

    def at(self, log_version: int) -> DeltaTable:
        """The table as of one number of its log."""
        from deltalake import DeltaTable

        with self._explained():
            return DeltaTable(self._address, version=log_version, storage_options=self._options or None)

    def refresh(self) -> None:
        """Takes in what other writers committed; raises Corrupt where the log has a file that says nothing."""
        if self._delta is None:
            _ = self.delta
        else:
            with self._explained():
                self._delta.update_incremental()
        if self.log is not None:
            self.log.refuse_cut(after=self.delta.version())

    @property
    def loaded(self) -> bool:
        """Whether a state of the log is loaded."""
        return self._delta is not None

    def load_last_good(self) -> None:
        """Loads the newest state of a damaged local log that can be read; raises Corrupt where none can."""
        for number in () if self.log is None else self.log.worth_trying():
            with contextlib.suppress(DatasetError):
                self._delta = self.at(number)
                return
        raise Corrupt("no version of it can be read", subject=self.uri, hint=RESTORE)

    def refuse_newer(self) -> None:
        """Raises NewerFormat where the log asks for more than this code knows of the Delta protocol."""
        asked = self.delta.protocol()
        if asked.min_writer_version > WRITER_VERSION or asked.min_reader_version > READER_VERSION:
            raise NewerFormat(
                f"needs Delta writer version {asked.min_writer_version}; this factcheck knows up to {WRITER_VERSION}",
                subject=self.uri,
                hint="upgrade factcheck",
            )

    def active(self) -> list[str]:
        """Names of the data files that the loaded log holds."""
        return [uri.rsplit("/", 1)[1] for uri in self.delta.file_uris()]

    def damaged_log(self) -> Corrupt | None:
        """What is wrong with a local log, as an error that names the file; None for nothing."""
        return None if self.log is None else self.log.damage()

    def log_after(self, number: int) -> list[Path]:
        """Local log files after the numbered one up to the loaded state, and the loaded state's checkpoint."""
        return [] if self.log is None else self.log.after(number, self.delta.version())

    def write(self, frame: pl.DataFrame, label: str) -> Written:
        """The rows as one Parquet file, on disk when this returns, in no log yet."""
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd", row_group_size=ROW_GROUP)
        data = buffer.getvalue()
        name = f"{label}-{hashlib.sha256(data).hexdigest()}.parquet"
        with self._explained():
            if self.folder is None:
                frame.write_parquet(
                    f"{self.uri}/{name}",
                    compression="zstd",
                    row_group_size=ROW_GROUP,
                    storage_options=self._options or None,
                )
            else:
                self._keep(self.folder / name, data)
        return Written(name, frame.height, len(data))

    def commit(
        self,
        add: Sequence[Written],
        remove: Sequence[str] = (),
        *,
        number: int | None = None,
        counter: str = "factcheck",
    ) -> None:
        """One atomic change of which files the table has, on disk when this returns.

        With `number`, a second writer that brings the same or an older number of the counter is refused with
        Conflict; so is a writer whose loaded state is older than the last number.
        """
        from deltalake import CommitProperties, PostCommitHookProperties, Transaction
        from deltalake.exceptions import CommitFailedError
        from deltalake.transaction import AddAction

        with distribution.inner("deltalake"):
            from deltalake._internal import RemoveAction

        # Files are named by what is in them: the same rows written again are the same file, which stays.
        same = {one.path for one in add}.intersection(remove)
        add, remove = [one for one in add if one.path not in same], [path for path in remove if path not in same]
        if not add and not remove:
            return
        self.refuse_newer()
        self._widen()
        delta = self.delta
        if number is not None and self.last_number(counter) >= number:
            raise Conflict(f"version number {number} is already taken", subject=self.uri)
        stamp = int(time.time() * 1000)
        actions = [
            AddAction(one.path, one.size, {}, stamp, not remove, json.dumps({"numRecords": one.rows})) for one in add
        ]
        # An append-only table takes removals only as a change of files, not of data.
        changes = self.layout.record is Annotator
        gone = [RemoveAction(path, changes, stamp, None, {}) for path in remove]
        with self._explained():
            try:
                delta.create_write_transaction(
                    [*actions, *gone],
                    mode="append",
                    schema=delta.schema(),
                    commit_properties=CommitProperties(
                        app_transactions=None if number is None else [Transaction(counter, number)],
                        max_commit_retries=MAX_COMMIT_RETRIES,
                    ),
                    post_commithook_properties=PostCommitHookProperties(
                        create_checkpoint=False, cleanup_expired_logs=False
                    ),
                )
            except CommitFailedError as error:
                raise Conflict(str(error), subject=self.uri) from error
        self.refresh()
        with self._explained():
            self._sync_log()

    def _widen(self) -> None:
        """Give a table of an older format the columns of this one, so that readers of other engines see them too."""
        from deltalake.exceptions import DeltaError

        there = {field.name for field in self.delta.schema().fields}
        if not (missing := {name: dtype for name, dtype in self.layout.stored.items() if name not in there}):
            return
        with self._explained():
            with contextlib.suppress(DeltaError):  # another writer may do the same: what counts is that they are there
                self.delta.alter.add_columns(list(delta_schema(pl.Schema(missing), self.layout.comments).fields))
            self._delta = None
            lacking = missing.keys() - {field.name for field in self.delta.schema().fields}
        if lacking:
            raise DatasetError(
                f"the columns {', '.join(sorted(lacking))} cannot be added", subject=self.uri, hint="run it again"
            )

    def set_properties(self, properties: dict[str, str]) -> None:
        """Sets properties of the table, on disk when this returns; the others stay."""
        self.refuse_newer()
        with self._explained():
            self.delta.alter.set_table_properties(properties, raise_if_not_exists=False)
        self.refresh()
        with self._explained():
            self._sync_log()

    def last_number(self, counter: str = "factcheck") -> int:
        """The largest number of the counter in the loaded log, 0 where there is none."""
        return self.delta.transaction_version(counter) or 0

    def sync(self) -> None:
        """Returns when the log up to the loaded state is on disk, whoever wrote it."""
        with self._explained():
            self._sync_log(again=True)

    def drop(self, names: Sequence[str]) -> None:
        """Takes files that no version lists out of the log, and off the disk where the disk is ours."""
        self.refresh()
        here = set(self.active())
        if gone := [name for name in names if name in here]:
            self.commit([], gone)
        if self.folder is not None:
            self.erase(names)

    def erase(self, names: Sequence[str]) -> None:
        """Deletes data files that the log no longer holds."""
        with self._explained():
            if self.folder is None:
                self.delta.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
                return
            for name in names:
                (self.folder / name).unlink(missing_ok=True)
            fs.sync([self.folder])

    def checkpoint(self) -> None:
        """Sums up the log so far in one file, so that opening and committing stay quick.

        deltalake reads every log file since the last checkpoint again at each commit, so the loaded table is dropped.
        """
        with self._explained():
            self.delta.create_checkpoint()
            if self.log is not None:
                self.log.sync_checkpoint(self.delta.version())
            self._delta = None

    def read_bytes(self, name: str) -> bytes:
        """A local data file, proven to be what its name says; raises Corrupt naming it."""
        assert self.folder is not None
        path = self.folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
        if hashlib.sha256(data).hexdigest() != name_digest(name):
            raise Corrupt("does not hold what was written", subject=str(path), hint=RESTORE)
        return data

    def read(self, name: str) -> pl.DataFrame:
        """One data file's rows, in the stored schema."""
        if self.folder is not None:
            source: io.BytesIO | str = io.BytesIO(self.read_bytes(name))
        else:
            source = f"{self.uri}/{name}"
        with self._explained():
            return self.scan([source]).collect()

    def scan(self, sources: Sequence[io.BytesIO | str]) -> pl.LazyFrame:
        """Files, lazily, in the stored schema; columns that an older format did not have are null."""
        stored = self.layout.stored
        if not sources:
            return pl.LazyFrame(schema=stored)
        return pl.scan_parquet(
            list(sources),  # type: ignore[arg-type]
            schema=stored,
            missing_columns="insert",
            extra_columns="ignore",
            glob=False,
            storage_options=self._options or None if isinstance(sources[0], str) else None,
        )

    def _keep(self, path: Path, data: bytes) -> None:
        """The data file on disk, whole: a writer that died may have left a part of it under the same name."""
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == data:
                fs.sync([path, path.parent])
                return
        fs.replace(path, data)

    def _sync_log(self, *, again: bool = False) -> None:
        if self.log is not None:
            self.log.sync(self.delta.version(), again=again)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        from deltalake.exceptions import DeltaError

        with fs.explained(self.uri):
            try:
                yield
            except (OSError, DeltaError, pl.exceptions.ComputeError, ValueError) as error:
                if self.folder is None and (away := unreachable(error, self.uri)) is not None:
                    raise away from error
                if isinstance(error, FileNotFoundError):
                    raise Corrupt(f"a file is missing: {error}", subject=self.uri, hint=RESTORE) from error
                if isinstance(error, OSError):
                    raise
                raise self.damaged_log() or from_delta(error, self.uri) from error


def name_digest(name: str) -> str:
    """The SHA-256 that a data file's name says its bytes have."""
    return name.rsplit("-", 1)[-1].removesuffix(".parquet")


def label_number(name: str) -> int:
    """The number of the version that a data file was written for."""
    return int(name.split("-", 1)[0])
