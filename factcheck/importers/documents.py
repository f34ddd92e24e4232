"""Files of decisions that were made elsewhere or before, as decisions with a verdict of ours, each with its place.

Pure: the bytes, dates and languages are the pipeline's; `records` makes records of the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from factcheck import web
from factcheck.folding import match_key
from factcheck.frames import from_records
from factcheck.importers.clean import cleaned
from factcheck.importers.draft import Appearance, Candidate, Draft, Rating, reject, unexpected
from factcheck.importers.json_documents import read_json
from factcheck.importers.ratings import Outcome, meaning
from factcheck.importers.tables import Unguard, read_csv
from factcheck.models import Rejection, Status, Verdict
from factcheck.text import bidi_flags, has_surrogate, strip_controls

_UNPROVEN = Status.UNPROVEN
LONGEST_CLAIM = 10_000
"""Code points; a longer text is an article, and somebody has to say what it claims."""

DECISIONS = pl.Schema(
    {
        "decision": pl.Int64(),
        "subject": pl.String(),
        "claim": pl.String(),
        "verdict": pl.String(),
        "claimant": pl.String(),
        "url": pl.String(),
        "publisher": pl.String(),
        "title": pl.String(),
        "claimed_raw": pl.String(),
        "decided_raw": pl.String(),
        "rationales": pl.List(pl.String),
        "evidence": pl.List(pl.String),
        "warnings": pl.List(pl.String),
    },
)
"""A row per place where the claim appeared, so that a decision (numbered from 0 in its file) may have several.
`verdict` is one of `models.Verdict`, or `unproven`.

Warnings, the same in all rows of a decision: number_contradicts_words, claimant_is_reviewer, appearance_on_own_site,
not_an_address, markup_in_text, replacement_character, controls_removed, bidi_override, bidi_unbalanced.
"""


class Read(NamedTuple):
    """Rows of `DECISIONS` and of `models.Rejection`; distinct decisions + rejections = `seen`."""

    decisions: pl.DataFrame
    rejected: pl.DataFrame
    seen: int


def read(text: str, *, subject: str, own: Mapping[str, Outcome], unguarded: Unguard) -> Read:
    """The decisions in a decoded file: JSON where it opens with a bracket, else CSV with a header.

    `own` maps ratings as a person said (see `ratings.own_words`); `unguarded` undoes what our CSV export does
    to texts that look like formulas. Rejections beside those of the readers: NO_CLAIM, TOO_LARGE, SURROGATE,
    NO_VERDICT for a row of ours that was not decided, NO_RATING, UNKNOWN_RATING naming the word or number.
    """
    is_json = text.lstrip()[:1] in {"{", "["}
    found = read_json(text, subject) if is_json else read_csv(text, subject, unguarded)
    rows: list[dict[str, object]] = []
    rejected: list[Rejection] = []
    for candidate in _to_the_end(found, subject):
        settled = _settled(candidate, own)
        if isinstance(settled, Rejection):
            rejected.append(settled)
        else:
            number = _count(rows)
            rows += [row | {"decision": number} for row in settled]
    decisions = pl.DataFrame(rows, schema=DECISIONS, orient="row")
    return Read(decisions, from_records(Rejection, rejected), _count(rows) + len(rejected))


def _to_the_end(found: Iterator[Candidate], subject: str) -> Iterator[Candidate]:
    """The candidates; where reading on fails, what was read stays and the rest of the file is one rejection."""
    try:
        yield from found
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        yield unexpected(error, subject)


def _settled(candidate: Candidate, own: Mapping[str, Outcome]) -> list[dict[str, object]] | Rejection:
    try:
        return _settle(candidate, own)
    except Exception as error:  # noqa: BLE001 - one bad record costs that record
        return unexpected(error, candidate.subject, getattr(candidate, "claim", None))


def _count(rows: list[dict[str, object]]) -> int:
    """How many decisions the rows hold; they stand in order."""
    last = rows[-1]["decision"] if rows else -1
    assert isinstance(last, int)
    return last + 1


def _settle(candidate: Candidate, own: Mapping[str, Outcome]) -> list[dict[str, object]] | Rejection:
    """The rows of a draft, or why it is none."""
    if isinstance(candidate, Rejection):
        return candidate
    shown = f"{candidate.claim} [{'; '.join(str(rating) for rating in candidate.ratings)}]"
    candidate, had_markup = cleaned(candidate)
    if any(has_surrogate(text) for text in _all_texts(candidate)):
        return reject("SURROGATE", candidate.subject, "holds half of a surrogate pair: save it again as UTF-8", shown)
    claim, controls = strip_controls(candidate.claim)
    if not match_key(claim):
        return reject("NO_CLAIM", candidate.subject, "does not say which claim was reviewed", shown)
    if len(claim) > LONGEST_CLAIM:
        reason = f"has {len(claim)} characters, more than {LONGEST_CLAIM}: shorten it to what is claimed"
        return reject("TOO_LARGE", candidate.subject, reason, shown)
    ratings = candidate.ratings
    if not any(map(str, ratings)) and meaning(said := [Rating(words=(candidate.status,))], {}).verdict == _UNPROVEN:
        ratings = tuple(said)  # a row of ours without a verdict: its status is the rating
    meant = meaning(ratings, own)
    if meant.verdict is None:
        return _without_verdict(candidate, meant.problem, shown)
    claimant, is_reviewer = _claimant(candidate)
    places, misplaced = _places(candidate)
    warnings = [
        *(["number_contradicts_words"] if meant.contradicted else []),
        *(["claimant_is_reviewer"] if is_reviewer else []),
        *misplaced,
        *(["markup_in_text"] if had_markup else []),
        *(["replacement_character"] if "\ufffd" in claim else []),
        *(["controls_removed"] if controls else []),
        *bidi_flags(claim),
    ]
    words = [word for rating in candidate.ratings for word in rating.words if word.lower() not in {*Verdict, _UNPROVEN}]
    common: dict[str, object] = {
        "subject": candidate.subject,
        "claim": claim,
        "verdict": str(meant.verdict),
        "claimant": claimant,
        "decided_raw": _clean(candidate.decided_raw),
        "rationales": [text for raw in candidate.rationales or words if (text := strip_controls(raw)[0].strip())],
        "evidence": list(dict.fromkeys([*candidate.review_urls, *candidate.evidence])),
        "warnings": list(dict.fromkeys(warnings)),
    }
    return [
        common
        | {
            "url": place.url or None,
            "publisher": _clean(place.publisher) or claimant,
            "title": _clean(place.title),
            "claimed_raw": _clean(place.published_raw),
        }
        for place in places
    ]


def _without_verdict(draft: Draft, problem: str, shown: str) -> Rejection:
    if not any(map(str, draft.ratings)):
        if draft.status:
            return reject("NO_VERDICT", draft.subject, f"was not decided: {draft.status}", shown)
        return reject("NO_RATING", draft.subject, problem, shown)
    hint = "; give its meaning with `--map 'WORD=verdict'`"
    return reject("UNKNOWN_RATING", draft.subject, problem + hint, shown)


def _claimant(draft: Draft) -> tuple[str | None, bool]:
    """Who made the claim; nobody where the markup names the checker, which is its commonest mistake."""
    name = _clean(draft.claimant)
    same = name is not None and bool(draft.reviewer) and match_key(name) == match_key(draft.reviewer)
    if name is None or same or set(draft.claimant_same_as) & set(draft.reviewer_same_as):
        return None, name is not None
    return name, False


def _places(draft: Draft) -> tuple[list[Appearance], list[str]]:
    """Where the claim appeared, at least one; the review's own page where nothing else is known."""
    good, warnings = [], []
    for place in draft.appearances:
        if place.url and not web.is_web_address(place.url):
            warnings.append("not_an_address")
        elif any(web.same_site(place.url, review) for review in draft.review_urls):
            warnings.append("appearance_on_own_site")
        else:
            good.append(place)
    if any(place.url for place in good):
        good = [place for place in good if place.url]
    first = draft.appearances[0] if draft.appearances else Appearance()
    if not any(place.url for place in good):
        review = next((url for url in draft.review_urls if web.is_web_address(url)), "")
        good = [Appearance(url=review, publisher=first.publisher, title=first.title)]
    dated = [
        Appearance(
            url=place.url,
            publisher=place.publisher,
            title=place.title,
            published_raw=place.published_raw or draft.claimed_raw,
        )
        for place in good
    ]
    return dated, warnings


def _all_texts(draft: Draft) -> Iterator[str]:
    yield from (draft.claim, draft.claimant, draft.claimed_raw, draft.decided_raw)
    yield from (*draft.review_urls, *draft.rationales, *draft.evidence, draft.status)
    yield from (word for rating in draft.ratings for word in rating.words)
    for place in draft.appearances:
        yield from (place.url, place.publisher, place.title, place.published_raw)


def _clean(text: str) -> str | None:
    """The text on one line without controls; None where nothing is left."""
    return " ".join(strip_controls(text)[0].split()) or None
