"""Check-worthiness: a transparent sum of named signals, each with its amount, from 0 to 1.

A sentence starts at `BASE`; every signal of its language that is found once or more adds its amount. Nothing is
learned: the amounts stand in data/*.toml, and a desk can read why a sentence came before its checkers.
"""

from __future__ import annotations

import polars as pl

from factcheck.claims.lexicon import lexicon

# So that a past-tense sentence with a name alone stays below the default threshold of 0.5 (about a third is pushed).
BASE = 0.20
ATTRIBUTED = 0.10
SHORT = -0.15
SHORT_WORDS = 6


def score(sentences: pl.DataFrame) -> pl.DataFrame:
    """The sentences with `check_worthiness` (0 to 1, two decimals) and `reasons` ("number +0.20").

    Reads the columns `folded` (by `fold_with_offsets`), `lexicon` (language) and `reporting_verb`; keeps the order.
    """
    if sentences.is_empty():
        return sentences.with_columns(
            pl.lit(None, pl.Float64).alias("check_worthiness"), pl.lit(None, pl.List(pl.String)).alias("reasons")
        )
    numbered = sentences.with_row_index("_row")
    scored = [_score(group, str(lang)) for (lang,), group in numbered.partition_by("lexicon", as_dict=True).items()]
    return pl.concat(scored).sort("_row").drop("_row")


def _score(sentences: pl.DataFrame, lang: str) -> pl.DataFrame:
    folded = pl.col("folded")
    rules: list[tuple[str, float, pl.Expr]] = [
        (signal.name, signal.amount, folded.str.contains(signal.pattern)) for signal in lexicon(lang).signals
    ]
    rules += [
        ("attributed", ATTRIBUTED, pl.col("reporting_verb").is_not_null()),
        ("short", SHORT, folded.str.count_matches(r"\w+") < SHORT_WORDS),
    ]
    amounts = [pl.when(found).then(pl.lit(amount)).otherwise(pl.lit(0.0)) for _, amount, found in rules]
    reasons = [pl.when(found).then(pl.lit(f"{name} {amount:+.2f}")) for name, amount, found in rules]
    return sentences.with_columns(
        (pl.lit(BASE) + pl.sum_horizontal(amounts)).clip(0.0, 1.0).round(2).alias("check_worthiness"),
        pl.concat_list(reasons).list.drop_nulls().alias("reasons"),
    )
