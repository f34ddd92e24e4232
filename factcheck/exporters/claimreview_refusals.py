"""Which rows of a view have no ClaimReview, and why, by expressions; `as_claimreview.refusal` says it of one row."""

from __future__ import annotations

import polars as pl

from factcheck.exporters.contract import STAGE
from factcheck.exporters.profiles import Profile
from factcheck.models import ClaimState, Origin, Status, Verdict

WITHDRAWN = "the claim was withdrawn, and a ClaimReview says what stands"
UNPROVEN = "could not be settled, which is no verdict; set `unproven = true` to include such claims"
NO_VERDICT = "ClaimReview covers only decided claims; this one is {}"
OPINION = "the scale means truth; set `opinion = true` to include opinions"
IMPORTED = "decided elsewhere ({}): not this desk's review"


def refused(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The rows without a review, as `__row` and the columns of `models.Rejection`."""
    unproven = pl.col("status") == Status.UNPROVEN
    options = profile.claimreview
    cases = [
        (pl.col("state").ne_missing(str(ClaimState.ACTIVE)), "WITHDRAWN", pl.lit(WITHDRAWN)),
        (unproven & (not options.unproven), "UNPROVEN", pl.lit(UNPROVEN)),
        (pl.col("verdict").is_null() & ~unproven, "NO_VERDICT", _with(NO_VERDICT, "status")),
        ((pl.col("verdict") == Verdict.OPINION) & (not options.opinion), "OPINION", pl.lit(OPINION)),
        (pl.col("verdict_origin") == Origin.IMPORT, "IMPORTED", _with(IMPORTED, "verdict_source")),
    ]
    found = rows.select(
        "__row",
        stage=pl.lit(STAGE),
        code=pl.coalesce(pl.when(case).then(pl.lit(code)) for case, code, _ in cases),
        subject="claim_id",
        reason=pl.coalesce(pl.when(case).then(reason) for case, _, reason in cases),
        payload=pl.lit(None, pl.String),
    )
    return found.filter(pl.col("code").is_not_null())


def _with(sentence: str, column: str) -> pl.Expr:
    before, _, after = sentence.partition("{}")
    return pl.concat_str(pl.lit(before), pl.col(column).fill_null("None"), pl.lit(after))
