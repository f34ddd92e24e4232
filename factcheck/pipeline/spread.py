"""`spread`: how a claim travelled, through its appearances, the copies of their articles and other figures of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import exporters
from factcheck.errors import UsageError
from factcheck.exporters.contract import Rendered
from factcheck.exporters.spread_picture import Mark, picture
from factcheck.folding import match_key
from factcheck.matching.spread import APPEARED
from factcheck.matching.spread import spread as ordered
from factcheck.models import ClaimState
from factcheck.pipeline.copies import pairs_of_copies
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.history import known_articles, known_claims, meant, version_of
from factcheck.pipeline.tension import links, tension_of
from factcheck.reading.appearances import ARTICLE, appeared
from factcheck.settings import Settings


class Travelled(NamedTuple):
    """A claim and where it went: `appearances` (`matching.spread.SPREAD`) in order of time, and rows of `tension_of`.

    `copied_from` of an appearance names the outlet of the article that its own is a copy of.
    """

    claim_id: str
    quote: str
    lang: str | None
    claimant: str | None
    appearances: list[dict[str, Any]]
    tension: list[dict[str, Any]]

    @property
    def first(self) -> list[str]:
        """The outlets (articles where an outlet is not known) that nobody is known to have been before."""
        return list(dict.fromkeys(row["publisher"] or row["article_id"] for row in self.appearances if row["first"]))

    def as_dict(self) -> dict[str, Any]:
        """The result for --json."""
        return self._asdict() | {"first": self.first}


def spread(settings: Settings, given: str, *, as_of: str | None) -> Travelled:
    """How the claim travelled that `given` (its id, or the beginning) names; staged ones too where no version is named.

    A copy of an article in which the words stand is an appearance, also where nobody made a claim of its own of them.
    Raises UnknownClaim as `show` does, UsageError for an article.
    """
    if given.strip().lower().startswith("art_"):
        raise UsageError("is an article", subject=given, hint=f"its claims: factcheck show {given}")
    desk = Desk(settings)
    data = version_of(desk, as_of)
    claims = known_claims(desk, data, as_of)
    named = claims.filter(pl.col("claim_id").is_in(meant(given, claims)))
    group = str(named["group_id"][0])
    mine = claims.filter(pl.col("group_id") == group)
    ids = mine["article_id"].unique().to_list()
    pairs = pairs_of_copies(desk).filter(pl.any_horizontal(pl.col("copy", "original").is_in(ids)))
    articles = known_articles(desk, data, as_of, {*ids, *pairs["copy"], *pairs["original"]})
    own = appeared(mine, articles)
    found = ordered(pl.concat([own, _in_copies(own, mine, articles)]), pairs)
    outlets = found.select(copy_of="article_id", copied_from="publisher").unique("copy_of", keep="first")
    told = found.join(outlets, on="copy_of", how="left", maintain_order="left").drop("group_id")
    head = mine.sort(
        pl.col("state") != str(ClaimState.ACTIVE), pl.col("claim_id") != pl.col("group_id"), "claim_id"
    ).row(0, named=True)
    beside = tension_of(desk, data, claims, links(desk, claims, [group]), as_of=as_of)
    return Travelled(group, head["quote"], head["lang"], head["claimant"], told.to_dicts(), beside)


def write_picture(settings: Settings, one: Travelled, path: Path, *, force: bool) -> Path:
    """The path of the picture of how the claim travelled, in the desk's language and calendar."""
    marks = [Mark.of(row) for row in one.appearances]
    marks += [Mark.of(row | {"first": False, "copy_of": None, "changed": []}, beside=True) for row in one.tension]
    svg = picture(marks, quote=one.quote, language=settings.desk.language, clock=settings.desk.clock)
    return exporters.write([Rendered(path.name, svg.encode("utf-8"))], path.parent, force=force)[0]


def _in_copies(own: pl.DataFrame, claims: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The places in the other articles where the words of an appearance stand and of which nobody made a claim.

    From an article whose claim was withdrawn the words are gone for the desk.
    """
    others = articles.join(claims, on="article_id", how="anti", maintain_order="left")
    words = {match_key(row["quote"]): row for row in own.iter_rows(named=True)}
    rows = [
        {**found, **{name: article[name] for name in _OF_ARTICLE}, "claim_id": None}
        for article in others.iter_rows(named=True)
        if (found := _standing_in(match_key(article["text"]), words)) is not None
    ]
    return pl.DataFrame(rows, APPEARED, orient="row")


_OF_ARTICLE = (*ARTICLE, "lang")


def _standing_in(text: str, words: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    return next((row for key, row in words.items() if key and f" {key} " in f" {text} "), None)
