"""How a claim travelled: its appearances in order of time, who copied whom, which figures changed on the way. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from factcheck.frames import UTC_MICROSECONDS, schema
from factcheck.matching.copies import share_of
from factcheck.matching.facts import Facts, facts, meet
from factcheck.models import Article, Claim

CHANGED: Final = pl.Struct({"before": pl.String(), "now": pl.String()})
APPEARED: Final = pl.Schema(
    {
        "group_id": pl.String(),
        "claim_id": pl.String(),
        "article_id": pl.String(),
        "publisher": pl.String(),
        "title": pl.String(),
        "url": pl.String(),
        "lang": pl.String(),
        "published_at": UTC_MICROSECONDS,
        "published_raw": pl.String(),
        "published_day": schema(Article)["published_day"],
        "quote": pl.String(),
        "claimant": pl.String(),
        "dates": schema(Claim)["dates"],
    }
)
"""A place where a claim stands; `claim_id` is null in a copy of which nobody made a claim of its own."""
SPREAD: Final = pl.Schema(
    {
        **{name: kind for name, kind in APPEARED.items() if name != "dates"},
        "first": pl.Boolean(),
        "copy_of": pl.String(),
        "kind": pl.String(),
        "share": pl.Float64(),
        "figures": pl.List(pl.String),
        "changed": pl.List(CHANGED),
    }
)
"""See `spread`."""
_LAST: Final = "~"


def spread(appeared: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The appearances (`APPEARED`) in order of time, undated ones last, as a frame of `SPREAD`, group by group.

    `pairs` are those of `copies.add`. `first` says that nobody in the group is known to have been earlier. `copy_of` is
    the article of the group that the article is a copy of, the earliest of them; `kind` of copy and `share` as in
    `copies`. All three are null for a report of its own. `figures` are the amounts and days in the words; `changed`
    those that are others than in the first appearance, with what stood there. What only one of two tells is no change.
    """
    known = appeared.select(APPEARED.names()).unique(
        ["group_id", "article_id", "publisher", "quote"], keep="first", maintain_order=True
    )
    ordered = known.join(_copies(known, pairs), on=["group_id", "article_id"], how="left", maintain_order="left").sort(
        "group_id",
        pl.col("published_at").is_null(),
        "published_at",
        pl.col("copy_of").is_not_null(),
        "article_id",
        pl.col("claim_id").fill_null(_LAST),
    )
    dated = ordered.with_columns(first=(pl.col("published_at") == pl.col("published_at").min().over("group_id")))
    told = pl.DataFrame(list(_figures(dated)), {name: SPREAD[name] for name in ("figures", "changed")}, orient="row")
    # Of two that came out at the same time the copy is not who was first.
    first = pl.col("first").fill_null(value=False) & pl.col("copy_of").is_null()
    return pl.concat([dated.with_columns(first=first), told], how="horizontal").select(SPREAD.names()).cast(SPREAD)


def changes(one: Facts, other: Facts) -> Iterator[tuple[str, str]]:
    """The amounts and days of `one` that are others in `other`, with what they are there.

    Amounts are changed where they count the same; a word that was not known for the same is taken for it where only one
    amount on each side is left.
    """
    mine = [figure for figure in one.figures if not any(figure.same(there) for there in other.figures)]
    yours = [figure for figure in other.figures if not any(figure.same(there) for there in one.figures)]
    for figure in mine[:]:
        if (now := next((there for there in yours if figure.of_a_kind(there)), None)) is not None:
            yield figure.told(), now.told()
            mine.remove(figure)
            yours.remove(now)
    if len(mine) == len(yours) == 1 and mine[0].unit == yours[0].unit:
        yield mine[0].told(), yours[0].told()
    apart = _apart(one.dates, other.dates), _apart(other.dates, one.dates)
    if all(apart):
        yield ", ".join(apart[0]), ", ".join(apart[1])


def told(of: Facts) -> list[str]:
    """The amounts and days, for people."""
    return [*(figure.told(noun=False) for figure in of.figures), *of.dates]


def _apart(dates: Sequence[str], others: Sequence[str]) -> list[str]:
    return [date for date in dates if not any(meet(date, there) for there in others)]


def _copies(known: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Of each article of a group that is a copy of another one there: of which (the earliest), and how."""
    here = known.select("group_id", "article_id", "published_at").unique(["group_id", "article_id"], keep="any")
    return (
        pairs.select("copy", "original", "kind", share=share_of())
        .join(here.select("group_id", copy="article_id"), on="copy")
        .join(here.rename({"article_id": "original"}), on=["group_id", "original"])
        .sort("published_at", "original", nulls_last=True)
        .unique(["group_id", "copy"], keep="first", maintain_order=True)
        .select("group_id", "kind", "share", article_id="copy", copy_of="original")
    )


def _figures(ordered: pl.DataFrame) -> Iterator[tuple[list[str], list[dict[str, str]]]]:
    """What each row tells, and what of it is another than in the first row of its group."""
    read: dict[tuple[Any, ...], Facts] = {}
    group, first = None, None
    for row in ordered.select("group_id", "quote", "lang", "dates").iter_rows(named=True):
        key = (row["quote"], row["lang"])
        if key not in read:
            read[key] = facts(row["quote"], row["lang"], dates=row["dates"] or ())
        if row["group_id"] != group or first is None:
            group, first = row["group_id"], read[key]
            read = {key: first}
        found = changes(first, read[key])
        yield told(read[key]), [{"before": before, "now": now} for before, now in found]
