"""What `ingest` and `claims` found and no version holds yet, and the cursor of pulls that brought nothing new.

A folder of this machine, not part of the dataset: the next pull that has something to say commits it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import fs, locks
from factcheck.dataset.staged_journal import Journal
from factcheck.dataset.staged_parts import Parts
from factcheck.errors import Busy
from factcheck.frames import schema
from factcheck.models import Article, Claim, canonical_json
from factcheck.notation import json_value

LOCK_SECONDS = 30.0


class Staging:
    """The staging folder; every change is atomic and on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._articles = Parts(folder, "articles", Article, "article_id")
        self._claims = Parts(folder, "claims", Claim, "claim_id")
        self._held_back = Parts(folder, "waiting", Article, "article_id")

    def articles(self, columns: Sequence[str] | None = None, where: pl.Expr | None = None) -> pl.DataFrame:
        """models.Article rows, in the order they came; of them those `where` holds, and the columns named."""
        return self._articles.read(columns, where)

    def claims(self, columns: Sequence[str] | None = None, where: pl.Expr | None = None) -> pl.DataFrame:
        """models.Claim rows; of them those `where` holds, and the columns named."""
        return self._claims.read(columns, where)

    def article_pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """As `articles`, at most so many rows at a time; for the one run that may write."""
        return self._articles.pieces(rows)

    def article_count(self) -> int:
        """How many articles are staged; none of them is read."""
        return self._articles.height()

    def claim_count(self) -> int:
        """How many claims are staged; none of them is read."""
        return self._claims.height()

    def add_articles(self, articles: pl.DataFrame) -> int:
        """How many of the articles were not staged yet; those are added."""
        fresh = articles.select(schema(Article).names()).unique("article_id", keep="first", maintain_order=True)
        if fresh.is_empty():
            return 0
        with self._lock():
            fresh = fresh.join(self.articles(["article_id"]), on="article_id", how="anti", maintain_order="left")
            if fresh.height:
                with fs.explained(self.folder):
                    self._articles.append(fresh)
        return fresh.height

    def hold_back(self, articles: pl.DataFrame) -> None:
        """Keeps articles beside the staged ones, for the run that reads them to add them at its end."""
        with self._lock(), fs.explained(self.folder):
            self._held_back.append(articles.select(schema(Article).names()))

    def held_back(self, rows: int) -> Iterator[pl.DataFrame]:
        """The articles that `hold_back` was given, at most so many at a time."""
        return self._held_back.pieces(rows)

    def let_go(self) -> None:
        """Forgets what was held back, by this run or by one that was killed."""
        with self._lock(), fs.explained(self.folder):
            self._held_back.empty()

    def journal(self, key: str) -> Journal:
        """What a run of `ingest` that was killed had kept, for one that is asked for the same, as its key says."""
        return Journal(self.folder / "reading.jsonl", key)

    def set_claims(self, claims: pl.DataFrame | Iterable[pl.DataFrame]) -> None:
        """The claims in place of those staged before, which stand until the last of the frames is on disk."""
        pieces = [claims] if isinstance(claims, pl.DataFrame) else claims
        with self._lock(), fs.explained(self.folder):
            self._claims.replace(piece.select(schema(Claim).names()) for piece in pieces)

    def clear(self, *, articles: pl.Series | None = None, claims: pl.Series | None = None) -> None:
        """Takes out what a version now holds: article ids and claim ids. What was staged since stays."""
        with self._lock(), fs.explained(self.folder):
            for parts, ids in ((self._articles, articles), (self._claims, claims)):
                if ids is not None and ids.len():
                    parts.take_out(ids)

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

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        busy = Busy(
            "another run is adding articles or claims", subject=str(self.folder), hint="try again when it has finished"
        )
        with fs.explained(self.folder):
            fs.make_folder(self.folder)
        with locks.lock(self.folder / ".lock", busy=lambda: busy, seconds=LOCK_SECONDS):
            yield
