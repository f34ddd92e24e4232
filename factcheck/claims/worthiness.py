"""Check-worthiness: named signals, each with an amount that was learnt, as a share from 0 to 1.

A sentence has the base of its language, every signal that is found once or more adds its amount, and the sum is put
through the logistic function: `1 / (1 + exp(-sum))`. Signals are written by people (languages/CODE/signals.toml), so
that a desk can read why a sentence came before its checkers; amounts are fitted to labelled sentences
(data/amounts.toml, by `tests/eval/fit_amounts.py`; a desk's own by `factcheck learn`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl
from pydantic import BaseModel, ConfigDict

from factcheck.claims.language_files import languages, shared
from factcheck.claims.lexicon import base_of, lexicon

SHORT_WORDS = 6
OTHER = "other"
"""The base of a language without one of its own."""


class Amounts(BaseModel):
    """A model of check-worthiness: `base` by language and `amounts` by signal, both in log odds; `name` tells of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    base: Mapping[str, float]
    amounts: Mapping[str, float]


@cache
def shipped() -> Amounts:
    """The amounts of the package; a language that they do not name has the base of its own file."""
    fitted = Amounts.model_validate(shared("amounts"))
    own = {lang: base for lang in languages() if (base := base_of(lang)) is not None}
    return fitted.model_copy(update={"base": {**own, **fitted.base}})


def found(lang: str) -> dict[str, pl.Expr]:
    """An expression for each signal of a language, over sentences: whether one has it.

    They read the columns `folded` (by `fold_with_offsets`) and `reporting_verb`.
    """
    folded = pl.col("folded")
    signals: dict[str, pl.Expr] = {}
    for signal in lexicon(lang).signals:
        has = folded.str.contains(signal.pattern)
        signals[signal.name] = signals[signal.name] | has if signal.name in signals else has
    signals["attributed"] = pl.col("reporting_verb").is_not_null()
    signals["short"] = folded.str.count_matches(r"\w+") < SHORT_WORDS
    return signals


def score(sentences: pl.DataFrame, amounts: Amounts) -> pl.DataFrame:
    """The sentences with `check_worthiness` (0 to 1, two decimals) and `reasons` ("number +0.20").

    Reads the columns `folded` (by `fold_with_offsets`), `lexicon` (language) and `reporting_verb`; keeps the order.
    """
    if sentences.is_empty():
        return sentences.with_columns(
            pl.lit(None, pl.Float64).alias("check_worthiness"), pl.lit(None, pl.List(pl.String)).alias("reasons")
        )
    numbered = sentences.with_row_index("_row")
    groups = numbered.partition_by("lexicon", as_dict=True)
    scored = [_score(group, str(lang), amounts) for (lang,), group in groups.items()]
    return pl.concat(scored).sort("_row").drop("_row")


def _score(sentences: pl.DataFrame, lang: str, amounts: Amounts) -> pl.DataFrame:
    base = amounts.base.get(lang, amounts.base[OTHER])
    rules = [(name, amounts.amounts.get(name, 0.0), has) for name, has in found(lang).items()]
    rules = [rule for rule in rules if round(rule[1], 2)]
    columns = [has.alias(f"_{number}") for number, (_, _, has) in enumerate(rules)]
    total = pl.lit(base) + pl.sum_horizontal(
        pl.col(f"_{number}").cast(pl.Float64) * amount for number, (_, amount, _) in enumerate(rules)
    )
    reasons = [
        pl.when(f"_{number}").then(pl.lit(f"{name} {amount:+.2f}")) for number, (name, amount, _) in enumerate(rules)
    ]
    return (
        sentences.with_columns(columns)
        .with_columns(
            (1 / (1 + (-total).exp())).round(2).alias("check_worthiness"),
            pl.concat_list(reasons).list.drop_nulls().alias("reasons"),
        )
        .drop([f"_{number}" for number in range(len(rules))])
    )
