"""`make eval`: every *_eval.py beside this file, each in a process of its own; an argument names the ones to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(only: str) -> int:
    """0 where every evaluation ran and kept its floors."""
    prefix = only.partition(".")[0]
    evals = [path for path in sorted(FOLDER.glob("*_eval.py")) if path.name.startswith(prefix)]
    if not evals:
        sys.stderr.write(f"there is no evaluation {only!r}\n")
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"tests.eval.{path.stem}"], check=False).returncode for path in evals
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
