"""What `ingest` has read comes into staging in batches; what a run that was killed had kept is not read again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.articles import FileRead, FilesLeft, Met, Read, TableClaim
from factcheck.dataset.staged_journal import Journal
from factcheck.models import Article, Rejection
from factcheck.pipeline.changed_texts import PLACE, READ, Changed, Choice, places, settle
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.progress import Progress

SECONDS = 5.0
"""What was read is kept at the latest after so long,"""
ARTICLES, CHARACTERS = 1_000, 4_000_000
"""and after so many articles or characters of text."""
_SLIM = {name: frames.schema(Article)[name] for name in READ}


class _Done(NamedTuple):
    """A file whose results are on disk when the batch is: the articles it gave, and what the journal tells of it."""

    articles: list[str]
    line: dict[str, Any]


class Keeper:
    """Takes what was read, and puts it where it stays in batches; `journal` is None for a run that none goes on from.

    `accepted`, `new`, `rejected`, `claims`, `warnings` and `languages` are of what was taken, `new` of what was kept.
    """

    def __init__(self, desk: Desk, journal: Journal | None, now: datetime, progress: Progress) -> None:
        self.accepted = self.new = 0
        self.rejected: list[Rejection] = []
        self.claims: list[TableClaim] = []
        self.warnings: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self._desk, self._journal, self._now, self._progress = desk, journal, now, progress
        self._known = desk.article_ids().to_frame("article_id")
        self._at_first = {*self._known["article_id"]} if journal and journal.is_begun else set()
        self._places = places(desk)
        self._articles: list[Article] = []
        self._characters = 0
        self._again: list[pl.DataFrame] = []
        """Of places that were read before, which article each gave (`READ`): whether it is another is known at the end,
        and so is what becomes of it."""
        self._met: list[Met] = []
        self._of_file: list[Article | TableClaim | Rejection | Met] = []
        self._done: list[_Done] = []
        self._waiting: set[str] = set()
        self._files_left = 0
        self._put_aside = 0  # how many of the rejected are in quarantine
        self._kept = time.monotonic()
        desk.staging.let_go()  # of a run that was killed; its files are read again

    def earlier(self, file: FileRead) -> Sequence[Met | Rejection] | None:
        """What the run that is gone on with made of the file, where all of that is still here."""
        line = self._journal.take(file.path) if self._journal else None
        if line is None or (line["size"], line["changed"]) != (file.size, file.changed):
            return None
        met = [Met(article, source, url, lang, tuple(said)) for article, source, url, lang, said in line["met"]]
        if any(one.article_id not in self._at_first for one in met):
            return None
        return [*met, *map(Rejection.model_validate, line["rejected"])]

    def take(self, one: Read) -> None:
        """Count one result, and keep what has come together where it is enough."""
        if isinstance(one, FilesLeft):
            self._files_left = one.number
            return
        if isinstance(one, FileRead):
            if not one.begins:
                self._finish(one)
            self._of_file = []
            return
        self._of_file.append(one)
        if isinstance(one, Rejection):
            self.rejected.append(one)
        elif isinstance(one, TableClaim):
            self.accepted += 1
            self.warnings.update(one.article.warnings)
            self.claims.append(one)
        else:
            self.accepted += 1
            self.warnings.update(one.warnings)
            self.languages.update(filter(None, [one.lang]))
            if isinstance(one, Article):
                self._articles.append(one)
                self._characters += len(one.text)
            else:
                self._met.append(one)
        self._progress(self.accepted + len(self.rejected), 0)
        full = len(self._articles) + len(self._met) >= ARTICLES or self._characters >= CHARACTERS
        if full or time.monotonic() - self._kept > SECONDS:
            self.keep()

    def keep(self) -> None:
        """Put what was taken of new places into staging, and the rejected into quarantine; then say so."""
        rows = frames.from_records(Article, self._articles)
        fresh = rows.join(self._there(rows["article_id"]), on="article_id", how="anti", maintain_order="left")
        self.new += fresh.height
        self._known = pl.concat([self._known, fresh.select("article_id")])
        met = [(one.article_id, one.url, one.source, self._now) for one in self._met]
        slim = pl.concat([rows.select(READ), pl.DataFrame(met, _SLIM, orient="row")])
        self._again.append(slim.filter(self._read_before()))
        again = self._read_before()
        waiting = fresh.filter(again)
        if waiting.height:
            self._desk.staging.hold_back(waiting)
            self._waiting |= {*waiting["article_id"]}
        self._desk.staging.add_articles(fresh.filter(~again))
        put_aside = frames.from_records(Rejection, self.rejected[self._put_aside :])
        self._desk.workspace.quarantine(put_aside, now=self._now)
        if self._journal:
            self._journal.add(done.line for done in self._done if self._waiting.isdisjoint(done.articles))
        self._articles, self._met, self._done, self._characters = [], [], [], 0
        self._put_aside = len(self.rejected)
        self._kept = time.monotonic()

    def settle(self, changed: Choice) -> Changed:
        """Put what was taken of places read before into staging, and do with their older texts as `changed` says."""
        done = settle(self._desk, pl.concat(self._again), changed, now=self._now)
        known = self._desk.article_ids().to_frame()
        for some in self._desk.staging.held_back(ARTICLES):
            self._desk.staging.add_articles(some.join(known, on="article_id", how="anti", maintain_order="left"))
        return done

    def end(self) -> None:
        """All is where it stays; a run that may read no more files leaves word for the next."""
        self._desk.staging.let_go()
        if self._journal and not self._files_left:
            self._journal.end()

    def _finish(self, file: FileRead) -> None:
        """A file whose results say all there is to say of it is told in the journal, once they are kept."""
        results = self._of_file
        rejected = [one for one in results if isinstance(one, Rejection)]
        articles = [one for one in results if isinstance(one, Article)]
        whole = len(rejected) + len(articles) == len(results)  # the claims of tables are kept at the end
        # What holds people goes by another name than its file's, which may be theirs.
        name = Path(file.path).name
        is_named = all(name in told for told in (*(one.source for one in articles), *(one.subject for one in rejected)))
        if not file.is_plain or not whole or not is_named:
            return
        line = {
            "file": file.path,
            "size": file.size,
            "changed": file.changed,
            "met": [(one.article_id, one.source, one.url, one.lang, one.warnings) for one in articles],
            "rejected": [one.model_dump(mode="json") for one in rejected],
        }
        self._done.append(_Done([one.article_id for one in articles], line))

    def _there(self, ids: pl.Series) -> pl.DataFrame:
        """Those of the ids that the desk has."""
        return self._known.filter(pl.col("article_id").is_in(ids.implode()))

    def _read_before(self) -> pl.Expr:
        """Whether the place may have been read before this run: two places may have one hash, which costs a look."""
        return PLACE.hash(seed=0).is_in(self._places.implode())
