"""`factcheck verify FOLDER` on folders made to mislead, to read what they should not, to fill memory or to hang."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factcheck import dataset as ds
from factcheck.dataset.release import release
from tests.dataset import hostile

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

SECONDS, MEGABYTES = 5.0, 300.0


@pytest.fixture(scope="module")
def judged(template: Path, rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What was said of each folder, by one process with little memory."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(template, folder / "dataset")
    made = release(
        ds.open(folder / "dataset"), "week-47", folder / "releases", publisher="Desk", licence="CC-BY-4.0",
        agreement={"krippendorff_alpha": 0.71}, now=rows.now,
    )  # fmt: skip
    cases = folder / "cases"
    for name, (make, _) in (hostile.HOSTILE | {"good": (lambda _: None, "")}).items():
        target = cases / name / "release"
        shutil.copytree(made.folder, target)
        make(target)
    done = subprocess.run(
        [sys.executable, hostile.__file__, str(cases)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return {found["case"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("case", hostile.HOSTILE)
def test_a_hostile_release_is_named_in_words_and_costs_little(judged: dict[str, dict[str, Any]], case: str) -> None:
    found = judged[case]
    assert found["exit_code"] == 7, found
    assert re.search(hostile.HOSTILE[case][1], found["said"]), found
    assert "a bug in factcheck" not in found["said"]
    assert "\x1b" not in found["said"]
    assert "\u202e" not in found["said"]
    assert len(found["said"]) < 3_000
    assert found["seconds"] < SECONDS
    assert found["peak_mb"] < MEGABYTES


def test_a_good_one_passes_and_says_that_nobody_signed_it(judged: dict[str, dict[str, Any]]) -> None:
    assert len(judged) == len(hostile.HOSTILE) + 1
    assert judged["good"]["exit_code"] == 0
    assert "not signed" in judged["good"]["said"]
