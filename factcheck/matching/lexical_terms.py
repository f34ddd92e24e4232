"""The terms by which claims find each other: folded words, without endings, joined where a space took a ZWNJ's place.

Light on purpose: a few endings of each script and no dictionary, so that a million claims cost a minute and a question
nothing. What two inflections have in common is a term; that two words become one now and then costs a place, no more.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from factcheck.folding import match_key
from factcheck.folding.letters import fold_to_find
from factcheck.text import ZWNJ

RULES: Final = 2
"""Number of the rules by which a text has its terms; whoever changes them raises it."""

WORD: Final = r"[\p{L}\p{M}\p{N}]+"

_THOUSANDS: Final = r"(\d)[,،٬](\d{3})"
_JOINED: Final = (
    # Persian prefixes and endings that people type with a space where a ZWNJ belongs, which folding takes out.
    (r"\b(ن?می)[ ](\p{Arabic})", "${1}${2}"),
    (r"(\p{Arabic})[ ](ها|های|هایی|تر|ترین)\b", "${1}${2}"),
    (r"(\p{Arabic}ه)[ ](ای|اند)\b", "${1}${2}"),
)
_ARABIC: Final = re.compile("[\u0620-\u06ff]+")
_PREFIX: Final = r"^(?:[وبکف]?ال|لل)(\p{Arabic}{3,})$"
_ENDING: Final = r"^(\p{Arabic}{3,}?)(?:هایی|های|هایش|هایشان|ها|ترین|تر|یه|ات|ان|ین|ون|ه|ی)+$"
_ENGLISH: Final = (
    (r"^([a-z]{2,})ies$", "${1}y"),
    (r"^([a-z]{2,}(?:s|x|z|ch|sh))es$", "${1}"),
    (r"^([a-z]{2,}[^su])s$", "${1}"),
    (r"^([a-z]*[aeiouy][a-z]+?)(?:ing|ed|er|ers)$", "${1}"),
    (r"^([a-z]{3,})e$", "${1}"),
)


def terms_of(texts: pl.Series) -> pl.DataFrame:
    """Every term of every text: `row` (place of the text, from 0) and `term`; a text without a word has none.

    Texts in Arabic and Persian letters, in digits of any script, with or without diacritics and ZWNJ have the terms of
    their other spellings.
    """
    lines = texts.fill_null("").str.replace_all("\n", " ", literal=True)
    if lines.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32(), "term": pl.String()})
    # Folded all at once: a call for each of a million claims is most of the work.
    folded = pl.Series("folded", fold_to_find("\n".join(lines)).split("\n"), pl.String)
    text = pl.col("folded")
    for _ in range(2):  # a match ends with the digits that the next one would begin with
        text = text.str.replace_all(_THOUSANDS, "${1}${2}")
    for pattern, joined in _JOINED:
        text = text.str.replace_all(pattern, joined)
    words = (
        folded.to_frame()
        .select(text.str.extract_all(WORD).alias("term"))
        .with_row_index("row")
        .explode("term", keep_nulls=False, empty_as_null=False)
    )
    kinds = words.select(pl.col("term").unique())
    return words.join(
        kinds.with_columns(stem=_stem(pl.col("term"))), on="term", how="left", maintain_order="left"
    ).select(pl.col("row").cast(pl.UInt32), term="stem")


def other_spellings(question: str) -> list[str]:
    """The question's Persian and Arabic words parted at each ZWNJ, and joined with their neighbours.

    Nobody can tell گفت‌وگو, گفت و گو and گفتوگو apart by rules; a question is asked in all ways, the texts stay.
    """
    parted = question.replace(ZWNJ, " ")
    words = match_key(parted).split()
    runs = [words[at : at + many] for many in (2, 3) for at in range(len(words) - many + 1)]
    joined = ["".join(run) for run in runs if all(map(_ARABIC.fullmatch, run))]
    return [parted, " ".join(joined)]


def _stem(word: pl.Expr) -> pl.Expr:
    word = word.str.replace(_PREFIX, "${1}").str.replace(_ENDING, "${1}")
    for pattern, kept in _ENGLISH:
        word = word.str.replace(pattern, kept)
    return word
