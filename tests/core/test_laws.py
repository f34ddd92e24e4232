"""How laws are tried, and what a run in CI may skip: the rules of tests/conftest.py themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.measures import Measure, _line

TESTS = Path(__file__).parents[1]
LEAST = 100


def test_a_law_has_the_same_hundred_examples_in_every_run() -> None:
    if not os.environ.get("FACTCHECK_EXHAUSTIVE"):
        assert settings().derandomize
    assert settings().max_examples >= LEAST
    for path in sorted(TESTS.rglob("test_*.py")):
        for number in re.findall(r"max_examples=(\d+)", path.read_text("utf-8")):
            assert path.parent.name in {"chaos", "fuzz"} or int(number) >= LEAST, path


@pytest.mark.parametrize(
    ("reason", "environment", "code"),
    [("no time", {}, 0), ("no time", {"CI": "1"}, 1), ("PostgreSQL is not installed here", {"CI": "1"}, 0)],
)
@pytest.mark.parametrize("whole_module", [False, True])
def test_a_skip_that_no_name_allows_fails_a_run_in_ci(
    tmp_path: Path, reason: str, environment: dict[str, str], code: int, *, whole_module: bool
) -> None:
    for name in ("conftest.py", "allowed_skips.toml"):
        shutil.copy(TESTS / name, tmp_path)
    skip = f"pytest.skip({reason!r}, allow_module_level=True)"
    (tmp_path / "test_one.py").write_text(
        f"import pytest\n{skip if whole_module else ''}\ndef test_skipped(): {skip}\n", "utf-8"
    )
    (tmp_path / "test_two.py").write_text("def test_runs(): pass\n", "utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS"}}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", ".", "."],
        cwd=tmp_path, env=kept | environment | {"PYTHONPATH": str(TESTS.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    assert ("not on the list" in done.stdout) == bool(code)
    assert ("skipped: PostgreSQL (1)" in done.stdout) == (reason != "no time")


@pytest.mark.parametrize(
    ("value", "shown"), [(0.8966, "0.8966"), (0.89696, "0.89696"), (0.8969999, "0.8969999"), (0.897, "0.897")]
)
def test_no_goal_is_met_by_rounding(value: float, shown: str) -> None:
    line = _line(Measure("verdicts.majority", value, "accuracy", 0.897, "higher"))
    assert line.split()[1] == shown
    assert ("MISSED" in line) == (value < 0.897)


def test_an_anchor_without_a_figure_is_said_to_be_missing() -> None:
    assert _line(Measure("a.b", 1.0, "s", anchor="crowd-kit")).endswith("crowd-kit: missing")
    assert "missing" not in _line(Measure("a.b", 1.0, "s"))
