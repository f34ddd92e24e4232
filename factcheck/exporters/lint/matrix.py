"""What becomes of the reviews with each reader, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from factcheck.exporters.lint.places import Judged
from factcheck.exporters.lint.rule import LEVELS, READERS, rules


class Row(NamedTuple):
    """What one reader does with the reviews, in numbers; `mended` ones are among those `read`."""

    reader: str
    read: int
    mended: int
    misread: int
    dropped: int


def matrix(judged: Sequence[Judged]) -> list[Row]:
    """A row for each reader; read + misread + dropped is all of the reviews."""
    rows = []
    for reader, name in READERS.items():
        fates = Counter(one.fate(reader) for one in judged)
        read = fates["does not care"] + fates["mends"]
        rows.append(Row(name, read, fates["mends"], fates["misreads"], fates["drops"]))
    return rows


def by_rule(judged: Sequence[Judged]) -> list[tuple[str, int, Judged]]:
    """Each broken rule with how many findings it has and the first review that breaks it; the worst level first."""
    counts: Counter[str] = Counter()
    first: dict[str, Judged] = {}
    for one in judged:
        for finding in one.findings:
            counts[finding.id] += 1
            first.setdefault(finding.id, one)
    order = {name: number for number, name in enumerate(rules())}
    names = sorted(counts, key=lambda name: (LEVELS.index(rules()[name].level), -counts[name], order[name]))
    return [(name, counts[name], first[name]) for name in names]
