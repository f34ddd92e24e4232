"""Answers about the dataset's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from factcheck.cli.answers.rows import ClaimTold, Correction, LoggedVersion, VerdictDifference, VersionTold
from factcheck.cli.answers.spread import Beside
from factcheck.dataset.manifest import Manifest
from factcheck.models import AnnotationEvent, Article, ClaimEvent, EditorialState, Status, Tag, Verdict, VerdictChange
from factcheck.schemas.shapes import of_record

_ARTICLE = of_record(Article, without=("text", "cues"), version=int | None)
_EVENT = of_record(AnnotationEvent, version=int)
_CHANGE = of_record(
    VerdictChange,
    version=int,
    before_version=int | None,
    before_status=Status | None,
    before_verdict=Verdict | None,
)
_DONE = of_record(ClaimEvent, version=int)


class Written(TypedDict):
    """What editors wrote of the claim for readers, and how far it is."""

    claim_reviewed: str | None
    headline: str | None
    summary: str | None
    page_url: str | None
    topic: str | None
    editorial_state: EditorialState | None


class Group(TypedDict):
    """The whole life of a claim, with the claims that say the same; annotators by opaque id, articles without text."""

    claims: list[ClaimTold]  # type: ignore[valid-type]
    articles: list[_ARTICLE]  # type: ignore[valid-type]
    annotations: list[_EVENT]  # type: ignore[valid-type]
    verdicts: list[_CHANGE]  # type: ignore[valid-type]
    events: list[_DONE]  # type: ignore[valid-type]
    editorial: list[Written]


class CopyOfArticle(TypedDict):
    """An article that the shown one is a copy of (`is_original`), or that is a copy of it."""

    article_id: str
    is_original: bool
    kind: Literal["copy", "truncated", "rewritten"]
    share: float | None
    publisher: str | None
    url: str | None
    published_at: datetime | None


class Shown(TypedDict):
    """The claims that were meant; more than one where an article was named, or the beginning of several ids.

    `tension` are claims that tell other figures of the same thing as one that was named itself.
    """

    groups: list[Group]
    copies: list[CopyOfArticle]
    tension: list[Beside]


class Log(TypedDict):
    """Versions, the newest first."""

    versions: list[LoggedVersion]  # type: ignore[valid-type]


class Diff(TypedDict):
    """What differs between two versions; `page` is the file that --html wrote."""

    page: str | None
    changes: list[VerdictDifference]


class Corrections(TypedDict):
    """Changes of verdicts, the oldest first."""

    changes: list[Correction]


class Counted(TypedDict):
    """Verdicts that are new, others, gone."""

    new: int
    changed: int
    withdrawn: int


class Decided(TypedDict):
    """The version that deciding again made; null where no verdict changed.

    `changes` names each result that is another one or gone: a verdict, or that the claim was unproven or none.
    """

    version: VersionTold | None  # type: ignore[valid-type]
    verdicts: Counted
    changes: list[VerdictDifference]
    warnings: list[str]


class WouldChange(TypedDict):
    """Rows that a restore would bring, by what they are."""

    claims: int
    withdrawn: int
    answers: int
    verdicts: int


class Restored(TypedDict):
    """The version that the restore made; null where there was nothing to do, and with --dry-run."""

    version: VersionTold | None  # type: ignore[valid-type]
    would_change: WouldChange | None


class Released(TypedDict):
    """The release's folder, and its manifest as the file has it."""

    folder: str
    manifest: Manifest


ANSWERS: dict[str, Any] = {
    "log": Log,
    "show": Shown,
    "diff": Diff,
    "corrections": Corrections,
    "history": Corrections,
    "tag": Tag,
    "decide": Decided,
    "restore": Restored,
    "release": Released,
}
