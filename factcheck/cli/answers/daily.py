"""Answers of what a desk does every day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from typing_extensions import TypedDict

from factcheck.cli.answers.rows import VerdictDifference
from factcheck.exporters.explaining import Explained
from factcheck.exporters.rating_words import Chosen
from factcheck.models import Rejection, Report
from factcheck.pipeline.asking import Plan
from factcheck.pipeline.editorial import Word
from factcheck.pipeline.export import Published
from factcheck.pipeline.profiles import Known
from factcheck.pipeline.publish import Publication
from factcheck.pipeline.push import STEPS
from factcheck.pipeline.recut import Again
from factcheck.pipeline.regroup import Regrouped
from factcheck.pipeline.run_day import Step
from factcheck.pipeline.status import DeskStatus
from factcheck.schemas.shapes import of_fields, of_row


class Problem(TypedDict):
    """What ended a command, or a part of it; the codes are those of docs/errors.md."""

    code: str
    exit_code: int
    message: str
    subject: str
    hint: str


class Created(TypedDict):
    """The file that was made."""

    created: str


class Demo(TypedDict):
    """What the demo did, and where it lies."""

    folder: str
    url: str
    email: str
    seconds: dict[str, float]
    reports: dict[str, dict[str, Any]]
    versions: list[int]
    diff: list[VerdictDifference]
    files: list[str]


class Quoted(TypedDict):
    """A claim and its words."""

    claim_id: str
    quote: str


class Moved(Quoted):
    """A claim that changes its group."""

    was: str
    group_id: str


class Fell(TypedDict):
    """A verdict that readers will not see any more as it was."""

    claim_id: str
    quote: str | None
    before: str
    after: str
    united: str | None


class WrittenFile(TypedDict):
    """A file that an export wrote."""

    path: str
    bytes: int


class Export(TypedDict):
    """Something that can be exported."""

    name: str
    about: str


class Exports(TypedDict):
    """Everything that can be exported."""

    exports: list[Export]


class Titled(TypedDict):
    """A column with its title."""

    name: str
    title: str


class Profiles(TypedDict):
    """The profiles, also those that cannot be read."""

    profiles: list[of_fields(Known)]  # type: ignore[valid-type]


class Weight(TypedDict):
    """How much a signal counts, before and after."""

    before: float
    after: float


class Learnt(TypedDict):
    """What the desk's verdicts say of each signal; `file` is what was written."""

    file: str
    facts: int
    opinions: int
    average_precision: float
    average_precision_before: float
    changes: dict[str, Weight]


class Quarantined(Rejection):
    """An input that lies in quarantine."""

    first_seen: datetime | None = None
    last_seen: datetime | None = None


class Standing(TypedDict):
    """What readers have of a profile."""

    profile: str
    to: str
    version: int | None
    at: datetime | None
    kept_up: bool
    failed: str | None


class PlannedReport(Report):
    """What a push would do, step by step."""

    steps: list[of_row("PushStep", STEPS, known=("project", "action"))]  # type: ignore[valid-type]


class Words(Report):
    """What an import of a workbook did; `words` are the values that it brought."""

    words: tuple[of_fields(Word), ...] = ()  # type: ignore[valid-type]


_STEP: type[BaseModel] = of_fields(
    Step, without=("name",), step=str, of=str | None, told=str | None, report=Report | None, error=Problem | None
)


class Day(TypedDict):
    """What came of every step; `failed` names those that failed."""

    steps: list[_STEP]  # type: ignore[valid-type]
    failed: list[str]


_AGAIN = of_fields(Again, retired=list[Quoted], updated=list[Quoted], new=list[Quoted])
_REGROUPED = of_fields(Regrouped, moved=list[Moved], apart=list[Quoted], fell=list[Fell])
_STATUS = of_fields(DeskStatus, without=("next_steps",), quarantine=list[Quarantined], published=list[Standing])
_CHOSEN = of_fields(Chosen)
_EXPLAINED = of_fields(Explained, columns=list[Titled], words=list[_CHOSEN], where=str, shadows=bool)  # type: ignore[valid-type]

ANSWERS: dict[str, Any] = {
    "init": Created,
    "demo": Demo,
    "run": Day,
    "status": _STATUS,
    "ingest": Report,
    "claims": Report | _REGROUPED | _AGAIN | of_fields(Plan),
    "push": Report | PlannedReport,
    "pull": Report,
    "export": of_fields(Published, files=list[WrittenFile]) | Exports,
    "publish": of_fields(Publication, failed=dict[str, Problem]),
    "import": Words,
    "profiles": Profiles | _EXPLAINED | Created,
    "learn": Learnt,
    "studio migrate": Report,
}
