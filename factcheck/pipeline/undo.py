"""`undo`: what a person did to claims taken back, by an event of its own; nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from factcheck import frames
from factcheck.claims import mending
from factcheck.dataset import Dataset
from factcheck.errors import UsageError
from factcheck.models import Claim, ClaimEventKind
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import Act, How, Mended, carry_out
from factcheck.settings import Settings

Row = dict[str, Any]
_UNDO = str(ClaimEventKind.UNDO)


def undo(settings: Settings, event: str | None, *, how: How, now: datetime) -> Mended:
    """What taking back an event does: claims read as before it, and the claims it made are withdrawn with their votes.

    Without `event` it is the last one that is no undo and stands; an undo can be taken back by its id. Raises
    UsageError where there is none, or where a later change stands in the way.
    """
    desk = Desk(settings)
    with desk.workspace.writing("undo", now=now):
        data = desk.readable()
        chosen = _chosen(data.claim_events().sort("version").collect(), event)
        claims = desk.claims()
        rows = _rows_before(data, claims, chosen)
        act = Act(
            ClaimEventKind.UNDO,
            claims=[row["claim_id"] for row in rows],
            rows=rows,
            changed=sorted({*chosen["changed"], *(["state"] if chosen["made"] else [])}),
            undoes=chosen["event_id"],
        )
        return carry_out(desk, claims, act, how, now=now)


def standing_events(rows: Sequence[Row]) -> set[str]:
    """The ids of the events that no undo took back; `rows` are events in the order of their versions."""
    standing: set[str] = set()
    for row in rows:  # an undo that is taken back brings back what it took
        standing.add(row["event_id"])
        at: Row | None = row
        while at is not None and at["undoes"]:
            before = next((one for one in rows if one["event_id"] == at["undoes"]), None)
            if before is None:
                break
            standing ^= {before["event_id"]}
            at = before
    return standing


def _chosen(events: pl.DataFrame, given: str | None) -> Row:
    rows = events.to_dicts()
    standing = standing_events(rows)
    if given is None:
        found = [row for row in rows if row["kind"] != _UNDO and row["event_id"] in standing]
        if not found:
            raise UsageError("there is nothing to undo", subject="undo", hint="`factcheck show CLAIM` lists its events")
        return found[-1]
    found = [row for row in rows if row["event_id"].startswith(given)]
    if len(found) != 1:
        what = f"{len(found)} events begin with that" if found else "no such event"
        raise UsageError(what, subject=given, hint="`factcheck show CLAIM` lists the events of a claim")
    if found[0]["event_id"] not in standing:
        raise UsageError("was taken back already", subject=given, hint="`factcheck show CLAIM` lists its events")
    return found[0]


def _rows_before(data: Dataset, claims: pl.DataFrame, event: Row) -> list[Row]:
    """The rows of the event's claims with all that it changed as it was; raises UsageError where that was changed."""
    columns = frames.schema(Claim).names()
    mine = pl.col("claim_id").is_in([*event["claims"], *event["made"]])
    version = event["version"]
    before, after, now = (
        {row["claim_id"]: row for row in frame.select(columns).filter(mine).to_dicts()}
        for frame in (data.claims(version - 1).collect(), data.claims(version).collect(), claims)
    )
    rows = []
    for claim, done in after.items():
        there = now[claim]
        was = before.get(claim) or mending.withdrawn(done)
        changed = [name for name in columns if was[name] != done[name]]
        if any(there[name] != done[name] for name in changed):
            raise UsageError(
                f"{claim} was changed again since",
                subject=event["event_id"],
                hint=f"undo the later change first; `factcheck show {claim}` lists the events",
            )
        rows += [there | {name: was[name] for name in changed}] if changed else []
    return rows
