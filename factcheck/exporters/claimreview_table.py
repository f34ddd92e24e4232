"""ClaimReviews of many rows at once, by expressions: the same bytes as `as_claimreview` writes of each by itself.

Only of rows of which the lint can have nothing to say but that the claim is long: texts without any mark of lost
letters, dates in their order, names that are names. All others are told apart, and are for `as_claimreview` to look at
one by one. What is the same in all reviews is looked at once, in a review of a claim of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.exporters import addresses, claimreview_claim, json_columns
from factcheck.exporters.claimreview_claim import ROW, Depth, said
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.json_columns import Member, Part, Perhaps
from factcheck.exporters.lint.said import LONG_CLAIM
from factcheck.exporters.lint.values import is_host
from factcheck.exporters.profiles import Profile
from factcheck.folding import match_key

Json = dict[str, Any]
Judge = Callable[[Json], tuple[Json, bool] | None]
"""The review of a row by itself, and whether the lint has nothing to say of it; None where it is refused."""

_LINE_END: Final = r"[ \t]*[\r\n\x0b\x0c\x{85}\x{2028}\x{2029}][ \t\r\n\x0b\x0c\x{85}\x{2028}\x{2029}]*"
_PERHAPS_LOST: Final = r"[\x{fffd}ØÙÚÛÃ]|\?\?\?"
_SETS_APART: Final = r"[:：|(\[–—-]"
_CUT: Final = r"\.\.\.|…"
_FOLDS_OTHERWISE: Final = "[İıſ\u212a]"
"""Letters that are i, s or k to one regular expression and not to another, whatever their case."""
_YEARS: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_CLAIM_ID: Final = "^clm_[0-9a-f]{20}$"
_PROBED: Final = ("a claim of ours", "ادعای ما", "1")
_SAME: Final = ("inLanguage", "sdDatePublished", "sdLicense", "version", "author")


class Ratings(NamedTuple):
    """The ratings of what was decided, by verdict and reason, each in a review of which the lint has nothing to say."""

    of: Mapping[str, Json]
    same: Json
    """What all reviews of an export have in common."""


def probe(rows: pl.DataFrame, judge: Judge) -> Ratings:
    """The ratings that the rows need, as far as no rule is broken by them or by what all reviews have in common."""
    found: dict[str, Json] = {}
    same: Json = {}
    for verdict, reason, status in rows.select("verdict", "reason", "status").unique().iter_rows():
        judged = [judge(_row(text, verdict, reason, status)) for text in _PROBED]
        documents = [one[0] for one in judged if one is not None and one[1]]
        if len(documents) == len(_PROBED):
            found[_key(verdict, reason)] = documents[0]["reviewRating"]
            same = {name: documents[0][name] for name in _SAME if name in documents[0]}
    return Ratings(found, same)


def _key(verdict: str | None, reason: str | None) -> str:
    return f"{verdict or ''}|{reason or ''}"


_KEY: Final = pl.concat_str(pl.col("verdict").fill_null(""), pl.lit("|"), pl.col("reason").fill_null(""))


def _row(text: str, verdict: str | None, reason: str | None, status: str) -> Json:
    """A row of a claim of ours that was decided so."""
    day = datetime(2026, 1, 1, 12, tzinfo=UTC)
    names = ("page_url", "claim_reviewed", "headline", "summary", "lang", "claimant", "publisher", "claimant_role")
    return dict.fromkeys((*names, "claimant_organisation", "verdict_source")) | {
        "claim_id": "clm_" + "0" * 20, "quote": text, "state": "active", "status": status, "verdict": verdict,
        "reason": reason, "verdict_origin": "votes", "decided_at": day, "first_published_at": day, "modified_at": day,
        "rationales": [], "evidence": [], "source_chain": [],
        "appearances": [dict.fromkeys(("url", "title", "lang", "published_at", "publisher"))],
    }  # fmt: skip


def split(
    rows: pl.DataFrame, ratings: Ratings, profile: Profile, context: ExportContext
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that `reviews` can write, ready for it, and those that have to be looked at one by one.

    `rows` are of a view, with their number as `__row`.
    """
    words = {key: rating["alternateName"] for key, rating in ratings.of.items()}
    desk = context.desk_url.rstrip("/")
    ready = rows.with_columns(
        claim=_one_line(pl.coalesce(said("claim_reviewed"), "quote")),
        head=_one_line(said("headline")),
        published=pl.coalesce("first_published_at", "decided_at"),
        changed=pl.coalesce("modified_at", "decided_at"),
        claimed=pl.col("appearances").list.first().struct.field("published_at"),
        rating=_KEY,
    )
    ready = ready.hstack(claimreview_claim.claimants(rows).drop(ROW))
    names = ready["name"].unique().drop_nulls()
    reviewer = match_key(context.desk_name)
    odd = [name for name in names if is_host(name)]
    plain = [
        pl.col("claim_id").str.contains(_CLAIM_ID),
        pl.col("claim").str.contains(r"\p{L}") & ~pl.col("claim").str.contains(_PERHAPS_LOST),
        ~_perhaps_rated(words),
        pl.col("head").is_null() | ~pl.col("head").str.contains(_CUT),
        *(pl.col(name).is_between(*_YEARS) for name in ("published", "changed")),
        pl.col("changed") >= pl.col("published"),
        pl.col("claimed").is_null() | (pl.col("claimed") <= pl.col("published")),
        _all_dated(pl.col("appearances")),
        pl.col("name").is_null()
        | (~pl.col("name").is_in(pl.Series(odd, dtype=pl.String).implode()) & ~pl.col("key").is_in(["", reviewer])),
        said("page_url").is_null() | (pl.col("page_url").str.starts_with(f"{desk}/") & _on_desk(profile)),
        *(~pl.col(name).list.eval(pl.element().is_null()).list.any() for name in ("rationales", "evidence")),
        pl.col("source_chain").is_not_null(),
        pl.col("rating").is_in(list(ratings.of)),
    ]
    found = ready.with_columns(plain=pl.all_horizontal(plain).fill_null(value=False))
    return found.filter("plain"), found.filter(~pl.col("plain")).select(rows.columns)


def _one_line(text: pl.Expr) -> pl.Expr:
    joined = text.str.replace_all(_LINE_END, " ").str.strip_chars(" ")
    return pl.when(joined != "").then(joined)


def _perhaps_rated(words: Mapping[str, str]) -> pl.Expr:
    """Whether the claim may name its own rating, set apart from the rest."""
    found = [
        (pl.col("rating") == key)
        & (pl.col("claim").str.contains(f"(?i){re.escape(word)}") if _has_one_case(word) else pl.lit(value=True))
        for key, word in words.items()
    ]
    apart = pl.col("claim").str.contains(_SETS_APART)
    return apart & (pl.any_horizontal([*found, pl.lit(value=False)]) | pl.col("claim").str.contains(_FOLDS_OTHERWISE))


def _has_one_case(word: str) -> bool:
    """Whether letters in other case than the word's are found alike by every regular expression."""
    return all(char.isascii() or char.lower() == char.upper() for char in word)


def _all_dated(appearances: pl.Expr) -> pl.Expr:
    """Whether there are appearances, and each that has a date has one in our times."""
    dates = appearances.list.eval(
        pl.element().struct.field("published_at").is_between(*_YEARS)
        | pl.element().struct.field("published_at").is_null()
    )
    return (appearances.list.len() > 0) & dates.list.all()


def _on_desk(profile: Profile) -> pl.Expr:
    """Whether an editor's address on the desk's site is as good as those of the profile's pattern, which are there."""
    pattern = profile.claimreview.review_url
    return addresses.is_plain(pl.col("page_url")) & pattern.startswith("{desk_url}/")


def reviews(
    ready: pl.DataFrame, ratings: Ratings, profile: Profile, context: ExportContext, *, documents: bool
) -> pl.DataFrame:
    """By row the review as the item of a feed (`item`) and, where asked for, as a document (`document`).

    `length` is how many characters the claim has, null where it is not too long.
    """
    # In a document the first work stands at depth 2, the others and what is cited in lists there or above.
    works, cited = ([None, 2, 3], [None, 2]) if documents else ([None], [None])
    texts = ready.select(ROW, "claim_id", "page_url", "claim", "name", "kind", "rating", *_texts(profile))
    for found in (
        claimreview_claim.works(ready, context.desk_url, works),
        claimreview_claim.citations(ready, cited),
    ):
        texts = texts.hstack(texts.select(ROW).join(found, on=ROW, how="left", maintain_order="left").drop(ROW))
    made = {"item": _item(ratings, profile, context)}
    if documents:
        made["document"] = json_columns.joined([*_review(ratings, profile, context, 0), "\n"])
    long = pl.col("claim").str.len_chars()
    return texts.select(ROW, "claim_id", length=pl.when(long > LONG_CLAIM).then(long), **made)


def _texts(profile: Profile) -> Iterator[pl.Expr]:
    """What stands in both forms of a review, written once."""
    rationales = pl.when(pl.col("rationales").list.len() > 0).then(pl.col("rationales").list.join("\n\n"))
    body = pl.coalesce(said("summary"), *([rationales] if profile.claimreview.rationale else []))
    yield json_columns.text(pl.col("claim")).alias("claim_json")
    yield json_columns.text(pl.col("head")).alias("head_json")
    yield json_columns.text(pl.when(body != "").then(body)).alias("body_json")
    yield json_columns.text(pl.col("name")).alias("name_json")
    yield json_columns.text(said("lang")).alias("lang_json")
    for name in ("published", "changed", "claimed"):
        yield json_columns.moment(pl.col(name)).alias(f"{name}_json")


def _item(ratings: Ratings, profile: Profile, context: ExportContext) -> pl.Expr:
    dates: list[Part] = ['{"@type": "DataFeedItem", "dateCreated": ', pl.col("published_json")]
    dates += [', "dateModified": ', pl.col("changed_json")]
    return json_columns.joined([*dates, ', "item": [', *_review(ratings, profile, context, None), "]}"])


def _review(ratings: Ratings, profile: Profile, context: ExportContext, depth: Depth) -> list[Part]:
    """The pieces of a review, its members in their order; with `@context` where it is a document."""
    inner = None if depth is None else depth + 1
    same: dict[str, Member] = {name: json_columns.constant(value, inner) for name, value in ratings.same.items()}
    rated = {key: json_columns.constant(rating, inner) for key, rating in ratings.of.items()}
    members: dict[str, Member | None] = {
        "@context": None if depth is None else '"https://schema.org"',
        "@type": '"ClaimReview"',
        "url": _page(profile, context),
        "identifier": ['"', pl.col("claim_id"), '"'],
        "claimReviewed": pl.col("claim_json"),
        "headline": Perhaps(pl.col("head_json")),
        "inLanguage": same.get("inLanguage"),
        "datePublished": pl.col("published_json"),
        "dateModified": pl.col("changed_json"),
        **{name: same.get(name) for name in ("sdDatePublished", "sdLicense", "version", "author")},
        "reviewRating": pl.col("rating").replace_strict(rated, default=None, return_dtype=pl.String),
        "itemReviewed": _claim(inner),
        "reviewBody": Perhaps(pl.col("body_json")),
        "citation": Perhaps(json_columns.list_of(pl.col(f"cited_{_deeper(inner)}"), inner)),
    }
    return json_columns.parts_of({name: value for name, value in members.items() if value is not None}, depth)


def _deeper(depth: Depth) -> Depth:
    return None if depth is None else depth + 1


def _page(profile: Profile, context: ExportContext) -> pl.Expr:
    pattern = profile.claimreview.review_url.format(desk_url=context.desk_url.rstrip("/"), claim_id="\0")
    parts = [json_columns.constant(part, None)[1:-1] for part in pattern.split("\0")]
    between: list[Part] = [parts[0]]
    for part in parts[1:]:
        between += [pl.col("claim_id"), part]
    return pl.coalesce(json_columns.text(said("page_url")), json_columns.joined(['"', *between, '"']))


def _claim(depth: Depth) -> list[Part]:
    inner = _deeper(depth)
    author = json_columns.parts_of({"@type": ['"', pl.col("kind"), '"'], "name": pl.col("name_json")}, inner)
    return json_columns.parts_of(
        {
            "@type": '"Claim"',
            "author": Perhaps(pl.when(pl.col("name").is_not_null()).then(json_columns.joined(author))),
            "datePublished": Perhaps(pl.col("claimed_json")),
            "inLanguage": Perhaps(pl.col("lang_json")),
            "firstAppearance": Perhaps(pl.col(f"works_{inner}").list.first()),
            "appearance": Perhaps(json_columns.list_of(pl.col(f"works_{_deeper(inner)}"), inner)),
        },
        depth,
    )
