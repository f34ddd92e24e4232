"""`ingest`: from sources to staged articles."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from factcheck import articles as articles_stage
from factcheck import frames
from factcheck.models import Article, Rejection, Report
from factcheck.pipeline.changed_texts import Changed, Choice, settle
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.progress import Progress, silent
from factcheck.settings import Settings


def ingest(
    settings: Settings,
    sources: Sequence[str],
    *,
    now: datetime,
    publisher: str | None = None,
    languages: Sequence[str] | None = None,
    changed: Choice = Choice(),  # noqa: B008 - a constant
    progress: Progress = silent,
) -> Report:
    """The report of reading `sources` into staging; articles the desk already has count as unchanged.

    `publisher` is the outlet of articles that name none, `languages` those the articles may be in (else the desk's).
    `changed` says what becomes of an older text of the same address or path that people have voted on. Where it is
    interrupted, what was read until then is staged.
    """
    began = time.monotonic()
    desk = Desk(settings)
    met: list[Article] = []
    seen = 0

    def told(one: Article | Rejection) -> None:
        nonlocal seen
        seen += 1
        met.extend([one] if isinstance(one, Article) else [])
        progress(seen, 0)

    with desk.workspace.writing("ingest", now=now):
        try:
            read = articles_stage.read(
                sources, now=now, languages=languages or settings.desk.languages, publisher=publisher, told=told
            )
        except BaseException:
            _stage(desk, frames.from_records(Article, met), changed, now)
            raise
        new, settled = _stage(desk, read.articles, changed, now)
        desk.workspace.quarantine(read.rejected, now=now)
    accepted = read.articles.height
    return Report(
        stage="ingest",
        seen=accepted + read.rejected.height,
        accepted=accepted,
        rejected=read.rejected.height,
        counts={
            "new": new,
            "unchanged": accepted - new,
            **({"replaced": settled.replaced} if settled.replaced else {}),
            **({"kept_beside": settled.kept} if settled.kept else {}),
        },
        rejections=frames.to_records(Rejection, read.rejected),
        warnings=[*read.warnings, *settled.warnings],
        seconds=time.monotonic() - began,
        next_steps=["factcheck claims"] if accepted else ["factcheck ingest FOLDER"],
    )


def _stage(desk: Desk, articles: pl.DataFrame, changed: Choice, now: datetime) -> tuple[int, Changed]:
    """How many of the articles the desk did not have, which are staged, and what became of texts that changed."""
    settled = settle(desk, articles, changed, now=now)
    known = desk.article_ids().to_frame()
    new = articles.join(known, on="article_id", how="anti").unique("article_id", keep="first", maintain_order=True)
    desk.staging.add_articles(new)
    return new.height, settled
