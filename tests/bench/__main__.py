"""`make bench`: every *_bench.py beside this file; an argument names the ones to run."""

from __future__ import annotations

import sys

from tests.measures import run_all

if __name__ == "__main__":
    sys.exit(run_all("bench", sys.argv[1] if len(sys.argv) > 1 else ""))
