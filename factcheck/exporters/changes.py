"""What changed for a reader between two versions: the difference of what a profile showed and what it shows. Pure.

A change says what a claim's page showed before and what it shows now, so that changes applied to what stood before
give what stands now, and those of two stretches one after the other give those of both together.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from factcheck.exporters import editorial, labels, pages
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import select
from factcheck.frames import UTC_MICROSECONDS
from factcheck.languages import Language
from factcheck.models import ClaimState, Status

_OUTCOME = ("status", "verdict", "reason")
_WORDS = ("quote", "claimant", "publisher", "published_at")
_GROUNDS = ("rationales", "evidence")
SHOWN = pl.Struct(
    {
        "status": pl.String(),
        "verdict": pl.String(),
        "reason": pl.String(),
        "label": pl.String(),
        "quote": pl.String(),
        "claimant": pl.String(),
        "publisher": pl.String(),
        "published_at": UTC_MICROSECONDS,
        "rationales": pl.List(pl.String),
        "evidence": pl.List(pl.String),
    }
)
"""What a page shows; `label` is its verdict in words of the desk's language."""
SCHEMA = pl.Schema(
    {
        "claim_id": pl.String(),
        "kind": pl.String(),
        "kind_label": pl.String(),
        "quote": pl.String(),
        "lang": pl.String(),
        "claimant": pl.String(),
        "before": SHOWN,
        "after": SHOWN,
        "cause": pl.String(),
        "message": pl.String(),
        "replaced_by": pl.List(pl.String),
        "version": pl.Int64(),
        "committed_at": UTC_MICROSECONDS,
        "page": pl.String(),
        "editorial_state": pl.String(),
    }
)
"""A row per claim. `before` and `after` are null where the reader saw or sees nothing of it; what a claim is now that
left the site says `kind`. `cause` and `message` say why, where the version that changed it does."""
KINDS = tuple(labels.KINDS_OF_CHANGE)
REMOVALS = KINDS[:4]
"""What has to come off the site."""


def changes(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    facts: pl.DataFrame,
    log: pl.DataFrame,
    profile: Profile,
    context: ExportContext,
) -> pl.DataFrame:
    """The changes in the columns of `SCHEMA`: what has to come off the site, then what changed, then what is new.

    Before all of these stand claims whose editors' words wait for a review.

    `before` and `after` are views (`view.SCHEMA`) of the claims that were touched, as of the two versions; `facts` and
    `log` are those of `dataset.touched`. Shown is what the profile's filters let through and has a verdict, or is
    unproven where the profile publishes that; days and versions that the filters name are the newer version's on both
    sides, so that nothing differs but claims. Within a kind the newest change comes first.
    """
    context = profile.signed(context)
    language = profile.language or context.language
    both = _side(before, profile, context, "before").join(
        _side(after, profile, context, "after"), on="claim_id", how="full", coalesce=True
    )
    was, is_now = pl.col("was_shown").fill_null(value=False), pl.col("is_shown").fill_null(value=False)
    told = (
        both.filter(was | is_now)
        .join(facts, on="claim_id", how="left")
        .with_columns(kind=_kind(was, is_now))
        .filter(pl.col("kind").is_not_null())
        .with_columns(version=_version())
        .join(log.select("version", "committed_at", "cause", "message"), on="version", how="left")
    )
    opening, ending = pages.pattern(profile, context)
    either = [
        pl.coalesce(pl.col("after").struct.field(name), pl.col("before").struct.field(name)).alias(name)
        for name in ("quote", "claimant")
    ]
    kinds = {kind: text[language] for kind, text in labels.KINDS_OF_CHANGE.items()}
    return (
        told.with_columns(
            *either,
            before=pl.when(was).then("before"),
            after=pl.when(is_now).then("after"),
            lang=pl.coalesce("after_lang", "before_lang"),
            kind_label=pl.col("kind").replace_strict(kinds, return_dtype=pl.String),
            replaced_by=pl.when(pl.col("kind") == "claim_reworded").then("replaced_by").otherwise([]),
            page=pl.coalesce("after_page", "before_page", pl.lit(opening) + pl.col("claim_id") + pl.lit(ending)),
            editorial_state="after_editorial",
            rank=pl.col("kind").replace_strict({kind: rank for rank, kind in enumerate(KINDS)}, return_dtype=pl.Int64),
        )
        .sort("rank", "version", "claim_id", descending=[False, True, False])
        .pipe(editorial.first_for_review)
        .select(list(SCHEMA))
        .cast(SCHEMA)
    )


def _side(view: pl.DataFrame, profile: Profile, context: ExportContext, side: str) -> pl.DataFrame:
    """Of each claim what a page shows of it (`side`), whether it is shown, and whether the claim itself has gone."""
    published = pl.col("verdict").is_not_null()
    if profile.claimreview.unproven:
        published |= pl.col("status") == str(Status.UNPROVEN)
    active = pl.col("state") == str(ClaimState.ACTIVE)
    view = editorial.for_readers(view)
    label = _label(profile.language or context.language, context.words).alias("label")
    chosen = select(view, profile, context).rows.filter(published & active)["claim_id"]
    return view.select(
        "claim_id",
        pl.struct(*_OUTCOME, label, *_WORDS, *_GROUNDS).alias(side),
        pl.col("claim_id").is_in(chosen.implode()).alias({"before": "was_shown", "after": "is_shown"}[side]),
        (~active).alias(f"{side}_gone"),
        pl.col("lang").alias(f"{side}_lang"),
        pl.col("page_url").alias(f"{side}_page"),
        pl.col("editorial_state").alias(f"{side}_editorial"),
    )


def _label(language: Language, own: Mapping[str, str]) -> pl.Expr:
    """`labels.rating_of` for a column; a status in its own words where there is no verdict."""
    ratings, statuses = (
        {str(key): own.get(str(key)) or text[language] for key, text in texts.items()}
        for texts in (labels.RATINGS | labels.REASONS, labels.STATUSES)
    )
    rated = pl.coalesce("reason", "verdict").replace_strict(ratings, default=None, return_dtype=pl.String)
    return pl.coalesce(rated, pl.col("status").replace_strict(statuses, default=None, return_dtype=pl.String))


def _kind(was: pl.Expr, is_now: pl.Expr) -> pl.Expr:
    gone = pl.col("after_gone").fill_null(value=True)
    without = pl.col("after").struct.field("verdict").is_null()
    lost = (
        pl.when(gone & (pl.col("replaced_by").list.len() > 0))
        .then(pl.lit("claim_reworded"))
        .when(gone)
        .then(pl.lit("claim_withdrawn"))
        .when(without)
        .then(pl.lit("verdict_withdrawn"))
        .otherwise(pl.lit("left_out"))
    )
    return (
        pl.when(was & ~is_now)
        .then(lost)
        .when(~was & is_now)
        .then(pl.lit("verdict_new"))
        .when(_differ(_OUTCOME))
        .then(pl.lit("verdict_changed"))
        .when(_differ(_WORDS))
        .then(pl.lit("words_corrected"))
        .when(_differ(_GROUNDS))
        .then(pl.lit("grounds_changed"))
    )


def _differ(names: tuple[str, ...]) -> pl.Expr:
    before, after = (pl.col(side).struct for side in ("before", "after"))
    return pl.any_horizontal(before.field(name).ne_missing(after.field(name)) for name in names)


def _version() -> pl.Expr:
    """The version that brought what the kind is about; the last one that touched the claim where none says so."""
    verdict, grounds, words = pl.col("verdict_in"), pl.col("grounds_in"), pl.col("words_in")
    of_words = pl.col("kind").is_in(["claim_withdrawn", "claim_reworded", "words_corrected"])
    last = pl.max_horizontal(verdict, grounds, words, "counted_in")
    return (
        pl.when(of_words)
        .then(pl.coalesce(words, last))
        .when(pl.col("kind") == "grounds_changed")
        .then(pl.coalesce(grounds, last))
        .when(pl.col("kind") == "left_out")
        .then(last)
        .otherwise(pl.coalesce(verdict, last))
    )
