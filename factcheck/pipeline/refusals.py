"""Pairs of claims of which a person said that they are not one: nobody is asked about them again.

A pair is refused by hand, or by undoing the merge that had made one of the two. It is kept by the claims' own ids, so
that it holds whichever groups they are in later.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from factcheck import fs
from factcheck.errors import Corrupt
from factcheck.models import ClaimEventKind, ClaimId, UtcTime
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.undo import standing_events

FILE: Final = "refused.json"
Pair = tuple[str, str]


class Refused(BaseModel):
    """Two claims, the smaller id first, that a person said are not one; when, and why if that was said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: ClaimId
    other: ClaimId
    at: UtcTime
    why: str | None = None


_KEPT: Final = TypeAdapter(list[Refused])


def refused(state: Path) -> list[Refused]:
    """What was refused by hand, in the order of the pairs; raises Corrupt for a file that is none of ours."""
    path = state / FILE
    try:
        return _KEPT.validate_json(path.read_bytes())
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise Corrupt(
            "cannot be read", subject=str(path), hint="move it away: pairs that were refused are asked about again"
        ) from error


def refuse(state: Path, pair: Pair, *, why: str | None, now: datetime) -> bool:
    """Keeps that the two are not one; False where that was kept already. Call it under the desk's lock."""
    one, other = sorted(pair)
    before = refused(state)
    if any((kept.one, kept.other) == (one, other) for kept in before):
        return False
    _keep(state, [*before, Refused(one=one, other=other, at=now, why=why)])
    return True


def ask_again(state: Path, pair: Pair) -> bool:
    """Forgets that the two were refused by hand; False where they were not. Call it under the desk's lock."""
    before = refused(state)
    kept = [one for one in before if (one.one, one.other) != tuple(sorted(pair))]
    if len(kept) == len(before):
        return False
    _keep(state, kept)
    return True


def refused_groups(desk: Desk, group_of: Mapping[str, str]) -> set[Pair]:
    """The pairs of groups (the smaller id first) that hold a refused pair of claims; `group_of` is by claim id."""
    pairs = [(one.one, one.other) for one in refused(desk.settings.state)] + _undone_merges(desk)
    groups = ((group_of.get(one), group_of.get(other)) for one, other in pairs)
    return {(min(one, other), max(one, other)) for one, other in groups if one and other and one != other}


def _undone_merges(desk: Desk) -> list[Pair]:
    """The pairs of claims that a merge had made one and an undo took apart."""
    data = desk.committed()
    if data is None or not data.head:
        return []
    events = data.claim_events().sort("version").collect().to_dicts()
    standing = standing_events(events)
    merges = [row for row in events if row["kind"] == ClaimEventKind.MERGE and row["event_id"] not in standing]
    return [pair for row in merges for pair in itertools.combinations(row["claims"], 2)]


def _keep(state: Path, kept: Sequence[Refused]) -> None:
    ordered = sorted(kept, key=lambda one: (one.one, one.other))
    fs.replace(state / FILE, _KEPT.dump_json(ordered, indent=0))
