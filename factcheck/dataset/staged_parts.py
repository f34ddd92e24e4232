"""One table of staging as part files, which are added and never grow but the last one while it is small.

A part is whole and on disk when it has its name, so what was added before a run was killed stays. `NAME.parquet`, the
one file that releases before part files kept, counts as the first part until it is empty.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, TypeVar

import polars as pl

from factcheck import fs
from factcheck.errors import Corrupt
from factcheck.frames import empty, schema
from factcheck.models import Record

ROWS: Final = 1_000
"""Rows of a part at most where many are added at once."""
_SMALL_ROWS, _SMALL_BYTES = 500, 4 << 20
"""A last part below both takes in what is added next, so that many small runs do not leave many small files."""
_ATTEMPTS: Final = 5
_GENERATION: Final = re.compile(r"(?P<name>[a-z]+)\.(?P<number>\d{8})")
T = TypeVar("T")


class Parts:
    """The rows of one record in `folder`, by their `key`; whoever changes them holds the lock of staging."""

    def __init__(self, folder: Path, name: str, record: type[Record], key: str) -> None:
        self._folder, self._name, self._key = folder, name, key
        self._record, self._schema = record, schema(record)

    def read(self, columns: Sequence[str] | None = None, where: pl.Expr | None = None) -> pl.DataFrame:
        """The rows in the order they came, of them those `where` holds, and the columns named; nothing else is read.

        Raises Corrupt, which names the file.
        """

        def rows() -> pl.DataFrame:
            if not (paths := self._paths()):
                return empty(self._record).select(columns or pl.all())
            try:
                return self._scan(paths, columns, where)
            except Corrupt:  # of which of them is not said
                return pl.concat([self._scan([path], columns, where) for path in paths])

        return self._together(rows)

    def height(self) -> int:
        """How many rows there are, as the ends of the files say."""
        return self._together(lambda: sum(self._rows_of(path) for path in self._paths()))

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """The rows in the order they came, at most so many at a time; one who has the lock may ask."""
        for path in self._paths():
            for at in range(0, self._rows_of(path), rows):
                yield self._scan([path], piece=(at, rows))

    def append(self, rows: pl.DataFrame) -> None:
        """Adds rows, on disk when the call returns."""
        folder = self._current()
        fs.make_folder(folder)
        fs.sweep(folder)  # what a run that was killed left
        paths = self._numbered(folder)
        number = int(paths[-1].stem) if paths else 0
        if paths and self._rows_of(paths[-1]) < _SMALL_ROWS and paths[-1].stat().st_size < _SMALL_BYTES:
            rows, number = pl.concat([self._scan([paths[-1]]), rows]), number - 1
        for place, piece in enumerate(rows.iter_slices(ROWS), number + 1):
            fs.replace(folder / _part(place), _bytes(piece))

    def replace(self, pieces: Iterable[pl.DataFrame]) -> None:
        """These rows in place of all others, at once when the last of them is on disk; until then the others stand."""
        fs.make_folder(self._folder)
        before = self._current()
        draft = self._folder / f".{self._name}.{os.getpid()}.tmp"
        self._sweep()
        draft.mkdir()
        try:
            every = (piece for frame in pieces for piece in frame.iter_slices(ROWS * 10))
            for place, piece in enumerate(every, 1):
                fs.write_new(draft / _part(place), _bytes(piece))
            fs.sync([draft])
            fs.move(draft, self._folder / f"{self._name}.{self._generation(before) + 1:08d}")
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        self._old().unlink(missing_ok=True)
        self._sweep()

    def take_out(self, ids: pl.Series) -> None:
        """The rows without those of these keys; what is left of a part is a part."""
        gone = ids.unique().to_frame(self._key)
        for path in self._paths():
            keys = self._scan([path], [self._key])
            left = keys.join(gone, on=self._key, how="anti").height
            if not left:
                path.unlink()
            elif left < keys.height:
                rows = self._scan([path]).join(gone, on=self._key, how="anti", maintain_order="left")
                fs.replace(path, _bytes(rows))

    def empty(self) -> None:
        """Takes all rows out."""
        self._old().unlink(missing_ok=True)
        for folder in self._generations():
            shutil.rmtree(folder, ignore_errors=True)

    def _paths(self) -> list[Path]:
        """The parts in their order."""
        with fs.explained(self._folder):
            folder = self._current()
            first = [self._old()] if self._old().exists() and not self._generation(folder) else []
            return [*first, *self._numbered(folder)]

    def _old(self) -> Path:
        return self._folder / f"{self._name}.parquet"

    def _current(self) -> Path:
        """The folder of the parts: of several that a killed run left the last one, which is whole."""
        found = self._generations()
        return found[-1] if found else self._folder / f"{self._name}.{0:08d}"

    def _generations(self) -> list[Path]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - asked at every look, so without a Path for each
        except FileNotFoundError:
            return []
        matched = [match for match in map(_GENERATION.fullmatch, names) if match and match["name"] == self._name]
        return [self._folder / match.string for match in sorted(matched, key=lambda one: int(one["number"]))]

    def _generation(self, folder: Path) -> int:
        return int(folder.name.rpartition(".")[2])

    def _numbered(self, folder: Path) -> list[Path]:
        return sorted(folder.glob("[0-9]*.parquet"))

    def _sweep(self) -> None:
        """Takes away the rows that others have replaced, and the drafts of runs that were killed."""
        for folder in [*self._generations()[:-1], *self._folder.glob(f".{self._name}.*.tmp")]:
            if folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    def _scan(
        self,
        paths: list[Path],
        columns: Sequence[str] | None = None,
        where: pl.Expr | None = None,
        piece: tuple[int, int] | None = None,
    ) -> pl.DataFrame:
        try:
            rows = pl.scan_parquet(paths, schema=self._schema, missing_columns="insert", glob=False)
            rows = rows if piece is None else rows.slice(*piece)
            rows = rows if where is None else rows.filter(where)
            return rows.select(columns or self._schema.names()).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._corrupt(paths[0], error) from error

    def _rows_of(self, path: Path) -> int:
        try:
            return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._corrupt(path, error) from error

    @staticmethod
    def _corrupt(path: Path, error: Exception) -> Corrupt:
        return Corrupt(f"cannot be read: {error}", subject=str(path), hint="delete it and run `factcheck ingest` again")

    def _together(self, read: Callable[[], T]) -> T:
        """What is read of all parts as they were at one moment; a writer may take some of them away meanwhile."""
        for _ in range(_ATTEMPTS):
            before = self._paths()
            try:
                return read()
            except Corrupt:
                if before == self._paths():
                    raise
        return read()


def _part(number: int) -> str:
    return f"{number:08d}.parquet"


def _bytes(rows: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()
