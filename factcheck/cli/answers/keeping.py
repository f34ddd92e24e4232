"""Answers of what keeps the dataset, its exports and its evidence in order."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from factcheck.dataset.release_check import Signature
from factcheck.dataset.verify import Finding
from factcheck.exporters.lint.matrix import Row
from factcheck.models import Rejection
from factcheck.pipeline.archive_shelf import Entry
from factcheck.pipeline.doctor import Diagnosis, Difference
from factcheck.pipeline.evidence import PageOut
from factcheck.pipeline.languages import Spoken
from factcheck.schemas.shapes import of_fields
from factcheck.settings.origins import Held


class BackedUp(TypedDict):
    """A new backup: where, how much, the newest version in it, and what it does not hold."""

    backup: str
    files: int
    bytes: int
    version: int | None
    missing: list[str]


class PutBack(TypedDict):
    """A backup that was put into a desk's folder, and the release of factcheck that had made it."""

    restored: str
    version: int | None
    factcheck: str


class Configured(TypedDict):
    """Every setting that holds, with where it comes from."""

    root: str
    settings: list[of_fields(Held)]  # type: ignore[valid-type]
    secrets: list[of_fields(Held)]  # type: ignore[valid-type]


class SpokenLanguages(TypedDict):
    """The languages there are words for."""

    languages: list[of_fields(Spoken)]  # type: ignore[valid-type]


class CompactedTable(TypedDict):
    """How many files a table had, and has."""

    table: str
    before: int
    after: int


class Compacted(TypedDict):
    """The tables of the dataset."""

    tables: list[CompactedTable]


class Vacuumed(TypedDict):
    """Files that no version needs; `deleted` is false with --dry-run."""

    deleted: bool
    files: list[str]


class Forked(TypedDict):
    """The new dataset and its newest version."""

    uri: str
    version: int


class VerifiedDataset(TypedDict):
    """What was looked at, and what is wrong; `first_bad` is the smallest version that is touched."""

    ok: bool
    exposed: bool
    versions: int
    files: int
    first_bad: int | None
    leftovers: list[str]
    findings: list[of_fields(Finding)]  # type: ignore[valid-type]


class VerifiedRelease(TypedDict):
    """What is wrong with a release, and whether it is signed by a key that was named."""

    ok: bool
    findings: list[str]
    signature: Signature
    signed_by: str | None
    name: str
    publisher: str
    version: int


class Found(TypedDict):
    """A rule that markup breaks: where, what each reader makes of it, how to mend it."""

    rule: str
    level: Literal["error", "warning", "advice"]
    file: str
    line: int | None
    path: str
    message: str
    mend: str
    fixable: bool
    readers: dict[str, str]


class Levels(TypedDict):
    """Findings by how bad they are."""

    error: int
    warning: int
    advice: int


class Mend(TypedDict):
    """What was mended in a copy."""

    rule: str
    path: str


class FixedFile(TypedDict):
    """A file whose mended copy was written."""

    file: str
    copy: str
    mends: list[Mend]


class Linted(TypedDict):
    """What is wrong with the markup, and what each reader makes of the reviews."""

    files: int
    reviews: int
    files_without_review: int
    refused: list[Rejection]
    levels: Levels
    findings: list[Found]
    readers: list[of_fields(Row)]  # type: ignore[valid-type]
    fixed: list[FixedFile]


class KeptPages(TypedDict):
    """Every address of evidence: its copy, or why there is none."""

    addresses: list[Entry]


class Files(TypedDict):
    """Files that were written."""

    files: list[str]


_DIFFERENCE: Any = of_fields(Difference, without=("advice",), mend=str)
_DIAGNOSIS = of_fields(Diagnosis, differences=list[_DIFFERENCE], equal=bool)

ANSWERS: dict[str, Any] = {
    "backup": BackedUp | PutBack,
    "config": Configured,
    "languages": SpokenLanguages,
    "compact": Compacted,
    "vacuum": Vacuumed,
    "fork": Forked,
    "verify": VerifiedDataset | VerifiedRelease,
    "doctor": _DIAGNOSIS,
    "lint": Linted,
    "evidence list": KeptPages,
    "evidence read": of_fields(PageOut),
    "schemas": Files,
}
