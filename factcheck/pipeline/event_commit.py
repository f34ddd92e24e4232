"""One thing a person does to claims, carried out: what it means for votes, verdicts and tasks, and the version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.dataset import Dataset, annotators
from factcheck.errors import UsageError
from factcheck.models import (
    AnnotationState,
    Article,
    Claim,
    ClaimEvent,
    ClaimEventKind,
    ClaimState,
    VerdictChange,
    Version,
    claim_event_id,
)
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.merged import Merging
from factcheck.pipeline.regroup import moved_verdicts

Row = dict[str, Any]
ACTIVE = str(ClaimState.ACTIVE)
STAGED = "claims"
"""Cause of the version that holds what was staged when a person mended a claim."""


class How(NamedTuple):
    """How a command is to go about it: who did it (a name or an address) and why, whether only to look, and consent."""

    by: str | None
    why: str | None = None
    dry_run: bool = False
    yes: bool = False


class Act(NamedTuple):
    """What is to be done: new and changed rows of claims, and what the event says of it."""

    kind: ClaimEventKind
    claims: list[str] = []  # noqa: RUF012 - a NamedTuple's defaults are never changed
    made: list[str] = []  # noqa: RUF012
    rows: list[Row] = []  # noqa: RUF012
    articles: list[Row] = []  # noqa: RUF012
    changed: list[str] = []  # noqa: RUF012
    undoes: str | None = None


class Mended(NamedTuple):
    """What was done, or would be; `version` and `event` are None for a dry run and where nothing changes.

    `changes` has a row a claim: claim_id, quote, what (new, back, withdrawn, superseded, moved, edited), and `by`: the
    claims that supersede it, the group it is in now. `verdicts` are those that readers will not see any more as they
    were: claim_id, quote, before, after, and `united` where the group it is in now has the same. `votes` is how many
    answers are on the claims concerned, all of which stay. `tasks` counts what the next push will do.
    """

    kind: str
    version: int | None
    event: str | None
    claims: list[str]
    changes: list[Row]
    verdicts: list[Row]
    votes: int
    tasks: dict[str, int]

    @classmethod
    def nothing(cls, kind: ClaimEventKind, claims: list[str]) -> Self:
        """That there is nothing to do."""
        return cls(str(kind), None, None, claims, [], [], 0, {})

    def as_dict(self) -> Row:
        """The same for --json."""
        return self._asdict()


def carry_out(
    desk: Desk, claims: pl.DataFrame, act: Act, how: How, *, now: datetime, each: Sequence[Act] = ()
) -> Mended:
    """What the act does; done as one version, unless `how` says to look only.

    `claims` are the desk's; `each` are the events that it is told as where it is more than one. Raises UsageError where
    a verdict that readers may have seen would change or leave the page and nobody said yes; nothing has happened then.
    """
    rows = pl.DataFrame(act.rows, frames.schema(Claim), orient="row")
    after = pl.concat([claims.join(rows, on="claim_id", how="anti", maintain_order="left"), rows])
    data = desk.committed()
    data = data if data is not None and data.head else None
    merging = Merging({*act.claims}, now) if act.kind is ClaimEventKind.MERGE else None
    verdict_rows, fell = _verdicts(desk, data, claims, after, rows, merging)
    groups = {*rows["group_id"], *claims.join(rows, on="claim_id", how="semi")["group_id"]}
    told = Mended(
        str(act.kind),
        None,
        None,
        [*act.claims, *act.made],
        _changes(claims, rows),
        fell,
        _votes(desk, data, groups),
        _tasks(desk, claims, after, rows),
    )
    if how.dry_run:
        return told
    gone = [row for row in fell if row["united"] is None]
    if gone and not how.yes:
        first = gone[0]
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        raise UsageError(
            f"the verdict of {first['claim_id']} would change: {first['before']} → {first['after']}{more}",
            subject=", ".join(act.claims[:3]),
            hint="look at it with --dry-run; to go ahead, add --yes",
        )
    _commit_staged(desk, now=now)
    version, event = _commit(desk, act, rows, verdict_rows, how, now=now, each=each or [act])
    return told._replace(version=version.version, event=event)


def _verdicts(
    desk: Desk,
    data: Dataset | None,
    claims: pl.DataFrame,
    after: pl.DataFrame,
    rows: pl.DataFrame,
    merging: Merging | None,
) -> tuple[pl.DataFrame, list[Row]]:
    """The verdict rows that the act brings, and the verdicts that readers will not see any more as they were."""
    if data is None:
        return frames.empty(VerdictChange), []
    was = claims.select("claim_id", was="group_id")
    moved = rows.join(was, on="claim_id").filter(pl.col("group_id") != pl.col("was"))
    moved = moved.select("claim_id", "quote", "was", "group_id")
    verdict_rows, fell = frames.empty(VerdictChange), []
    if moved.height:
        verdict_rows, fallen = moved_verdicts(desk, data, moved, merging=merging)
        fell = fallen.drop("after_verdict").to_dicts()
    active = pl.col("state") == ACTIVE
    touched = claims.join(rows, on="claim_id", how="semi").filter(active)["group_id"].unique()
    shown = set(after.filter(active)["group_id"].unique())
    left = [group for group in touched.sort() if group not in shown and group not in set(moved["was"])]
    standing = data.verdicts().filter(pl.col("claim_id").is_in(left), pl.col("verdict").is_not_null()).collect()
    quotes = dict(claims.filter(pl.col("claim_id").is_in(left)).select("claim_id", "quote").iter_rows())
    fell += [
        {"claim_id": claim, "quote": quotes.get(claim), "before": verdict, "after": "withdrawn", "united": None}
        for claim, verdict in standing.sort("claim_id").select("claim_id", "verdict").iter_rows()
    ]
    return verdict_rows, fell


def _changes(claims: pl.DataFrame, rows: pl.DataFrame) -> list[Row]:
    before = {row["claim_id"]: row for row in claims.join(rows, on="claim_id", how="semi").to_dicts()}
    heirs: dict[str, list[str]] = {}
    for row in rows.iter_rows(named=True):
        if row["state"] == ACTIVE and row["supersedes"]:
            heirs.setdefault(row["supersedes"], []).append(row["claim_id"])
    return [
        {"claim_id": row["claim_id"], "quote": row["quote"], **_change(before.get(row["claim_id"]), row, heirs)}
        for row in rows.to_dicts()
    ]


def _change(was: Row | None, row: Row, heirs: dict[str, list[str]]) -> Row:
    claim, group = row["claim_id"], row["group_id"]
    elsewhere = [group] if group != claim else []
    if was is None:
        return {"what": "new", "by": elsewhere}
    if was["state"] != row["state"]:
        if row["state"] == ACTIVE:
            return {"what": "back", "by": elsewhere}
        return {"what": "superseded" if claim in heirs else "withdrawn", "by": heirs.get(claim, [])}
    if was["group_id"] != group:
        return {"what": "moved", "by": [group]}
    return {"what": "edited", "by": []}


def _votes(desk: Desk, data: Dataset | None, groups: set[str]) -> int:
    """How many answers stand on the groups' claims, also those on tasks of claims that moved into them."""
    if data is None:
        return 0
    united = desk.united()
    members = {*united.filter(pl.col("group_id").is_in(list(groups)))["claim_id"]}
    states = data.last_states(groups | members)
    return states.filter(pl.col("state") == str(AnnotationState.SUBMITTED)).height


def _tasks(desk: Desk, claims: pl.DataFrame, after: pl.DataFrame, rows: pl.DataFrame) -> dict[str, int]:
    """What the next push will do: tasks to make, to take out of the queue, to change."""
    sent = {group for name in desk.settings.projects for group in desk.sent(name)["group_id"]}
    active = pl.col("state") == ACTIVE
    before, now = set(claims.filter(active)["group_id"]), set(after.filter(active)["group_id"])
    worth = rows.filter(active, pl.col("check_worthiness") >= desk.settings.claims.min_check_worthiness)
    counts = {
        "new": len({*worth["group_id"]} & (now - before) - sent),
        "out_of_queue": len((before - now) & sent),
        "changed": len({*rows["group_id"]} & before & now & sent),
    }
    return {name: count for name, count in counts.items() if count}


def _commit_staged(desk: Desk, *, now: datetime) -> None:
    """What is staged as a version of its own, so that the next one brings what the person did and nothing else.

    Articles that `claims` has not looked at stay where it looks for them.
    """
    articles, claims = desk.cut_articles(), desk.staging.claims()
    ids = claims["claim_id"]
    known = desk.committed_claims(["claim_id"])
    fresh = claims.join(known, on="claim_id", how="anti", maintain_order="left")
    head = desk.dataset.version()
    dataset_package.commit(
        desk.dataset,
        articles=articles,
        claims=fresh,
        cause=STAGED,
        message="staged when a claim was mended",
        # Where a pull without news left off, the next one goes on, although the head is another then.
        cursor=desk.staging.cursor(head.version_hash if head else None),
        policy="" if head else desk.rule(),
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=ids)


def _commit(
    desk: Desk,
    act: Act,
    rows: pl.DataFrame,
    verdict_rows: pl.DataFrame,
    how: How,
    *,
    now: datetime,
    each: Sequence[Act],
) -> tuple[Version, str]:
    data = desk.dataset
    head = data.version()
    number = head.version + 1 if head else 1
    who = annotators.desk_person(data, how.by) if how.by else None
    events = [
        ClaimEvent(
            event_id=claim_event_id(version=number, kind=str(one.kind), claims=one.claims, made=one.made, at=now),
            kind=one.kind,
            claims=one.claims,
            made=one.made,
            changed=one.changed,
            undoes=one.undoes,
            why=how.why or None,
            who=who,
            at=now,
        )
        for one in each
    ]
    version = dataset_package.commit(
        data,
        articles=pl.DataFrame(act.articles, frames.schema(Article), orient="row"),
        claims=rows,
        verdicts=verdict_rows,
        claim_events=frames.from_records(ClaimEvent, events),
        cause=str(act.kind),
        message=f"{len({*act.claims, *act.made})} claims",
        cursor=desk.staging.cursor(head.version_hash if head else None),
        policy="" if head else desk.rule(),
        now=now,
    )
    assert version is not None  # an event is always new
    return version, events[0].event_id
