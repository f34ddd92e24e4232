"""`claims`: the staged articles cut into claims."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import polars as pl

from factcheck import claims as claims_stage
from factcheck import frames
from factcheck.models import Rejection, Report
from factcheck.pipeline.article_view import write_page
from factcheck.pipeline.asking import Agree, Plan, desks_model
from factcheck.pipeline.cutting import READ, Cutting, open_questions
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.learn import chosen
from factcheck.pipeline.progress import Progress, silent
from factcheck.pipeline.recut import due as recut_due
from factcheck.pipeline.recut import sent
from factcheck.pipeline.regroup import due, grouped_now
from factcheck.settings import Settings


def claims(
    settings: Settings,
    *,
    show: int,
    now: datetime,
    page: Path | None = None,
    force: bool = False,
    agree: Agree | None = None,
    progress: Progress = silent,
) -> tuple[Report, pl.DataFrame]:
    """The report of cutting claims out of the staged articles, and the `show` most check-worthy ones.

    `page` is where the articles are written with their claims underlined; with `force` over another file. With
    `agree` the desk's language model is asked too, about the articles of which nothing was sent to checkers, once that
    has said yes to what will be sent. Raises OutputExists, once the claims are cut; what `asking.Model` raises before.
    """
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("claims", now=now):
        committed = desk.committed_claims(READ)
        cutting = Cutting(desk, committed, show=show, progress=progress)
        if agree is None:
            desk.staging.set_claims(cutting.batches())
        else:
            desk.staging.set_claims(cutting.helped(desks_model(settings, agree=agree, progress=progress)))
        desk.workspace.note_cut(desk.staging.articles(["article_id"])["article_id"])
        desk.workspace.quarantine(frames.from_records(Rejection, cutting.failed), now=now)
    if page is not None:
        write_page(settings, desk.staging.articles(), desk.staging.claims(), page, force=force)
    if committed.is_empty() and cutting.kept.is_empty():
        grouped_now(desk)
    known = pl.concat([committed, cutting.kept.select(READ).join(committed, on="claim_id", how="anti")])
    report = Report(
        stage="claims",
        seen=cutting.seen,
        accepted=cutting.accepted,
        rejected=cutting.codes.total(),
        counts={
            "worth_checking": cutting.worth,
            "different": cutting.different,
            "articles": cutting.articles,
            **cutting.told,
            **({"left_as_sent": cutting.left_out} if cutting.left_out else {}),
            **{f"rejected_{code.lower()}": cutting.codes[code] for code in sorted(cutting.codes)},
        },
        rejections=cutting.to_tell,  # sentences that claim nothing are only counted
        warnings=[said for said in (due(desk), recut_due(desk, known, cutting.extractor)) if said],
        seconds=time.monotonic() - began,
        next_steps=_after_claims(settings, cutting.worth),
    )
    return report, cutting.best


def planned(settings: Settings) -> Plan:
    """What the desk's language model would be sent of the staged articles; sends nothing and changes nothing."""
    desk = Desk(settings)
    staged = desk.staging.articles()
    cut = claims_stage.extract(staged, amounts=chosen(settings), clock=settings.desk.clock)
    return desks_model(settings, agree=lambda _plan: False).plan(open_questions(staged, sent(desk), cut))


def _after_claims(settings: Settings, worth: int) -> list[str]:
    if not worth:
        return ["factcheck ingest FOLDER   (nothing here is worth checking yet)"]
    if settings.studio.url:
        return ["factcheck push --dry-run", "factcheck push"]
    return ["factcheck studio up   (starts a local Label Studio)", "factcheck push"]
