"""Fixtures that several rooms share, each in a module of its own; and which tests may be skipped where all must run."""

from __future__ import annotations

import os
import re

import pytest

from tests.live_server import label_studio, studio_environment

__all__ = ["label_studio", "studio_environment"]

ALLOWED_SKIPS = {
    "evaluation data": r"the evaluation data .*(not there|beside the repository)",
    "PostgreSQL": r"PostgreSQL is not installed here",
    "long runs": r"run with FACTCHECK_EXHAUSTIVE=1",
    "no tracing": r"strace cannot trace here",
    "no such Python": r"Python 3\.1\d is not on this machine",
    "no such question": r"a small project is read whole at every push|the fake (has no|resets no)",
}
"""Why a test may be skipped in CI, by name: any other skip there is a failure, and each is printed (-ra)."""

_skipped: list[str] = []


def unexpected(reason: str) -> bool:
    """Whether no name of the list stands for this reason."""
    return not any(re.search(pattern, reason) for pattern in ALLOWED_SKIPS.values())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down each skip that nobody allowed."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if unexpected(reason):
            _skipped.append(f"{report.nodeid}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI in which something was skipped that should have run."""
    if os.environ.get("CI") and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name those skips."""
    if os.environ.get("CI") and _skipped:
        terminalreporter.section("skipped, and not on the list of tests/conftest.py", red=True)
        for line in _skipped:
            terminalreporter.line(line)
