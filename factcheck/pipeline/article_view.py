"""Articles with their claims underlined, with claimant, score and reasons: for a terminal, or as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import exporters
from factcheck.days import day_of
from factcheck.exporters.article_page import Note, PageWords, Shown, article_page
from factcheck.exporters.contract import Rendered
from factcheck.languages.texts import table
from factcheck.models import ClaimState
from factcheck.settings import Settings
from factcheck.studio.page.label_config import words_of
from factcheck.studio.page.task_words import TASK_WORDS

MOST = 200
"""Articles on one page, those with the most check-worthy claims first."""

_WORDS = table("labels", "articles")


class Viewed(NamedTuple):
    """An article (a row of models.Article), its active claims in order (rows of models.Claim), and its paragraphs."""

    article: Mapping[str, Any]
    claims: list[dict[str, Any]]
    paragraphs: list[claims_stage.Paragraph]


def viewed(articles: pl.DataFrame, claims: pl.DataFrame) -> list[Viewed]:
    """The articles in their order, each with its claims; withdrawn ones are not among them."""
    active = claims.filter(pl.col("state") == str(ClaimState.ACTIVE)).sort("start", "end")
    mine: dict[str, list[dict[str, Any]]] = {}
    for row in active.join(articles, on="article_id", how="semi", maintain_order="left").iter_rows(named=True):
        mine.setdefault(row["article_id"], []).append(row)
    return [
        Viewed(row, found := mine.get(row["article_id"], []), list(claims_stage.underlined(row["text"], found)))
        for row in articles.iter_rows(named=True)
    ]


def write_page(settings: Settings, articles: pl.DataFrame, claims: pl.DataFrame, path: Path, *, force: bool) -> Path:
    """The path of the page that shows the articles with their claims, at most `MOST` of them."""
    language = settings.desk.language
    best = claims.group_by("article_id").agg(pl.col("check_worthiness").max().alias("_best"))
    ranked = articles.join(best, on="article_id", how="left", maintain_order="left")
    if articles.height > MOST:
        ranked = ranked.sort("_best", descending=True, nulls_last=True, maintain_order=True)
    some = viewed(ranked.head(MOST).drop("_best"), claims)
    left_out = articles.height - len(some)
    share = TASK_WORDS[language].share
    words = PageWords(**{name: said[language] for name, said in _WORDS.items()}, digits=TASK_WORDS[language].digits)
    words = words._replace(
        legend=words.legend.format(share=share(settings.claims.min_check_worthiness)),
        left_out=words.left_out.format(count=words.number(left_out)),
    )
    page = article_page(
        [_shown(one, settings, words) for one in some], words=words, language=language, left_out=left_out
    )
    return exporters.write([Rendered(path.name, page.encode("utf-8"))], path.parent, force=force)[0]


def _shown(one: Viewed, settings: Settings, words: PageWords) -> Shown:
    row = one.article
    moment, bare = day_of(row)
    day = settings.desk.clock.label(moment, settings.desk.language, bare=bare)
    return Shown(row, day, one.paragraphs, [_note(claim, settings, words) for claim in one.claims])


def _note(claim: Mapping[str, Any], settings: Settings, words: PageWords) -> Note:
    language = settings.desk.language
    more, own = TASK_WORDS[language], words_of(language, settings.wording.own)
    raised, lowered = _reasons(claim["reasons"] or [], more.signals)
    facts = [
        (own.claimant, claim["claimant"] or own.unknown),
        (more.worth, more.share(claim["check_worthiness"])),
        (more.raised, more.comma.join(raised)),
        (more.lowered, more.comma.join(lowered)),
        (words.in_words, claim["claim_in_words"] or ""),
        (words.again, words.number(len(claim["repeated"])) if claim["repeated"] else ""),
    ]
    worth = claim["check_worthiness"] >= settings.claims.min_check_worthiness
    return Note(claim["claim_id"], worth, [(label, value) for label, value in facts if value])


def _reasons(reasons: Sequence[str], names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """What raised the score and what lowered it, in the desk's words."""
    told = [reason.rpartition(" ") for reason in reasons]
    raised = [names.get(name, name) for name, _, amount in told if not amount.startswith("-")]
    return raised, [names.get(name, name) for name, _, amount in told if amount.startswith("-")]
