"""Branches and lines that the last `make coverage` ran, by room; 1 where all of them together are below the floor."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

FLOOR: float | None = None
"""Percent of lines and branches together, a point less than was measured; None until somebody has."""


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(path)], check=True)
        files = json.loads(path.read_text("utf-8"))["files"]
    ran, there = Counter[str](), Counter[str]()
    for name, found in files.items():
        parts = Path(name).parts
        room = parts[1] if len(parts) > 2 else "(ground floor)"
        summary = found["summary"]
        for key in (room, "all"):
            ran[key] += summary["covered_lines"] + summary["covered_branches"]
            there[key] += summary["num_statements"] + summary["num_branches"]
    shares = {room: 100 * ran[room] / there[room] for room in sorted(there) if there[room]}
    for room, share in shares.items():
        sys.stdout.write(f"{room:<16} {there[room]:>7} {share:>7.2f} %\n")
    if FLOOR is None:
        sys.stdout.write("no floor is set yet\n")
        return 0
    reached = shares["all"] >= FLOOR
    sys.stdout.write(f"floor {FLOOR} %: {'ok' if reached else 'MISSED'}\n")
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
