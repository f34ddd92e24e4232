"""What `ingest` and `claims` found and no version holds yet, and the cursor of pulls that brought nothing new.

A folder of this machine, not part of the dataset: the next pull that has something to say commits it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import fs, locks
from factcheck.errors import Busy, Corrupt
from factcheck.frames import empty, schema
from factcheck.models import Article, Claim, Record, canonical_json
from factcheck.notation import json_value

LOCK_SECONDS = 30.0


class Staging:
    """The staging folder; every change is atomic and on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def articles(self) -> pl.DataFrame:
        """models.Article rows, in the order they came."""
        return self._read("articles", Article)

    def claims(self) -> pl.DataFrame:
        """models.Claim rows."""
        return self._read("claims", Claim)

    def add_articles(self, articles: pl.DataFrame) -> int:
        """How many of the articles were not staged yet; those are added."""
        fresh = articles.select(schema(Article).names()).unique("article_id", keep="first", maintain_order=True)
        with self._lock():
            before = self.articles()
            fresh = fresh.join(before, on="article_id", how="anti", maintain_order="left")
            if fresh.height:
                self._write("articles", pl.concat([before, fresh]))
        return fresh.height

    def set_claims(self, claims: pl.DataFrame) -> None:
        """The claims in place of those staged before."""
        with self._lock():
            self._write("claims", claims.select(schema(Claim).names()))

    def clear(self, *, articles: pl.Series | None = None, claims: pl.Series | None = None) -> None:
        """Takes out what a version now holds: article ids and claim ids. What was staged since stays."""
        with self._lock():
            for name, key, record, ids in (
                ("articles", "article_id", Article, articles),
                ("claims", "claim_id", Claim, claims),
            ):
                rows = self._read(name, record)
                if ids is not None and rows.height:
                    self._write(name, rows.filter(~pl.col(key).is_in(ids.to_list())))

    def cursor(self, version_hash: str | None) -> dict[str, Any] | None:
        """The cursor that a pull without news left after this version; None where there is none, or of another one."""
        try:
            found = json_value((self.folder / "cursor.json").read_bytes())
            same, cursor = found["version_hash"] == version_hash, dict(found["cursor"])
        except (OSError, ValueError, KeyError, TypeError):
            # The version's own cursor is always a safe, older one.
            return None
        return cursor if same else None

    def save_cursor(self, version_hash: str | None, cursor: dict[str, Any]) -> None:
        """Keeps the cursor of a pull that made no version."""
        with fs.explained(self.folder):
            fs.make_folder(self.folder)
            text = canonical_json({"version_hash": version_hash, "cursor": cursor})
            fs.replace(self.folder / "cursor.json", text.encode())

    def _read(self, name: str, record: type[Record]) -> pl.DataFrame:
        path = self.folder / f"{name}.parquet"
        with fs.explained(path):
            if not path.exists():
                return empty(record)
            data = path.read_bytes()
        try:
            return pl.read_parquet(io.BytesIO(data), schema=schema(record), missing_columns="insert")
        except pl.exceptions.PolarsError as error:
            raise Corrupt(
                f"cannot be read: {error}", subject=str(path), hint="delete it and run `factcheck ingest` again"
            ) from error

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        with fs.explained(self.folder):
            fs.replace(self.folder / f"{name}.parquet", buffer.getvalue())

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        busy = Busy(
            "another run is adding articles or claims", subject=str(self.folder), hint="try again when it has finished"
        )
        with fs.explained(self.folder):
            fs.make_folder(self.folder)
        with locks.lock(self.folder / ".lock", busy=lambda: busy, seconds=LOCK_SECONDS):
            yield
