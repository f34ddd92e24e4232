"""What becomes of the reviews with each reader, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from factcheck.exporters.lint.places import Judged
from factcheck.exporters.lint.rule import LEVELS, READERS, rules


def matrix(judged: Sequence[Judged]) -> list[dict[str, str | int]]:
    """For each reader how many reviews it has `read`, `mended` of these, `misread` and `dropped`; they sum up.

    `read` counts the mended ones too, so read + misread + dropped is all of the reviews.
    """
    rows: list[dict[str, str | int]] = []
    for reader, name in READERS.items():
        fates = Counter(one.fate(reader) for one in judged)
        rows.append(
            {
                "reader": name,
                "read": fates["does not care"] + fates["mends"],
                "mended": fates["mends"],
                "misread": fates["misreads"],
                "dropped": fates["drops"],
            }
        )
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
