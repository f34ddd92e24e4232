"""Schemas of a row of each frame that a `Dataset` gives, as JSON has it: times RFC 3339, days ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from factcheck.dataset import editorial, status_history
from factcheck.dataset.corrections import SCHEMA as CORRECTION
from factcheck.dataset.diff import SCHEMA as DIFF
from factcheck.models import (
    SCHEMA_VERSION,
    AnnotationEvent,
    Article,
    Claim,
    ClaimEvent,
    EditorialChange,
    Status,
    Tag,
    Verdict,
    VerdictChange,
    Version,
)
from factcheck.schemas.document import document, text
from factcheck.schemas.shapes import of_record, of_row

_BEFORE: dict[str, Any] = {
    "before_version": int | None,
    "before_status": Status | None,
    "before_verdict": Verdict | None,
}
_CHANGE = of_row("Correction", CORRECTION, known=("committed_at", "version", "cause", "claim_id"))
FRAMES: Mapping[str, Any] = {
    "articles": of_record(Article, version=int),
    "claims": of_record(Claim, version=int),
    "claim_changes": of_record(Claim, version=int),
    "claim_events": of_record(ClaimEvent, version=int),
    "annotations": of_record(AnnotationEvent, version=int),
    "last_states": of_record(AnnotationEvent, version=int),
    "verdicts": of_record(VerdictChange, version=int),
    "verdict_changes": of_record(VerdictChange, version=int, **_BEFORE),
    "editorial": of_row("Editorial", editorial.SCHEMA, known=("claim_id",)),
    "editorial_changes": of_record(EditorialChange, version=int),
    "versions": of_record(Version, without=("counts", "cursor"), counts=str, cursor=str | None),
    "tags": of_record(Tag),
    "corrections": _CHANGE,
    "history": _CHANGE,
    "status_history": of_row("StatusHistory", status_history.SCHEMA, known=("claim_id", "state", "n_corrections")),
    "diff": of_row("Diff", DIFF, known=("claim_id", "change", "version")),
    "united": of_row("United", {"claim_id": pl.String(), "group_id": pl.String()}, known=("claim_id", "group_id")),
}
"""By the name of the method: `Dataset.claims()` gives rows of `claims`. `counts` and `cursor` of versions are JSON."""


def frame_schemas() -> dict[str, str]:
    """The schemas by file name, `frame-claims.schema.json`."""
    return {
        f"frame-{name.replace('_', '-')}.schema.json": text(document(kind, f"frame:{name}", SCHEMA_VERSION))
        for name, kind in FRAMES.items()
    }
