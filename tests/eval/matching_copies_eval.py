"""Copies among generated articles, beside gaoya (MinHash LSH in Rust), and the pair of `news/`.

    python -m tests.eval.matching_copies_eval [--articles 100000] [--seed 1]

Speeds are in CPU seconds of all threads, of the same articles in one process; gaoya's bands suit a Jaccard of .3 of
the same five-word runs. It is no dependency: where it is not installed (`pip install gaoya`) its column is empty.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import polars as pl

from factcheck.matching import copies
from tests.eval.copied_articles import Made, make
from tests.measures import Measure, emit

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PRECISION, RECALL, DIRECTION, KIND = 0.99, 0.97, 0.999, 0.9
ADDED = 1000
Result = TypeVar("Result")


def rows(count: int, seed: int) -> Iterator[Measure]:
    """What was found among so many articles, how fast, in how much memory, and what 1,000 more cost."""
    yield news()
    made = made_elsewhere(count, seed)
    before = _peak()
    (index, found), seconds = timed(lambda: copies.add(copies.Index(), made.articles))
    yield Measure("matching.copies_memory", _peak() / 1e6, "GB", 1.0, "lower", "before", before / 1e6, count)
    more = make(DATA / "ntrex", ADDED, seed + 1).articles.with_columns("b" + pl.col("article_id"))
    _, cost = timed(lambda: copies.add(index, more))
    yield Measure("matching.copies_added", cost / seconds, "of the full run", 0.03, "lower", n=ADDED)
    anchor, anchor_seconds = gaoya(made)
    yield from compared(found, made.pairs, anchor, count)
    yield Measure(
        "matching.copies_speed", count / seconds, "articles/s", _rate(count, anchor_seconds), "higher", "gaoya",
        _rate(count, anchor_seconds), count,
    )  # fmt: skip


def made_elsewhere(count: int, seed: int) -> Made:
    """The articles, made in another process, whose memory does not count."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.parquet" for name in Made._fields]
        making = get_context("spawn").Process(target=_make, args=(count, seed, paths))
        making.start()
        making.join()
        return Made(*map(pl.read_parquet, paths))


def _make(count: int, seed: int, paths: list[Path]) -> None:
    for frame, path in zip(make(DATA / "ntrex", count, seed), paths, strict=True):
        frame.write_parquet(path)


def news() -> Measure:
    """Containment of the real pair: a full interview and what another outlet printed of it."""
    names = ("interview_fa_full", "interview_fa_syndicated", "interview_ar_2023")
    texts = [(DATA / "news" / f"{name}.txt").read_text("utf-8") for name in names]
    frame = pl.DataFrame({"article_id": names, "text": texts}).with_columns(
        published_at=pl.lit(None, pl.Datetime("us", "UTC")), fetched_at=pl.datetime(2026, 1, 1, time_zone="UTC")
    )
    _, found = copies.add(copies.Index(), frame)
    pair = found.filter(pl.concat_list("copy", "original").list.sort() == sorted(names[:2]))
    others = found.height - pair.height
    shared = pair.select(pl.max_horizontal("copy_in_original", "original_in_copy")).to_series().to_list()
    value = shared[0] if shared and not others else 0.0
    jaccard = pair["jaccard"].to_list()[0] if shared else None
    return Measure("matching.copies_news_pair", value, "containment", 0.85, "higher", "jaccard", jaccard, len(names))


def compared(found: pl.DataFrame, true: pl.DataFrame, anchor: pl.DataFrame | None, count: int) -> Iterator[Measure]:
    """Precision and recall beside the anchor's, recall by kind, who was first, and the kind."""
    right, wanted, theirs = _unordered(found), _unordered(true), None if anchor is None else _unordered(anchor)
    hits = right.join(wanted, on=("one", "other"))
    their_hits = None if theirs is None else theirs.join(wanted, on=("one", "other"))
    their_precision = None if theirs is None or their_hits is None else their_hits.height / max(theirs.height, 1)
    precision = hits.height / max(right.height, 1)
    yield Measure(
        "matching.copies_precision", precision, "of pairs", PRECISION, "higher", "gaoya",
        their_precision, right.height,
    )  # fmt: skip
    for kind in (None, *copies_kinds(true)):
        some = wanted if kind is None else wanted.filter(kind=kind)
        recall = some.join(right, on=("one", "other")).height / some.height
        their = None if theirs is None else some.join(theirs, on=("one", "other")).height / some.height
        goal = max(RECALL, their or 0) if kind is None else None
        name = "matching.copies_recall" + (f"_{kind}" if kind else "")
        yield Measure(name, recall, "of pairs", goal, "higher", "gaoya", their, some.height)
    if theirs is not None and their_hits is not None:
        yield at_their_recall(found, wanted, their_hits.height, their_precision)
    known = found.join(true, on=("copy", "original"), suffix="_true")
    yield Measure("matching.copies_first", known.height / max(hits.height, 1), "of hits", DIRECTION, "higher")
    same = known.filter(pl.col("kind") == pl.col("kind_true")).height / max(known.height, 1)
    yield Measure("matching.copies_kind", same, "of hits", KIND, "higher", n=count)


def at_their_recall(found: pl.DataFrame, wanted: pl.DataFrame, hits: int, precision: float | None) -> Measure:
    """Precision of our surest pairs, as many as it takes to find as many true ones as the anchor does."""
    surest = _unordered(found).sort(pl.max_horizontal("copy_in_original", "original_in_copy"), descending=True)
    true = surest.join(wanted.select("one", "other", true=True), on=("one", "other"), how="left", maintain_order="left")
    places = true.with_columns(at=pl.int_range(1, pl.len() + 1)).filter("true")["at"].to_list()
    taken = places[hits - 1] if hits <= len(places) else found.height * len(places)
    name = "matching.copies_precision_at_its_recall"
    return Measure(name, hits / taken, "of pairs", precision, "higher", "gaoya", precision, hits)


def copies_kinds(true: pl.DataFrame) -> list[str]:
    return sorted(true["kind"].unique().to_list())


def gaoya(made: Made) -> tuple[pl.DataFrame | None, float | None]:
    """Its pairs and seconds; None where it is not installed."""
    try:
        from gaoya.minhash import MinHashStringIndex
    except ImportError:
        return None, None
    texts = made.articles["text"].to_list()

    def run() -> list[list[int]]:
        index = MinHashStringIndex(
            hash_size=32, jaccard_threshold=0.3, num_bands=42, band_size=3, analyzer="word", lowercase=True,
            ngram_range=(5, 5), id_container="smallvec",
        )  # fmt: skip
        index.par_bulk_insert_docs(list(range(len(texts))), texts)
        found: list[list[int]] = index.par_bulk_query(texts)
        return found

    found, seconds = timed(run)
    names = made.articles["article_id"]
    schema = pl.Schema({"one": pl.Int64(), "other": pl.List(pl.Int64())})
    pairs = (
        pl.DataFrame({"one": range(len(found)), "other": found}, schema=schema)
        .explode("other")
        .filter(pl.col("one") < pl.col("other"))
    )
    return pl.DataFrame({"copy": names.gather(pairs["one"]), "original": names.gather(pairs["other"])}), seconds


def timed(run: Callable[[], Result]) -> tuple[Result, float]:
    """What it returns, and the CPU seconds of all its threads."""
    began = time.process_time()
    found = run()
    return found, time.process_time() - began


def _unordered(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(one=pl.min_horizontal("copy", "original"), other=pl.max_horizontal("copy", "original"))


def _rate(count: int, seconds: float | None) -> float | None:
    return None if seconds is None else count / seconds


def _peak() -> float:
    """Kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    """0 where the floors are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.stderr.write("the evaluation data is not beside the repository\n")
        return 0
    found = []
    for row in rows(args.articles, args.seed):
        emit([row])
        found.append(row)
    return int(not all(row.reached for row in found))


if __name__ == "__main__":
    sys.exit(main())
