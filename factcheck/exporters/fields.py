"""What each column of the flat tables means, in a sentence for those who load them."""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "verdicts": "A row per claim: what was said, by whom, where, and what the desk found.",
    "appearances": "A row per place where a claim stood: the same claim in other outlets and languages too.",
    "evidence": "A row per piece of evidence that the desk gives for a verdict.",
    "status_history": (
        "A row per claim that ever had a result for readers: the first, the latest and what stands now. "
        "The row stays when the claim is withdrawn."
    ),
}

_POINTS: Final = {
    "first": "the first result that readers were shown",
    "latest": "the last result that readers were shown, whether it still stands or not",
    "current": "what stands in this version",
}
_OF_POINT: Final = {
    "status": "Status of {}: decided, unproven; of what stands now also contested, withdrawn and others.",
    "verdict": "Verdict of {}: verified, disputed or opinion; empty where there is none.",
    "at": "When the version that brought {} was committed (UTC).",
    "version": "The version that brought {}.",
    "policy": "The rule that gave {}.",
}

FIELDS: Final[dict[str, str]] = {
    "claim_id": "Identifier of the claim; it stays the same in every version.",
    "quote": "The words as they stand in the source.",
    "claim_reviewed": "The claim in words of an editor that stand alone, once they are approved.",
    "headline": "Headline of the fact-check, once it is approved.",
    "summary": "Summary of the fact-check, once it is approved.",
    "page_url": "Address of the fact-check, where an editor gave one.",
    "topic": "Topic that an editor put it under.",
    "editorial_state": "How far editors are: draft, approved, published, needs_review or withdrawn.",
    "editorial_state_label": "The editors' state in words of the desk's language.",
    "lang": "Language of the words (ISO 639-1).",
    "claimant": "Who said it, as the source names them.",
    "state": "active, withdrawn, superseded (other words stand in its place) or merged (into another claim).",
    "status": "How far the desk is: decided, unproven, contested, single, not_a_claim or unreviewed.",
    "verdict": "What the desk found: verified, disputed or opinion; empty where it has not decided.",
    "reason": "In what way a disputed claim is wrong: false, misleading, partly_true and others.",
    "status_label": "The status in words of the desk's language.",
    "verdict_label": "The verdict in words of the desk's language.",
    "reason_label": "The reason in words of the desk's language.",
    "n_votes": "How many checkers answered.",
    "n_verified": "How many of them found the claim verified.",
    "n_disputed": "How many of them found it false or misleading.",
    "n_opinion": "How many of them found it an opinion.",
    "n_unproven": "How many of them found that it cannot be settled.",
    "n_not_a_claim": "How many of them found that it is no claim that can be checked.",
    "agreement": "Share of the checkers who chose what was decided, from 0 to 1.",
    "rationales": "Why: the checkers' reasons, one a line, without names.",
    "decided_at": "When the verdict was decided (UTC).",
    "policy": "The rule that turned the answers into the verdict.",
    "verdict_origin": "Who decided: votes, adjudicator or import.",
    "verdict_source": "Of an imported verdict the address it came from.",
    "check_worthiness": "How much the words look worth checking, from 0 to 1; by rules, before anybody checked.",
    "article_id": "Identifier of the article in which the claim stood.",
    "title": "Title of the article.",
    "publisher": "Outlet that published the article.",
    "source_chain": "Whom the article names as its own sources, the outlet first, one a line.",
    "url": "Address on the web.",
    "published_at": "When the article was published (UTC).",
    "published_raw": "The date as it was written in the article, in its own calendar.",
    "published_on": "The article's date in the desk's calendar.",
    "decided_on": "The day of the decision in the desk's calendar.",
    "said": "What was said of a contested claim, one a line, without names.",
    "n_appearances": "In how many places the claim stood.",
    "publishers": "The outlets in which the claim stood, one a line.",
    "appearance_urls": "The addresses at which the claim stood, one a line.",
    "first_published_at": "When the first version that decided the claim was committed (UTC).",
    "modified_at": "When the version that last changed its verdict was committed (UTC).",
    "n_corrections": "How often a published verdict on the claim was changed.",
    "corrected_at": "When the last of these changes was committed (UTC).",
    "claimant_role": "What the article calls the claimant: an office, a profession.",
    "claimant_organisation": "The body for which the claimant speaks, as the article names it.",
    "licence": "The licence of the file: an address, or an SPDX expression.",
    "dataset_version": "The version of the dataset that this file shows.",
    "dataset_tag": "The name of that version, where it has one.",
    "dataset_hash": "The hash of that version.",
    "dataset_committed_at": "When that version was committed (UTC).",
    "appearance_id": "Identifier of the claim as it was cut out at this place.",
    "position": "Place of the piece among the evidence of its claim, from 1.",
    "archived_url": "Address of a copy in a public archive.",
    "kind": "What sort of evidence: official_record, data, expert, media, video or own_check.",
    "merged_into": "The claim that this one is counted under now.",
} | {f"{point}_{name}": text.format(of) for point, of in _POINTS.items() for name, text in _OF_POINT.items()}


def described(column: str, table: str) -> str:
    """What a column of a table means; a test holds that every one has its sentence."""
    own = {("evidence", "quote"): "The page or passage that was named beside the address."}
    return own.get((table, column)) or FIELDS[column]
