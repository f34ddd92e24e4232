"""Amounts of check-worthiness from a desk's own verdicts: what its checkers found to be a fact or an opinion. Pure."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from factcheck.claims.fitting import average_precision, fit
from factcheck.claims.lexicon import language_of
from factcheck.claims.worthiness import OTHER, Amounts, found, score
from factcheck.folding import fold_with_offsets

LEAST = 30
"""Claims of each kind that are needed."""
_FOLDS = 5
_STRENGTH = 4.0  # some hundred verdicts move an amount; thirty hardly do
_HALF = 0.5


class Learnt(NamedTuple):
    """New amounts, how many claims they come from, and average precision on claims that were held out.

    `before` is that of the amounts given, on the same claims; `changes` are the amounts that differ: old and new.
    """

    amounts: Amounts
    facts: int
    opinions: int
    before: float
    after: float
    changes: dict[str, tuple[float, float]]


def learn(claims: pl.DataFrame, amounts: Amounts, *, name: str, seed: int) -> Learnt | None:
    """Amounts fitted to claims with a verdict, held near those given; None where there are too few of a kind.

    `claims` has group_id, quote, lang, reporting_verb and `is_fact` (null where nobody decided). Copies of one claim
    are held out together. The base of each language is the one that pushes as many of all these claims as before.
    """
    decided = claims.filter(pl.col("is_fact").is_not_null())
    facts = decided.filter("is_fact")["group_id"].n_unique()
    opinions = decided.filter(~pl.col("is_fact"))["group_id"].n_unique()
    if min(facts, opinions) < LEAST:
        return None
    folded = _folded(claims)
    names = sorted(amounts.amounts)
    rows = folded.filter(pl.col("is_fact").is_not_null()).unique("group_id", keep="first", maintain_order=True)
    features = _features(rows, names)
    labels = rows["is_fact"].cast(pl.Float64).to_numpy()
    prior = np.array([amounts.amounts[one] for one in names])
    parts = np.random.default_rng(seed).permutation(len(labels)) % _FOLDS
    held = np.zeros(len(labels))
    for part in range(_FOLDS):
        out = parts == part
        base, fitted = fit(features[~out], labels[~out], prior=prior, strength=_STRENGTH)
        held[out] = base + features[out] @ fitted
    _, fitted = fit(features, labels, prior=prior, strength=_STRENGTH)
    new = {one: round(float(value), 2) for one, value in zip(names, fitted, strict=True)}
    return Learnt(
        Amounts(name=name, base=_bases(folded, amounts, new), amounts=new),
        facts,
        opinions,
        average_precision(labels, features @ prior),
        average_precision(labels, held),
        {one: (amounts.amounts[one], new[one]) for one in names if new[one] != amounts.amounts[one]},
    )


def _folded(claims: pl.DataFrame) -> pl.DataFrame:
    rows = claims.select("quote", "lang", "reporting_verb").iter_rows()
    return claims.with_columns(
        pl.DataFrame(
            [(_without(quote, verb), language_of(quote, lang)) for quote, lang, verb in rows],
            {"folded": pl.String, "lexicon": pl.String},
            orient="row",
        )
    )


def _without(quote: str, verb: str | None) -> str:
    """The folded quote without the verb that reports it, as it is scored."""
    folded = fold_with_offsets(quote).text
    return folded.replace(fold_with_offsets(verb).text, "", 1) if verb else folded


def _features(rows: pl.DataFrame, names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    numbered = rows.with_row_index("_row")
    parts = []
    for (lang,), group in numbered.partition_by("lexicon", as_dict=True).items():
        signals = found(str(lang))
        columns = [
            signals[name].cast(pl.Float64).alias(name) if name in signals else pl.lit(0.0).alias(name) for name in names
        ]
        parts.append(group.select("_row", *columns))
    return pl.concat(parts).sort("_row").select(names).to_numpy()


def _bases(folded: pl.DataFrame, old: Amounts, new: dict[str, float]) -> dict[str, float]:
    bases = dict(old.base)
    for (lang,), group in folded.partition_by("lexicon", as_dict=True).items():
        before = old.base.get(str(lang), old.base[OTHER])
        pushed = score(group, old)["check_worthiness"] >= _HALF
        sums = _features(group, list(new)) @ np.array(list(new.values()))
        count = int(pushed.sum())
        if 0 < count < group.height:
            high, low = np.sort(sums)[::-1][count - 1 : count + 1]
            before = -float(high + low) / 2
        bases[str(lang)] = round(before, 2)
    return bases
