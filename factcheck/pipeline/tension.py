"""Claims that tell other figures of the same thing, as a desk's people are told of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl

from factcheck.dataset import Dataset
from factcheck.frames import empty
from factcheck.matching.tension import same_but_figures, tension
from factcheck.models import ClaimState, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.history import known_articles, known_claims, version_of
from factcheck.pipeline.match import dated
from factcheck.pipeline.refusals import refused_groups
from factcheck.reading.appearances import appeared
from factcheck.settings import Settings

MOST: Final = 5
"""Claims that are shown beside one; nobody reads more side by side."""
COMPARED: Final = ("claimant_role", "dates", "extractor")
"""Columns of a claim that are compared and stand on no task."""
_ON_A_TASK: Final = 3
"""A checker reads so many."""


def links(desk: Desk, claims: pl.DataFrame, groups: Collection[str]) -> pl.DataFrame:
    """What those groups are in tension with (`matching.tension.TENSION`), without the pairs that people refused.

    `claims` are all rows of Claim among which is looked.
    """
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))
    return without_refused(desk, tension(dated(active), of=groups), claims)


def without_refused(desk: Desk, found: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """The rows of TENSION without the pairs of which a person said that they are not one; `claims` name the groups."""
    if found.is_empty():
        return found
    out = refused_groups(desk, dict(claims.select("claim_id", "group_id").iter_rows()))
    refused = pl.DataFrame(sorted(out), {"group_id": pl.String(), "other": pl.String()}, orient="row")
    both = pl.concat([refused, refused.select(group_id="other", other="group_id")])
    return found.join(both, on=["group_id", "other"], how="anti", maintain_order="left")


def beside_in_tasks(desk: Desk, claims: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """By group, first places (rows of `appeared`) of claims that tell other figures in the same words (three).

    `claims` are all of the desk, with what their tasks tell and the columns `COMPARED`.

    Only what two claims say decides whether the one stands on the other's task, so that a task does not change with
    what else is read.
    """
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))
    found = without_refused(desk, same_but_figures(active, dated), claims)
    few = found.group_by("group_id", maintain_order=True).head(_ON_A_TASK)
    others = active.filter(pl.col("group_id").is_in(few["other"].unique().implode()))
    articles = desk.articles_among(others["article_id"].unique())
    first = {row["group_id"]: row for row in _first_places(active, few["other"], articles).to_dicts()}
    beside: dict[str, list[dict[str, Any]]] = {}
    for group, other in few.select("group_id", "other").iter_rows():
        beside.setdefault(group, []).append(first[other])
    return beside


def tension_beside(settings: Settings, groups: Collection[str], *, as_of: str | None) -> list[dict[str, Any]]:
    """`tension_of` among all claims of the desk, staged ones too where no version is named, of the same words alone.

    That costs a look at each claim; how alike others are costs reading all of them.
    """
    desk = Desk(settings)
    data = version_of(desk, as_of)
    claims = known_claims(desk, data, as_of)
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))
    found = without_refused(desk, same_but_figures(active, dated, of=groups), claims)
    return tension_of(desk, data, claims, found, as_of=as_of)


def tension_of(
    desk: Desk, data: Dataset | None, claims: pl.DataFrame, found: pl.DataFrame, *, as_of: str | None = None
) -> list[dict[str, Any]]:
    """The claims that were `found` to tell other figures (TENSION), each with where it was first and what was decided.

    A row: beside (the group that it is to be shown with), claim_id, quote, lang, claimant, article_id, publisher,
    title, url, published_at, published_raw, status and verdict (null where nobody has looked), score, reasons.
    """
    found = found.group_by("group_id", maintain_order=True).head(MOST)
    ids = claims.filter(pl.col("group_id").is_in(found["other"].unique().implode()))["article_id"].unique()
    first = _first_places(claims, found["other"], known_articles(desk, data, as_of, ids.to_list()))
    standing = data.verdicts(as_of).collect() if data is not None else empty(VerdictChange)
    return (
        found.select("score", "reasons", beside="group_id", claim_id="other")
        .join(first.rename({"group_id": "claim_id"}), on="claim_id", how="left", maintain_order="left")
        .join(standing.select("claim_id", "status", "verdict"), on="claim_id", how="left", maintain_order="left")
        .to_dicts()
    )


def _first_places(claims: pl.DataFrame, groups: pl.Series, articles: pl.DataFrame) -> pl.DataFrame:
    """Of each of the groups the earliest place where it stands (`matching.spread.APPEARED`, without its claim)."""
    mine = claims.filter(pl.col("group_id").is_in(groups.unique().implode()))
    places = appeared(mine, articles).sort(pl.col("published_at").is_null(), "published_at", "article_id", "claim_id")
    return places.unique("group_id", keep="first", maintain_order=True).drop("claim_id", "dates")
