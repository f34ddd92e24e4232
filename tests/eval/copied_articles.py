"""Articles out of words of real sentences, a tenth of them copies, cut or rewritten ones of others; seeded.

No templates: words follow each other as in the sentences half of the time and are else drawn as often as they occur
there (Zipf). What makes it hard: every article has a line of its outlet, one in ten quotes a passage of another without
being its copy, copies stand among other lines, some in the letters of an Arabic keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

LANGUAGES = ("fas", "arb", "eng")
LONGEST = 600
COPIED = 0.1
KINDS = ("copy", "truncated", "rewritten")
_ARABIC_KEYS = str.maketrans("یک", "يك")
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Made(NamedTuple):
    """Articles in a random order, and the pairs among them: `copy`, `original`, `kind`."""

    articles: pl.DataFrame
    pairs: pl.DataFrame


class _Language:
    def __init__(self, path: Path) -> None:
        words = [line.split() for line in path.read_text("utf-8").splitlines()]
        flat = [word for line in words for word in line]
        self.words = np.array(sorted(set(flat)), object)
        number = {word: at for at, word in enumerate(self.words)}
        self.occurrences = np.array([number[word] for word in flat])
        pairs = [(number[one], number[other]) for line in words for one, other in pairwise(line)]
        ordered = np.array(sorted(pairs))
        self.after = ordered[:, 1]
        self.first = np.searchsorted(ordered[:, 0], np.arange(len(self.words)))
        self.many = np.bincount(ordered[:, 0], minlength=len(self.words))

    def texts(self, count: int, random: Generator) -> Iterator[list[str]]:
        """Each text as its words."""
        steps = np.empty((LONGEST, count), np.int64)
        steps[0] = random.choice(self.occurrences, count)
        for at in range(1, LONGEST):
            here = steps[at - 1]
            follows = (random.random(count) < 0.5) & (self.many[here] > 0)
            place = self.first[here] + (random.random(count) * self.many[here]).astype(np.int64)
            drawn = random.choice(self.occurrences, count)
            steps[at] = np.where(follows, self.after[np.minimum(place, len(self.after) - 1)], drawn)
        lengths = random.integers(120, LONGEST, count)
        for column, length in enumerate(lengths.tolist()):
            yield self.words[steps[:length, column]].tolist()


def make(folder: Path, count: int, seed: int) -> Made:
    """So many articles of the sentences in the folder; equal for equal seeds."""
    random = np.random.default_rng(seed)
    languages = [_Language(folder / f"{name}.txt") for name in LANGUAGES]
    outlets = [[" ".join(next(one.texts(1, random))[:14]) for _ in range(40)] for one in languages]
    own = round(count * (1 - COPIED))
    texts: list[str] = []
    spoken: list[int] = []
    for at, language in enumerate(languages):
        many = own // len(languages) + (at < own % len(languages))
        for first in range(0, many, 2000):
            for words in language.texts(min(2000, many - first), random):
                lines = list(_lines(words, random))
                if texts and spoken[-1] == at and random.random() < 0.1:
                    lines.insert(int(random.integers(len(lines))), _passage(texts[-1], len(words)))
                texts.append("\n".join([*lines, outlets[at][random.integers(40)]]))
                spoken.append(at)
    originals = random.choice(own, count - own, replace=False).tolist()
    kinds = random.choice(KINDS, count - own).tolist()
    for original, kind in zip(originals, kinds, strict=True):
        language = spoken[original]
        lines = texts[original].split("\n")[:-1]
        changed = _changed(lines, kind, languages[language], random)
        around = [outlets[language][random.integers(40)], *changed, outlets[language][random.integers(40)]]
        text = "\n".join(around)
        texts.append(text.translate(_ARABIC_KEYS) if random.random() < 0.1 else text)
    names = [f"a{number:07}" for number in range(count)]
    minutes = random.integers(0, 10_000, own).tolist()
    minutes += [minutes[original] + int(random.integers(1, 600)) for original in originals]
    times = [_BEGAN + timedelta(minutes=one) for one in minutes]
    order = random.permutation(count)
    articles = pl.DataFrame({"article_id": names, "text": texts, "published_at": times})
    pairs = pl.DataFrame({"copy": names[own:], "original": [names[one] for one in originals], "kind": kinds})
    return Made(articles[order].with_columns(fetched_at=pl.lit(_BEGAN + timedelta(days=30))), pairs)


def _lines(words: list[str], random: Generator) -> Iterator[str]:
    at = 0
    while at < len(words):
        length = int(random.integers(15, 60))
        yield " ".join(words[at : at + length])
        at += length


def _passage(text: str, words: int) -> str:
    """An eighth of the shorter of two texts: a quotation, and no copy."""
    other = text.split()
    return " ".join(other[: min(words, len(other)) // 8])


def _changed(lines: list[str], kind: Any, language: _Language, random: Generator) -> list[str]:
    if kind == "truncated":
        return lines[: max(1, round(len(lines) * random.uniform(0.25, 0.7)))]
    if kind == "copy":
        return lines
    kept = [line for line in lines if random.random() > 0.15] or lines
    share = random.uniform(0.03, 0.12)
    return [" ".join(_reworded(line.split(), share, language, random)) for line in _moved(kept, random)]


def _moved(lines: list[str], random: Generator) -> list[str]:
    places: NDArray[np.float64] = np.arange(len(lines)) + random.normal(0, 1, len(lines))
    return [lines[at] for at in np.argsort(places)]


def _reworded(words: list[str], share: float, language: _Language, random: Generator) -> list[str]:
    others = language.words[random.choice(language.occurrences, len(words))]
    changed = random.random(len(words)) < share
    return [str(other) if one else word for word, other, one in zip(words, others, changed, strict=True)]
