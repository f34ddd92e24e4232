"""`claims --again`: articles that older rules cut are cut again, and no claim that people spoke of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import dataset as dataset_package
from factcheck.claims import mending
from factcheck.dataset import Dataset
from factcheck.importers import records
from factcheck.models import RECUT, AnnotationState, ClaimState, Version
from factcheck.pipeline.asking import NAME as HELPER
from factcheck.pipeline.changed_texts import voted
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.learn import chosen
from factcheck.pipeline.progress import Progress, silent
from factcheck.settings import Settings

Cutter = Callable[..., claims_stage.Extracted]
"""What cuts articles (a frame of models.Article) into claims; `claims.extract` is one."""
WORDED = (mending.EXTRACTOR, records.EXTRACTOR)
"""The extractors of claims whose article is their own words: there is nothing to cut."""
DUE = "{} cut by older rules: `factcheck claims --again --dry-run` shows what the rules of today would change"
_ACTIVE = pl.col("state") == str(ClaimState.ACTIVE)


class Again(NamedTuple):
    """What cutting the articles again changes; `version` is None where no committed claim changes, or for a dry run.

    `retired`, `updated` and `new` have a row a claim: claim_id, quote. `held` is how many claims stay as they are
    although the rules would have them otherwise now: people spoke of them. `left_out` is how many claims would stand
    where a held one stands; `failed` how many articles could not be read and stay as they are.
    """

    articles: int
    retired: list[dict[str, Any]]
    updated: list[dict[str, Any]]
    new: list[dict[str, Any]]
    held: int
    left_out: int
    failed: int
    version: int | None

    def as_dict(self) -> dict[str, Any]:
        """The same for --json."""
        return self._asdict()


def due(desk: Desk, claims: pl.DataFrame, name: str) -> str:
    """A sentence that says that articles were cut by other rules than those of this name; "" where none were.

    `claims` are those that are in a version or were sent (claim_id, article_id, group_id, state, extractor).
    """
    other = claims.filter(_ACTIVE, pl.col("extractor") != name, ~pl.col("extractor").is_in(WORDED))
    if other.is_empty():
        return ""
    free = other.filter(~pl.col("claim_id").is_in(held(desk, claims)))["article_id"].n_unique()
    return DUE.format(f"{free:,} articles were" if free > 1 else "1 article was") if free else ""


def again(
    settings: Settings,
    *,
    dry_run: bool,
    now: datetime,
    progress: Progress = silent,
    cut: Cutter = claims_stage.extract,
) -> Again:
    """What cutting all articles again by the rules of today changes; done, unless `dry_run`.

    A claim of the same words at the same place stays the same claim. One that people voted on, worded or mended stays
    as it is; one without votes is told otherwise, or retired. What is in no version and was sent nowhere is cut anew,
    as `claims` does it.
    """
    desk = Desk(settings)
    with desk.workspace.writing("claims", now=now):
        amounts = chosen(settings)
        committed, staged = desk.committed_claims(), desk.staging.claims()
        known = _known(desk, committed)
        stay = held(desk, known)
        articles = _to_cut(desk, known, stay)
        extracted = cut(articles, amounts=amounts, clock=settings.desk.clock, progress=progress)
        failed = extracted.rejected.filter(pl.col("code") == "UNEXPECTED")
        done = articles["article_id"].filter(~articles["article_id"].is_in(failed["subject"].to_list())).to_list()
        mine = pl.col("article_id").is_in(done)
        found = claims_stage.recut(known.filter(mine), extracted.claims.filter(mine), held=stay)
        changed = pl.concat([found.updated, found.retired])
        untouched = known.join(changed, on="claim_id", how="anti", maintain_order="left")
        new = claims_stage.group(found.new, pl.concat([untouched, found.updated]))
        version = None
        if not dry_run:
            desk.workspace.quarantine(failed, now=now)
            unread = staged.filter(~mine).join(changed, on="claim_id", how="anti", maintain_order="left")
            waiting = pl.concat([untouched, unread]).unique("claim_id", maintain_order=True)
            waiting = waiting.join(committed, on="claim_id", how="anti", maintain_order="left")
            version = _store(desk, waiting, changed, new, now=now)
    older = _ACTIVE & (pl.col("extractor") != claims_stage.extractor(amounts)) & ~pl.col("extractor").is_in(WORDED)
    return Again(
        len(done),
        _named(found.retired),
        _named(found.updated),
        _named(new.join(staged, on="claim_id", how="anti", maintain_order="left")),
        known.filter(mine, older, pl.col("claim_id").is_in(stay)).height,
        found.left_out,
        failed.height,
        version.version if version else None,
    )


def held(desk: Desk, claims: pl.DataFrame) -> list[str]:
    """The ids of those of the claims that no extractor touches.

    People voted on their group or an import decided it, a person worded or mended them, a helper cut them, or they were
    taken away by something else than rules.
    """
    touched: list[str] = []
    data = desk.committed()
    if data is not None and data.head:
        events = data.claim_events().select("claims", "made").collect()
        gone = data.claims().filter(~_ACTIVE).select("claim_id", "version").collect()
        by_rules = _by_rules(data)
        touched += [claim for row in events.iter_rows() for ids in row for claim in ids]
        touched += gone.filter(~pl.col("version").is_in(by_rules))["claim_id"].to_list()
    mine = (
        pl.col("group_id").is_in(list(voted(desk, claims)))
        | pl.col("extractor").is_in(WORDED)
        | pl.col("extractor").str.starts_with(f"{HELPER} ")  # no rules cut it, so none cut it otherwise now
        | pl.col("claim_id").is_in(touched)
    )
    return claims.filter(mine)["claim_id"].to_list()


def answered(desk: Desk, events: pl.DataFrame) -> pl.DataFrame:
    """The claims that rules had retired and that people answered meanwhile, active again: rows of models.Claim.

    `events` are new states of annotations. Somebody worked on the claim, so it is checked after all.
    """
    said = events.filter(pl.col("state") == str(AnnotationState.SUBMITTED))["claim_id"].unique().to_list()
    found = [desk.staging.claims(where=~_ACTIVE & pl.col("claim_id").is_in(said))]
    data = desk.committed()
    if said and data is not None and data.head:
        asked = pl.col("claim_id").is_in(said)
        mine = data.claims_among(pl.Series("claim_id", said, pl.String)).filter(~_ACTIVE, asked).collect()
        found.insert(0, mine.filter(pl.col("version").is_in(_by_rules(data))).drop("version"))
        there = data.claim_changes().filter(pl.col("claim_id").is_in(said)).select("claim_id").unique().collect()
        found[1] = found[1].join(there, on="claim_id", how="anti", maintain_order="left")
    return pl.concat(found).with_columns(state=pl.lit(str(ClaimState.ACTIVE)))


def sent(desk: Desk) -> pl.DataFrame:
    """The staged claims that checkers may be looking at, in the desk's projects."""
    groups = {claim for name in desk.settings.projects for row in desk.sent(name).iter_rows() for claim in row}
    return desk.staging.claims(where=pl.col("group_id").is_in(list(groups)))


def _by_rules(data: Dataset) -> list[int]:
    """The versions that cut articles again."""
    return data.versions().filter(pl.col("cause") == RECUT)["version"].to_list()


def _known(desk: Desk, committed: pl.DataFrame) -> pl.DataFrame:
    """The claims that are in a version or were sent; the others may be cut anew without a trace."""
    return pl.concat([committed, sent(desk).join(committed, on="claim_id", how="anti", maintain_order="left")])


def _to_cut(desk: Desk, known: pl.DataFrame, stay: list[str]) -> pl.DataFrame:
    """The articles that rules cut: none that is a claim's own words, and none whose claims a person took away."""
    of_article = known.group_by("article_id").agg(
        worded=pl.col("extractor").is_in(WORDED).all(),
        dead=~_ACTIVE.any() & pl.col("claim_id").is_in(stay).any(),
    )
    left = of_article.filter(pl.col("worded") | pl.col("dead"))["article_id"].to_list()
    return desk.articles().filter(pl.col("source") != mending.SOURCE, ~pl.col("article_id").is_in(left))


def _store(
    desk: Desk, waiting: pl.DataFrame, changed: pl.DataFrame, new: pl.DataFrame, *, now: datetime
) -> Version | None:
    """Stages what is in no version; commits all together where a committed article has other claims now.

    `waiting` are the other claims that are in no version yet.
    """
    rows = pl.concat([changed, new])
    articles = desk.staging.articles()
    staged = rows.filter(pl.col("article_id").is_in(articles["article_id"].to_list()))
    desk.staging.set_claims(pl.concat([waiting, staged]))
    desk.workspace.note_cut(articles["article_id"])
    if staged.height == rows.height:
        return None
    data, head = desk.dataset, desk.dataset.version()
    together = pl.concat([waiting, rows])
    version = dataset_package.commit(
        data,
        articles=articles,
        claims=together,
        cause=RECUT,
        message=f"articles cut again: {new.height:,} new claims, {changed.height:,} changed",
        # Where a pull without news left off, the next one goes on, although the head is another then.
        cursor=desk.staging.cursor(head.version_hash if head else None),
        policy="" if head else desk.rule(),
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=together["claim_id"])
    return version


def _named(claims: pl.DataFrame) -> list[dict[str, Any]]:
    return claims.select("claim_id", "quote").to_dicts()
