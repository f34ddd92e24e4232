"""Fixtures that several rooms share, each in a module of its own; how laws are tried; what a run in CI may skip."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from factcheck.cli import answer
from tests.live_server import label_studio, studio_environment
from tests.schemas import wrong_answer

__all__ = ["label_studio", "studio_environment"]

# The same examples in every run, so that a failure is the change's; `make chaos` looks further, and at random.
settings.register_profile("laws", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("chaos", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("chaos" if os.environ.get("FACTCHECK_EXHAUSTIVE") else "laws")

ALLOWED_SKIPS = {
    row["name"]: row["pattern"]
    for row in tomllib.loads((Path(__file__).parent / "allowed_skips.toml").read_text("utf-8"))["skip"]
}
"""Why a test may be skipped in CI, by name."""

_allowed: Counter[str] = Counter()
_unexpected: list[str] = []


_as_text = answer.text


def _checked(envelope: dict[str, Any], *, line: bool = False) -> str:
    said = _as_text(envelope, line=line)
    if "command" in envelope and (found := wrong_answer(json.loads(said))):
        raise AssertionError(f"factcheck {envelope['command']} --json is not what its schema says: {found}")
    return said


answer.text = _checked
"""Every answer that a test gets from a command in this process is what its schema says, by two validators."""


def allowed(reason: str) -> str | None:
    """The name under which the list allows this reason; None where it does not."""
    return next((name for name, pattern in ALLOWED_SKIPS.items() if re.search(pattern, reason)), None)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down each skip of a test."""
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Write down each skip of a whole module, as `pytest.importorskip` makes them."""
    _note(report)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if name := allowed(reason):
            _allowed[name] += 1
        else:
            _unexpected.append(f"{report.nodeid}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI in which something was skipped that should have run."""
    if os.environ.get("CI") and _unexpected and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests were skipped under each name, and those that no name allows."""
    if _allowed:
        terminalreporter.line("skipped: " + ", ".join(f"{name} ({count})" for name, count in sorted(_allowed.items())))
    if os.environ.get("CI") and _unexpected:
        terminalreporter.section("skipped, and not on the list of tests/allowed_skips.toml", red=True)
        for line in _unexpected:
            terminalreporter.line(line)
