"""schema.org ClaimReview: a DataFeed for aggregators and one document per claim for the page that shows it.

Rules: schema.org/ClaimReview, schema.org/DataFeed and Google's structured-data page for fact checks. Every document
goes through the lint before it is handed out; one that breaks a rule which exports keep is left out and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

import polars as pl

from factcheck import evidence, licences, web, web_archives
from factcheck.errors import ConfigError
from factcheck.exporters import (
    about_file,
    claimreview_feed,
    claimreview_made,
    claimreview_readers,
    claimreview_refusals,
    editorial,
    json_text,
    labels,
    lint,
    pages,
)
from factcheck.exporters.claimants import INSTITUTIONS
from factcheck.exporters.claimreview_feed import CONTEXT
from factcheck.exporters.claimreview_made import Made, Warned
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.folding import match_key
from factcheck.languages import Language
from factcheck.models import ClaimState, Origin, Rejection, Status, Verdict

Json = dict[str, Any]

_LINE_END = re.compile(r"[ \t]*[\r\n\x0b\x0c\x85\u2028\u2029][ \t\r\n\x0b\x0c\x85\u2028\u2029]*")


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """A feed and a folder of documents of the decided claims; opinions and unproven ones where the profile asks so.

    What is left out is said: a claim that was withdrawn (WITHDRAWN), no verdict (NO_VERDICT), unproven (UNPROVEN), an
    opinion (OPINION), a verdict that another desk decided (IMPORTED: it is not ours to sign), or a document that breaks
    a rule (CLAIMREVIEW) or that the reader of the profile would drop (READER).
    Appearances on the desk's own site are not named. Raises ConfigError where the desk's address or the pattern of
    review pages is not a web address of one site.
    """
    check_site(profile, context)
    language = profile.language or context.language
    reader = claimreview_readers.READERS[profile.claimreview.reader]
    made, unfit = _made(rows, profile, context)
    reviews = made.reviews
    name = profile.file_name(context, FORMAT.suffix)
    files: list[Rendered] = []
    if profile.claimreview.feed:
        items = reviews["item"].cast(pl.Binary).to_list()
        whole = claimreview_feed.listed(items) if reader.listed else claimreview_feed.feed(items, context, language)
        files.append(Rendered(name, whole))
    if reader.lint_key:
        files.append(about_file.beside(name, profile, context, format=f"{FORMAT.name} for {reader.title}"))
    if profile.claimreview.documents:
        folder = PurePosixPath(name).stem
        names = pl.concat_str(pl.lit(f"{folder}/"), "claim_id", pl.lit(FORMAT.suffix))
        named = reviews.select(names.alias("name"), content=pl.col("document").cast(pl.Binary))
        files.extend(map(Rendered, named["name"].to_list(), named["content"].to_list()))
    return Draft(files, _notes(reviews.height, made.warned, context), left_out=unfit)


def stream(batches: Iterator[pl.DataFrame], profile: Profile, context: ExportContext, file: IO[bytes]) -> Draft:
    """The same feed of batches of rows, for a profile that wants no documents."""
    check_site(profile, context)
    left_out: list[pl.DataFrame] = []
    warned: dict[str, Warned] = {}
    seen, shown = 0, 0

    def items() -> Iterator[list[bytes]]:
        nonlocal seen, shown, warned
        for rows in batches:
            made, unfit = _made(rows, profile, context, first=seen)
            seen, shown = seen + rows.height, shown + made.reviews.height
            left_out.append(unfit)
            warned |= {name: one.and_(warned.get(name)) for name, one in made.warned.items()}
            yield made.reviews["item"].cast(pl.Binary).to_list()

    claimreview_feed.write(items(), context, profile.language or context.language, file)
    return Draft(notes=_notes(shown, warned, context), left_out=pl.concat(left_out))


def _made(rows: pl.DataFrame, profile: Profile, context: ExportContext, first: int = 0) -> tuple[Made, pl.DataFrame]:
    """The reviews of the rows, the first of which has this number, and the rows that have none."""
    language = profile.language or context.language
    numbered = rows.with_row_index("__row", offset=first)
    unfit = claimreview_refusals.refused(numbered, profile)
    rest = numbered.join(unfit, on="__row", how="anti", maintain_order="left") if unfit.height else numbered
    made = claimreview_made.made(rest, profile, context, lambda row: checked(row, profile, context, language))
    return made, pl.concat([unfit, made.rejected]).sort("__row").drop("__row")


def _notes(count: int, warned: Mapping[str, Warned], context: ExportContext) -> list[str]:
    notes = [
        f"{code} in {one.times} of {count} reviews, as in {one.claim_id}: {one.message}"
        for code, one in sorted(warned.items())
    ]
    if count and web.is_placeholder(context.desk_url):
        notes.append(f"the reviews name {context.desk_url}, a placeholder address: set desk.url before publishing")
    return notes


def checked(
    row: Json, profile: Profile, context: ExportContext, language: Language
) -> tuple[Json, list[lint.Finding]] | Rejection:
    """The ClaimReview of the row with what the lint has to say of it, or why there is none."""
    if refused := refusal(row, profile):
        return refused
    document = review(row, profile, context, language)
    meant = claimreview_readers.of(profile).as_meant
    found = lint.check(lint.Review((), document, context=CONTEXT), site=context.desk_url, page=None)
    findings = [one for one in found if one.id not in meant]
    if broken := [finding for finding in findings if finding.rule.exports == "refuse"]:
        return _rejection(row["claim_id"], "CLAIMREVIEW", _sentence(broken))
    return document, findings


def review(row: Json, profile: Profile, context: ExportContext, language: Language) -> Json:
    """The ClaimReview of one decided row of the view, without `@context`; empty properties are left out."""
    options = profile.claimreview
    document = {
        "@type": "ClaimReview",
        "url": row["page_url"] or pages.address(profile, context, row["claim_id"]),
        "identifier": row["claim_id"],
        "claimReviewed": _LINE_END.sub(" ", editorial.claim_words(row)).strip(" "),
        "headline": _LINE_END.sub(" ", row["headline"] or "").strip(" "),
        "inLanguage": language,
        # A claim that was only ever unproven was never decided: then it is the day on which that was found.
        "datePublished": _iso(row["first_published_at"] or row["decided_at"]),
        "dateModified": _iso(row["modified_at"] or row["decided_at"]),
        "sdDatePublished": _iso(context.committed_at),
        "sdLicense": licences.address(context.licence),
        "version": context.version,
        "author": _desk(context),
        "reviewRating": rating(row["verdict"], row["reason"], profile, language, context.words),
        "itemReviewed": _claim(row, context),
        "reviewBody": row["summary"] or ("\n\n".join(row["rationales"]) if options.rationale else ""),
        "citation": [_citation(address) for address in evidence.addresses(row["evidence"])],
    }
    return {name: value for name, value in document.items() if value not in ("", [], {}, None)}


def _desk(context: ExportContext) -> Json:
    desk = {"@type": "Organization", "name": context.desk_name, "url": context.desk_url}
    return desk | ({"logo": context.logo} if context.logo else {})


def rating(
    verdict: str | None,
    reason: str | None,
    profile: Profile,
    language: Language,
    own: Mapping[str, str] | None = None,
) -> Json:
    """The Rating: its word in the reader's language, and a number with its whole scale where the desk has one.

    `own` are the profile's words in place of ours (`ExportContext.words`).

    No verdict stands for `unproven`, which has no number: the scale means truth.
    """
    options = profile.claimreview
    found: Json = {"@type": "Rating", "alternateName": labels.rating_of(verdict, reason, language, own)}
    if verdict is not None and verdict in options.ratings:
        found |= {
            "ratingValue": options.ratings[Verdict(verdict)],
            "bestRating": options.best_rating,
            "worstRating": options.worst_rating,
        }
    return found


def encode(document: Json) -> bytes:
    """The document as JSON text that can stand inside a script element; letters of every script as they are."""
    return f"{json_text.written(document, indent=2)}\n".encode()


def _citation(address: str) -> str | Json:
    """The address; of a copy in a public archive, the work that was copied and where it is archived."""
    kept = web_archives.copy(address)
    if kept is None or kept.original is None:
        return address
    return {"@type": "CreativeWork", "url": kept.original, "archivedAt": kept.archived}


def _claim(row: Json, context: ExportContext) -> Json:
    works = [work for copy in row["appearances"] if (work := _appearance(copy, context))]
    claim = {
        "@type": "Claim",
        "author": _claimant(row),
        "datePublished": _iso(row["appearances"][0]["published_at"]),
        "inLanguage": row["lang"],
        "firstAppearance": works[0] if works else None,
        "appearance": works,
    }
    return {name: value for name, value in claim.items() if value}


def _appearance(copy: Json, context: ExportContext) -> Json | None:
    """Where the claim was made; None for the desk's own page and for a copy that nothing is known of."""
    address = copy["url"] if copy["url"] and web.is_web_address(copy["url"]) else None
    if address and web.is_within(address, context.desk_url):
        return None
    work = {
        "@type": "CreativeWork",
        "url": address,
        "headline": copy["title"],
        "datePublished": _iso(copy["published_at"]),
        "inLanguage": copy["lang"],
        "publisher": {"@type": "Organization", "name": copy["publisher"]} if copy["publisher"] else None,
    }
    known = {name: value for name, value in work.items() if value}
    return known if {"url", "headline"} & set(known) else None


def _claimant(row: Json) -> Json | None:
    """Who made the claim: the speaker, else the outlet; None where neither is known.

    The claim's own role and organisation say whether it is a person; where they say nothing, it is one unless it is an
    outlet of the article or begins as institutions do.
    """
    name = row["claimant"] or row["publisher"]
    if not name:
        return None
    key = match_key(name)
    if known := _kind_of(key, row):
        return {"@type": known, "name": name}
    outlets = {match_key(outlet) for outlet in (row["publisher"], *row["source_chain"]) if outlet}
    institution = key in outlets or not INSTITUTIONS.isdisjoint(key.split()[:1]) or key.split()[-1:] == ["ministry"]
    return {"@type": "Organization" if institution else "Person", "name": name}


def _kind_of(key: str, row: Json) -> str | None:
    """Who has a role is a person, and a body that speaks for itself is none; None where the columns do not say."""
    role, organisation = (match_key(row[name] or "") for name in ("claimant_role", "claimant_organisation"))
    # A claimant that a person corrected may stand beside the role of the one before.
    if role and role in key:
        return "Person"
    return "Organization" if organisation and organisation == key.removeprefix("the ") else None


def refusal(row: Json, profile: Profile) -> Rejection | None:
    """Why the row has no ClaimReview; None where it has one."""
    said = claimreview_refusals
    if row["state"] != ClaimState.ACTIVE:
        return _rejection(row["claim_id"], "WITHDRAWN", said.WITHDRAWN)
    if row["status"] == Status.UNPROVEN and not profile.claimreview.unproven:
        return _rejection(row["claim_id"], "UNPROVEN", said.UNPROVEN)
    if row["verdict"] is None and row["status"] != Status.UNPROVEN:
        return _rejection(row["claim_id"], "NO_VERDICT", said.NO_VERDICT.format(row["status"]))
    if row["verdict"] == Verdict.OPINION and not profile.claimreview.opinion:
        return _rejection(row["claim_id"], "OPINION", said.OPINION)
    if row["verdict_origin"] == Origin.IMPORT:
        return _rejection(row["claim_id"], "IMPORTED", said.IMPORTED.format(row["verdict_source"]))
    return None


def _rejection(claim_id: str, code: str, reason: str) -> Rejection:
    return Rejection(stage=STAGE, code=code, subject=claim_id, reason=reason)


def _sentence(findings: list[lint.Finding]) -> str:
    return "; ".join(f"{one.id} at {lint.json_path(one.path)}: {one.message}" for one in findings)


def check_site(profile: Profile, context: ExportContext) -> None:
    """Raises ConfigError where reviews would stand on another site than the desk's own."""
    address = profile.claimreview.review_url.format(desk_url=context.desk_url.rstrip("/"), claim_id="clm")
    if not (web.is_web_address(address) and web.is_within(address, context.desk_url)):
        raise ConfigError(
            f"review pages ({address}) must be on the desk's own site ({context.desk_url})",
            subject=profile.name,
            hint="set url under [desk] in factcheck.toml, or review_url under [claimreview] in the profile",
        )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _is_feed(profile: Profile) -> bool:
    options = profile.claimreview
    return options.feed and not options.documents and options.reader == "default"


FORMAT = Format("claimreview", ".jsonld", render, stream=stream, streams=_is_feed, reads_evidence=True)
