"""Rules of what a review says, the same for markup and for an answer of Claim Search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from factcheck import web
from factcheck.exporters.lint.finding import Finding, Path, shown
from factcheck.exporters.lint.values import day_or_moment, is_before, is_host, is_same_second, script
from factcheck.folding import match_key

LONG_CLAIM = 75
LONG_RATING = 40
_SHORTENERS = frozenset(
    ("bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "t.co", "t.ly", "tinyurl.com"),
)
# Replacement characters, runs of question marks where letters were, and UTF-8 read as Latin-1 (Ø§Ù, Ú©, Ã©).
_LOST_TEXT = re.compile(r"\ufffd|\?{3,}|(?:[ØÙÚÛ][\u0080-\u00bf†‡‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){2}|Ã[\u0080-\u00bf]")
_CUT = re.compile(r"(?:\.{3}|…)\s*\Z")


class Said(NamedTuple):
    """What one review says, each "" where it does not, and where each of it stands."""

    claim: str
    word: str
    url: str
    title: str
    claimant: str
    reviewer: str
    claimed: str
    published: str
    language: str
    paths: dict[str, Path]


def check(said: Said) -> Iterator[Finding]:
    """The findings in what a review says."""
    yield from _claim(said)
    yield from _rating(said)
    yield from _dates(said)
    if web.is_web_address(said.url) and web.site(said.url) in _SHORTENERS:
        yield Finding("URL_SHORT", said.paths["url"], shown(said.url))
    if _CUT.search(said.title):
        yield Finding("TITLE_CUT", said.paths["title"], shown(said.title[-40:]))
    if not said.language:
        yield Finding("LANGUAGE_MISSING", said.paths["language"])
    if not said.claimant:
        yield Finding("CLAIMANT_MISSING", said.paths["claimant"])
    elif is_host(said.claimant):
        yield Finding("CLAIMANT_HOST", said.paths["claimant"], shown(said.claimant))
    elif said.reviewer and match_key(said.claimant) == match_key(said.reviewer) != "":
        yield Finding("CLAIMANT_REVIEWER", said.paths["claimant"], shown(said.claimant))


def _claim(said: Said) -> Iterator[Finding]:
    if not said.claim:
        yield Finding("CLAIM_MISSING", said.paths["claim"])
        return
    if found := _LOST_TEXT.search(said.claim):
        yield Finding("TEXT_LOST", said.paths["claim"], shown(found[0]))
    if 0 < len(said.word) <= LONG_RATING:
        word = re.escape(said.word)
        # Only set apart by punctuation: "The minister disputed it" is a claim with a word of its own.
        opens, closes = rf"^{word}(?:\s*[:：|]|\s+[–—-]\s)", rf"(?:[:：|(\[]\s*|\s[–—-]\s+){word}[)\].]?$"
        if re.search(f"{opens}|{closes}", said.claim, re.IGNORECASE):
            yield Finding("CLAIM_RATED", said.paths["claim"], shown(said.word))
    if len(said.claim) > LONG_CLAIM:
        yield Finding("CLAIM_LONG", said.paths["claim"], str(len(said.claim)))


def _rating(said: Said) -> Iterator[Finding]:
    if len(said.word) > LONG_RATING:
        yield Finding("RATING_LONG", said.paths["word"], str(len(said.word)))
    written = script(said.word)
    of_check = _script_of(said.language) or script(said.claim)
    if written and of_check and written != of_check:
        yield Finding("RATING_LANGUAGE", said.paths["word"], shown(said.word))
    if written == "Arabic":
        yield Finding("RATING_SCRIPT", said.paths["word"], shown(said.word))


def _dates(said: Said) -> Iterator[Finding]:
    claimed, published = day_or_moment(said.claimed), day_or_moment(said.published)
    if is_before(published, claimed):
        yield Finding("CLAIM_LATER", said.paths["claimed"], f"{shown(said.claimed)} and {shown(said.published)}")
    elif is_same_second(claimed, published):
        yield Finding("CLAIM_DATE_COPIED", said.paths["claimed"], shown(said.claimed))


def _script_of(language: str) -> str | None:
    code = re.split("[-_]", language.lower(), maxsplit=1)[0]
    if code in {"ar", "fa", "ur", "ps", "ckb", "sd", "ug"}:
        return "Arabic"
    return "Latin" if code in {"en", "fr", "es", "de", "it", "pt", "tr", "nl"} else None
