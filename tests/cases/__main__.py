"""`make cases FILE=...`: runs the written cases of any file of this form and prints how many passed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cases.checking import WRITTEN, check, load


def main(path: Path) -> int:
    """Prints each case that failed, and `passed N of M`."""
    cases = load(path)
    outcomes = [check(case) for case in cases]
    for case, outcome in zip(cases, outcomes, strict=True):
        if not outcome.passed:
            sys.stdout.write(f"FAIL {case['id']} | got {outcome.got} | want {case['expected']}\n")
    sys.stdout.write(f"passed {sum(outcome.passed for outcome in outcomes)} of {len(cases)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else WRITTEN))
