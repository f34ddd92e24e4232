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
    short the neighbouring ones too, at most `REACH` code points on each side, cut between words. Where a person wrote
    a `context` for the claim it is that: around the quote where it holds it, else before it.
    """
    spans = claims.select("claim_id", "start", "end", "quote", "article_id", "context").with_row_index()
    of_article = spans.partition_by("article_id", as_dict=True, include_key=False)
    texts = articles.select("article_id", "text").unique("article_id", keep="first")
    # Article by article: a text becomes a Python string once, not once for each of its claims.
    rows = [
        (index, claim, *(_written(written, quote) if written else (_before(text, start), quote, _after(text, end))))
        for article, text in texts.join(spans, on="article_id", how="semi").iter_rows()
        for index, claim, start, end, quote, written in of_article[(article,)].iter_rows()
    ]
    return pl.DataFrame(rows, {"index": spans.schema["index"], **_SCHEMA}, orient="row").sort("index").drop("index")


def _written(context: str, quote: str) -> tuple[str, str, str]:
    """What a person wrote, parted at the quote."""
    before, found, after = context.partition(quote)
    return (before, quote, after) if found else (f"{context}\n", quote, "")


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
