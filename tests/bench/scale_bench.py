"""What a large desk costs on one machine: peak memory and CPU seconds of a fresh process for each command.

N is the number of articles that are read, cut and planned (default 10,000; 100,000 takes an hour), STAGED that into
which one more is read (default 100,000), CLAIMS that of the committed desk (default 1,000,000). The anchor of a memory
row is the same command at a tenth of the size, that of a time row what the package's start alone costs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.live_server import ROOT
from tests.measures import Measure, emit

N = int(os.environ.get("N", "10000"))
STAGED = int(os.environ.get("STAGED", "100000"))
CLAIMS = int(os.environ.get("CLAIMS", "1000000"))
_PLAN = """
from pathlib import Path
import polars as pl
from factcheck import settings
from factcheck.pipeline.desired import wanted_of_projects
from factcheck.pipeline.desk import Desk
from factcheck.studio.sync.push import plan
from factcheck.studio.sync.standing import REMOTE

for wanted in wanted_of_projects(Desk(settings.load(Path.cwd(), {})), None):
    plan(wanted.tasks, pl.DataFrame(schema=REMOTE))
"""
_CLI = [sys.executable, "-m", "factcheck"]


class Cost(NamedTuple):
    """CPU seconds, user and system, and the highest resident memory in MB."""

    seconds: float
    memory: float


def cost(command: Sequence[str], folder: Path) -> Cost:
    """What a fresh process of the command costs in the desk's folder."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(process.communicate()[1].decode())
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def built(what: str, folder: Path, count: int = 0) -> Path:
    """The folder with what `large_desk` makes, in a process of its own: a child counts its parent's memory too."""
    subprocess.run([sys.executable, "-m", "tests.bench.large_desk", what, folder, str(count)], check=True, cwd=ROOT)
    return folder


def whole_path(at: Path, count: int) -> dict[str, Cost]:
    """The cost of reading so many files, cutting them, and planning their push."""
    news, folder = built("files", at / f"news-{count}", count), built("empty", at / f"desk-{count}")
    return {
        "ingest": cost([*_CLI, "ingest", str(news)], folder),
        "claims": cost([*_CLI, "claims"], folder),
        "push_plan": cost([sys.executable, "-c", _PLAN], folder),
    }


def main() -> None:
    """Every row, as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        start = cost([*_CLI, "--version"], at)
        small, large = whole_path(at, N // 10), whole_path(at, N)
        for name, found in large.items():
            anchor = f"of {N // 10:,} articles"
            emit([
                Measure(f"scale.{name}_mb", found.memory, "MB", 400, "lower", anchor, small[name].memory, N),
                Measure(f"scale.{name}_cpu", found.seconds, "s", None, "lower", anchor, small[name].seconds, N),
            ])  # fmt: skip
        more = built("files", at / "more", 38) / "000" / "000037.txt"
        one = cost([*_CLI, "ingest", str(more)], built("staged", at / "staged", STAGED))
        emit([
            Measure("scale.one_more_cpu", one.seconds, "s", 2.5, "lower", "start", start.seconds, STAGED),
            Measure("scale.one_more_mb", one.memory, "MB", 200, "lower", "start", start.memory, STAGED),
        ])  # fmt: skip
        desk = built("committed", at / "committed", CLAIMS)
        cost([*_CLI, "status"], desk)  # looks once whether older rules grouped the claims
        told = cost([*_CLI, "status"], desk)
        emit([
            Measure("scale.status_cpu", told.seconds, "s", 1.0, "lower", "start", start.seconds, CLAIMS),
            Measure("scale.status_mb", told.memory, "MB", 250, "lower", "start", start.memory, CLAIMS),
        ])  # fmt: skip


if __name__ == "__main__":
    main()
