"""In which order checkers should get claims: by check-worthiness, with the articles mixed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

AGAIN = 0.9
"""What one more claim of an article is worth, beside the better one before it."""


def by_worth(firsts: Sequence[dict[str, Any]]) -> list[str]:
    """The sort key of each claim, the largest first: digits of one length, so that they sort as texts do too.

    `firsts` have `article_id`, `start` and `worthiness`. A claim is worth its check-worthiness times 0.9 for every
    better claim of its article. It depends on nothing but its own article, so a later push moves no task that is there.
    """
    best = sorted(range(len(firsts)), key=lambda place: (-firsts[place]["worthiness"], firsts[place]["start"]))
    before: Counter[str] = Counter()
    keys = [""] * len(firsts)
    for place in best:
        article = firsts[place]["article_id"]
        keys[place] = f"{firsts[place]['worthiness'] * AGAIN ** before[article]:.4f}"
        before[article] += 1
    return keys
