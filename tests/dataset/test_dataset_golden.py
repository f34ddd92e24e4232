"""A dataset that each released format wrote is opened, verified and written to by the newest code.

`golden/format-1.tar.gz` was made by `make_golden.py`, which is run once for a format and never for an old one.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.verify import verify
from factcheck.frames import to_records
from factcheck.models import SCHEMA_VERSION, Version

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

GOLDEN = Path(__file__).parent / "golden"
FORMATS = sorted(int(path.name.split("-")[1].split(".")[0]) for path in GOLDEN.glob("format-*.tar.gz"))


@pytest.fixture(params=FORMATS)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ds.Dataset, dict[str, object]]:
    with tarfile.open(GOLDEN / f"format-{request.param}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    expected = json.loads((GOLDEN / f"format-{request.param}.json").read_text())
    return ds.open(tmp_path / "dataset"), expected


def test_the_newest_format_has_a_golden_dataset() -> None:
    assert list(range(1, SCHEMA_VERSION + 1)) == FORMATS


def test_old_data_reads_as_it_did(golden: tuple[ds.Dataset, dict[str, object]]) -> None:
    dataset, expected = golden
    assert [one.version_hash for one in to_records(Version, dataset.versions())] == expected["version_hashes"]
    verdicts = dataset.verdicts().select("claim_id", "status", "verdict").sort("claim_id").collect()
    assert [list(row) for row in verdicts.iter_rows()] == expected["verdicts"]
    assert dataset.fingerprint(1) == expected["fingerprint_1"]
    assert dataset.fingerprint() == expected["fingerprint"]
    assert annotators.annotator_id(dataset, "https://studio.example.org", 3) == expected["annotator_id"]
    assert verify(dataset.uri).findings == []


def test_old_data_is_written_to(golden: tuple[ds.Dataset, dict[str, object]], rows: Rows) -> None:
    dataset, _ = golden
    head = dataset.head
    assert ds.commit(dataset, events=rows.events(range(20)), cause="pull", now=rows.now) is None
    version = ds.commit(dataset, events=rows.events([90]), cause="pull", now=rows.at(90))
    assert version is not None
    assert version.version == head + 1
    assert verify(dataset.uri).findings == []
