"""`claims`: the staged articles cut into claims."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import polars as pl

from factcheck import claims as claims_stage
from factcheck import frames
from factcheck.claims import helping
from factcheck.models import ClaimState, Rejection, Report
from factcheck.pipeline.article_view import write_page
from factcheck.pipeline.asking import Agree, Plan, desks_model
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.learn import chosen
from factcheck.pipeline.progress import Progress, silent
from factcheck.pipeline.recut import due as recut_due
from factcheck.pipeline.recut import sent
from factcheck.pipeline.regroup import due
from factcheck.settings import Settings

_TO_TELL = pl.col("code").is_in(["UNEXPECTED", "NOT_IN_TEXT", *helping.FAILURES])


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
        staged = desk.staging.articles()
        amounts = chosen(settings)
        cut = claims_stage.extract(staged, amounts=amounts, clock=settings.desk.clock, progress=progress)
        # What checkers may be looking at stays as it was sent, whatever newer rules would cut, and nothing else is cut
        # out at its place.
        kept, committed = sent(desk), desk.committed_claims()
        told: dict[str, int] = {}
        if agree is not None:
            model = desks_model(settings, agree=agree, progress=progress)
            cut = helping.helped(_open_questions(staged, kept, cut), cut, model, amounts=amounts)
            told = model.counts
        held = kept.filter(pl.col("state") == str(ClaimState.ACTIVE))["claim_id"].to_list()
        fresh = claims_stage.recut(kept, cut.claims, held=held)
        grouped = pl.concat([kept, claims_stage.group(fresh.new, pl.concat([committed, kept]))])
        desk.staging.set_claims(grouped)
        desk.workspace.note_cut(staged["article_id"])
        failed = cut.rejected.filter(pl.col("code") == "UNEXPECTED")
        desk.workspace.quarantine(failed, now=now)
    if page is not None:
        write_page(settings, staged, grouped, page, force=force)
    worth = grouped.filter(pl.col("check_worthiness") >= settings.claims.min_check_worthiness)
    by_code = dict(cut.rejected.group_by("code").len().sort("code").iter_rows())
    report = Report(
        stage="claims",
        seen=cut.seen,
        accepted=cut.claims.height,
        rejected=cut.rejected.height,
        counts={
            "worth_checking": worth.height,
            "different": worth["group_id"].n_unique(),
            "articles": staged.height,
            **told,
            **({"left_as_sent": fresh.left_out} if fresh.left_out else {}),
            **{f"rejected_{code.lower()}": count for code, count in by_code.items()},
        },
        rejections=frames.to_records(
            Rejection, cut.rejected.filter(_TO_TELL)
        ),  # sentences that claim nothing are only counted
        warnings=[said for said in (due(desk), recut_due(desk, committed, claims_stage.extractor(amounts))) if said],
        seconds=time.monotonic() - began,
        next_steps=_after_claims(settings, worth),
    )
    best = worth.unique("group_id", keep="first", maintain_order=True)
    return report, best.sort("check_worthiness", descending=True, maintain_order=True).head(show)


def planned(settings: Settings) -> Plan:
    """What the desk's language model would be sent of the staged articles; sends nothing and changes nothing."""
    desk = Desk(settings)
    staged = desk.staging.articles()
    cut = claims_stage.extract(staged, amounts=chosen(settings), clock=settings.desk.clock)
    return desks_model(settings, agree=lambda _plan: False).plan(_open_questions(staged, sent(desk), cut))


def _open_questions(staged: pl.DataFrame, sent: pl.DataFrame, cut: claims_stage.Extracted) -> list[helping.Asked]:
    """Of articles whose claims checkers may be looking at, nothing new is cut: nobody needs to be asked."""
    return helping.questions(staged.join(sent, on="article_id", how="anti", maintain_order="left"), cut)


def _after_claims(settings: Settings, worth: pl.DataFrame) -> list[str]:
    if worth.is_empty():
        return ["factcheck ingest FOLDER   (nothing here is worth checking yet)"]
    if settings.studio.url:
        return ["factcheck push --dry-run", "factcheck push"]
    return ["factcheck studio up   (starts a local Label Studio)", "factcheck push"]
