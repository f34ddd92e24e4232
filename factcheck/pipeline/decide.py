"""`decide`: from the events of the dataset to the verdicts they give, after a pull and when the rule has changed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames, verdicts
from factcheck.errors import UsageError
from factcheck.models import AnnotationEvent, Origin, Status, VerdictChange, Version
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.fallen import RESULT, VERDICT, fallen
from factcheck.pipeline.merged import SETTLED, WORDS, decided
from factcheck.pipeline.rule import Rule, refuse_empty_roster, settings_rule, warnings_of_settings
from factcheck.reading.standing import in_groups
from factcheck.settings import Settings

LANDSLIDE_COUNT, LANDSLIDE_SHARE = 10, 0.05
"""More verdicts than both of these do not change or go by `decide` unasked."""


class Plan(NamedTuple):
    """What deciding every claim again would change, and nothing of it done.

    `rows` are those of the version (models.VerdictChange), `fell` the results that would become others or go, each
    with its claim's words (`fallen.SCHEMA`), `warnings` what a person should look at in the settings.
    """

    rule: Rule
    rows: pl.DataFrame
    counts: tuple[int, int, int]
    fell: pl.DataFrame
    warnings: list[str]


class Decision(NamedTuple):
    """What deciding every claim again changed, and the version that says so; None where nothing did."""

    version: Version | None
    new: int
    changed: int
    withdrawn: int
    fell: pl.DataFrame
    warnings: list[str]


def plan(desk: Desk) -> Plan:
    """What deciding every claim by the rule of the settings would change.

    Raises ConfigError where the roster matches nobody who answered.
    """
    rule = settings_rule(desk)
    refuse_empty_roster(desk, rule)
    rows = changed_verdicts(desk, frames.empty(AnnotationEvent), rule, everything=True)
    before = desk.dataset.verdicts().collect()
    return Plan(rule, rows, _counts(rows, before), fallen(rows, desk.dataset), warnings_of_settings(desk))


def decide_again(desk: Desk, *, yes: bool, now: datetime) -> Decision:
    """Every claim decided again by the rule of the settings; the version is made only where something differs.

    Raises ConfigError where the roster matches nobody who answered, UsageError where more results than a share would
    change or go and `yes` is not given.
    """
    data = desk.dataset
    head = data.version()
    assert head is not None
    planned = plan(desk)
    name, rows = planned.rule.name, planned.rows
    if rows.is_empty() and head.policy == name:
        return Decision(None, 0, 0, 0, planned.fell, planned.warnings)
    if not yes:
        gone = planned.fell.select(pl.col("after_status").is_in(SETTLED).not_().sum()).item()
        refuse_landslide(
            (planned.counts[0], planned.fell.height - gone, gone),
            data,
            subject="decide",
            hint=(
                "check [verdicts] in factcheck.toml and FACTCHECK_VERDICTS__* in the environment; "
                "to go ahead, run `factcheck decide --yes`"
            ),
            standing=RESULT,
        )
    version = dataset_package.commit(
        data,
        verdicts=rows,
        cause="policy",
        message=f"{head.policy} -> {name}" if head.policy != name else "decided again",
        cursor=head.cursor | planned.rule.as_cursor(),
        policy=name,
        now=now,
    )
    return Decision(version, *planned.counts, planned.fell, planned.warnings)


def _counts(rows: pl.DataFrame, before: pl.DataFrame) -> tuple[int, int, int]:
    """How many verdicts are new, how many become another one, and how many go."""
    both = rows.select("claim_id", "verdict").join(
        before.select("claim_id", was="verdict"), on="claim_id", how="left", maintain_order="left"
    )
    is_one, was_one = pl.col("verdict").is_not_null(), pl.col("was").is_not_null()
    differs = pl.col("verdict") != pl.col("was")
    counts = both.select(
        (is_one & ~was_one).sum().alias("new"),
        (is_one & was_one & differs).sum().alias("changed"),
        (~is_one & was_one).sum().alias("withdrawn"),
    ).row(0)
    return counts[0], counts[1], counts[2]


def refuse_landslide(
    counts: tuple[int, int, int],
    data: dataset_package.Dataset,
    *,
    subject: str,
    hint: str,
    standing: pl.Expr = VERDICT,
) -> None:
    """Raises UsageError where of (new, changed, withdrawn) verdicts more change or go than may do so unasked.

    `standing` is what there is before of a verdict row, null for nothing: the verdict alone, or any `RESULT`.
    """
    _, changed, withdrawn = counts
    decided = data.verdicts().filter(standing.is_not_null()).select(pl.len()).collect().item()
    if changed + withdrawn > LANDSLIDE_COUNT and changed + withdrawn > LANDSLIDE_SHARE * decided:
        raise UsageError(
            f"this would change {changed:,} and withdraw {withdrawn:,} of {decided:,} verdicts",
            subject=subject,
            hint=hint,
        )


def changed_verdicts(
    desk: Desk, events: pl.DataFrame, rule: Rule, *, everything: bool = False, known: pl.DataFrame | None = None
) -> pl.DataFrame:
    """models.VerdictChange rows of the claims whose verdict or standing the new events, or all events, change.

    A policy that learns about voters from all claims decides all of them; another one only those with news: the
    claims of the new events, and those on which the same annotations stood before. `known` are the last states of
    the dataset where the caller has them.
    """
    if events.is_empty() and rule.policy.local and not everything:
        return frames.empty(VerdictChange)
    data = desk.dataset
    columns = frames.schema(AnnotationEvent).names()
    groups = desk.united()
    # `words`: the claim whose words stood on the task, where groups became one.
    told = [*map(pl.col, columns), pl.col("claim_id").alias(WORDS)]
    states = in_groups((data.last_states() if known is None else known).select(told), groups)
    events = in_groups(events.select(told), groups)
    after_all = pl.concat([states.join(events, on="annotation_key", how="anti"), events])
    touched = None
    if rule.policy.local and not everything:
        left = states.join(events, on="annotation_key", how="semi")["claim_id"]
        touched = pl.concat([events["claim_id"], left]).unique()
        after_all = after_all.filter(pl.col("claim_id").is_in(touched.implode()))
    was = data.verdicts(of=touched).select(frames.schema(VerdictChange).names()).collect()
    claim_ids = pl.concat([was["claim_id"], after_all["claim_id"]]).unique() if touched is None else touched
    return _worth_a_row(verdicts.changes(was, decided(data, after_all, claim_ids, rule)), was)


def _worth_a_row(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something: a claim nobody voted on has none, and an imported decision stands until a vote."""
    imported = before.filter(pl.col("origin") == str(Origin.IMPORT)).select("claim_id")
    unvoted = rows.filter(pl.col("status") == str(Status.UNREVIEWED))
    silent = pl.concat(
        [
            unvoted.join(before, on="claim_id", how="anti").select("claim_id"),
            unvoted.join(imported, on="claim_id", how="semi").select("claim_id"),
        ]
    )
    return rows.join(silent, on="claim_id", how="anti").sort("claim_id")


def decide(settings: Settings, *, yes: bool, now: datetime) -> Decision:
    """What the policy and roster of the settings make of the events there are, as a version where something differs.

    Raises UsageError where many verdicts would change or go and `yes` is not given.
    """
    desk = Desk(settings)
    with desk.workspace.writing("decide", now=now):
        desk.readable()
        return decide_again(desk, yes=yes, now=now)
