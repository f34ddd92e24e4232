"""Claims that tell other figures or days of the same thing: to be shown side by side, never to be made one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import combinations
from typing import Any, Final

import polars as pl

from factcheck.folding.letters import fold_to_find
from factcheck.matching.facts import Relation, compare, facts_of_claim
from factcheck.matching.lexical_terms import terms_of
from factcheck.matching.proposals import LEAST, heads_of, proposals

TENSION: Final = pl.Schema(
    {"group_id": pl.String(), "other": pl.String(), "score": pl.Float64(), "reasons": pl.List(pl.String())}
)
"""A row for each group and another one that it is in tension with: a pair has two rows. Likeness alone has a score."""
_DIGIT: Final = r"\p{N}"
_FEWEST: Final = 3
"""Words without a digit that two claims have to share: "12 per cent" and "14 per cent" are no claims."""
_SERIES: Final = 12
"""Claims of the same words from which they are a series (the price of a day) and contradict nobody."""


def _as_read(claims: pl.DataFrame) -> pl.DataFrame:
    return claims


def tension(claims: pl.DataFrame, *, of: Collection[str] | None = None, least: float = LEAST) -> pl.DataFrame:
    """The groups in tension (`TENSION`), sorted by group, then the likest first; with `of`, those of these groups.

    `claims` as for `proposals`. Whether people are to be told of a pair at all is theirs to say: what they refused is
    among these.
    """
    found = proposals(claims, least=least, of=of).filter(pl.col("relation") == str(Relation.TENSION))
    rows = _both_ways(found.select("score", "reasons", group_id="one", other="other"))
    return rows if of is None else rows.filter(pl.col("group_id").is_in(list(of)))


def same_but_figures(
    claims: pl.DataFrame,
    dated: Callable[[pl.DataFrame], pl.DataFrame] = _as_read,
    *,
    of: Collection[str] | None = None,
) -> pl.DataFrame:
    """The groups in tension whose words are the same but for what has digits (`TENSION` without a score).

    What may be shown without a person's having looked: it depends on the two claims alone, and nothing but figures
    tells them apart. Linear in the number of claims, which are as for `proposals`; `dated` gives those that share
    their words the dates that nobody has read in them yet. With `of`, those of these groups: of most others no word is
    looked at.
    """
    heads = heads_of(claims).filter(pl.col("quote").str.contains(_DIGIT))
    if of is not None:
        heads = _with_a_word_of(heads, pl.col("group_id").is_in(list(of)))
    words = terms_of(heads["quote"]).filter(~pl.col("term").str.contains(_DIGIT))
    alike = (
        words.unique()
        .sort("row", "term")
        .group_by("row", maintain_order=True)
        .agg(pl.col("term"))
        .filter(pl.col("term").list.len() >= _FEWEST)
        .select("row", words=pl.col("term").list.join(" "))
        .filter(pl.len().over("words").is_between(2, _SERIES))
    )
    rows = heads.with_row_index("row").join(alike, on="row", how="inner", maintain_order="left")
    found = _both_ways(pl.DataFrame(list(_contradicting(dated(rows))), TENSION, orient="row"))
    return found if of is None else found.filter(pl.col("group_id").is_in(list(of)))


def _with_a_word_of(heads: pl.DataFrame, asked: pl.Expr) -> pl.DataFrame:
    """The heads that are asked for, and those that have the longest word of one of these, or one that begins so."""
    mine = heads.filter(asked)
    words = terms_of(mine["quote"]).filter(~pl.col("term").str.contains(_DIGIT))
    longest = words.sort(pl.col("term").str.len_chars(), "term").unique("row", keep="last")["term"]
    if longest.is_empty():
        return mine
    # A term is the beginning of the word, or of two that were written apart, but for its last letter ("countries").
    beginnings = longest.unique().str.head(-1).to_list()
    lines = heads["quote"].str.replace_all("\n", " ", literal=True)
    folded = pl.Series(fold_to_find("\n".join(lines)).split("\n"), dtype=pl.String)
    return heads.filter(asked | folded.str.replace_all(" ", "", literal=True).str.contains_any(beginnings))


def _contradicting(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for some in rows.partition_by("words", maintain_order=True):
        told = [(row["group_id"], facts_of_claim(row)) for row in some.iter_rows(named=True)]
        for (one, mine), (other, yours) in combinations(told, 2):
            compared = compare(mine, yours)
            if compared.relation is Relation.TENSION:
                yield one, other, None, list(compared.reasons)


def _both_ways(pairs: pl.DataFrame) -> pl.DataFrame:
    turned = pairs.rename({"group_id": "other", "other": "group_id"})
    both = pl.concat([pairs.select(TENSION.names()), turned.select(TENSION.names())])
    return both.sort("group_id", "score", "other", descending=[False, True, False])
