"""What a reader sees in place of a stable name: verdicts, statuses and column headers, in every language of desks.

The words are in `languages/CODE/labels.toml` and `ratings.toml`. Those for verdicts are the ones of the labeling
config, so that editors and annotators speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from factcheck.evidence import KINDS
from factcheck.languages import Language
from factcheck.languages.texts import Label, table
from factcheck.models import Status

VERDICTS = table("labels", "verdicts")
RATINGS = table("ratings", "verdicts")
"""The rating words of ClaimReview, which other desks' programs and `import` know."""
REASONS = table("ratings", "reasons")
"""In what way a disputed claim is wrong: the rating that desks print."""
STATUSES = table("labels", "statuses")
PUBLISHED: dict[str, Label] = STATUSES | REASONS | RATINGS
"""The words of results that readers see: of a verdict, of a reason, and of a status where there is no verdict."""
CHOICES: dict[str, Label] = VERDICTS | {name: STATUSES[name] for name in (Status.UNPROVEN, Status.NOT_A_CLAIM)}
"""What one checker may say."""
EDITORIAL_STATES = table("labels", "editorial_states")
"""How far the desk's own words on a claim are."""
COLUMNS = table("labels", "columns")
"""Every column that a profile may name, in the order of a full export."""

_SHEET = table("labels", "sheet")
SHEET_VERDICTS, SHEET_LONG_TEXTS, SHEET_ABOUT = _SHEET["verdicts"], _SHEET["long_texts"], _SHEET["about"]
SHEET_CHANGES = _SHEET["changes"]
PART, COLUMN, TEXT, ROWS = _SHEET["part"], _SHEET["column"], _SHEET["text"], _SHEET["rows"]
DESK, PROFILE, CONTINUED = _SHEET["desk"], _SHEET["profile"], _SHEET["continued"]
PRINTED, PAGE = _SHEET["printed"], _SHEET["page"]

CHANGES = table("labels", "changes")
KINDS_OF_CHANGE = table("labels", "kinds_of_change")
"""Kinds of change between two versions, in the order in which an editor has to act on them."""
OF_CHANGES = table("labels", "of_changes")
"""Columns of the sheet of changes."""
SECTIONS = table("labels", "sections")
"""Headings of a message about changes, in the order of `KINDS_OF_CHANGE`."""
CAUSES = table("labels", "causes")
"""What made a version, where that says why something changed."""

EVIDENCE_KINDS: dict[str, Label] = {
    kind: {language: words[0] for language, words in by_language.items()} for kind, by_language in KINDS.items()
}
_FEEDS = table("labels", "feeds")
VERDICTS_OF, CORRECTIONS_OF = _FEEDS["verdicts_of"], _FEEDS["corrections_of"]
WHAT_CHANGED, NO_CHANGE = _FEEDS["what_changed"], _FEEDS["no_change"]


def label_of(word: str, language: Language) -> str:
    """What a reader sees for a verdict, a status or a kind of change."""
    return (VERDICTS | STATUSES | CHANGES)[word][language]


def rating_of(verdict: str | None, reason: str | None, language: Language, own: Mapping[str, str] | None = None) -> str:
    """The word of a published rating: the precise one where there is a reason; no verdict is `unproven`.

    `own` are words to be used in place of ours, by stable name (`ExportContext.words`).
    """
    key = str((reason or verdict) if verdict is not None else Status.UNPROVEN)
    return (own or {}).get(key) or PUBLISHED[key][language]
