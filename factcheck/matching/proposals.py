"""Claims that may be one, by their words and facts: proposals for people, who decide. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from factcheck.matching.facts import Compared, Facts, Relation, compare, facts_of_claim
from factcheck.matching.lexical_terms import terms_of

PROPOSED: Final = pl.Schema(
    {
        "one": pl.String(),
        "other": pl.String(),
        "score": pl.Float64(),
        "relation": pl.String(),
        "reasons": pl.List(pl.String()),
    }
)
"""A row for each pair of groups, the smaller id first."""
LEAST: Final = 0.2
"""Score from which on people are asked: the two share a good part of their telling words."""
_COMMON: Final = 30
"""A word that more claims have brings no pair to be looked at, but counts in those that others bring."""
_AGAINST: Final = 0.8
"""What is left of the score where the facts speak against it: words decide the order, facts only who is asked."""
_CLOSE: Final = 0.6


def proposals(claims: pl.DataFrame, *, least: float = LEAST, of: Collection[str] | None = None) -> pl.DataFrame:
    """The pairs of groups that may be one (`PROPOSED`), the likeliest first; all of them with `least` 0.

    With `of`, those of these groups alone; their scores are the same.

    `claims` has claim_id, group_id, quote, lang, claimant, dates and may have claimant_role; of each group the claim
    that it is named after speaks, else its first by id. The score is from 0 to 1: the words that two share, weighed by
    how few claims have them, once as a cosine and once as a part of the shorter. The order of the claims does not
    matter. A pair whose facts are `different` is among them: whoever asks people leaves it out.
    """
    heads = heads_of(claims)
    asked = None if of is None else heads["group_id"].is_in(list(of)).arg_true()
    scored = _scored(heads["quote"], asked).filter(pl.col("score") >= least)
    role = cs.by_name("claimant_role", require_all=False)
    rows = heads.select("group_id", "quote", "lang", "claimant", "dates", role).to_dicts()
    known: dict[int, Facts] = {}

    def facts_of(row: int) -> Facts:
        if row not in known:
            known[row] = facts_of_claim(rows[row])
        return known[row]

    def told() -> Iterator[tuple[Any, ...]]:
        for one, other, score in scored.iter_rows():
            compared = compare(facts_of(one), facts_of(other))
            against = compared.relation in {Relation.TENSION, Relation.DIFFERENT}
            yield (
                rows[one]["group_id"],
                rows[other]["group_id"],
                round(score * (_AGAINST if against else 1), 6),
                str(compared.relation),
                _reasons(score, compared, facts_of(one), facts_of(other)),
            )

    found = pl.DataFrame(list(told()), PROPOSED, orient="row")
    return found.filter(pl.col("score") >= least).sort("score", "one", "other", descending=[True, False, False])


def heads_of(claims: pl.DataFrame) -> pl.DataFrame:
    """Of each group the claim that speaks for it, sorted by the groups' ids."""
    first = claims.sort(pl.col("claim_id") != pl.col("group_id"), "claim_id").unique(
        "group_id", keep="first", maintain_order=True
    )
    return first.sort("group_id")


def _reasons(score: float, compared: Compared, one: Facts, other: Facts) -> list[str]:
    words = "nearly the same words" if score >= _CLOSE else "telling words in common"
    who = [f"the same claimant: {one.claimant}"] if one.claimant and one.claimant == other.claimant else []
    return [words, *compared.reasons, *who]


def _scored(quotes: pl.Series, asked: pl.Series | None = None) -> pl.DataFrame:
    """Pairs of rows, the smaller first, and their score; of the rows that are asked for, where some are."""
    terms = terms_of(quotes).unique()
    many = pl.len().over("term")
    weighed = terms.with_columns(weight=((quotes.len() + 1) / (many + 0.5)).log(), common=many > _COMMON).with_columns(
        pl.col("weight").clip(lower_bound=0.0)
    )
    sums = weighed.group_by("row").agg(length=pl.col("weight").pow(2).sum().sqrt(), total=pl.col("weight").sum())
    rare = weighed.filter(~pl.col("common")).select("row", "term")
    mine = rare if asked is None else rare.filter(pl.col("row").is_in(asked.cast(rare["row"].dtype).implode()))
    pairs = (
        mine.join(rare, on="term", suffix="_other")
        .filter(pl.col("row") < pl.col("row_other") if asked is None else pl.col("row") != pl.col("row_other"))
        .select(row=pl.min_horizontal("row", "row_other"), row_other=pl.max_horizontal("row", "row_other"))
        .unique()
    )
    weights = pairs.join(weighed.select("row", "term", "weight"), on="row")
    shared = (
        weights.join(weighed.select(row_other="row", term="term"), on=["row_other", "term"], how="semi")
        # In one order, so that a sum of floating-point numbers is the same in any.
        .sort("row", "row_other", "term")
        .group_by("row", "row_other", maintain_order=True)
        .agg(dot=pl.col("weight").pow(2).sum(), part=pl.col("weight").sum())
    )
    both = shared.join(sums, on="row").join(sums.rename({"row": "row_other"}), on="row_other", suffix="_other")
    cosine = pl.col("dot") / (pl.col("length") * pl.col("length_other"))
    contained = pl.col("part") / pl.min_horizontal("total", "total_other")
    return (
        both.with_columns(score=(cosine * contained).sqrt().fill_nan(0.0).clip(0.0, 1.0))
        .sort("row", "row_other")
        .select("row", "row_other", "score")
    )
