"""Published markup, where the evaluation data lies beside the repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factcheck.exporters.lint import matrix
from factcheck.pipeline.lint import lint

REAL = Path(__file__).parents[4] / "shared" / "data" / "claimreview_real"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not REAL.is_dir(), reason="the evaluation data ../shared/data/claimreview_real is not there"),
]


@pytest.mark.parametrize("name", ["items", "arabic_claim_search"])
def test_all_of_it_is_read_and_what_has_the_three_things_has_no_error(name: str) -> None:
    path = REAL / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    expected = sum(len(row["claimReview"]) for row in rows) if name != "items" else len(rows)
    done = lint([path])
    assert done.refused == []
    assert len(done.judged) == expected
    assert {row.read + row.misread + row.dropped for row in matrix(done.judged)} == {expected}
    # All of these carry an address, a claim and a rating word.
    assert [finding.id for one in done.judged for finding in one.findings if finding.rule.level == "error"] == []
