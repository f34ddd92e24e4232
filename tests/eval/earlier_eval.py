"""How many published decisions are read, on ClaimsKG's samples: `python -m tests.eval.earlier_eval`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from factcheck.articles.decode import decode
from factcheck.exporters.as_csv import unguarded
from factcheck.importers import documents
from tests.measures import Measure, emit

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "claimskg_samples"
ACCEPTED = {"afpfactcheck": 1.0, "fatabyyano": 1.0, "fullfact": 0.7}
"""Floors. Full Fact's samples rate 13 of 44 claims "Other", which is no verdict and is to be rejected."""


def rows() -> Iterator[Measure]:
    """Per file the share of rows that are accepted or rejected (all of them), and of rows that are accepted."""
    for path in sorted(SAMPLES.glob("*.csv")):
        name = path.stem.removeprefix("output_sample_")
        text = decode(path.read_bytes()).text
        there = sum(1 for _ in csv.reader(text.splitlines(keepends=True))) - 1
        found = documents.read(text, subject=path.name, own={}, unguarded=unguarded)
        accepted = found.decisions["decision"].n_unique()
        seen = accepted + found.rejected.height
        yield Measure(f"verdicts.import_{name}_seen", seen / there, "of rows", 1.0, "higher", n=there)
        yield Measure(
            f"verdicts.import_{name}_accepted", accepted / there, "of rows", ACCEPTED[name], "higher", n=there
        )


def main() -> int:
    """0 where every row was seen and the floors are kept."""
    if not SAMPLES.is_dir():
        sys.stderr.write("the evaluation data is not beside the repository\n")
        return 0
    found = list(rows())
    emit(found)
    return int(not all(row.reached for row in found))


if __name__ == "__main__":
    sys.exit(main())
