"""Copies of an article: whole, cut short, or rewritten, however much else stands around them.

Jaccard's index alone misses what desks see every day: an agency's text of 2,000 words of which a paper prints 300 has
one below .2. So the share of each text that stands in the other is estimated, both ways (containment: Broder 1997), and
lines that are the same word for word are counted beside it. New articles are compared with what is kept of the old
ones, about 100 numbers each, never with their texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from factcheck.errors import TooLarge
from factcheck.frames import UTC_MICROSECONDS
from factcheck.matching.copies_features import Numbers, Words, features
from factcheck.matching.copies_postings import MOST_ARTICLES, articles_of, looked_up, packed, shared, sizes, useful

RULES = 2
"""Number of the rules by which texts become numbers; an index of other rules has to be built again."""
PASSAGE = 0.3
"""The share of one text in the other from which they are a pair."""
WHOLE = 0.75
"""The share from which a text is said to stand in the other as a whole: a few words are always changed."""
_FEWEST = 4
"""Numbers that a pair shares, so that chance is none; a text with fewer has lines alone (about 20 words)."""
_MORE = 8
"""Numbers that a pair shares where they are less than half of either: an outlet's line has about three."""
_LINES = 3
_HALF = 0.5
_AT_A_TIME = 4096
"""Articles."""
_PARTS = 8

KEPT = pl.Schema(
    {
        "article_id": pl.String(),
        "published_at": UTC_MICROSECONDS,
        "fetched_at": UTC_MICROSECONDS,
        "runs": pl.Int64(),
        "lines": pl.Int64(),
    }
)
"""What is kept of an article beside its numbers: how many of them are runs, and lines."""
PAIRS = pl.Schema(
    {
        "copy": pl.String,
        "original": pl.String,
        "kind": pl.String,
        "copy_in_original": pl.Float64,
        "original_in_copy": pl.Float64,
        "jaccard": pl.Float64,
        "same_lines": pl.Int64,
        "lines": pl.Float64,
    }
)
"""See `add`."""


_SHARED = pl.Schema(dict.fromkeys(("later", "earlier", "shared", "same_lines"), pl.Int64()))


@dataclass(frozen=True)
class Index:
    """What is kept of the articles seen; the row of `articles` is the number of an article in the entries."""

    articles: pl.DataFrame = field(default_factory=KEPT.to_frame)
    runs: tuple[Numbers, ...] = ()
    lines: tuple[Numbers, ...] = ()
    rules: int = RULES

    def entries(self) -> pl.DataFrame:
        """All entries as a frame to keep, columns `kind` (runs, lines) and `entry`; `restored` reads it."""
        kinds = {"runs": self.runs, "lines": self.lines}
        frames = [pl.DataFrame({"kind": kind, "entry": part}) for kind, parts in kinds.items() for part in parts]
        return pl.concat([pl.DataFrame(schema={"kind": pl.String, "entry": pl.UInt64}), *frames])


def share_of() -> pl.Expr:
    """Of a pair the share of the one article that stands in the other."""
    return pl.coalesce(pl.max_horizontal("copy_in_original", "original_in_copy"), "lines").round(3)


def restored(articles: pl.DataFrame, entries: pl.DataFrame, rules: int) -> Index:
    """The index that was kept as its articles, entries and rules; one without articles where the rules have changed."""
    if rules != RULES:
        return Index()
    parts = {kind: np.sort(entries.filter(kind=kind)["entry"].to_numpy()) for kind in ("runs", "lines")}
    return Index(articles, (parts["runs"],), (parts["lines"],))


def add(index: Index, articles: pl.DataFrame) -> tuple[Index, pl.DataFrame]:
    """The index with the articles that it did not have, and their pairs among each other and with the old ones.

    `articles` has `article_id`, `text`, `published_at` (may be null) and `fetched_at`. The pairs, sorted: `copy` and
    `original` (article ids; the original is who was published first, then fetched first, then has the lower id),
    `kind` (copy: each stands in the other; truncated: one of them in the other; rewritten: part of one), the
    estimated `copy_in_original`, `original_in_copy` and `jaccard` of runs of five words (null where a text is too
    short for them), `same_lines` (lines of eight words and more that are the same) and `lines` (their share of those
    of the text that has fewer). Raises TooLarge beyond 67 million articles.
    """
    fresh = articles.unique("article_id", keep="first", maintain_order=True)
    fresh = fresh.join(index.articles, on="article_id", how="anti", maintain_order="left")
    first = index.articles.height
    if first + fresh.height > MOST_ARTICLES:
        raise TooLarge("the index of copies is full", hint="keep one for each few years of articles")
    new = _numbers(fresh["text"], first)
    kept = fresh.select(
        "article_id",
        pl.col("published_at", "fetched_at").cast(UTC_MICROSECONDS),
        runs=new.run_sizes,
        lines=new.line_sizes,
    )
    all_kept = pl.concat([index.articles, kept]).rechunk()
    found = pl.concat([_SHARED.to_frame(), *_alike(new, index, all_kept)])
    grown = Index(all_kept, _with(index.runs, new.runs), _with(index.lines, new.lines), index.rules)
    return grown, _judged(found, all_kept)


class _New(NamedTuple):
    runs: Numbers
    lines: Numbers
    run_sizes: pl.Series
    line_sizes: pl.Series


def _numbers(texts: pl.Series, first: int) -> _New:
    """The entries of the texts, numbered from `first` on, and how many of them each has."""
    words = Words()
    runs: list[Numbers] = [np.zeros(0, np.uint64)]
    lines: list[Numbers] = [np.zeros(0, np.uint64)]
    counts: list[NDArray[np.int64]] = [np.zeros((2, 0), np.int64)]
    for at in range(0, len(texts), _AT_A_TIME):
        some = texts[at : at + _AT_A_TIME]
        found = features(some, words)
        runs.append(packed(found.runs, found.run_rows + first + at))
        lines.append(packed(found.lines, found.line_rows + first + at))
        counts.append(np.array([sizes(entries[-1], first + at, len(some)) for entries in (runs, lines)]))
    of_runs, of_lines = np.concatenate(counts, axis=1)
    return _New(_sorted(runs), _sorted(lines), pl.Series(of_runs), pl.Series(of_lines))


def _sorted(parts: list[Numbers]) -> Numbers:
    together = np.concatenate(parts)
    together.sort()
    return together


def _alike(new: _New, index: Index, articles: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs that may be copies, with what both have, some articles at a time: lines of an outlet make many."""
    runs, lines = (*index.runs, new.runs), (*index.lines, new.lines)
    asked = useful(new.runs, index.runs), useful(new.lines, index.lines)
    of_runs, of_lines = articles["runs"].to_numpy(), articles["lines"].to_numpy()
    for first in range(index.articles.height, articles.height, _AT_A_TIME):
        last = first + _AT_A_TIME
        by_runs, run_counts = shared(asked[0], runs, first, last)
        by_lines, line_counts = shared(asked[1], lines, first, last)
        later, earlier = articles_of(by_runs)
        enough = run_counts >= PASSAGE * np.minimum(of_runs[later], of_runs[earlier])
        enough &= run_counts >= _FEWEST
        later, earlier = articles_of(by_lines)
        short = np.minimum(of_runs[later], of_runs[earlier]) < _FEWEST
        same = (line_counts >= _HALF * np.minimum(of_lines[later], of_lines[earlier])) & (
            (line_counts >= _LINES) | short
        )
        pairs = np.union1d(by_runs[enough], by_lines[same])
        later, earlier = articles_of(pairs)
        yield pl.DataFrame(
            {
                "later": later,
                "earlier": earlier,
                "shared": looked_up(pairs, by_runs, run_counts),
                "same_lines": looked_up(pairs, by_lines, line_counts),
            },
            schema=_SHARED,
        )


def _with(parts: tuple[Numbers, ...], new: Numbers) -> tuple[Numbers, ...]:
    """The parts with a new one; smaller ones are put together with it when there are many."""
    if not len(new):
        return parts
    if len(parts) < _PARTS:
        return (*parts, new)
    large = [part for part in parts if len(part) > _PARTS * len(new)]
    small = [part for part in parts if len(part) <= _PARTS * len(new)]
    if len(large) >= _PARTS:
        large, small = [], [*parts]
    return (*large, np.sort(np.concatenate([*small, new])))


def _judged(alike: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The pairs among those that share something, in their columns."""
    numbered = articles.with_columns(pl.row_index("number").cast(pl.Int64))
    both = alike
    for side in ("later", "earlier"):
        named = numbered.rename({name: f"{side}_{name}" for name in articles.columns})
        both = both.join(named, left_on=side, right_on="number", how="left")
    swapped = _before("later", "earlier")
    for name in KEPT:
        both = both.with_columns(
            pl.when(swapped).then(f"earlier_{name}").otherwise(f"later_{name}").alias(f"copy_{name}"),
            pl.when(swapped).then(f"later_{name}").otherwise(f"earlier_{name}").alias(f"original_{name}"),
        )
    fewest = pl.min_horizontal("copy_lines", "original_lines")
    tellable = pl.min_horizontal("copy_runs", "original_runs") >= _FEWEST
    shares = both.select(
        copy="copy_article_id",
        original="original_article_id",
        copy_in_original=pl.when(tellable).then(pl.col("shared") / pl.col("copy_runs")),
        original_in_copy=pl.when(tellable).then(pl.col("shared") / pl.col("original_runs")),
        jaccard=pl.when(tellable).then(
            pl.col("shared") / (pl.col("copy_runs") + pl.col("original_runs") - pl.col("shared"))
        ),
        shared="shared",
        same_lines="same_lines",
        lines=pl.when(fewest > 0).then(pl.col("same_lines") / fewest).otherwise(0.0),
        of_copy=pl.when(tellable)
        .then(pl.col("shared") / pl.col("copy_runs"))
        .otherwise(pl.col("same_lines") / pl.col("copy_lines")),
        of_original=pl.when(tellable)
        .then(pl.col("shared") / pl.col("original_runs"))
        .otherwise(pl.col("same_lines") / pl.col("original_lines")),
    )
    most, least = pl.max_horizontal("of_copy", "of_original"), pl.min_horizontal("of_copy", "of_original")
    enough_lines = (pl.col("lines") >= _HALF) & ((pl.col("same_lines") >= _LINES) | pl.col("jaccard").is_null())
    enough_runs = (most >= PASSAGE) & (pl.col("shared") >= _MORE) | (most >= _HALF) & (pl.col("shared") >= _FEWEST)
    return (
        shares.filter((pl.col("jaccard").is_not_null() & enough_runs) | enough_lines)
        .with_columns(
            kind=pl.when(least >= WHOLE)
            .then(pl.lit("copy"))
            .when(most >= WHOLE)
            .then(pl.lit("truncated"))
            .otherwise(pl.lit("rewritten"))
        )
        .select(PAIRS.names())
        .sort("copy", "original")
    )


def _before(one: str, other: str) -> pl.Expr:
    """Whether an article was first: published, where both are known to be, then fetched, then by its id."""
    published = pl.col(f"{one}_published_at") - pl.col(f"{other}_published_at")
    fetched = pl.col(f"{one}_fetched_at") - pl.col(f"{other}_fetched_at")
    none = pl.duration(microseconds=0)
    return (
        pl.when(published != none)
        .then(published < none)
        .when(fetched != none)
        .then(fetched < none)
        .otherwise(pl.col(f"{one}_article_id") < pl.col(f"{other}_article_id"))
    )
