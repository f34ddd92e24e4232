"""The rows of tables of claims, added as `claim add` adds one: one version, and one event for each claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from factcheck.articles import TableClaim
from factcheck.claims import mending
from factcheck.models import ClaimEventKind
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import Act, How, carry_out
from factcheck.pipeline.mending import settled
from factcheck.text import strip_controls

_SHOWN = 5


class Added(NamedTuple):
    """How many claims are new, the version that has them (None without), and what to say of them."""

    new: int
    version: int | None
    warnings: list[str]


def add_all(desk: Desk, told: Sequence[TableClaim], *, by: str | None, now: datetime) -> Added:
    """What adding the claims does; one that is there already, withdrawn ones too, is left as it is."""
    if not told:
        return Added(0, None, [])
    claims = desk.claims()
    known = set(claims["claim_id"])
    worded = [_worded(one, now) for one in told]
    fresh = {one.claim["claim_id"]: one for one in worded if one.claim["claim_id"] not in known}
    if not fresh:
        return Added(0, None, [])
    rows = settled([one.claim for one in fresh.values()], claims, without=set())
    act = Act(
        ClaimEventKind.ADD,
        made=list(fresh),
        rows=rows,
        articles=[one.article for one in fresh.values() if one.article is not None],
    )
    each = [Act(ClaimEventKind.ADD, made=[claim]) for claim in fresh]
    done = carry_out(desk, claims, act, How(by), now=now, each=each)
    return Added(len(fresh), done.version, _same(rows))


def _worded(one: TableClaim, now: datetime) -> mending.Worded:
    article = one.article
    return mending.add(
        article.text.strip(),
        claimant=_line(one.claimant),
        lang=article.lang,
        url=article.url,
        outlet=_line(one.outlet),
        dated={
            "published_at": article.published_at,
            "published_raw": article.published_raw,
            "published_day": article.published_day,
            "calendar": str(article.calendar) if article.calendar else None,
        },
        now=now,
    )


def _same(rows: list[mending.Row]) -> list[str]:
    """Which of the claims say the same as another one: they are its appearances, and have its votes."""
    same = [f"{row['claim_id']} (as {row['group_id']})" for row in rows if row["group_id"] != row["claim_id"]]
    if not same:
        return []
    more = f" and {len(same) - _SHOWN:,} more" if len(same) > _SHOWN else ""
    what = "claim says" if len(same) == 1 else "claims say"
    return [f"{len(same):,} {what} the same as another one: {', '.join(same[:_SHOWN])}{more}"]


def _line(given: str | None) -> str | None:
    return " ".join(strip_controls(given)[0].split()) or None if given else None
