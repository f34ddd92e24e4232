"""Who is said to have said it, beside what treebanks' syntax says; scoring as in `treebank_attribution/README.txt`.

`python -m tests.eval.claims_attribution_eval` prints a table; with JSON=1 in the environment one object a line.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from factcheck.claims import extract
from tests.eval.claims_eval import DATA, articles_of
from tests.measures import Measure, emit

GOALS = {
    "seraji_fa": (0.85, 0.92, 42 / 864),
    "pud_ar": (0.80, 0.92, 37 / 888),
    "pud_en": (0.88, 0.95, 21 / 870),
}
"""Recall, precision, and the share of strays, which must not rise."""
BEFORE = {"seraji_fa": (0.73, 0.85), "pud_ar": (0.65, 0.81), "pud_en": (0.76, 0.87)}


def outcomes(path: Path) -> list[tuple[str, str, str | None]]:
    """For each sentence: right, too_wide, wrong, none, stray, rightly_none or other; its text; the claimant found."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    frame = articles_of([row["text"] for row in rows], rows[0]["lang"])
    claims = extract(frame).claims.filter(pl.col("claimant").is_not_null()).unique("article_id", keep="first")
    found = dict(zip(claims["article_id"], claims["claimant"], strict=True))
    return [
        (_outcome(row, found.get(identity)), row["text"], found.get(identity))
        for identity, row in zip(frame["article_id"], rows, strict=True)
    ]


def _outcome(row: dict[str, Any], claimant: str | None) -> str:
    if not row["reports"]:
        return "stray" if claimant else "rightly_none"
    named = next((one for one in row["reports"] if one["subject"] == "named"), None)
    if named is None:
        return "other"
    if claimant is None:
        return "none"
    starts = [at for at in range(len(row["text"])) if row["text"].startswith(claimant, at)]
    (first, last), (begin, end) = named["head"], named["full"]
    holding = [at for at in starts if at <= first and last <= at + len(claimant)]
    if not holding:
        return "wrong"
    return "right" if any(begin <= at and at + len(claimant) <= end for at in holding) else "too_wide"


def treebanks() -> Iterator[Measure]:
    """Recall, precision and stray claimants on each treebank."""
    for name, (recall, precision, stray) in GOALS.items():
        count = Counter(outcome for outcome, _, _ in outcomes(DATA / "treebank_attribution" / f"{name}.jsonl"))
        right, wide, wrong, none = (count[key] for key in ("right", "too_wide", "wrong", "none"))
        named, quiet = right + wide + wrong + none, count["stray"] + count["rightly_none"]
        for measure, value, goal, before, of in (
            ("recall", right / named, recall, BEFORE[name][0], named),
            ("precision", right / (right + wide + wrong), precision, BEFORE[name][1], named - none),
        ):
            yield Measure(f"claims.claimant_{measure}_{name}", value, "share", goal, "higher", "before", before, of)
        yield Measure(
            f"claims.claimant_stray_{name}", count["stray"] / quiet, "share", stray, "lower", "before", stray, quiet
        )


def main() -> int:
    """Prints every measure; 1 where one fell below its goal, 0 also where the data is absent."""
    if not DATA.is_dir():
        sys.stdout.write("skipped: the evaluation data does not lie beside the repository (../shared/data)\n")
        return 0
    rows = list(treebanks())
    emit(rows)
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
