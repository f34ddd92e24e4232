"""The written cases: those that pass must go on to pass, those in `not_yet.txt` must be taken out when they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.checking import TURKISH_AND_URDU, Case, check, load

NOT_YET = frozenset(Path(__file__).with_name("not_yet.txt").read_text("utf-8").split())
CASES = [*load(), *load(TURKISH_AND_URDU)]


def test_what_is_not_reached_yet_is_known() -> None:
    assert {case["id"] for case in CASES} >= NOT_YET


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_written_case(case: Case) -> None:
    outcome = check(case)
    assert outcome.passed == (case["id"] not in NOT_YET), outcome.got or "passes now: take it out of not_yet.txt"
