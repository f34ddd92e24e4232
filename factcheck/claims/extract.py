"""Articles to claims: every sentence becomes a claim with a score, or a rejection with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, get_args

import polars as pl

from factcheck import frames
from factcheck.claims.affiliations import Affiliation, affiliation
from factcheck.claims.attribution import attribute
from factcheck.claims.dates import named_dates
from factcheck.claims.in_words import in_words
from factcheck.claims.lexicon import language_of, lexicon
from factcheck.claims.repeats import joined, repeats, words_of
from factcheck.claims.sentence_types import REASONS, outline
from factcheck.claims.sentences import paragraphs
from factcheck.claims.two_facts import parted
from factcheck.claims.worthiness import Amounts, score, shipped
from factcheck.days import UTC_CLOCK, Clock, day_of
from factcheck.errors import failure
from factcheck.languages import OTHERWISE, Language
from factcheck.models import Claim, ClaimState, Rejection, claim_id

EXTRACTOR = "rules-4"
STAGE = "claims"

_OF_PEOPLE: dict[str, Language] = {lang: lang for lang in get_args(Language)}
_SCRATCH = pl.Schema({**frames.schema(Claim), "folded": pl.String(), "lexicon": pl.String()})


class Extracted(NamedTuple):
    """Claims and rejections of some articles; `claims.height + rejected.height == seen`."""

    claims: pl.DataFrame
    rejected: pl.DataFrame
    seen: int


def extractor(amounts: Amounts | None = None) -> str:
    """What a claim cut and scored now says of itself: the rules, and the desk's own amounts if it has any."""
    return f"{EXTRACTOR} {amounts.name}" if amounts is not None and amounts.name else EXTRACTOR


def extract(
    articles: pl.DataFrame,
    *,
    amounts: Amounts | None = None,
    clock: Clock = UTC_CLOCK,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Extracted:
    """Every candidate sentence of the articles as a claim, every other sentence as a rejection.

    Takes a frame of `models.Article` (article_id, title, lang, text and its day are read); `clock` says how the day is
    written in what is proposed as the claim in words. Claims are in article order;
    `amounts` are the package's if there are none.
    `quote` is `text[start:end]` in code points, `group_id` is the claim's own id until `group` is called. What is
    seen is sentences; an article without a sentence, without text, with an id seen before, or that makes its reader
    fail (UNEXPECTED) counts as one. `progress` is told how many of how many articles are done.
    """
    claims: list[dict[str, Any]] = []
    rejected: list[Rejection] = []
    again: list[tuple[str, str]] = []
    known: set[str] = set()
    rows = articles.select("article_id", "title", "lang", "text", "published_at", "published_raw", "published_day")
    for number, article in enumerate(rows.iter_rows(named=True), 1):
        progress(number, rows.height)
        reason = _unusable(article, known)
        if reason is None:
            known.add(article["article_id"])
            reason = _cut(article, claims, rejected, again, clock)
            if reason is None:
                continue
        code, why = reason
        rejected.append(Rejection(stage=STAGE, code=code, subject=str(article["article_id"]), reason=why))
    amounts = amounts or shipped()
    scratch = pl.DataFrame(claims, schema=_SCRATCH)
    scratch = scratch.with_columns(pl.lit(extractor(amounts)).alias("extractor"))
    scored, repeated = joined(score(scratch, amounts).select(list(frames.schema(Claim))), again)
    rejected += [_passed(row, "REPEATED") for row in repeated.iter_rows(named=True)]
    return Extracted(scored, frames.from_records(Rejection, rejected), scored.height + len(rejected))


def _unusable(article: dict[str, Any], known: set[str]) -> tuple[str, str] | None:
    if not article["article_id"]:
        return "INVALID", "the article has no id; ingest it again"
    if article["article_id"] in known:
        return "DUPLICATE", "the same article came earlier in this run; its claims were extracted there"
    if not article["text"] or article["text"].isspace():
        return "EMPTY", "the article has no text; check its source"
    return None


def _passed(place: dict[str, Any], code: str) -> Rejection:
    """A sentence that becomes no claim; `place` has article_id, start, end and quote."""
    subject = f"{place['article_id']}:{place['start']}-{place['end']}"
    return Rejection(stage=STAGE, code=code, subject=subject, reason=REASONS[code], payload=place["quote"])


def _cut(
    article: dict[str, Any],
    claims: list[dict[str, Any]],
    rejected: list[Rejection],
    again: list[tuple[str, str]],
    clock: Clock,
) -> tuple[str, str] | None:
    """Adds the article's claims, rejections and repeats; why there are none, where there are none."""
    cut: list[dict[str, Any]] = []
    passed: list[Rejection] = []
    try:
        _one_article(article, cut, passed, clock)
        words = lexicon(cut[0]["lexicon"] if cut else "")
        pairs = list(repeats([words_of(claim["folded"], words) for claim in cut], words))
    except Exception as error:  # noqa: BLE001 - whatever one article does, it costs that article
        return (
            "UNEXPECTED",
            f"could not be read because of a bug ({failure(error)}): its claims are missing; report this line",
        )
    if not cut and not passed:
        return "EMPTY", "the article contains no sentence; check its source"
    again += [(cut[one]["claim_id"], cut[other]["claim_id"]) for one, other in pairs]
    claims += cut
    rejected += passed
    return None


def _own_day(article: dict[str, Any]) -> date | None:
    """The day from which an article's relative dates are told: its publisher's, else that of UTC."""
    day, at = article["published_day"], article["published_at"]
    return day if day is not None or at is None else at.date()  # type: ignore[no-any-return]


def _without_verb(folded: str, verb: tuple[int, int] | None) -> str:
    """The sentence without the verb that reports it: "said" is no fact of the claim."""
    return folded if verb is None else folded[: verb[0]] + folded[verb[1] :]


def _day(article: dict[str, Any], lang: str, clock: Clock) -> str | None:
    """The article's day as the desk's people write it, in the article's language where that has a form of its own."""
    moment, bare = day_of(article)
    return clock.label(moment, _OF_PEOPLE.get(lang, OTHERWISE), bare=bare)


def _one_article(
    article: dict[str, Any], claims: list[dict[str, Any]], rejected: list[Rejection], clock: Clock
) -> None:
    text: str = article["text"]
    lang = language_of(text, article["lang"])
    words = lexicon(lang)
    sentences = outline(text, article["title"], paragraphs(text, lang), words)
    parts = [fact for sentence in sentences for fact in parted(sentence, words)]
    day = _day(article, lang, clock)
    before: str | None = None
    today = _own_day(article)
    for part, who in zip(parts, attribute(text, parts, words), strict=True):
        start, end = part.span
        quote = text[start:end]
        sentence_before, before = before, quote if part.code is None else None
        if part.code is not None:
            place = {"article_id": article["article_id"], "start": start, "end": end, "quote": quote}
            rejected.append(_passed(place, part.code))
            continue
        of = affiliation(who.claimant, lang) if who.claimant else Affiliation()
        own_id = claim_id(article_id=article["article_id"], start=start, end=end, quote=quote)
        claims.append(
            {
                "claim_id": own_id,
                "article_id": article["article_id"],
                "group_id": own_id,
                "start": start,
                "end": end,
                "quote": quote,
                "lang": article["lang"],
                "claimant": who.claimant,
                "claimant_role": of.role,
                "claimant_organisation": of.organisation,
                "reporting_verb": who.verb,
                "speech": str(who.speech) if who.speech else None,
                "state": str(ClaimState.ACTIVE),
                "dates": named_dates(quote, part.folded.text, lang, today),
                "claim_in_words": in_words(quote, part, who, words, before=sentence_before, day=day),
                "folded": _without_verb(part.folded.text, who.verb_span),
                "lexicon": lang,
            }
        )
