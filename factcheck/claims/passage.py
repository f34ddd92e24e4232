"""The passage around a claim that a checker reads to understand it."""

from __future__ import annotations

import re

import polars as pl

REACH = 600
"""Code points of context on each side, at most."""

_LINE_END = re.compile(r"[\n\r\x85\u2028\u2029]")
_MIN_CONTEXT = 200
_NO_BREAK_WITHIN = 60

_SCHEMA = pl.Schema({"claim_id": pl.String(), "before": pl.String(), "quote": pl.String(), "after": pl.String()})


def context(articles: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """`claim_id`, `before`, `quote`, `after` for every claim whose article is among `articles`, in the claims' order.

    `before + quote + after` is a piece of the article's text as it stands: the claim's paragraph, and where that is
    short the neighbouring ones too, at most `REACH` code points on each side, cut between words.
    """
    joined = claims.select("claim_id", "article_id", "start", "end", "quote").join(
        articles.select("article_id", "text").unique("article_id", keep="first", maintain_order=True),
        on="article_id",
        how="inner",
        maintain_order="left",
    )
    rows = [
        (claim, _before(text, start), quote, _after(text, end))
        for claim, start, end, quote, text in joined.select("claim_id", "start", "end", "quote", "text").iter_rows()
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _before(text: str, start: int) -> str:
    window = text[max(0, start - REACH) : start]
    cut = 0
    if start > REACH and not text[start - REACH - 1].isspace():
        space = re.search(r"\s", window[:_NO_BREAK_WITHIN])
        cut = space.end() if space else 0
    lines = [match.end() for match in _LINE_END.finditer(window)]
    # Whole paragraphs, as few as give enough to read.
    enough = [end for end in lines if len(window[end:].strip()) >= _MIN_CONTEXT]
    return window[max([cut, *enough]) :].lstrip()


def _after(text: str, end: int) -> str:
    window = text[end : end + REACH]
    cut = len(window)
    if end + REACH < len(text) and not text[end + REACH].isspace():
        spaces = [match.start() for match in re.finditer(r"\s", window[-_NO_BREAK_WITHIN:])]
        cut = len(window[:-_NO_BREAK_WITHIN]) + spaces[-1] if spaces else cut
    lines = [match.start() for match in _LINE_END.finditer(window)]
    enough = [start for start in lines if len(window[:start].strip()) >= _MIN_CONTEXT]
    return window[: min([cut, *enough])].rstrip()
