"""Evidence in a form that others read: that of the AVeriTeC datasets, or that of the EFCSN's fact-check records.

Sources: the README of github.com/michschli/averitec; what the EFCSN's plugin asks a fact-checker for (its interface is
closed, so the names of those fields are ours). What a desk does not know, such as the question behind a piece of
evidence, is null: nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from factcheck import web, web_archives
from factcheck.exporters import about_file, addresses, as_claimreview, editorial, json_text, labels, pages
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.languages import Language
from factcheck.models import Reason, Rejection, Status, Verdict

Json = dict[str, Any]

SUPPORTED, REFUTED = "Supported", "Refuted"
NOT_ENOUGH, CONFLICTING = "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"
AVERITEC_LABELS: Final[Mapping[str, str]] = {
    Verdict.VERIFIED: SUPPORTED,
    Verdict.DISPUTED: REFUTED,
    Reason.FALSE: REFUTED,
    Reason.DOCTORED: REFUTED,
    Reason.OUTDATED: REFUTED,
    # AVeriTeC's fourth label is for a claim that some evidence supports and some refutes, or that is true as far as it
    # goes and misleads by what it leaves out.
    Reason.MISLEADING: CONFLICTING,
    Reason.PARTLY_TRUE: CONFLICTING,
    Reason.OUT_OF_CONTEXT: CONFLICTING,
    Status.UNPROVEN: NOT_ENOUGH,
}
"""By reason where there is one, else by verdict, else `unproven`. There is no label for an opinion."""


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """A list of records, one per claim that the desk has settled, and a file beside it that says which version it is.

    Left out and said: withdrawn, undecided, imported and (unless the profile asks for them) unproven claims as of
    ClaimReview, and every opinion (OPINION). Raises ConfigError where the address of a page is no web address.
    """
    pages.check(profile, context)
    rejections: list[Rejection] = []
    name = profile.file_name(context, FORMAT.suffix)
    about = about_file.beside(name, profile, context, format=f"{FORMAT.name} {profile.evidence.shape}")
    content = json_text.listed(_records(rows, profile, context, rejections))
    return Draft([Rendered(name, content), about], rejections=rejections)


def _records(
    rows: pl.DataFrame, profile: Profile, context: ExportContext, rejections: list[Rejection]
) -> Iterator[Json]:
    """A record for each row but those that are put among the rejections."""
    language = profile.language or context.language
    record = _averitec if profile.evidence.shape == "averitec" else _efcsn
    for row in rows.iter_rows(named=True):
        if refused := _refusal(row, profile):
            rejections.append(refused)
        else:
            yield record(row, profile, context, language)


def _refusal(row: Json, profile: Profile) -> Rejection | None:
    if row["verdict"] == Verdict.OPINION:
        why = "no label for evidence says that a claim is an opinion"
        return Rejection(stage=STAGE, code="OPINION", subject=row["claim_id"], reason=why)
    return as_claimreview.refusal(row, profile)


def _averitec(row: Json, profile: Profile, context: ExportContext, language: Language) -> Json:  # noqa: ARG001
    first = _first(row)
    return {
        "claim": editorial.claim_words(row),
        "required_reannotation": None,
        "label": AVERITEC_LABELS[row["reason"] or row["verdict"] or str(Status.UNPROVEN)],
        "justification": _justification(row, profile),
        "claim_date": _their_day(first["published_at"]),
        "speaker": row["claimant"],
        "original_claim_url": first["url"],
        "cached_original_claim_url": first["archived_url"],
        "fact_checking_article": pages.page(profile, context, row),
        "reporting_source": first["publisher"],
        "location_ISO_code": None,
        "claim_types": None,
        "fact_checking_strategies": None,
        "questions": [
            {"question": None, "answers": [_answer(part) for part in addresses.sources_of(line)]}
            for line in row["evidence"]
        ],
        "claim_id": row["claim_id"],
        "claim_as_said": row["quote"],
        "claim_language": row["lang"],
    }


def _answer(part: Json) -> Json:
    """One address of a line of evidence, or the line that has none; `evidence_kind` is the desk's word."""
    return {
        "answer": part["quote"],
        "answer_type": None,
        "boolean_explanation": None,
        "source_url": part["url"],
        "cached_source_url": part["archived_url"],
        "source_medium": "PDF" if part["url"] and urlsplit(part["url"]).path.lower().endswith(".pdf") else None,
        "evidence_kind": part["kind"],
        "cached_on": _day(_taken(part)),
    }


def _efcsn(row: Json, profile: Profile, context: ExportContext, language: Language) -> Json:
    return {
        "claim_id": row["claim_id"],
        "claim": editorial.claim_words(row),
        "claim_as_said": row["quote"],
        "claim_language": row["lang"],
        "claimant": row["claimant"],
        "claim_date": _day(_first(row)["published_at"]),
        "appearances": [
            _placed(copy) | {"date": _day(copy["published_at"]), "outlet": copy["publisher"]}
            for copy in row["appearances"]
        ],
        "rating": labels.rating_of(row["verdict"], row["reason"], language, context.words),
        "distortion_type": row["reason"],
        "explanation": _justification(row, profile),
        "url": pages.page(profile, context, row),
        "published": _moment(row["first_published_at"]),
        "modified": _moment(row["modified_at"]),
        "language": language,
        "evidence": [
            {
                "question": None,
                "answer": part["quote"],
                "url": part["url"],
                "archived_url": part["archived_url"],
                "type": part["kind"],
                "date": _day(_taken(part)),
                "entry": number,
            }
            for number, line in enumerate(row["evidence"], 1)
            for part in addresses.sources_of(line)
        ],
    }


def _first(row: Json) -> Json:
    """The first appearance, with the copy of its page where its address is one."""
    first: Json = row["appearances"][0]
    return first | _placed(first)


def _placed(copy: Json) -> Json:
    address = copy["url"] if copy["url"] and web.is_web_address(copy["url"]) else None
    kept = web_archives.copy(address) if address else None
    return {"url": (kept and kept.original) or address, "archived_url": kept and kept.archived}


def _taken(part: Json) -> datetime | None:
    """When the archived copy was made, where its address says so; when the page itself was written nobody noted."""
    return web_archives.taken(part["archived_url"]) if part["archived_url"] else None


def _justification(row: Json, profile: Profile) -> str | None:
    """An editor's summary, else what the checkers wrote."""
    if row["summary"]:
        return str(row["summary"])
    return "\n\n".join(row["rationales"]) if profile.claimreview.rationale and row["rationales"] else None


def _their_day(moment: datetime | None) -> str | None:
    """A day as the datasets write it: 31-10-2020, 25-8-2020."""
    return f"{moment.day}-{moment.month}-{moment.year}" if moment else None


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


FORMAT = Format("evidence", ".json", render)
