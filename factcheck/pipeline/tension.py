"""Claims that tell other figures of the same thing, as a desk's people are told of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl

from factcheck.dataset import Dataset
from factcheck.frames import empty
from factcheck.matching.tension import tension
from factcheck.models import ClaimState, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.history import known_articles, known_claims, version_of
from factcheck.pipeline.match import dated
from factcheck.pipeline.refusals import refused_groups
from factcheck.reading.appearances import appeared
from factcheck.settings import Settings

MOST: Final = 5
"""Claims that are shown beside one; nobody reads more side by side."""


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


def tension_beside(settings: Settings, groups: Collection[str], *, as_of: str | None) -> list[dict[str, Any]]:
    """`tension_of` among all claims of the desk, staged ones too where no version is named."""
    desk = Desk(settings)
    data = version_of(desk, as_of)
    return tension_of(desk, data, known_claims(desk, data, as_of), groups, as_of=as_of)


def tension_of(
    desk: Desk, data: Dataset | None, claims: pl.DataFrame, groups: Collection[str], *, as_of: str | None = None
) -> list[dict[str, Any]]:
    """The claims that tell other figures than those groups, each with where it was first and what was decided.

    A row: beside (the group that it is to be shown with), claim_id, quote, lang, claimant, article_id, publisher,
    title, url, published_at, published_raw, status and verdict (null where nobody has looked), score, reasons.
    """
    found = links(desk, claims, groups).group_by("group_id", maintain_order=True).head(MOST)
    others = claims.filter(pl.col("group_id").is_in(found["other"].to_list()))
    places = appeared(others, known_articles(desk, data, as_of, others["article_id"].unique().to_list())).sort(
        pl.col("published_at").is_null(), "published_at", "article_id", "claim_id"
    )
    first = places.unique("group_id", keep="first", maintain_order=True).drop("claim_id", "dates")
    standing = data.verdicts(as_of).collect() if data is not None else empty(VerdictChange)
    return (
        found.select("score", "reasons", beside="group_id", claim_id="other")
        .join(first.rename({"group_id": "claim_id"}), on="claim_id", how="left", maintain_order="left")
        .join(standing.select("claim_id", "status", "verdict"), on="claim_id", how="left", maintain_order="left")
        .to_dicts()
    )
