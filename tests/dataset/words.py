"""Editorial rows for tests, one field of one claim at a time."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from factcheck.frames import from_records
from factcheck.models import EditorialChange, EditorialField, edit_id


def edited(
    claim: str, field: str, value: str | None, *, at: datetime, editor: str | None = f"ant_{3:020x}"
) -> pl.DataFrame:
    """The row by which an editor gives a field of a claim a value, or takes it back."""
    row = EditorialChange(
        edit_id=edit_id(claim_id=claim, field=field, value=value, at=at),
        claim_id=claim,
        field=EditorialField(field),
        value=value,
        editor=editor,
        at=at,
    )
    return from_records(EditorialChange, [row])
