"""The versions that a profile's filters name, looked up: when each was committed, and what had a result in it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from factcheck.dataset import Dataset
from factcheck.exporters.contract import Mark
from factcheck.exporters.profiles import Profile
from factcheck.models import ClaimState, Status
from factcheck.pipeline.history import begun

_RESULTS = (str(Status.DECIDED), str(Status.UNPROVEN))


def marks(data: Dataset, profile: Profile, number: int) -> dict[str, Mark]:
    """The marks for an export of version `number`, by what the profile writes; what stood is in its claims' groups.

    Raises UnknownVersion for a name that is no version, as `Dataset.resolve` does.
    """
    return {name: _mark(data, name, number) for name in profile.filters.marks}


def _mark(data: Dataset, name: str, number: int) -> Mark:
    found = begun(data, name)
    record = data.version(f"version:{found}") if found else None
    if record is None:
        return Mark(datetime.min.replace(tzinfo=UTC), pl.Series([], dtype=pl.String))
    active = data.claims(found).filter(pl.col("state") == str(ClaimState.ACTIVE)).select("group_id").unique()
    had = data.verdicts(found).filter(pl.col("status").is_in(_RESULTS)).select("claim_id")
    stood = had.join(active, left_on="claim_id", right_on="group_id", how="semi")
    # Claims may have been put together or apart since.
    now = data.claims(number).select("claim_id", "group_id")
    ids = stood.join(now, on="claim_id").select("group_id").unique().sort("group_id").collect()
    return Mark(record.committed_at, ids["group_id"])
