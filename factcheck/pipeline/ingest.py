"""`ingest`: from sources to staged articles."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from factcheck import articles as articles_stage
from factcheck import frames
from factcheck.models import Rejection, Report
from factcheck.pipeline.changed_texts import Choice, settle
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings


def ingest(
    settings: Settings,
    sources: Sequence[str],
    *,
    now: datetime,
    changed: Choice = Choice(),  # noqa: B008 - a constant
) -> Report:
    """The report of reading `sources` into staging; articles the desk already has count as unchanged.

    `changed` says what becomes of an older text of the same address or path that people have voted on.
    """
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("ingest", now=now):
        read = articles_stage.read(sources, now=now, languages=settings.desk.languages)
        settled = settle(desk, read.articles, changed, now=now)
        known = desk.article_ids().to_frame()
        new = read.articles.join(known, on="article_id", how="anti").unique(
            "article_id", keep="first", maintain_order=True
        )
        desk.staging.add_articles(new)
        desk.workspace.quarantine(read.rejected, now=now)
    accepted = read.articles.height
    return Report(
        stage="ingest",
        seen=accepted + read.rejected.height,
        accepted=accepted,
        rejected=read.rejected.height,
        counts={
            "new": new.height,
            "unchanged": accepted - new.height,
            **({"replaced": settled.replaced} if settled.replaced else {}),
            **({"kept_beside": settled.kept} if settled.kept else {}),
        },
        rejections=frames.to_records(Rejection, read.rejected),
        warnings=[*read.warnings, *settled.warnings],
        seconds=time.monotonic() - began,
        next_steps=["factcheck claims"] if accepted else ["factcheck ingest FOLDER"],
    )
