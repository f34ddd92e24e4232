"""Earlier decisions as records: an article, a claim and a verdict with its source.

An imported verdict has no votes; whoever votes on the claim afterwards decides it anew.
"""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.errors import UsageError
from factcheck.folding import match_key
from factcheck.frames import from_records, schema
from factcheck.importers.draft import reject, unexpected
from factcheck.models import Article, Claim, Origin, Rejection, Status, VerdictChange, article_id, claim_id
from factcheck.text import has_surrogate, strip_controls

EXTRACTOR = "import"


def source_name(source: str) -> str:
    """The source as stored beside each imported verdict; raises UsageError for one without a word."""
    name = " ".join(strip_controls(source)[0].split())
    if not match_key(name) or has_surrogate(name):
        raise UsageError("the source has no name", subject="--source", hint='say who decided: --source "Desk X, 2019"')
    return name


class Records(NamedTuple):
    """The decisions of which records could be made, with an article and a claim for each row; the other ones."""

    decisions: pl.DataFrame
    articles: pl.DataFrame
    claims: pl.DataFrame
    rejected: pl.DataFrame


def records(dated: pl.DataFrame, *, now: datetime) -> Records:
    """The articles and claims of the decisions, one of each a row and in their order.

    `dated` is `documents.DECISIONS` with `file`, `lang`, `published_at`, `published_day`, `calendar`, `decided_at`. A
    decision of which no record can be made is rejected with all its rows.

    The article's text is the claim's words, exactly; the claim is all of it and a group of its own until it is grouped.
    """
    made: list[tuple[Article, Claim] | None] = []
    failed: dict[tuple[int, int], Rejection] = {}
    for row in dated.iter_rows(named=True):
        try:
            made.append(_record(row, now))
        except Exception as error:  # noqa: BLE001 - one bad record costs that record
            made.append(None)
            failed[row["file"], row["decision"]] = unexpected(error, row["subject"], row["claim"])
    if not failed:
        kept = dated
    else:
        sound = [key not in failed for key in zip(dated["file"], dated["decision"], strict=True)]
        kept = dated.filter(pl.Series(sound, dtype=pl.Boolean))
        made = list(itertools.compress(made, sound))
    pairs = [pair for pair in made if pair is not None]
    return Records(
        kept,
        from_records(Article, [article for article, _ in pairs]),
        from_records(Claim, [claim for _, claim in pairs]),
        from_records(Rejection, failed.values()),
    )


def _record(row: dict[str, Any], now: datetime) -> tuple[Article, Claim]:
    text = row["claim"]
    article = Article(
        article_id=article_id(url=row["url"], publisher=row["publisher"], title=row["title"], text=text),
        url=row["url"],
        source=row["subject"],
        publisher=row["publisher"],
        source_chain=[row["publisher"]] if row["publisher"] else [],
        title=row["title"],
        lang=row["lang"],
        published_at=row["published_at"],
        published_raw=row["claimed_raw"],
        published_day=row["published_day"],
        calendar=row["calendar"],
        text=text,
        warnings=row["warnings"],
        fetched_at=now,
    )
    own_id = claim_id(article_id=article.article_id, start=0, end=len(text), quote=text)
    claim = Claim(
        claim_id=own_id,
        article_id=article.article_id,
        group_id=own_id,
        start=0,
        end=len(text),
        quote=text,
        lang=row["lang"],
        claimant=row["claimant"],
        check_worthiness=1.0,
        reasons=["decided before +1.00"],
        extractor=EXTRACTOR,
    )
    return article, claim


def verdicts(grouped: pl.DataFrame, before: pl.DataFrame, *, source: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The verdict rows (`VerdictChange`) of the groups, sorted by claim id, and the rejections (`models.Rejection`).

    `grouped` is what `records` was given, with `file` and `group_id`, `before` the last verdict row of each claim.
    A group that people voted on or that another source decided is ALREADY_DECIDED; one whose rows disagree here is
    CONTRADICTORY. What the same source said before is kept where it said the same, so that an import made again
    changes nothing.
    """
    last = before.select(
        group_id="claim_id",
        was=_outcome(),
        was_status=pl.col("status"),
        was_origin=pl.col("origin"),
        was_source=pl.col("source"),
        voted=(pl.col("n_votes") > 0) | pl.col("adjudicator").is_not_null(),
        old_rationales=pl.col("rationales"),
        old_evidence=pl.col("evidence"),
        old_decided_at=pl.col("decided_at"),
    )
    rows = grouped.join(last, on="group_id", how="left", maintain_order="left").with_columns(
        other=(pl.col("was_origin") == str(Origin.IMPORT)) & (pl.col("was_source") != source),
        torn=pl.col("verdict").n_unique().over("group_id") > 1,
    )
    taken = pl.col("voted").fill_null(value=False) | pl.col("other").fill_null(value=False)
    refused = rows.filter(taken | pl.col("torn")).unique(["file", "decision"], keep="first", maintain_order=True)
    good = rows.filter(~(taken | pl.col("torn")))
    return _changes(good, source), from_records(Rejection, [_refusal(row) for row in refused.iter_rows(named=True)])


def _outcome() -> pl.Expr:
    """What a verdict row says as `documents.DECISIONS` has it: the verdict, or `unproven`."""
    unproven = str(Status.UNPROVEN)
    return pl.when(pl.col("status") == unproven).then(pl.lit(unproven)).otherwise("verdict")


def _changes(good: pl.DataFrame, source: str) -> pl.DataFrame:
    same = pl.col("was") == pl.col("verdict")
    unproven = pl.col("verdict") == str(Status.UNPROVEN)
    kept = [
        pl.when(same).then(f"old_{name}").otherwise(None).fill_null([]).alias(f"old_{name}")
        for name in ("rationales", "evidence")
    ]
    table = (
        good.with_columns(*kept, pl.when(same).then("old_decided_at").alias("old_decided_at"))
        .group_by("group_id", maintain_order=True)
        .agg(
            pl.col("verdict").first(),
            *(
                pl.concat_list(
                    pl.col(f"old_{name}").first(),
                    pl.col(name).list.explode(keep_nulls=False, empty_as_null=False).implode(),
                )
                .list.unique(maintain_order=True)
                .alias(name)
                for name in ("rationales", "evidence")
            ),
            pl.max_horizontal(pl.col("decided_at").max(), pl.col("old_decided_at").first()).alias("decided_at"),
        )
        .with_columns(
            claim_id="group_id",
            status=pl.when(unproven).then("verdict").otherwise(pl.lit(str(Status.DECIDED))),
            verdict=pl.when(~unproven).then("verdict"),
            agreement=pl.lit(None, pl.Float64),
            adjudicator=pl.lit(None, pl.String),
            reason=pl.lit(None, pl.String),
            policy=pl.lit(f"import({source})"),
            origin=pl.lit(str(Origin.IMPORT)),
            source=pl.lit(source),
            **{name: pl.lit(0, pl.Int64) for name in schema(VerdictChange) if name.startswith("n_")},
        )
    )
    target = schema(VerdictChange)
    return table.select(pl.col(name).cast(dtype) for name, dtype in target.items()).sort("claim_id")


def _refusal(row: dict[str, object]) -> Rejection:
    said = f"{row['verdict']}: {row['claim']}"
    if row["voted"]:
        stands = row["was"] or row["was_status"]
        reason = f"annotators have already voted on this claim ({stands}, {row['group_id']}); see `factcheck show`"
        return reject("ALREADY_DECIDED", str(row["subject"]), reason, said)
    if row["other"]:
        reason = (
            f"already has the verdict {row['was']} from {row['was_source']} ({row['group_id']}), "
            "another source; let annotators decide it"
        )
        return reject("ALREADY_DECIDED", str(row["subject"]), reason, said)
    reason = "the same claim has a different verdict elsewhere in this import: remove the wrong one"
    return reject("CONTRADICTORY", str(row["subject"]), reason, said)
