"""Which rows of a view a profile shows, and why each other row is left out."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from factcheck.exporters.contract import STAGE
from factcheck.exporters.profiles import Profile
from factcheck.frames import schema
from factcheck.models import ClaimState, Rejection, Status


class Selected(NamedTuple):
    """Rows to show in the profile's order, and a frame of `models.Rejection` for the rest; none is lost."""

    rows: pl.DataFrame
    rejected: pl.DataFrame


def select(view: pl.DataFrame, profile: Profile, *, tombstones: bool = False) -> Selected:
    """The view split by the profile's filters; the first filter that a row fails is its reason.

    With `tombstones` a claim that is withdrawn or has no verdict passes all filters but that of its language.
    Codes: WITHDRAWN, FILTERED_STATUS, FILTERED_VERDICT, FILTERED_LANGUAGE, FILTERED_AGREEMENT.
    """
    filters = profile.filters
    rules: list[tuple[str, str, pl.Expr]] = []
    if not filters.withdrawn:
        rules.append(("WITHDRAWN", "the claim was withdrawn", pl.col("state") == ClaimState.ACTIVE))
    for code, column, wanted in (
        ("FILTERED_STATUS", "status", [str(item) for item in filters.statuses]),
        ("FILTERED_VERDICT", "verdict", [str(item) for item in filters.verdicts]),
        ("FILTERED_LANGUAGE", "lang", filters.languages),
    ):
        if wanted:
            reason = f"profile {profile.name} shows {column} {', '.join(wanted)} only"
            rules.append((code, reason, pl.col(column).is_in(wanted)))
    if filters.min_agreement > 0:
        reason = f"profile {profile.name} asks for agreement of {filters.min_agreement} or more"
        rules.append(("FILTERED_AGREEMENT", reason, pl.col("agreement") >= filters.min_agreement))
    if tombstones:
        gone = (pl.col("state") != ClaimState.ACTIVE) | pl.col("verdict").is_null()
        rules = [(code, why, rule if code == "FILTERED_LANGUAGE" else rule | gone) for code, why, rule in rules]
    failed = [pl.when(~rule.fill_null(value=False)).then(pl.lit(code)) for code, _, rule in rules]
    reason_of = {code: reason for code, reason, _ in rules}
    marked = view.with_columns(pl.coalesce([*failed, pl.lit(None, pl.String)]).alias("__code"))
    rejected = marked.filter(pl.col("__code").is_not_null()).select(
        stage=pl.lit(STAGE),
        code="__code",
        subject="claim_id",
        reason=pl.col("__code").replace_strict(reason_of, default=None, return_dtype=pl.String),
        payload=pl.lit(None, pl.String),
    )
    rows = marked.filter(pl.col("__code").is_null()).drop("__code")
    return Selected(_sorted(rows, profile.sort), rejected.cast(schema(Rejection)))


_OF_A_VERDICT = (
    "status", "verdict", "reason", "n_verified", "n_disputed", "n_opinion", "n_unproven", "n_not_a_claim", "agreement",
    "rationales", "evidence", "decided_at", "policy", "verdict_origin", "verdict_source",
)  # fmt: skip


def without_withdrawn_verdicts(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with nothing of a verdict where the claim was withdrawn: what was taken back is shown to nobody.

    How many people answered, and when what readers see changed, stays.
    """
    kept = pl.when(pl.col("state") == ClaimState.ACTIVE)
    lists = [name for name in _OF_A_VERDICT if rows.schema[name].base_type() is pl.List]
    return rows.with_columns(
        kept.then(pl.col(lists)).otherwise(pl.lit([], pl.List(pl.String))),
        kept.then(pl.col([name for name in _OF_A_VERDICT if name not in lists])),
    )


_STATUSES = (
    Status.DECIDED, Status.CONTESTED, Status.UNPROVEN, Status.NOT_A_CLAIM, Status.SINGLE, Status.UNREVIEWED,
)  # fmt: skip
_ORDER = pl.col("status").replace_strict([str(status) for status in _STATUSES], range(len(_STATUSES)))
"""What an editor looks for first: what is decided, what needs a decision, then the rest."""


def _sorted(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    if not by:
        return rows
    names = [name.removeprefix("-") for name in by]
    keys = [_ORDER if name == "status" else pl.col(name) for name in names]
    return rows.sort(keys, descending=[name.startswith("-") for name in by], nulls_last=True, maintain_order=True)
