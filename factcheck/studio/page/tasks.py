"""Claims as Label Studio tasks: one task per claim group, as the checkers shall see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from factcheck.days import UTC_CLOCK, Clock, day_of
from factcheck.languages import Language
from factcheck.models import ClaimState, canonical_json, digest
from factcheck.studio.page import html, order
from factcheck.studio.page.label_config import NOTHING, words_of
from factcheck.studio.page.task_words import TASK_WORDS, TaskWords
from factcheck.studio.page.wording import Wording
from factcheck.text import for_display

SCHEMA = pl.Schema(
    {
        "claim_id": pl.String(),
        "content_hash": pl.String(),
        "state": pl.String(),
        "overlap": pl.Int64(),
        "data": pl.String(),
    }
)
"""Desired tasks: the group's claim id, hash of what the checker sees, active or withdrawn, overlap, data as JSON."""

_CLAIM_COLUMNS = (
    "claim_id", "article_id", "group_id", "start", "quote", "lang", "claimant", "check_worthiness", "reasons", "state",
    "outlet", "said_at",
)  # fmt: skip
ORDER = "order"
"""The field of a task's data by which the tab of a push is sorted, from the largest."""

EARLIER = "earlier"
"""The field that says which earlier verdicts the page told of, nothing for none. It is set when a task is made and
never changes; tasks of releases before format 4 do not have it."""

_ARTICLE_COLUMNS = ("article_id", "publisher", "title", "url", "published_at", "published_raw", "published_day")


class Group(NamedTuple):
    """Claims that say the same: the one that stands for them, and the others, as rows with context and article."""

    group_id: str
    first: dict[str, Any]
    others: list[dict[str, Any]]
    state: ClaimState

    @property
    def worthiness(self) -> float:
        """Check-worthiness of the claim in its best copy."""
        return float(max(member["check_worthiness"] for member in (self.first, *self.others)))


def tasks(
    claims: pl.DataFrame,
    contexts: pl.DataFrame,
    articles: pl.DataFrame,
    *,
    project: str,
    language: Language,
    own: Mapping[str, str] = NOTHING,
    clock: Clock = UTC_CLOCK,
    overlap: int,
    raised: Mapping[str, int] | None = None,
    earlier: Mapping[str, str] = NOTHING,
    beside: Mapping[str, list[dict[str, Any]]] | None = None,
) -> pl.DataFrame:
    """The desired tasks of a project, one per group, those most worth checking first, as a frame of `SCHEMA`.

    `claims` and `articles` are frames of the records; `contexts` has `claim_id`, `before`, `quote` and `after`, the
    paragraph around the claim (a claim without context stands alone). The claim whose id is the group's id represents
    the group, else the first one; a group is withdrawn when all of its claims are. By group id, `raised` has the
    overlap of the groups that get more than `overlap`; `earlier` what is told of earlier verdicts, for tasks that say
    so much; `beside` claims that tell other figures, each with its first article. Days are those of `clock`. The hash
    covers every word on the page, so a change of the desk's language, time zone or calendar is a change of the task.
    """
    words, more = words_of(language, own), raised or {}
    found = list(groups(claims, contexts, articles))
    keys = order.by_worth([group.first | {"worthiness": group.worthiness} for group in found])
    rows = [
        row(
            group,
            shown_claim(
                group,
                project=project,
                language=language,
                words=words,
                clock=clock,
                order_key=key,
                earlier=earlier.get(group.group_id),
                beside=(beside or {}).get(group.group_id, ()),
            ),
            max(overlap, more.get(group.group_id, 0)),
        )
        for key, group in sorted(zip(keys, found, strict=True), key=lambda pair: pair[0], reverse=True)
    ]
    return pl.DataFrame(rows, SCHEMA, orient="row")


def groups(claims: pl.DataFrame, contexts: pl.DataFrame, articles: pl.DataFrame) -> Iterator[Group]:
    """The groups of the claims in their order, with what is known of each claim's context and article."""
    rows = (
        claims.select(_CLAIM_COLUMNS)
        .join(contexts.select("claim_id", "before", "after"), on="claim_id", how="left", maintain_order="left")
        .join(articles.select(_ARTICLE_COLUMNS), on="article_id", how="left", maintain_order="left")
        # What a person corrected of the claim goes before what its article says.
        .with_columns(
            publisher=pl.coalesce("outlet", "publisher"),
            published_at=pl.coalesce("said_at", "published_at"),
            published_raw=pl.when(pl.col("said_at").is_null()).then("published_raw"),
            published_day=pl.when(pl.col("said_at").is_null()).then("published_day"),
        )
    )
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        members.setdefault(row["group_id"], []).append(row)
    for group, found in members.items():
        first = next((member for member in found if member["claim_id"] == group), found[0])
        withdrawn = all(member["state"] == ClaimState.WITHDRAWN for member in found)
        others = [member for member in found if member is not first]
        yield Group(group, first, others, ClaimState.WITHDRAWN if withdrawn else ClaimState.ACTIVE)


def shown_claim(
    group: Group,
    *,
    project: str,
    language: Language,
    words: Wording,
    clock: Clock,
    order_key: str,
    earlier: str | None = None,
    beside: Sequence[dict[str, Any]] = (),
) -> dict[str, str]:
    """What the page and the Data Manager show of a claim; `order_key` is what the tab of a push sorts by.

    `earlier` has a line for each earlier verdict; with None the task says nothing of them, not even that there is none.
    """
    first, more = group.first, TASK_WORDS[language]
    before = html.earlier(earlier.split("\n"), words, more) if earlier else ""
    withdrawn = group.state is ClaimState.WITHDRAWN
    day, *days = (clock.label(moment, language, bare=bare) for moment, bare in map(day_of, (first, *beside)))
    about = (
        html.about(first, group.others, words, day),
        html.beside(beside, days, words, more),
        _worth(group, words, more),
        before,
    )
    return {
        "project": project,
        "lang": first["lang"] or "",
        "claim": for_display(first["quote"], first["lang"]),
        "context": html.context(first),
        "about": "".join(about),
        "notice": words.withdrawn if withdrawn else "",
        "score": f"{group.worthiness:.2f}",
        "state": more.withdrawn if withdrawn else more.open,
        ORDER: order_key,
        **({} if earlier is None else {EARLIER: earlier}),
    }


def _worth(group: Group, words: Wording, more: TaskWords) -> str:
    """Why the claim is worth checking, from the reasons of its best copy."""
    best = max((group.first, *group.others), key=lambda member: member["check_worthiness"])
    reasons = [reason.rpartition(" ") for reason in best["reasons"] or []]
    raised = [more.signals.get(name, name) for name, _, amount in reasons if not amount.startswith("-")]
    lowered = [more.signals.get(name, name) for name, _, amount in reasons if amount.startswith("-")]
    return html.worth(group.worthiness, raised, lowered, words, more)


def row(group: Group, shown: Mapping[str, str], overlap: int) -> tuple[Any, ...]:
    """A row of `SCHEMA`: the task that shows this."""
    content_hash = digest(shown)
    data = {"claim_id": group.group_id, "content_hash": content_hash, **shown}
    return group.group_id, content_hash, str(group.state), overlap, canonical_json(data)
