"""Earlier verdicts found by words: `python -m tests.eval.matching_earlier_eval`, on ../shared/data/known_lie_snopes.

999 posts, each about one of 10,381 claims that were checked before; average precision among the first five. The anchor
is BM25 as the library bm25s has it, with its stop words and an English stemmer, k1 and b tuned on every second post;
both are measured on the others. `BM25S_PYTHON` names the interpreter of an environment that holds bm25s and PyStemmer;
without it the anchor's figure is missing and the floor is that of the run written down here.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from factcheck.matching import lexical_index
from tests.measures import Measure, emit

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "known_lie_snopes"
BEST = 5
BELOW = 0.01
"""So much worse than the anchor is as good."""
FLOORS = {"fact": 0.74, "title_and_fact": 0.80}
ANCHOR = """
import json, sys
import bm25s, Stemmer
given = json.load(open(sys.argv[1]))
stem = Stemmer.Stemmer("english")
def cut(texts):
    return bm25s.tokenize(texts, stopwords="en", stemmer=stem, show_progress=False)
corpus, tuned, asked = (cut(given[name]) for name in ("texts", "tuned", "asked"))
def found(k1, b, posts):
    index = bm25s.BM25(k1=k1, b=b)
    index.index(corpus, show_progress=False)
    return index.retrieve(posts, k=5, show_progress=False)[0].tolist()
def precision(ranked, right):
    return sum(next((1 / at for at, one in enumerate(row, 1) if one in of), 0)
               for row, of in zip(ranked, right)) / len(right)
grid = [(k1, b) for k1 in (0.4, 0.8, 1.2, 1.6) for b in (0.4, 0.6, 0.75, 0.9)]
best = max(grid, key=lambda pair: precision(found(*pair, tuned), given["tuned_right"]))
print(json.dumps({"best": best, "ranked": found(*best, asked)}))
"""


def rows() -> Iterator[Measure]:
    """The average precision with the claim's words alone, and with the title of its review beside them."""
    claims, posts = _table("verified-claims.tsv"), _table("tweet-veclaim-pairs.tsv")
    places: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        places.setdefault(" ".join(claim["fact"].split()), []).append(number)
    right = [places[" ".join(post["fact"].split())] for post in posts]
    asked = [post["claim"] for post in posts]
    for name, least in FLOORS.items():
        texts = [claim["fact"] if name == "fact" else f"{claim['title']} {claim['fact']}" for claim in claims]
        index = lexical_index.build(pl.Series([str(number) for number in range(len(texts))]), pl.Series(texts))
        ranked = [[int(one) for one in lexical_index.search([index], post, BEST).ids] for post in asked[1::2]]
        beside, version = _anchor(texts, asked, right)
        floor = least if beside is None else max(least, beside - BELOW)
        yield Measure(
            "matching.earlier_map5" if name == "fact" else f"matching.earlier_map5_{name}",
            precision(ranked, right[1::2]),
            "MAP@5",
            floor,
            "higher",
            version,
            beside,
            len(ranked),
        )


def precision(ranked: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> float:
    """The mean over posts of one by the place of the first right claim, 0 where none is among the found."""
    found = zip(ranked, right, strict=True)
    return sum(next((1 / at for at, one in enumerate(row, 1) if one in of), 0) for row, of in found) / len(right)


def _anchor(texts: list[str], asked: list[str], right: list[list[int]]) -> tuple[float | None, str]:
    python = os.environ.get("BM25S_PYTHON")
    if python is None:
        return None, "bm25s"
    given = {"texts": texts, "tuned": asked[::2], "tuned_right": right[::2], "asked": asked[1::2]}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(given, file)
        file.flush()
        done = subprocess.run([python, "-c", ANCHOR, file.name], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    return precision(said["ranked"], right[1::2]), "bm25s k1={} b={}".format(*said["best"])


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def main() -> int:
    """0 where the floors are kept, or the data is not there."""
    if not DATA.is_dir():
        sys.stderr.write("the evaluation data is not beside the repository\n")
        return 0
    found = list(rows())
    emit(found)
    return int(not all(row.reached for row in found))


if __name__ == "__main__":
    sys.exit(main())
