"""Contested claims as tasks of the leads' project: the claim, and what the checkers said, without who said it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from factcheck.days import UTC_CLOCK, Clock
from factcheck.languages import Language
from factcheck.models import ClaimState
from factcheck.studio.page import html
from factcheck.studio.page.label_config import NOTHING, VOTES, words_of
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.tasks import SCHEMA, groups, row, shown_claim


def queue_tasks(
    queue: pl.DataFrame,
    claims: pl.DataFrame,
    contexts: pl.DataFrame,
    articles: pl.DataFrame,
    *,
    project: str,
    language: Language,
    own: Mapping[str, str] = NOTHING,
    clock: Clock = UTC_CLOCK,
    overlap: int = 1,
    raised: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """The desired tasks of the leads' project in the order of the queue, as a frame of `tasks.SCHEMA`.

    `queue` has `claim_id` (the group's) and `votes`, a list of structs of voter (a letter), choice, confidence,
    rationale and evidence; the other arguments are those of `tasks.tasks`. A group of `claims` that is not in the queue
    is one that was sent earlier and is contested no more: it comes last, as withdrawn, and says so.
    """
    words, more = words_of(language, own), raised or {}
    said = dict(queue.select("claim_id", "votes").iter_rows())
    keys = _order(queue)
    rows = {}
    for group in groups(claims, contexts, articles):
        waits = group.group_id in said
        key = keys.get(group.group_id, "0")
        shown = shown_claim(group, project=project, language=language, words=words, clock=clock, order_key=key)
        shown["notice"] = shown["notice"] or ("" if waits else words.settled)
        if not waits and group.state is not ClaimState.WITHDRAWN:
            shown["state"] = TASK_WORDS[language].settled
        shown[VOTES] = html.votes(said.get(group.group_id) or [], words)
        state = group.state if waits else ClaimState.WITHDRAWN
        people = max(overlap, more.get(group.group_id, 0))
        rows[group.group_id] = row(group._replace(state=state), shown, people)
    order = [claim for claim in said if claim in rows] + [claim for claim in rows if claim not in said]
    return pl.DataFrame([rows[claim] for claim in order], SCHEMA, orient="row")


def _order(queue: pl.DataFrame) -> dict[str, str]:
    """The sort key of each contested claim: those with the least agreement first, then those with more votes."""
    if not {"agreement", "n_votes"} <= set(queue.columns):
        return {}
    rows = queue.select("claim_id", "agreement", "n_votes").iter_rows()
    return {claim: f"{1 - (agreement or 0.0):.4f}-{min(votes, 999):03d}" for claim, agreement, votes in rows}
