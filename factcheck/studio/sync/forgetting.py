"""A server that forgets is not a person who takes back: which withdrawals wait for a person's word.

Label Studio loses answers when a project is deleted or made anew, when its database is put back from a backup, and
when another server answers under its address. None of that is a checker's act, so no verdict falls by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.models import AnnotationState, Mark, Rejection
from factcheck.studio.sync.reader import Withdrawal
from factcheck.studio.sync.states import About, Row, deleted, kept_though_gone, known_gone, next_event

CODE = "VOTES_MISSING"
OLDER = "Label Studio went back: it is as before the last pull, as after a backup was put in place"
RETURNED = "Label Studio went back: answers that were deleted are there again, as after a backup was put in place"
NUMBERED_TWICE = "Label Studio went back: it numbers answers as others were, as after a backup was put in place"
_SAID = [str(AnnotationState.SUBMITTED), str(AnnotationState.SKIPPED)]
_WITNESSES = 5
"""How many of the newest answers are asked for before a server is taken for one that went back."""


class Consent(NamedTuple):
    """What a person said to votes that are missing, and to answers that were put aside."""

    keep: bool = False
    accept_loss: bool = False
    accept_put_aside: bool = False


class Limits(NamedTuple):
    """More votes than `votes` that are also more than `share` of the live ones do not go at once unasked."""

    votes: int = 10
    share: float = 0.05


class Judged(NamedTuple):
    """Events that stand, what waits and what that is about, and why it does ("" where nothing waits)."""

    events: list[Row]
    waiting: list[Rejection]
    why: str
    about: Sequence[About] = ()


def judge(
    withdrawals: Iterable[Withdrawal],
    known: pl.DataFrame,
    *,
    consent: Consent,
    limits: Limits,
    now: datetime,
    changed: str = "",
    unchanged: Mapping[str, datetime],
    still_there: Callable[[Row], bool],
    whole_at: datetime | None = None,
) -> Judged:
    """What becomes of answers that would stop counting; what waits is every vote among them, never a single one.

    `known` are the last states of the project, `changed` says that it is not the project of the last pull. `unchanged`
    has the server times of known states that were seen again as they were, `still_there` asks the server for one.
    `whole_at` is when everything was last read and nothing was missing.
    """
    found = list(withdrawals)
    votes = [item for item in found if item.state["state"] == AnnotationState.SUBMITTED]
    why = changed or _went_back(votes, known, unchanged, still_there, whole_at) or _too_many(votes, known, limits)
    if not votes or not why or consent.accept_loss:
        return Judged([item.event for item in found], [], "")
    # A skip counts for nothing, but what a person did stays with what they said.
    said = [item for item in found if item.state["state"] in _SAID]
    others = [item.event for item in found if item.state["state"] not in _SAID]
    if consent.keep:
        return Judged(others + [_kept(item, why, now) for item in said], [], "")
    about = [About(CODE, item.state["task_id"], item.state["claim_id"]) for item in said]
    return Judged(others, [_waiting(item, why) for item in said], why, about)


def absent(known: pl.DataFrame, *, why: str, consent: Consent, now: datetime) -> Judged:
    """What becomes of the answers of a project that cannot be found."""
    live = known.filter(pl.col("state") != str(AnnotationState.DELETED))
    if not (consent.keep or consent.accept_loss):  # nothing is known of what was put aside either
        live = live.filter(pl.col("state").is_in(_SAID))
    states = [state for state in live.iter_rows(named=True) if not known_gone(state)]
    gone = [Withdrawal(state, deleted(state, None, now), forgotten=False) for state in states]
    return judge(
        gone,
        known,
        consent=consent,
        limits=Limits(),
        now=now,
        changed=why,
        unchanged={},
        still_there=lambda _: False,
    )


def _went_back(
    votes: list[Withdrawal],
    known: pl.DataFrame,
    unchanged: Mapping[str, datetime],
    still_there: Callable[[Row], bool],
    whole_at: datetime | None,
) -> str:
    """Why the server seems to have been put back, or "".

    A vote that is missing, or says what it said earlier, without a trace of who did it, is a sign. One that came later,
    while that vote was there, and that the server still has speaks against it: no backup knows what came after it.
    What came when the vote may have been gone already says nothing.
    """
    signs = [item.state for item in votes if item.forgotten]
    if not signs:
        return ""
    missing = {item.state["annotation_key"] for item in votes}
    last = max(signs, key=lambda state: state["updated_at"])
    there_at = max(last["observed_at"], whole_at or last["observed_at"])
    later = known.filter(
        pl.col("updated_at") > last["updated_at"],
        pl.col("observed_at") <= there_at,
        pl.col("state").is_in(_SAID),
        pl.col("mark").is_null(),
        ~pl.col("annotation_key").is_in(list(missing)),
    ).sort("updated_at", descending=True)
    if later["annotation_key"].is_in(list(unchanged)).any():
        return ""
    if any(still_there(state) for state in later.head(_WITNESSES).iter_rows(named=True)):
        return ""
    return (
        f"Label Studio went back: task {last['task_id']} looks as it did before this vote, "
        "as after a backup was put in place"
    )


def _too_many(votes: list[Withdrawal], known: pl.DataFrame, limits: Limits) -> str:
    live = known.filter(
        pl.col("state") == str(AnnotationState.SUBMITTED), pl.col("mark").ne_missing(str(Mark.KEPT))
    ).height
    if len(votes) <= limits.votes or len(votes) <= limits.share * live:
        return ""
    return f"{len(votes):,} of {live:,} votes disappeared at once"


def _kept(item: Withdrawal, why: str, now: datetime) -> Row:
    """The vote as it was, with a note; the hash is of what the server says, so that later pulls leave it alone."""
    if item.event["state"] == AnnotationState.DELETED:
        return next_event(kept_though_gone(item.state, why), item.state, now)
    kept = {
        "content_hash": item.event["content_hash"],
        "mark": str(Mark.KEPT),
        "mark_reason": why,
        "task_id": item.event["task_id"],
        "task_updated_at": item.event["task_updated_at"],
    }
    return next_event(item.state | kept, item.state, now)


def _waiting(item: Withdrawal, why: str) -> Rejection:
    state, event = item.state, item.event
    what = f"the vote {state['choice']}" if state["state"] == AnnotationState.SUBMITTED else "a skip"
    said = {
        str(AnnotationState.DELETED): "is gone",
        str(AnnotationState.PUT_ASIDE): f"cannot count any more ({event['mark_reason']})",
    }.get(event["state"], f"says {event['choice']}")
    return Rejection(
        stage="pull",
        code=CODE,
        subject=f"{state['project']}: claim {state['claim_id']}, task {state['task_id']}, "
        f"annotation {state['annotation_id']}",
        reason=f"{what} {said} there but still counts here; {why}. `factcheck pull --keep` keeps "
        "such votes, `factcheck pull --accept-loss` withdraws them",
    )


def project_changed(cursor: Mapping[str, Any], project_id: int, created_at: str) -> str:
    """How the project differs from that of the last pull; "" where it is the same, or nothing is known of it."""
    before, born = cursor.get("project_id"), cursor.get("project_created_at")
    if before is None or (before, born) == (project_id, created_at):
        return ""
    if before != project_id:
        return f"the project in Label Studio is another one: number {before} before, {project_id} now"
    return f"project {project_id} in Label Studio was made anew, or is on another server"
