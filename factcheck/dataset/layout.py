"""The dataset's tables: which record each holds, its key, and the columns that only the store knows.

Every row carries `version` (which version brought it) and `commit_id` (which attempt wrote it). A row counts only
where the table `versions` holds that pair: a writer that died or lost a race leaves rows that no version names.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from factcheck.frames import schema
from factcheck.models import (
    AnnotationEvent,
    Annotator,
    Article,
    Claim,
    ClaimEvent,
    EditorialChange,
    Record,
    Tag,
    VerdictChange,
    Version,
)

STAMP: dict[str, pl.DataType] = {"version": pl.Int64(), "commit_id": pl.String()}
BEFORE: dict[str, pl.DataType] = {
    "before_version": pl.Int64(),
    "before_status": pl.String(),
    "before_verdict": pl.String(),
}

STORED = {
    "version": "The version that brought the row.",
    "commit_id": "The attempt that wrote the row; it counts only where the table `versions` has this pair.",
    "before_version": "The version that brought the row before of this claim; null for the first.",
    "before_status": "The status before.",
    "before_verdict": "The verdict before.",
    "files": "The data files of this version.",
    "number": "Counts the changes of tags.",
}
"""What the columns are that only the store knows."""

FILE = pl.Struct(
    {
        "table": pl.String(),
        "path": pl.String(),
        "rows": pl.Int64(),
        "size": pl.Int64(),
        "min_version": pl.Int64(),
        "max_version": pl.Int64(),
        "min_key": pl.String(),
        "max_key": pl.String(),
    },
)
"""One data file as its version lists it; `path` ends in the SHA-256 of the file's bytes."""


class Layout(NamedTuple):
    """A table: its record, the key of a row within one version, the column files are sorted by, extra columns."""

    name: str
    record: type[Record]
    key: str
    cluster: str
    extra: dict[str, pl.DataType]

    @property
    def columns(self) -> list[str]:
        """The record's own columns, in its order."""
        return list(self.record.model_fields)

    @property
    def stored(self) -> pl.Schema:
        """The schema on disk."""
        return pl.Schema(dict(schema(self.record)) | self.extra)

    @property
    def comments(self) -> dict[str, str]:
        """What each column is, as the data dictionary says it."""
        told = {name: field.description or "" for name, field in self.record.model_fields.items()}
        return told | {name: STORED[name] for name in self.extra}


DATA = {
    table.name: table
    for table in (
        Layout("articles", Article, "article_id", "article_id", STAMP),
        Layout("claims", Claim, "claim_id", "group_id", STAMP),
        Layout("annotations", AnnotationEvent, "event_id", "claim_id", STAMP),
        Layout("verdicts", VerdictChange, "claim_id", "claim_id", STAMP | BEFORE),
        Layout("claim_events", ClaimEvent, "event_id", "event_id", STAMP),
        Layout("editorial", EditorialChange, "edit_id", "claim_id", STAMP),
    )
}
"""The tables a version brings rows to, in the order its content hash takes them."""
ADDED_LATER = ("claim_events", "editorial")
"""Tables that datasets of formats before 4 and before 6 lack; the first commit of this format makes them."""

VERSIONS = Layout(
    "versions",
    Version,
    "version",
    "version",
    {"commit_id": pl.String(), "files": pl.List(FILE)},
)
TAGS = Layout("tags", Tag, "name", "name", {"number": pl.Int64()})
ANNOTATORS = Layout("annotators", Annotator, "annotator_id", "annotator_id", {})

ALL = DATA | {TAGS.name: TAGS, ANNOTATORS.name: ANNOTATORS, VERSIONS.name: VERSIONS}
"""Every table, `versions` last: where it exists, the dataset is complete."""

PROPERTIES = {
    # Cleaning the log would take older states of the tables from readers of other engines.
    "delta.enableExpiredLogCleanup": "false",
}
KEY = "factcheck.key"
"""Property of the table `annotators`: the key that makes annotator ids opaque."""
APPEND_ONLY = {"delta.appendOnly": "true"}
