"""Claims that a person words: from an article, or without one; and claims that stand in another's place. Pure.

`quote` is `text[start:end]` for these too. Words that the article does not hold get an article of their own, whose text
they are, with the outlet, address and date of the one they were said in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck.claims.grouping import group
from factcheck.frames import schema
from factcheck.models import Article, Claim, ClaimState, article_id, claim_id

EXTRACTOR = "person"
"""Of claims whose words a person chose."""
ADDED = "added by a person +1.00"
SOURCE = "person"
"""Source of an article that is nothing but the words of a claim."""

Row = dict[str, Any]


class Worded(NamedTuple):
    """An article's row and the row of a claim in it; the article is None where it is there already."""

    article: Row | None
    claim: Row


def add(
    words: str,
    *,
    claimant: str | None,
    lang: str | None,
    url: str | None,
    outlet: str | None,
    dated: Mapping[str, Any],
    now: datetime,
) -> Worded:
    """A claim that stands in no article: said on television, at a rally.

    `dated` has published_at, published_raw, published_day and calendar.
    """
    article = _article(words, {"url": url, "publisher": outlet, "lang": lang, **dated}, now)
    row = _claim(article["article_id"], 0, words)
    return Worded(article, row | {"lang": lang, "claimant": claimant, "check_worthiness": 1.0, "reasons": [ADDED]})


def in_place_of(claim: Row, article: Row, words: str, *, now: datetime) -> Worded:
    """A claim with other words that supersedes `claim`: in its article where that holds them, nearest to the old ones.

    Claimant, score, and what a person corrected stay; the speech is kept where the span is in the article.
    """
    span = _nearest(article["text"], words, claim["start"])
    if span is None:
        made = _article(words, article, now)
        return Worded(made, _heir(claim, made["article_id"], 0, words) | {"reporting_verb": None, "speech": None})
    return at_span(claim, article, *span)


def at_span(claim: Row, article: Row, start: int, end: int) -> Worded:
    """A claim that supersedes `claim` and is `text[start:end]` of its article."""
    return Worded(None, _heir(claim, claim["article_id"], start, article["text"][start:end]))


def grouped(made: Sequence[Row], known: pl.DataFrame) -> list[Row]:
    """The rows in the groups of `known` claims that say the same, else with the first of them that does."""
    frame = pl.DataFrame(list(made), schema(Claim), orient="row")
    return group(frame, known).to_dicts()


def withdrawn(claim: Row) -> Row:
    """The claim as one that is no longer checked or shown; its votes and its verdict stay with it."""
    return claim | {"state": str(ClaimState.WITHDRAWN)}


def _nearest(text: str, words: str, start: int) -> tuple[int, int] | None:
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    found = [match.span() for match in pattern.finditer(text)]
    return min(found, key=lambda span: abs(span[0] - start), default=None)


def _heir(claim: Row, article: str, start: int, words: str) -> Row:
    own = _claim(article, start, words)
    return claim | {name: own[name] for name in _OWN} | {"supersedes": claim["claim_id"]}


_OF_THE_WORDS = ("claim_in_words", "repeated", "dates")
"""What an extractor read off the old words, which says nothing of others."""
_OWN = ("claim_id", "article_id", "group_id", "start", "end", "quote", "extractor", "state", *_OF_THE_WORDS)


def _claim(article: str, start: int, words: str) -> Row:
    end = start + len(words)
    own = claim_id(article_id=article, start=start, end=end, quote=words)
    made = Claim(
        claim_id=own,
        article_id=article,
        group_id=own,
        start=start,
        end=end,
        quote=words,
        check_worthiness=1.0,
        extractor=EXTRACTOR,
    )
    return made.model_dump() | {"state": str(made.state)}


def _article(words: str, like: Mapping[str, Any], now: datetime) -> Row:
    kept = ("url", "publisher", "title", "lang", "published_at", "published_raw", "published_day", "calendar")
    about = {name: like.get(name) for name in kept}
    named = {name: about[name] for name in ("url", "publisher", "title")}
    made = Article(
        article_id=article_id(**named, text=words),
        source=SOURCE,
        source_chain=like.get("source_chain") or ([about["publisher"]] if about["publisher"] else []),
        text=words,
        fetched_at=now,
        **about,
    )
    return made.model_dump() | {"calendar": str(made.calendar) if made.calendar else None}
