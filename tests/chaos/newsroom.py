"""A desk on disk for the fault runs: claims with true offsets, staged as `ingest` and `claims` leave them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from factcheck import frames
from factcheck import settings as settings_package
from factcheck.models import Article, Claim
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from tests.fake_studio.props import NOW, QUOTES, claim_id

PUBLISHERS = ("Radio Atlas", "خبرگزاری نمونه", None)
_CLAIMS_PER_ARTICLE = 40

_TOML = """\
[projects.main]
title = "Faults"
annotators_per_claim = 2
"""


def make_desk(folder: Path, url: str) -> Settings:
    """A desk that works with the server at that address; its dataset is there and empty."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / settings_package.FILE_NAME).write_text(_TOML, "utf-8")
    settings = settings_of(folder, url)
    _ = Desk(settings).identity
    return settings


def copy_desk(template: Path, folder: Path, url: str) -> Settings:
    """The same desk again: the same dataset id and the same key, so that equal work gives equal datasets."""
    shutil.copytree(template, folder)
    return settings_of(folder, url)


def settings_of(folder: Path, url: str) -> Settings:
    return settings_package.load(folder, {"FACTCHECK_STUDIO_URL": url})


def stage(settings: Settings, numbers: Iterable[int], *, copies: Iterable[int] = ()) -> list[str]:
    """Stage claims by number, and appearances of earlier ones in another article; the claim ids of the new groups.

    What is staged already and in no version yet stays staged.
    """
    desk = Desk(settings)
    mine = list(numbers)
    articles, claims = [], []
    for chosen, appearance in ((mine, 0), (list(copies), 1)):
        for start in range(0, len(chosen), _CLAIMS_PER_ARTICLE):
            article, cut = _article(chosen[start : start + _CLAIMS_PER_ARTICLE], appearance)
            articles.append(article)
            claims += cut
    if articles:
        desk.staging.add_articles(frames.from_records(Article, articles))
        new = frames.from_records(Claim, claims)
        desk.staging.set_claims(pl.concat([desk.staging.claims(), new]).unique("claim_id", maintain_order=True))
    return [claim_id(number) for number in mine]


def _article(chosen: list[int], appearance: int) -> tuple[Article, list[Claim]]:
    article = f"art_{appearance * 10**9 + chosen[0]:020x}"
    text, claims = "", []
    for number in chosen:
        lang = ("fa", "ar", "en")[number % 3]
        quote = f"{QUOTES[lang]} {number}"
        claims.append(
            Claim(
                claim_id=claim_id(number + appearance * 10**9),
                article_id=article,
                group_id=claim_id(number),
                start=len(text),
                end=len(text) + len(quote),
                quote=quote,
                lang=lang,
                claimant="the minister",
                check_worthiness=0.8,
                extractor="test-1",
            )
        )
        text += f"{quote}\n"
    made = Article(
        article_id=article,
        source="fault run",
        url=f"https://example.org/{article}",
        publisher=PUBLISHERS[(chosen[0] + appearance) % 3],
        title="A day in numbers",
        text=text,
        fetched_at=NOW,
    )
    return made, claims
