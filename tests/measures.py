"""Measured figures beside their goals and anchors: a table for a person, one JSON object a line with JSON=1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple


class Measure(NamedTuple):
    """One row of a "must show" table; `measure` begins with the folder it is about: `dataset.commit_1k_into_3M`."""

    measure: str
    value: float
    unit: str
    goal: float | None = None
    better: Literal["lower", "higher"] = "lower"
    anchor: str | None = None
    anchor_value: float | None = None
    n: int = 1

    @property
    def reached(self) -> bool:
        """Whether the value is at least as good as the goal; a row without a goal is for information."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal


def emit(rows: Iterable[Measure]) -> None:
    """Print the rows as they come, so that a long run shows its first figures early."""
    for row in rows:
        line = json.dumps(row._asdict(), ensure_ascii=False) if os.environ.get("JSON") == "1" else _line(row)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _line(row: Measure) -> str:
    sign = "<=" if row.better == "lower" else ">="
    goal = f"{sign} {row.goal:g}" if row.goal is not None else ""
    verdict = "" if row.goal is None else ("ok" if row.reached else "MISSED")
    shown = f"{row.measure:<40} {_value(row):>12} {row.unit:<16} {goal:<12} {verdict:<7} n={row.n:<9} {_anchor(row)}"
    return shown.rstrip()


def _value(row: Measure) -> str:
    """The value with as many digits as it takes to see on which side of the goal it is: .8966 is not .897."""
    for digits in range(4, 17):
        shown = f"{row.value:.{digits}g}"
        if row._replace(value=float(shown)).reached == row.reached:
            return shown
    return repr(row.value)


def _anchor(row: Measure) -> str:
    if row.anchor is None:
        return ""
    return f"{row.anchor}: " + ("missing" if row.anchor_value is None else f"{row.anchor_value:.4g}")


def run_all(kind: Literal["bench", "eval"], only: str) -> int:
    """The worst exit code of every tests/<kind>/*_<kind>.py whose name begins with `only`, each in its own process."""
    found = sorted((Path(__file__).parent / kind).glob(f"{only.partition('.')[0]}*_{kind}.py"))
    if not found:
        sys.stderr.write(f"there is no {kind} {only!r}\n")
        return 2
    return max(
        subprocess.run([sys.executable, "-m", f"tests.{kind}.{path.stem}"], check=False).returncode for path in found
    )
