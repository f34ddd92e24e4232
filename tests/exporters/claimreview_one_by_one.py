"""ClaimReview of each row by itself, as exports were written before expressions: what those are held against."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from factcheck import licences, web
from factcheck.errors import Rejected
from factcheck.exporters import about_file, as_claimreview, claimreview_readers, json_text
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.profiles import Profile
from factcheck.languages import Language
from factcheck.models import Rejection

Json = dict[str, Any]
SCHEMA_ORG = "https://schema.org"


def licence(context: ExportContext) -> str:
    found = licences.of(context.licence)
    return found.address_or_id if found else ""


def rejection(claim_id: str, code: str, reason: str) -> Rejection:
    return Rejection(stage=STAGE, code=code, subject=claim_id, reason=reason)


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """Files, notes and rejections of the rows, one row after the other."""
    as_claimreview.check_site(profile, context)
    language = profile.language or context.language
    reader = claimreview_readers.READERS[profile.claimreview.reader]
    reviews: list[tuple[Json, Json]] = []
    rejections: list[Rejection] = []
    taken: dict[str, str] = {}
    warnings: dict[str, list[tuple[str, str]]] = {}
    for row in rows.iter_rows(named=True):
        found = as_claimreview.checked(row, profile, context, language)
        if isinstance(found, Rejection):
            rejections.append(found)
            continue
        document, findings = found
        for finding in (one for one in findings if one.rule.exports == "note"):
            warnings.setdefault(finding.id, []).append((row["claim_id"], finding.message))
        try:
            document = claimreview_readers.fitted(document, row, reader, taken)
        except Rejected as error:
            rejections.append(rejection(row["claim_id"], error.reason_code, error.what))
            continue
        reviews.append((row, document))
    name = profile.file_name(context, ".jsonld")
    files: list[Rendered] = []
    if profile.claimreview.feed and reader.listed:
        documents = [{"@context": SCHEMA_ORG, **document} for _, document in reviews]
        files.append(Rendered(name, json_text.listed(documents)))
    elif profile.claimreview.feed:
        files.append(Rendered(name, encode_feed(feed(reviews, context, language))))
    if reader.lint_key:
        files.append(about_file.beside(name, profile, context, format=f"{'claimreview'} for {reader.title}"))
    if profile.claimreview.documents:
        folder = PurePosixPath(name).stem
        files.extend(
            Rendered(
                f"{folder}/{row['claim_id']}{'.jsonld'}", as_claimreview.encode({"@context": SCHEMA_ORG, **document})
            )
            for row, document in reviews
        )
    notes = [
        f"{code} in {len(found)} of {len(reviews)} reviews, as in {found[0][0]}: {found[0][1]}"
        for code, found in sorted(warnings.items())
    ]
    if reviews and web.is_placeholder(context.desk_url):
        notes.append(f"the reviews name {context.desk_url}, a placeholder address: set desk.url before publishing")
    return Draft(files, notes, rejections)


def feed(reviews: Iterable[tuple[Json, Json]], context: ExportContext, language: Language) -> Json:
    """The DataFeed of (row of the view, its review): one item per review, dated by the verdict."""
    return {
        "@context": SCHEMA_ORG,
        "@type": "DataFeed",
        "name": context.desk_name,
        "url": context.desk_url,
        "inLanguage": language,
        **({"license": licence(context)} if context.licence else {}),
        "dateModified": context.committed_at.isoformat(timespec="seconds"),
        "version": context.version,
        "identifier": context.version_hash,
        **({"alternateName": context.tag} if context.tag else {}),
        "dataFeedElement": [
            {
                "@type": "DataFeedItem",
                "dateCreated": document["datePublished"],
                "dateModified": document["dateModified"],
                "item": [document],
            }
            for _, document in reviews
        ],
    }


def encode_feed(document: Json) -> bytes:
    """A DataFeed as JSON text, one item a line: feeds grow long, and a line a review makes a change easy to see."""
    opening = json_text.written(document | {"dataFeedElement": []}).removesuffix("]}")
    items = ",\n".join(json_text.written(item) for item in document["dataFeedElement"])
    return f"{opening}\n{items}\n]}}\n".encode()
