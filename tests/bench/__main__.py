"""`make bench`: every *_bench.py beside this file, each in a process of its own; an argument names the ones to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(only: str) -> int:
    """0 where every benchmark ran; the figures are theirs to judge."""
    prefix = only.partition(".")[0]
    benches = [path for path in sorted(FOLDER.glob("*_bench.py")) if path.name.startswith(prefix)]
    if not benches:
        sys.stderr.write(f"there is no benchmark {only!r}\n")
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"tests.bench.{path.stem}"], check=False).returncode for path in benches
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
