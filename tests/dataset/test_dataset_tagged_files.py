"""No vacuum, ours or a stranger's, takes a file that a tagged version needs."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from polars.testing import assert_frame_equal

from factcheck import dataset as ds
from factcheck.dataset.layout import DATA
from factcheck.dataset.maintenance import compact, vacuum
from factcheck.dataset.verify import verify
from factcheck.errors import Corrupt

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

CENTURY = timedelta(days=36_500)


def of_the_tag(uri: str) -> list[object]:
    opened = ds.open(uri)
    version = opened.resolve("spring")
    scans = (opened.articles, opened.claims, opened.annotations, opened.verdict_changes, opened.verdicts)
    return [scan(version).collect().sort("version") for scan in scans]


@pytest.mark.parametrize("compacted", [False, True])
def test_a_tagged_version_survives_every_vacuum(three: ds.Dataset, rows: Rows, compacted: bool) -> None:
    three.tag("spring", 1, now=rows.now)
    before = of_the_tag(three.uri)
    if compacted:
        compact(three)
    vacuum(ds.open(three.uri), now=rows.now + CENTURY, retention=timedelta(0))
    for name in DATA:
        table = DeltaTable(str(Path(three.uri) / name))
        # Delta itself refuses a retention shorter than a week; forced, it takes only what no version needs.
        with contextlib.suppress(DeltaError):
            table.vacuum(retention_hours=0, dry_run=False)
        table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    for one, other in zip(of_the_tag(three.uri), before, strict=True):
        assert_frame_equal(one, other)  # type: ignore[arg-type]
    assert verify(three.uri).findings == []


def test_vacuum_is_refused_where_the_tags_history_cannot_be_read(three: ds.Dataset, rows: Rows) -> None:
    three.tag("spring", 1, now=rows.now)
    spare = set(Path(three.uri).rglob("*.parquet"))
    newest = max((Path(three.uri) / "versions" / "_delta_log").glob("*.json"))
    newest.write_bytes(newest.read_bytes()[:20])
    with pytest.raises(Corrupt):
        vacuum(ds.open(three.uri), now=rows.now + CENTURY, retention=timedelta(0))
    assert set(Path(three.uri).rglob("*.parquet")) == spare
