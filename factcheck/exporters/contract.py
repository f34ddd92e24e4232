"""What an exporter is given and what it gives back: a release's context in, named bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck.days import UTC_CLOCK, Clock
from factcheck.languages import Language
from factcheck.models import Rejection

STAGE = "exporters"
POINTER = "latest."
"""How the names of files begin that stay the same when a newer version is written; no profile's `file` may."""


class Since(NamedTuple):
    """The version that an export is compared with; number 0 and no hash are before the first version."""

    version: int
    version_hash: str = ""
    committed_at: datetime | None = None


class Mark(NamedTuple):
    """A version that a profile's filters name: when it was committed, and which claims had a result for readers in it.

    `standing` holds claim ids as the version that is exported knows them.
    """

    committed_at: datetime
    standing: pl.Series


@dataclass(frozen=True, kw_only=True)
class ExportContext:
    """The committed version an export shows (law 7) and the desk that publishes it.

    `committed_at` is UTC and stands wherever a file wants a date, so that an export made again has the same bytes.
    `clock` is for the dates that people read. `said` has what was said of contested claims and not by whom (claim_id
    and `votes`, structs of choice, rationale and evidence); a file has it only where its profile names the column.
    `changes` (`changes.SCHEMA`) are those after `since`, both set where the export was asked for them; `history` and
    `corrections` have the columns of `Dataset.corrections`, the second also `quote`, `lang` and `claimant`.
    `policy` is the rule in force, without what leads to people; `dataset_id` stays the same for ever.
    `brought` (claim_id, version, shown) says which version brought a claim's present row of verdicts, and whether it
    ever had a result that readers are shown; `proposals` (claim_id, claim_in_words) are wordings that no editor took
    over, for the desk's own files; `texts` are the desk's own paragraphs for a site, by name.
    `licence` is a text that `licences.of` reads; `logo` the address of the publisher's picture, empty for none. `words`
    are the profile's own words for ratings in its language, by the stable name of a verdict, a reason or `unproven`.
    `marks` are the versions that the profile's filters name, by what they write.
    `status_history` has what became of each claim that ever had a result (`flat_tables.STATUS_HISTORY`), `measured`
    counts and figures of the whole version: `checkers`, `krippendorff_alpha`.
    `credits` are names of checkers who agreed to be named, by claim, in the order they are shown; only a site whose
    profile asks for them shows any.
    `spread` has how the claims travelled that appeared more than once (`matching.spread.SPREAD`), `tension` which of
    those with a result tell other figures of the same thing (group_id, other).
    `cards` says that pictures can be drawn: the extra of that name is there.
    """

    version: int
    version_hash: str
    committed_at: datetime
    tag: str | None = None
    desk_name: str = "Fact-checking desk"
    desk_url: str = "https://example.org"
    language: Language = "en"
    clock: Clock = UTC_CLOCK
    said: pl.DataFrame | None = None
    policy: str = ""
    dataset_id: str = ""
    since: Since | None = None
    changes: pl.DataFrame | None = None
    history: pl.DataFrame | None = None
    corrections: pl.DataFrame | None = None
    brought: pl.DataFrame | None = None
    proposals: pl.DataFrame | None = None
    licence: str = ""
    logo: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    credits: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cards: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    status_history: pl.DataFrame | None = None
    measured: Mapping[str, float | None] = field(default_factory=dict)
    spread: pl.DataFrame | None = None
    tension: pl.DataFrame | None = None


class Rendered(NamedTuple):
    """One file: `name` is relative, with `/` between a folder and a file; `content` is all of it."""

    name: str
    content: bytes


class Streamed(NamedTuple):
    """One file that need not fit into memory: `write` makes it, with the same bytes each time, where nothing is yet."""

    name: str
    write: Callable[[Path], None]


class Page(NamedTuple):
    """One file of a folder that is kept: `make` gives its bytes, and the same bytes wherever `inputs` is the same.

    `inputs` is a digest of all that the file is made of, so that one that is there already need not be made again.
    """

    name: str
    inputs: str
    make: Callable[[], bytes]


class Folder(NamedTuple):
    """A folder whose files link to each other and keep their names from version to version.

    `notes` grows while pages are made: sentences on what one of them could not show.
    """

    name: str
    pages: Sequence[Page]
    notes: list[str]


@dataclass(frozen=True)
class Draft:
    """What a format makes of the rows: files, what a person should know, and the rows it could not show.

    `rejections` are few and made one by one; `left_out` is a frame of the same record, for what may be many.
    """

    files: Sequence[Rendered] = ()
    notes: Sequence[str] = ()
    rejections: Sequence[Rejection] = field(default_factory=tuple)
    left_out: pl.DataFrame | None = None
    folder: Folder | None = None
    streamed: Sequence[Streamed] = ()


class Exported(NamedTuple):
    """An export: files to write, rows seen, shown and left out (`seen == accepted + rejected.height + older`).

    `rejected` is a frame of `models.Rejection`: withdrawn, filtered by the profile (`FILTERED_...`) or not fit for
    the format. `notes` are sentences for the report, such as texts that did not fit into a cell. `older` are claims
    among the seen that were not looked at, because newer ones fill the file; they are in no frame.
    `folder` is there where the format writes one that is kept up to date in place of files that name their version.
    `streamed` are files that are made where they will lie; rows that turn out then not to be fit for the format are
    `late`, and among the rejected of `settled`.
    """

    files: list[Rendered]
    seen: int
    accepted: int
    rejected: pl.DataFrame
    notes: list[str]
    older: int = 0
    folder: Folder | None = None
    streamed: Sequence[Streamed] = ()
    late: Sequence[pl.DataFrame] = ()

    def settled(self) -> Exported:
        """The export as it is when its files are written."""
        unfit = sum(rows.height for rows in self.late)
        return self._replace(accepted=self.accepted - unfit, rejected=pl.concat([self.rejected, *self.late]), late=())
