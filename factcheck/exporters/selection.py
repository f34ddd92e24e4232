"""Which rows of a view a profile shows, and why each other row is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from factcheck.exporters.columns import chosen, flattened
from factcheck.exporters.contract import STAGE, ExportContext
from factcheck.exporters.filters import Rule, rules
from factcheck.exporters.profiles import Profile
from factcheck.exporters.view import OF_A_VERDICT
from factcheck.frames import schema
from factcheck.models import ClaimState, EditorialState, Rejection, Status


class Selected(NamedTuple):
    """Rows to show in the profile's order, and a frame of `models.Rejection` for the rest; none is lost."""

    rows: pl.DataFrame
    rejected: pl.DataFrame


def select(view: pl.DataFrame, profile: Profile, context: ExportContext, *, tombstones: bool = False) -> Selected:
    """The view split by the profile's filters; the first filter that a row fails is its reason.

    Days and versions that filters name are those of the context. With `tombstones` a claim that is withdrawn or has no
    verdict passes all filters but those of what was claimed: language, outlet, topic, claimant, date; and that of the
    editorial state, if a person ever let its words go further than a draft.
    Codes: WITHDRAWN, and FILTERED_ with STATUS, VERDICT, EDITORIAL, DECIDED, TAG, CHANGED, LANGUAGE, OUTLET, TOPIC,
    CLAIMANT, PUBLISHED, AGREEMENT. Raises as `filters.rules` does.
    """
    found = rules(profile.filters, subject=profile.name)
    passed = [rule.passes(view, context) for rule in found]
    if tombstones:
        passed = [_or_gone(rule, passes) for rule, passes in zip(found, passed, strict=True)]
    marked, rejected = _told(view, profile, found, passed)
    return Selected(_sorted(marked, profile, context), rejected)


_ONCE_PUBLIC = [str(state) for state in EditorialState if state != EditorialState.DRAFT]


def _or_gone(rule: Rule, passes: pl.Expr) -> pl.Expr:
    """What the rule lets through, and what has no result any more where the rule is about results."""
    if rule.of_claim:
        return passes
    none = pl.col("verdict").is_null()
    withdrawn = pl.col("state") != str(ClaimState.ACTIVE)
    if rule.code == "FILTERED_EDITORIAL":  # only what readers have seen has a page that can say that it is gone
        seen = pl.col("editorial_state").is_in(_ONCE_PUBLIC)
        return passes | ((withdrawn | none) & seen)
    if rule.code not in {"WITHDRAWN", "FILTERED_STATUS", "FILTERED_VERDICT"}:
        none &= pl.col("status") != str(Status.UNPROVEN)  # a result that readers see, though it is no verdict
    return passes | withdrawn | none


def select_corrections(corrections: pl.DataFrame, profile: Profile, context: ExportContext) -> Selected:
    """The corrections of claims that the filters let through, as far as these ask what was claimed and not the result.

    `corrections` are those of the context, with `quote`, `lang` and `claimant`; they keep their order.
    """
    found = [rule for rule in rules(profile.filters, subject=profile.name) if counts_for_corrections(rule)]
    passed = [rule.passes(corrections, context) for rule in found]
    return Selected(*_told(corrections, profile, found, passed))


def counts_for_corrections(rule: Rule) -> bool:
    """Whether a filter can be asked of a correction: it changed a result, and tells of the claim alone."""
    return rule.of_claim and set(rule.reads) <= {"lang", "claimant"}


def _told(
    frame: pl.DataFrame, profile: Profile, found: Sequence[Rule], passed: Sequence[pl.Expr]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that pass every rule, and a rejection for each other row that names the first rule it fails."""
    failed = [
        pl.when(~passes.fill_null(value=False)).then(pl.lit(rule.code))
        for rule, passes in zip(found, passed, strict=True)
    ]
    reason_of = {rule.code: f"profile {profile.name} shows {rule.words}" for rule in found}
    marked = frame.with_columns(pl.coalesce([*failed, pl.lit(None, pl.String)]).alias("__code"))
    rejected = marked.filter(pl.col("__code").is_not_null()).select(
        stage=pl.lit(STAGE),
        code="__code",
        subject="claim_id",
        reason=pl.col("__code").replace_strict(reason_of, default=None, return_dtype=pl.String),
        payload=pl.lit(None, pl.String),
    )
    return marked.filter(pl.col("__code").is_null()).drop("__code"), rejected.cast(schema(Rejection))


def without_withdrawn_verdicts(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with nothing of a verdict where the claim was withdrawn: what was taken back is shown to nobody.

    How many people answered, and when what readers see changed, stays.
    """
    kept = pl.when(pl.col("state") == ClaimState.ACTIVE)
    lists = [name for name in OF_A_VERDICT if rows.schema[name].base_type() is pl.List]
    return rows.with_columns(
        kept.then(pl.col(lists)).otherwise(pl.lit([], pl.List(pl.String))),
        kept.then(pl.col([name for name in OF_A_VERDICT if name not in lists])),
    )


_STATUSES = (
    Status.DECIDED, Status.CONTESTED, Status.UNPROVEN, Status.NOT_A_CLAIM, Status.SINGLE, Status.UNREVIEWED,
)  # fmt: skip
_ORDER = pl.col("status").replace_strict([str(status) for status in _STATUSES], range(len(_STATUSES)))
"""What an editor looks for first: what is decided, what needs a decision, then the rest."""


def _sorted(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    """The rows in the profile's order; a list counts as the text that a table shows of it, and nulls come last."""
    if not profile.sort:
        return rows
    keys = sort_keys(rows, profile, context).with_row_index("__row")
    order = keys.sort(keys.columns[1:], descending=descending(profile), nulls_last=True, maintain_order=True)
    return rows[order["__row"]]


def descending(profile: Profile) -> list[bool]:
    """Which of the profile's keys go down."""
    return [name.startswith("-") for name in profile.sort]


def sort_keys(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    """What the profile sorts the rows by, a column `__key_...` for each of its keys."""
    names = [name.removeprefix("-") for name in profile.sort]
    made = [name for name in names if name not in rows.columns or rows.schema[name].is_nested()]
    keys = rows.select(name for name in names if name not in made)
    if made:
        signed = profile.signed(context)
        # Beside a column of the rows: alone, what is the same in all of them would be one value.
        shown = chosen(rows, ["claim_id", *made], signed, profile.language or signed.language)
        keys = pl.concat([keys, flattened(shown).select(made)], how="horizontal")
    return keys.select(
        (_ORDER if name == "status" else pl.col(name)).alias(f"__key_{number}") for number, name in enumerate(names)
    )
