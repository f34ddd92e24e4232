"""How well dates, times and durations are found in Persian, beside the annotated sentences of hengam.

`python -m tests.eval.claims_dates_eval` prints a table; with JSON=1 one object a line. A span counts where
both its ends are those of the annotation.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from factcheck.claims.dates import phrases
from tests.eval.claims_eval import DATA
from tests.measures import Measure, emit

ANCHOR = "parstdex"
_PRECISION, _RECALL = 0.85, 0.85
_ANCHOR_PRECISION, _ANCHOR_RECALL = 0.756, 0.724


class Sentence(NamedTuple):
    """A sentence and the places of its annotated spans, in code points."""

    text: str
    spans: frozenset[tuple[int, int]]


def sentences(folder: Path) -> list[Sentence]:
    """The annotated sentences: words and marks of `Gold.txt`, looked up in the texts of the description."""
    with (folder / "Description_of_Gold_data.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["sentence"] for row in csv.DictReader(file) if row["sentence"]]
    lines = (folder / "Gold.txt").read_text("utf-8").splitlines()
    blocks = (list(block) for filled, block in groupby(lines, lambda line: bool(line.strip())) if filled)
    marked = [[line.rsplit("\t", 1) for line in block] for block in blocks]
    return [Sentence(text, frozenset(_spans(text, words))) for text, words in zip(texts, marked, strict=True)]


def _spans(text: str, words: list[list[str]]) -> Iterator[tuple[int, int]]:
    at, begun, end = 0, -1, -1
    for word, mark in [*words, ["", "O"]]:
        at = text.index(word, at)
        if begun >= 0 and (mark == "O" or mark.startswith("B")):
            yield begun, end
            begun = -1
        if mark != "O" and begun < 0:
            begun = at
        at += len(word)
        end = at if mark != "O" else end


def spans() -> Iterator[Measure]:
    """Exact precision and recall: all, those the rules were written on, every fourth, which nobody read."""
    every = sentences(DATA / "hengam")
    written_on = [one for number, one in enumerate(every, 1) if number % 4]
    for name, part in (("", every), ("_written_on", written_on), ("_kept_apart", every[3::4])):
        found = [frozenset(phrases(one.text, "fa")) for one in part]
        both = sum(len(one.spans & mine) for one, mine in zip(part, found, strict=True))
        mine, gold = sum(map(len, found)), sum(len(one.spans) for one in part)
        floors = (None, None) if name else (_PRECISION, _RECALL)
        yield Measure(
            f"claims.date_span_precision{name}",
            both / mine,
            "exact",
            floors[0],
            "higher",
            ANCHOR,
            _ANCHOR_PRECISION,
            n=mine,
        )
        yield Measure(
            f"claims.date_span_recall{name}", both / gold, "exact", floors[1], "higher", ANCHOR, _ANCHOR_RECALL, n=gold
        )


def main() -> int:
    """Print the rows; 1 where one is below its floor."""
    rows = list(spans()) if (DATA / "hengam").exists() else []
    emit(rows)
    return int(not all(row.reached for row in rows))


if __name__ == "__main__":
    sys.exit(main())
