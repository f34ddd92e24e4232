"""`search`: what was decided before about a claim, here or elsewhere, found by its words and its meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from factcheck.dataset import Dataset
from factcheck.errors import UsageError
from factcheck.folding import match_key
from factcheck.matching import lexical_index, meaning, vector_index
from factcheck.matching.e5_weights import Floats
from factcheck.matching.embedding import Embedder
from factcheck.matching.vector_index import Segment
from factcheck.models import ClaimState, Origin
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.earlier_index import OUTCOMES, earlier_index, quotes
from factcheck.pipeline.meaning import earlier_vectors, embedder
from factcheck.pipeline.progress import Progress, silent
from factcheck.settings import Settings

LEAST: Final = 0.1
"""A score below this shares next to nothing with the question but words that every text has."""
_AT_FIRST: Final = 20
AT_FIRST_OF_BOTH: Final = 200
"""What is near in meaning is often far down by its words, and its words count too: with 20 .02 of MAP@5 are lost."""
_MORE: Final = 8


class Found(NamedTuple):
    """The claims with a verdict that have words of the question, and among how many were looked for.

    A row has claim_id (the group), quote, lang, verdict, reason, decided_at, published_at, origin, outlet, url, score.
    The outlet is who decided for an imported verdict, else who published the claim; 1 is the score of the same words.
    """

    rows: list[dict[str, Any]]
    searched: int
    version: int


def search(
    settings: Settings, question: str, *, limit: int, lang: str | None = None, progress: Progress = silent
) -> Found:
    """The best `limit` claims on which a verdict stands, or that were found unproven; of each group its best words.

    A verdict that was withdrawn, and one of a claim that was, is none. Where [matching] names a model, claims in other
    words and languages are found too; `progress` tells of those that it reads for the first time. Raises UsageError for
    a question without a word, and what `pipeline.meaning.embedder` raises.
    """
    if not match_key(question):
        raise UsageError("the question has no word", subject=question, hint='write the claim: factcheck search "..."')
    desk = Desk(settings)
    data = desk.committed()
    if data is None or not data.head:
        return Found([], 0, 0)
    kept = earlier_index(desk, data)
    searched, version = sum(one.ids.size for one in kept.segments), data.head
    near = _Meaning.of(settings, data, question, progress)
    most = max(AT_FIRST_OF_BOTH if near else _AT_FIRST, 2 * limit)
    while True:
        hits = lexical_index.search(kept.segments, question, most)
        words = {claim: score / hits.own for claim, score in zip(hits.ids, hits.scores, strict=True) if hits.own}
        scores = near.scores(words, most) if near else words
        close = [claim for claim in scores if near or words[claim] >= LEAST]
        rows = _best_of_groups(standing(data, close), close, lang)
        # Many hits may be of one group, of claims that were withdrawn or in another language.
        if len(rows) >= limit or len(close) < most:
            told = [row | {"score": round(min(1.0, max(0.0, scores[row.pop("hit")])), 3)} for row in rows[:limit]]
            return Found(told, searched, version)
        most *= _MORE


class _Meaning(NamedTuple):
    """The question's vector and those of the claims that can be found."""

    model: Embedder
    data: Dataset
    segments: list[Segment]
    question: Floats
    crowd: np.float32

    @classmethod
    def of(cls, settings: Settings, data: Dataset, question: str, progress: Progress) -> _Meaning | None:
        model = embedder(settings)
        if model is None:
            return None
        kept = earlier_vectors(settings, data, model, progress)
        asked = model.embed([question])[0]
        return cls(model, data, kept.segments, asked, meaning.crowds(model, asked[None, :])[0])

    def scores(self, words: Mapping[str, float], most: int) -> dict[str, float]:
        """Scores by words and meaning of what was found by either, the best first; what is near in neither is out."""
        near = vector_index.nearest(self.segments, self.question, most)
        texts = quotes(self.data, sorted({*words} - {*near.ids}))
        behind = self.model.embed(texts["quote"].to_list()) @ self.question
        return meaning.found(
            words,
            near,
            dict(zip(texts["claim_id"], behind.tolist(), strict=True)),
            crowd=self.crowd,
            crowds=meaning.crowds(self.model, near.vectors),
            least=LEAST,
        )


def _best_of_groups(rows: pl.DataFrame, hits: Sequence[str], lang: str | None) -> list[dict[str, Any]]:
    """The best hit of each group, in the order of the hits, as a `Found` tells it."""
    if lang is not None:
        rows = rows.filter(pl.col("lang") == lang)
    order = pl.DataFrame({"hit": list(hits)}, {"hit": pl.String()}).with_row_index("place")
    best = order.join(rows, on="hit").sort("place").unique("claim_id", keep="first", maintain_order=True)
    return best.drop("place", "claimant", "claimant_role", "dates", "extractor").to_dicts()


def standing(data: Dataset, hits: Collection[str]) -> pl.DataFrame:
    """The hits (claim ids) whose claim is there and whose group has an outcome today.

    Columns: hit, the claim's quote, lang, claimant, claimant_role, dates and extractor, claim_id (of the group), its
    outcome as verdict, reason, decided_at, origin; published_at, outlet and url as in `Found`.
    """
    claims = _last(data.claim_changes().filter(pl.col("claim_id").is_in(list(hits))), "claim_id")
    claims = claims.filter(pl.col("state") == str(ClaimState.ACTIVE))
    groups = claims["group_id"].unique().to_list()
    rows = data.verdict_changes().filter(pl.col("claim_id").is_in(groups))
    outcomes = _last(rows, "claim_id").filter(pl.col("status").is_in(OUTCOMES))
    places = data.articles().filter(pl.col("article_id").is_in(claims["article_id"].unique().to_list()))
    imported = pl.col("origin") == str(Origin.IMPORT)
    return (
        claims.rename({"claim_id": "hit"})
        .join(outcomes.rename({"claim_id": "group_id"}), on="group_id", suffix="_of_verdict")
        .join(places.select("article_id", "publisher", "url", "published_at").collect(), on="article_id", how="left")
        .select(
            "hit",
            "quote",
            "lang",
            "claimant",
            "claimant_role",
            "dates",
            "extractor",
            "reason",
            "decided_at",
            published_at=pl.coalesce("said_at", "published_at"),
            origin="origin",
            claim_id="group_id",
            verdict=pl.coalesce("verdict", "status"),
            outlet=pl.when(imported).then("source").otherwise(pl.coalesce("outlet", "publisher")),
            url=pl.when(imported).then(pl.coalesce(_first_address("evidence"), "url")).otherwise("url"),
        )
    )


def _last(rows: pl.LazyFrame, key: str) -> pl.DataFrame:
    return rows.collect().sort(key, "version").unique(key, keep="last", maintain_order=True)


def _first_address(column: str) -> pl.Expr:
    """The review's own address: an import puts it before what it cites."""
    return pl.col(column).list.eval(pl.element().filter(pl.element().str.contains("^https?://"))).list.first()
