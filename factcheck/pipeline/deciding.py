"""From the events of the dataset to the verdicts they give: after a pull, and when the policy has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_room
from factcheck import frames, verdicts
from factcheck.dataset import annotators
from factcheck.errors import ConfigError, UsageError
from factcheck.models import IMPORTED_POLICY, AnnotationEvent, AnnotationState, Status, VerdictChange, Version
from factcheck.pipeline.desk import QUEUE, Desk

LANDSLIDE_COUNT, LANDSLIDE_SHARE = 10, 0.05
"""More verdicts than both of these do not change or go by `decide` unasked."""

NOT_COUNTED = "annotators whose answers do not count, because verdicts.roster lacks their addresses: {}"


RULE = ":rule"
"""Key in the cursor of a version, beside the projects: whose answers counted, so that a pull can go on by that rule."""


class Rule(NamedTuple):
    """By what verdicts are decided: the rule's name as a version keeps it, the policy, and who counts.

    `roster` is None where everybody's answers count.
    """

    name: str
    policy: verdicts.Policy
    roster: list[str] | None
    leads: list[str]

    def as_cursor(self) -> dict[str, Any]:
        """What a version's cursor keeps of it: annotator ids, never addresses."""
        return {RULE: {"name": self.name, "roster": self.roster, "leads": self.leads}}


class Decision(NamedTuple):
    """What deciding every claim again changes, and the version that says so; None where nothing does."""

    version: Version | None
    new: int
    changed: int
    withdrawn: int


def settings_rule(desk: Desk) -> Rule:
    """The rule of factcheck.toml and the environment."""
    chosen = desk.settings.verdicts
    return Rule(desk.rule(), desk.policy(), ids_of(desk, chosen.roster), ids_of(desk, chosen.leads) or [])


def standing_rule(desk: Desk) -> Rule | None:
    """The rule by which the newest version was decided, whatever the settings say now.

    None where it is not known whose answers counted: another machine decided by other people, in an older release.
    """
    data = desk.committed()
    head = data.version() if data else None
    asked = settings_rule(desk)
    if head is None or not head.policy or head.policy == asked.name:
        return asked
    kept = head.cursor.get(RULE, {})
    policy = verdicts.parse(head.policy.partition(" people:")[0])
    if kept.get("name") == head.policy:
        return Rule(head.policy, policy, kept["roster"], kept["leads"])
    return None if " people:" in head.policy else Rule(head.policy, policy, None, [])


def decide_again(desk: Desk, *, yes: bool, now: datetime) -> Decision:
    """Every claim decided again by the rule of the settings; the version is made only where something differs.

    Raises ConfigError where the roster matches nobody who answered, UsageError where more verdicts than a share would
    change or go and `yes` is not given.
    """
    data = desk.dataset
    head = data.version()
    assert head is not None
    rule = settings_rule(desk)
    refuse_empty_roster(desk, rule)
    rows = changed_verdicts(desk, frames.empty(AnnotationEvent), rule, everything=True)
    counts = _counts(rows, data.verdicts().collect())
    if rows.is_empty() and head.policy == rule.name:
        return Decision(None, 0, 0, 0)
    if not yes:
        _refuse_landslide(counts, data)
    version = dataset_room.commit(
        data,
        verdicts=rows,
        cause="policy",
        message=f"{head.policy} -> {rule.name}" if head.policy != rule.name else "decided again",
        cursor=head.cursor | rule.as_cursor(),
        policy=rule.name,
        now=now,
    )
    return Decision(version, *counts)


def refuse_empty_roster(desk: Desk, rule: Rule) -> None:
    """Raises ConfigError where no answer at all would count, because nobody who answered is on the roster."""
    if rule.roster or rule.roster is None:
        return
    if desk.dataset.last_states().filter(pl.col("state") == str(AnnotationState.SUBMITTED)).height:
        raise ConfigError(
            "nobody who has answered has an address of verdicts.roster, so that every verdict would be withdrawn",
            subject=", ".join(desk.settings.verdicts.roster),
            hint="correct them in factcheck.toml or FACTCHECK_VERDICTS_ROSTER; an empty roster counts everybody",
        )


def unknown_addresses(desk: Desk, known: Collection[str]) -> list[str]:
    """The addresses of roster and leads that are not among `known` ones."""
    chosen, there = desk.settings.verdicts, {email.lower() for email in known}
    return sorted({email for email in (*chosen.roster, *chosen.leads) if email.lower() not in there})


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


def _refuse_landslide(counts: tuple[int, int, int], data: dataset_room.Dataset) -> None:
    _, changed, withdrawn = counts
    decided = data.verdicts().filter(pl.col("verdict").is_not_null()).select(pl.len()).collect().item()
    if changed + withdrawn > LANDSLIDE_COUNT and changed + withdrawn > LANDSLIDE_SHARE * decided:
        raise UsageError(
            f"this changes {changed:,} and withdraws {withdrawn:,} of {decided:,} verdicts",
            subject="decide",
            hint="look at [verdicts] in factcheck.toml and the environment; `factcheck decide --yes` does it",
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
    states = (data.last_states() if known is None else known).select(columns)
    before = data.verdicts().select(frames.schema(VerdictChange).names())
    after_all = pl.concat([states.join(events, on="annotation_key", how="anti"), events.select(columns)])
    touched = None
    if rule.policy.local and not everything:
        left = states.join(events, on="annotation_key", how="semi")["claim_id"]
        touched = pl.concat([events["claim_id"], left]).unique()
        mine = pl.col("claim_id").is_in(touched.to_list())
        after_all, before = after_all.filter(mine), before.filter(mine)
    was = before.collect()
    claim_ids = pl.concat([was["claim_id"], after_all["claim_id"]]).unique() if touched is None else touched
    votes = verdicts.votes(after_all, roster=rule.roster, queue_projects=[QUEUE])
    decisions = verdicts.decisions(after_all, leads=rule.leads, queue_projects=[QUEUE])
    return _worth_a_row(verdicts.changes(was, verdicts.decide(claim_ids, votes, rule.policy, decisions=decisions)), was)


def ids_of(desk: Desk, emails: Collection[str]) -> list[str] | None:
    """The annotator ids behind the e-mail addresses; None for no address at all, which means everybody."""
    if not emails:
        return None
    people = annotators.people(desk.dataset)
    wanted = [email.lower() for email in emails]
    return people.filter(pl.col("email").str.to_lowercase().is_in(wanted))["annotator_id"].to_list()


def uncounted(desk: Desk) -> int:
    """How many people's answers do not count because their addresses are not on the roster."""
    counted = ids_of(desk, desk.settings.verdicts.roster)
    data = desk.committed()
    if counted is None or data is None:
        return 0
    submitted = pl.col("state") == str(AnnotationState.SUBMITTED)
    live = data.last_states().filter(submitted, pl.col("project") != QUEUE)
    return live.filter(~pl.col("annotator_id").is_in(counted))["annotator_id"].n_unique()


def _worth_a_row(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something: a claim nobody voted on has none, and an imported decision stands until a vote."""
    imported = before.filter(pl.col("policy").str.starts_with(IMPORTED_POLICY)).select("claim_id")
    unvoted = rows.filter(pl.col("status") == str(Status.UNREVIEWED))
    silent = pl.concat(
        [
            unvoted.join(before, on="claim_id", how="anti").select("claim_id"),
            unvoted.join(imported, on="claim_id", how="semi").select("claim_id"),
        ]
    )
    return rows.join(silent, on="claim_id", how="anti").sort("claim_id")
