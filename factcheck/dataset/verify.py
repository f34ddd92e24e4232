"""Whether a dataset is what was committed: every file against its digest, every version against the hash chain."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.dataset import seals, tagging
from factcheck.dataset.content import rows_digest, version_content
from factcheck.dataset.key_index import FOLDER as INDEX_FOLDER
from factcheck.dataset.key_index import intact
from factcheck.dataset.layout import DATA, VERSIONS
from factcheck.dataset.local_log import LOG
from factcheck.dataset.state import empty
from factcheck.dataset.storage import LOCK, TEMPORARY, Storage
from factcheck.dataset.store import name_digest
from factcheck.errors import Corrupt, DatasetError, NoDataset
from factcheck.frames import to_records
from factcheck.models import Version, digest
from factcheck.notation import json_value

LAST_CHECKPOINT: Final = "_last_checkpoint"
LEFTOVER: Final = "leftover"


class Finding(NamedTuple):
    """Something that is not as it was committed: the file or table, and the first version it touches (None: none)."""

    subject: str
    what: str
    version: int | None = None


class Verified(NamedTuple):
    """What was looked at, and what is wrong; `first_bad` is the smallest version that is touched.

    `leftovers` are files of writers that died: in no version, harmless, taken away by `vacuum`.
    """

    versions: int
    files: int
    leftovers: list[str]
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The first version that cannot be trusted; None where none is touched."""
        return min((one.version for one in self.findings if one.version is not None), default=None)


def verify(uri: str, options: dict[str, str] | None = None) -> Verified:
    """What is wrong with the dataset, reading everything; never raises for damage.

    Local: every file there is compared with the digest its name or a seal gives it, and every file there should be
    is looked for. Anywhere: the rows of every version are hashed anew and compared with the chain of versions.
    """
    storage = Storage(uri, options)
    if storage.root is not None and not storage.root.is_dir():
        raise NoDataset("there is no dataset yet", subject=uri, hint="run `factcheck pull`; the first one creates it")
    findings: list[Finding] = []
    listed: set[Path] | None = None
    state = empty()
    try:
        state = storage.refresh()
    except DatasetError as error:
        findings.append(Finding(error.subject, error.what, 1))
    else:
        if state.damage is not None:
            findings.append(Finding(state.damage.subject, state.damage.what, state.head + 1))
        elif storage.root is not None:
            listed = _listed(storage, storage.root)
        findings += [*_tables(storage), *_chain(storage)]
    leftovers: list[str] = []
    files = 0
    if storage.root is not None:
        looked = list(_files(storage.root, listed))
        files = len(looked)
        leftovers = [str(path) for path, what in looked if what == LEFTOVER]
        findings = [Finding(str(path), what) for path, what in looked if what not in {None, LEFTOVER}] + findings
        findings += _missing_logs(storage.root)
    return Verified(state.head, files, leftovers, _with_versions(findings, state.files))


def _listed(storage: Storage, root: Path) -> set[Path]:
    """The local data files that a version or a small table's log names."""
    found = {root / row["table"] / row["path"] for row in storage.state.files.iter_rows(named=True)}
    for name, table in storage.tables.items():
        if name not in DATA:
            with contextlib.suppress(DatasetError):
                found |= {root / name / path for path in table.active()}
    return found


def _files(root: Path, listed: set[Path] | None) -> Iterator[tuple[Path, str | None]]:
    """Every file under the dataset's folder, and what is wrong with its bytes (None: nothing)."""
    sealed: dict[str, str] = {}
    known = seals.paths(root)
    for path in known:
        try:
            sealed |= seals.read(path).logs
        except Corrupt as error:
            yield path, error.what
        else:
            yield path, None
    for path in sorted(set(root.rglob("*")) - set(known)):
        if path.is_file():
            yield path, _file(root, path, sealed, listed)


def _file(root: Path, path: Path, sealed: dict[str, str], listed: set[Path] | None) -> str | None:
    name = str(path.relative_to(root))
    try:
        data = path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    found = hashlib.sha256(data).hexdigest()
    if name in sealed:
        good = sealed[name] == found
    elif TEMPORARY.search(path.name):
        return LEFTOVER
    elif path.parent.name == LOG:
        good = _log_file(path, data)
    elif path.parent.name == INDEX_FOLDER:
        good = intact(data)
    elif path.suffix == ".parquet":
        if listed is not None and path not in listed:
            return LEFTOVER
        good = name_digest(path.name) == found
    else:
        good = name == LOCK and not data
    return None if good else "does not hold what was written"


def _log_file(path: Path, data: bytes) -> bool:
    """Whether a log file that no seal covers makes sense: the last checkpoint's pointer, or a dead writer's commit."""
    if path.name == LAST_CHECKPOINT:
        return _pointer(path, data)
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(io.BytesIO(data)).width > 0

        return bool(data) and all(isinstance(json_value(line), dict) for line in data.splitlines())
    except (ValueError, pl.exceptions.PolarsError):
        return False


def _pointer(path: Path, data: bytes) -> bool:
    """Whether `_last_checkpoint` says of the newest checkpoint what is true of it."""
    checkpoints = sorted(path.parent.glob("*.checkpoint.parquet"))
    if not checkpoints:
        return False
    newest = checkpoints[-1]
    try:
        # As bytes: of a path, polars would take signs such as [ and * for a pattern.
        adds = pl.read_parquet(io.BytesIO(newest.read_bytes()), columns=["add"])["add"]
    except (pl.exceptions.PolarsError, OSError):
        return False
    expected: dict[str, Any] = {
        "version": int(newest.name.split(".")[0]),
        "size": adds.len(),
        "sizeInBytes": newest.stat().st_size,
        "numOfAddFiles": adds.len() - adds.null_count(),
    }
    try:
        return bool(json_value(data) == expected)
    except ValueError:
        return False


def _missing_logs(root: Path) -> Iterator[Finding]:
    """Log files that were sealed and are gone, and seals that are missing between others."""
    numbers: dict[str, list[int]] = {}
    for path in seals.paths(root):
        try:
            seal = seals.read(path)
        except Corrupt:
            continue
        numbers.setdefault(seal.kind, []).append(seal.number)
        for name in seal.logs:
            if not (root / name).exists():
                yield Finding(str(root / name), "is missing")
    for kind, known in numbers.items():
        if kind != "versions":
            for number in sorted(set(range(1, max(known) + 1)) - set(known)):
                yield Finding(str(root / seals.FOLDER / f"{kind}-{number:08}.json"), "is missing")


def _tables(storage: Storage) -> Iterator[Finding]:
    """Whether each table can be opened and the files that versions, or a small table's log, name are there.

    A data table's log that does not hold all of them is no damage: a compaction died half way, the log holds the same
    rows in the files it had before, and the next writer brings it up to date.
    """
    for name, table in storage.present().items():
        try:
            table.refresh()
            active = table.active()
        except DatasetError as error:
            yield Finding(error.subject, error.what)
            continue
        listed = storage.state.files_of(name, storage.state.head)["path"].to_list() if name in DATA else active
        for path in sorted(listed):
            if table.folder is not None and not (table.folder / path).exists():
                yield Finding(str(table.folder / path), "is missing")
    try:
        tagging.rows(storage)
    except DatasetError as error:
        yield Finding(error.subject, error.what)


def _chain(storage: Storage) -> Iterator[Finding]:
    """Versions whose hash is not that of what they say, or whose rows are not those they were committed with."""
    versions = to_records(Version, storage.state.versions.select(VERSIONS.columns))
    for version in versions:
        if digest(version.model_dump(exclude={"version_hash"})) != version.version_hash:
            yield Finding(f"{storage.uri}/versions", "does not match its own hash", version.version)
    parts: dict[int, dict[str, tuple[int, str]]] = {version.version: {} for version in versions}
    unread: set[int] = set()
    for layout in DATA.values():
        for group in _overlapping(storage.state.files_of(layout.name, storage.state.head)):
            try:
                rows = pl.concat([storage.tables[layout.name].read(path) for path in group["path"]])
            except DatasetError as error:
                covered = range(min(group["min_version"].to_list()), max(group["max_version"].to_list()) + 1)
                if storage.root is None:  # a local file is named by its digest
                    yield Finding(error.subject, error.what, covered[0])
                unread |= set(covered)
                continue
            for number, own in rows.partition_by("version", as_dict=True).items():
                found = rows_digest(own.select(layout.columns), key=layout.key)
                parts.setdefault(int(number[0]), {})[layout.name] = (own.height, found)
    for version in versions:
        if version.version not in unread and version_content(parts[version.version]) != version.content_hash:
            yield Finding(
                f"{storage.uri}, rows of version {version.version}", "differ from those committed", version.version
            )


def _overlapping(files: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The files in groups such that a version's rows lie in one group."""
    ordered = files.sort("min_version")
    start, end = 0, 0
    for at, row in enumerate(ordered.iter_rows(named=True)):
        if at > start and row["min_version"] > end:
            yield ordered.slice(start, at - start)
            start = at
        end = max(end, row["max_version"])
    if ordered.height:
        yield ordered.slice(start)


def _with_versions(findings: list[Finding], files: pl.DataFrame) -> list[Finding]:
    """The findings, each once; one about a data file says the first version that has rows in it."""
    first = dict(files.select("path", "min_version").iter_rows())
    placed = [
        one._replace(version=first.get(one.subject.rsplit("/", 1)[-1])) if one.version is None else one
        for one in findings
    ]
    kept: dict[str, Finding] = {}
    for one in placed:
        known = kept.get(one.subject)
        if known is None or known.version is None:
            kept[one.subject] = one if known is None else known._replace(version=one.version)
    return list(kept.values())
