"""CPU seconds of the cheap commands, beside a bare interpreter that imports typer."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence

from tests.measures import Measure, emit

RUNS = 9


def cpu_seconds(command: Sequence[str]) -> float:
    """The median CPU time, user and system, of running the command."""
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


if __name__ == "__main__":
    anchor = cpu_seconds([sys.executable, "-c", "import typer"])
    shown = cpu_seconds([sys.executable, "-m", "factcheck", "--help"])
    emit([Measure("cli.help_cpu", shown, "s", 0.4, "lower", "import typer", anchor, RUNS)])
