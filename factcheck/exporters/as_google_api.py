"""Bodies for Google's Fact Check Tools API: the markup of one page each, to create it or to replace all of it.

Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/pages. An update replaces the whole page, so
a body has every claim of its page. The API refuses fields that it does not know: which version the bodies show stands
in the file beside.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from factcheck.exporters import about_file, as_claimreview, json_text
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.models import Rejection

Json = dict[str, Any]


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """JSON Lines, the body of a page a line in the order of their first claims, and a file that says which version.

    What ClaimReview leaves out is left out, with the same codes. Raises ConfigError where the address of the desk or
    of its pages is no web address of one site.
    """
    as_claimreview.check_site(profile, context)
    language = profile.language or context.language
    bodies: dict[str, Json] = {}
    rejections: list[Rejection] = []
    for row in rows.iter_rows(named=True):
        found = as_claimreview.checked(row, profile, context, language)
        if isinstance(found, Rejection):
            rejections.append(found)
        else:
            _add(bodies, found[0])
    name = profile.file_name(context, FORMAT.suffix)
    about = about_file.beside(name, profile, context, format=FORMAT.name)
    return Draft([Rendered(name, json_text.lines(bodies.values())), about], rejections=rejections)


def _add(bodies: dict[str, Json], review: Json) -> None:
    """Put the review on its page; a page is dated by the first of its reviews."""
    url, _, anchor = review["url"].partition("#")
    day = review["datePublished"][:10]
    author = {"name": review["author"]["name"]}
    body = bodies.setdefault(
        url, {"pageUrl": url, "publishDate": day, "claimReviewAuthor": author, "claimReviewMarkups": []}
    )
    body["publishDate"] = min(body["publishDate"], day)
    body["claimReviewMarkups"].append(_markup(review, review["url"] if anchor else None))


def _markup(review: Json, url: str | None) -> Json:
    claim = review["itemReviewed"]
    rating = review["reviewRating"]
    made = [work["url"] for work in claim.get("appearance", []) if "url" in work]
    first = claim.get("firstAppearance", {}).get("url")
    numbers = {name: rating[name] for name in ("ratingValue", "worstRating", "bestRating") if name in rating}
    markup = {
        # The page's own address goes without saying; all that may be said is the same with an anchor.
        "url": url,
        "claimReviewed": review["claimReviewed"],
        "claimDate": claim["datePublished"][:10] if "datePublished" in claim else None,
        "claimFirstAppearance": first,
        "claimAppearances": [address for address in dict.fromkeys(made) if address != first],
        "claimAuthor": {"name": claim["author"]["name"]} if "author" in claim else None,
        "rating": {"textualRating": rating["alternateName"]} | numbers,
    }
    return {name: value for name, value in markup.items() if value}


FORMAT = Format("google-api", ".jsonl", render, keeps_evidence=False)
