"""Drafts of Community Notes for X: at most 280 characters as X counts them, with one source; a person sends them.

Fields of a note: docs.x.com, "Create Community Notes". Which post a note is for, and whether its source is trustworthy,
only who sends it can say: both are null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from factcheck import evidence
from factcheck.exporters import about_file, addresses, as_claimreview, editorial, json_text, labels, pages, x_length
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.languages import SPOKEN
from factcheck.models import Reason, Rejection, Verdict

Json = dict[str, Any]

TAGS: Final[Mapping[str, str]] = {
    Reason.FALSE: "factual_error",
    Reason.PARTLY_TRUE: "factual_error",
    Reason.OUT_OF_CONTEXT: "missing_important_context",
    Reason.OUTDATED: "outdated_information",
    Reason.DOCTORED: "manipulated_media",
    Reason.MISLEADING: "other",
}
"""Why a post misleads, by the reason of the verdict; `other` without one."""
_LEAST_ROOM: Final = 80
"""What a source must leave for words: only an address that X does not shorten leaves less."""
_INSIDE: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """JSON Lines, a draft a line, each with the version, the profile and the policy it was made by.

    Left out and said: what ClaimReview leaves out, every opinion (OPINION), a claim of which no evidence names a web
    address that fits into a note (NO_SOURCE), and one that has no words that anybody sees (NO_WORDS).
    Raises ConfigError where the address of a page is no web address.
    """
    pages.check(profile, context)
    rejections: list[Rejection] = []
    content = json_text.lines(_drafts(rows, profile, context, rejections))
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), content)], rejections=rejections)


def _drafts(
    rows: pl.DataFrame, profile: Profile, context: ExportContext, rejections: list[Rejection]
) -> Iterator[Json]:
    """A draft for each row but those that are put among the rejections."""
    facts = about_file.facts(profile, context)
    for row in rows.iter_rows(named=True):
        found = _draft(row, profile, context)
        if isinstance(found, Rejection):
            rejections.append(found)
        else:
            yield found | facts


def _draft(row: Json, profile: Profile, context: ExportContext) -> Json | Rejection:
    if row["verdict"] == Verdict.OPINION:
        return _refused(row, "OPINION", "a note is about facts")
    if refused := as_claimreview.refusal(row, profile):
        return refused
    source = _source(row)
    if source is None:
        return _refused(row, "NO_SOURCE", "no evidence names a web address for the note to end in")
    language = profile.language or (row["lang"] if row["lang"] in SPOKEN else context.language)
    said = words(editorial.claim_words(row))
    why = words(row["summary"] or (" ".join(row["rationales"]) if profile.claimreview.rationale else ""))
    if not said:
        return _refused(row, "NO_WORDS", "nothing of the claim is left without addresses and controls")
    rating = labels.rating_of(row["verdict"], row["reason"], language, profile.words(language))
    note, shortened = _note(said, rating, why, source)
    misleads = row["verdict"] == Verdict.DISPUTED
    classification = "misinformed_or_potentially_misleading" if misleads else "not_misleading"
    return {
        "claim_id": row["claim_id"],
        "post_id": None,
        "info": {
            "text": note,
            "classification": classification,
            "misleading_tags": [TAGS.get(row["reason"] or "", "other")] if misleads else [],
            "trustworthy_sources": None,
        },
        "weighted_length": x_length.weighed(note),
        "shortened": shortened,
        "source": source,
        "claim": row["quote"],
        "language": language,
        "page": pages.page(profile, context, row),
    }


def words(said: str) -> str:
    """The text as one line of what a reader sees: without controls, and without addresses, of which a note has one."""
    return " ".join(evidence.visible(_INSIDE.sub(" ", _UNSEEN.sub(" ", said))).split())


def _note(said: str, rating: str, why: str, source: str) -> tuple[str, bool]:
    """The note, and whether something of it was cut: the claim keeps at least half of the room."""
    room = x_length.LONGEST - x_length.weighed(f"\n{source}")
    head = f"«»: {rating}."
    room -= x_length.weighed(head)
    for_why = min(x_length.weighed(f" {why}"), room // 2) if why else 0
    claim = x_length.fitted(said, room - for_why)
    reason = x_length.fitted(why, room - x_length.weighed(f"{claim} "))
    note = f"«{claim}»: {rating}.{' ' if reason else ''}{reason}\n{source}"
    return note, (claim, reason) != (said, why)


def _source(row: Json) -> str | None:
    """The first address of the evidence that fits, the page itself before its copy in an archive."""
    named = [part["url"] for line in row["evidence"] for part in addresses.sources_of(line) if part["url"]]
    room = x_length.LONGEST - _LEAST_ROOM
    return next((address for address in named if x_length.weighed(address) <= room), None)


def _refused(row: Json, code: str, reason: str) -> Rejection:
    return Rejection(stage=STAGE, code=code, subject=row["claim_id"], reason=reason)


FORMAT = Format("community-notes", ".jsonl", render, keeps_evidence=False)
