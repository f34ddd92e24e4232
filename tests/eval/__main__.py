"""`make eval`: every *_eval.py beside this file; an argument names those to run; one below its floor fails."""

from __future__ import annotations

import sys

from tests.measures import run_all

if __name__ == "__main__":
    sys.exit(run_all("eval", sys.argv[1] if len(sys.argv) > 1 else ""))
