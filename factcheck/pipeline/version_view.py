"""What exports of a version start from: every claim of it, in memory, or in parts on disk where it is large.

For parts, claims are dealt out by a hash. A claim's changes, its verdicts and the copies that stand in its group meet
in one part, whichever versions brought them, so that a part is made by the same function as a whole view.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

import polars as pl

from factcheck import exporters, fs, locks
from factcheck.dataset import Dataset, latest
from factcheck.exporters.large_view import LargeView, large_view

_OF_ARTICLES = ("article_id", "url", "publisher", "source_chain", "title", "published_at", "published_raw")
"""What exports show of an article; its text is long, and stays where it is."""
LARGE = 50_000
"""Changes of claims or of verdicts; from here on a view is made in parts."""
PART = 20_000
"""Changes of claims or of verdicts in a part, about."""
_PIECE = 40_000


@contextmanager
def folder_for_parts(state: Path) -> Iterator[Path]:
    """A folder of this run alone, which only its owner reads, gone at the end; those of killed runs go now."""
    root = state / "parts"
    fs.make_folder(root, mode=0o700)
    for path in root.iterdir():
        with locks.held(path, unknown=False) as dead:
            if dead:
                shutil.rmtree(path, ignore_errors=True)
    folder = root / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        with locks.held(folder, unknown=True):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def version_view(data: Dataset, number: int, folder: Path, *, large: int | None = None) -> pl.DataFrame | LargeView:
    """Every claim of the version (`exporters.VIEW`); in parts in the folder where `large` changes or more made it.

    Without `large`, as many as do not fit into memory (`LARGE`).
    """
    large = LARGE if large is None else large
    claims, verdicts = data.claim_changes(number), data.verdict_changes(number)
    changes = max(pl.collect_all([claims.select(pl.len()), verdicts.select(pl.len())]), key=lambda frame: frame.item())
    if changes.item() < large:
        return whole_view(data, number)
    dealt = _Dealt(folder / "dealt", -(-changes.item() // min(PART, large)))
    dealt.folder.mkdir(mode=0o700)
    dealt.deal("claims", data.pieces("claims", number, rows=_PIECE), "claim_id")
    dealt.deal("verdicts", data.pieces("verdicts", number, rows=_PIECE), "claim_id")
    moved = [dealt.move(part, claims) for part in range(dealt.parts)]

    def parts() -> Iterator[pl.DataFrame]:
        beside = _Beside.of(data, number)
        for part in range(dealt.parts):
            yield dealt.view(part, moved[part], claims, verdicts, beside)

    made = large_view(parts(), folder)
    shutil.rmtree(dealt.folder)
    return made


def whole_view(data: Dataset, number: int) -> pl.DataFrame:
    """Every claim of the version in memory."""
    beside = _Beside.of(data, number)
    return beside.view(data.claims(number).collect(), data.verdict_changes(number).collect())


class _Beside(NamedTuple):
    """What every part is given whole: it is short, or belongs to many claims."""

    articles: pl.DataFrame
    versions: pl.DataFrame
    corrections: pl.DataFrame
    editorial: pl.DataFrame

    @classmethod
    def of(cls, data: Dataset, number: int) -> Self:
        articles = data.articles(number).select(_OF_ARTICLES).collect()
        return cls(articles, data.versions(number), data.corrections(number), data.editorial(number))

    def view(self, claims: pl.DataFrame, verdicts: pl.DataFrame, elsewhere: pl.Series | None = None) -> pl.DataFrame:
        """The view of the claims and of the verdicts of their groups."""
        articles = self.articles.join(claims, on="article_id", how="semi")
        return exporters.view(
            articles, claims, verdicts, self.versions, self.corrections, self.editorial, elsewhere=elsewhere
        )


class _Dealt(NamedTuple):
    """A folder with files of rows, named by table and part."""

    folder: Path
    parts: int

    def deal(self, table: str, rows: Iterable[pl.DataFrame], column: str, source: int = 0) -> None:
        """Writes the rows, each into the part of its column's hash; `source` keeps what comes from several apart."""
        for number, chunk in enumerate(rows):
            dealt = chunk.with_columns(__part=self._part(column)).partition_by(
                "__part", as_dict=True, include_key=False
            )
            for (part,), some in dealt.items():
                some.write_ipc(self.folder / f"{table}-{part}-{source}-{number}.arrow", compression="lz4")

    def move(self, part: int, claims: pl.LazyFrame) -> pl.Series:
        """The ids of the part's claims whose group is in another part; they are written there."""
        away = latest(self._scan("claims", part, claims), "claim_id").filter(self._part("group_id") != part).collect()
        self.deal("moved", [away], "group_id", part)
        return away["claim_id"]

    def view(
        self, part: int, away: pl.Series, claims: pl.LazyFrame, verdicts: pl.LazyFrame, beside: _Beside
    ) -> pl.DataFrame:
        """The view of the part's groups."""
        here = latest(self._scan("claims", part, claims), "claim_id").filter(self._part("group_id") == part)
        moved = self._scan("moved", part, claims)
        shown = pl.concat([here, moved]).collect()
        return beside.view(shown, self._scan("verdicts", part, verdicts).collect(), elsewhere=away)

    def _part(self, column: str) -> pl.Expr:
        return pl.col(column).hash(0) % self.parts

    def _scan(self, table: str, part: int, like: pl.LazyFrame) -> pl.LazyFrame:
        files = sorted(self.folder.glob(f"{table}-{part}-*.arrow"))
        return pl.scan_ipc(files) if files else pl.LazyFrame(schema=like.collect_schema())
