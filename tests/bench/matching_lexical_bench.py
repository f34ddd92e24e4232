"""One claim against a million earlier ones, by words: `python -m tests.bench.matching_lexical_bench [--claims N]`.

The claims are made up and seeded: 60,000 words, as frequent as words of a language are (Zipf), 12 to 24 in a claim.
Questions are claims with a third of their words changed, each of which is to be found again among the best 20. Latency
is CPU time of one thread, the mean over the questions, so that busy neighbours change it least. Loading is from files,
memory what one search adds to a process, mapped pages among it; adding is 1,000 more claims, written down.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.measures import Measure, emit

ONE_CORE = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
WORDS = 60_000
QUESTIONS = 100
BEST = 20
AT_ONCE = 250_000
"""Claims of one segment: what is built at once is held in memory several times over."""
MORE = 1_000
ALONE = """
import sys
from pathlib import Path
from factcheck.matching import lexical_index, lexical_store
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
lexical_index.build(*(lexical_index.pl.Series(["a b"]) for _ in range(2)))
before = resident()
kept = lexical_store.load(Path(sys.argv[1]))
hits = lexical_index.search(kept.segments, sys.argv[2], 20)
print(resident() - before)
"""
"""What one search in a new process adds to its memory, pages of the mapped files among it."""


def main() -> None:
    on_one_core(__doc__, _rows)


def on_one_core(about: str | None, rows: Callable[[int, Path], Iterator[Measure]]) -> None:
    """Prints the rows of a bench of so many claims, in a process whose libraries use one thread."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_CORE.items()):
        # Polars and BLAS read the number of their threads when they are imported.
        again = subprocess.run([sys.executable, *sys.orig_argv[1:]], env=os.environ | ONE_CORE, check=False)
        raise SystemExit(again.returncode)
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as folder:
        emit(rows(options.claims, Path(folder)))


def _rows(claims: int, folder: Path) -> Iterator[Measure]:
    import numpy as np
    import polars as pl

    from factcheck.matching import lexical_store
    from factcheck.matching.lexical_index import build, search
    from factcheck.matching.lexical_store import Kept

    rng = np.random.default_rng(14)
    # Letters of two scripts in equal parts, as a desk has them.
    alphabets = (np.array(list("abcdefghiklmnoprstuvw")), np.array(list("ابپتجچدرزسشفقکگلمنوهی")))
    words = np.array(["".join(rng.choice(alphabets[n % 2], rng.integers(3, 9))) for n in range(WORDS)], dtype=object)
    share = 1 / (np.arange(WORDS) + 3.0)
    share /= share.sum()

    def texts(many: int) -> list[str]:
        lengths = rng.integers(12, 25, many)
        chosen = words[rng.choice(WORDS, int(lengths.sum()), p=share)]
        return [" ".join(part) for part in np.split(chosen, np.cumsum(lengths)[:-1])]

    questions: list[tuple[str, str]] = []
    segments, building = [], 0.0
    for first in range(0, claims, AT_ONCE):
        some = texts(min(AT_ONCE, claims - first))
        ids = [f"clm_{number:020x}" for number in range(first, first + len(some))]
        for number in rng.choice(len(some), max(1, QUESTIONS * len(some) // claims), replace=False):
            asked = some[number].split(" ")
            for place in rng.choice(len(asked), len(asked) // 3, replace=False):
                asked[place] = words[rng.choice(WORDS, p=share)]
            questions.append((ids[number], " ".join(asked)))
        start = time.process_time()
        segments.append(build(pl.Series(ids), pl.Series(some)))
        building += time.process_time() - start
    lexical_store.save(folder, Kept(segments, "bench"))
    more = texts(MORE)
    del segments
    yield Measure("matching.lexical_build", building, "CPU s", None, n=claims)
    disk = sum(path.stat().st_size for path in folder.iterdir())
    yield Measure("matching.lexical_disk", disk / 1e6, "MB", None, n=claims)

    start = time.process_time()
    kept = lexical_store.load(folder)
    yield Measure("matching.lexical_load", time.process_time() - start, "CPU s", 2.0, n=claims)

    search(kept.segments, questions[0][1], BEST)
    times, found = [], 0
    for claim, asked in questions:
        start = time.process_time()
        hits = search(kept.segments, asked, BEST)
        times.append(time.process_time() - start)
        found += claim in hits.ids
    yield Measure("matching.lexical_latency", 1000 * sum(times) / len(times), "ms of CPU", 50.0, n=len(times))
    yield Measure("matching.lexical_latency_slowest", 1000 * max(times), "ms of CPU", None, n=len(times))
    yield Measure("matching.lexical_found", found / len(questions), "of changed claims", 0.99, "higher", n=len(times))

    start = time.process_time()
    added = pl.Series([f"clm_{number:020x}" for number in range(claims, claims + MORE)])
    lexical_store.save(folder, Kept([*kept.segments, build(added, pl.Series(more))], "more"))
    yield Measure("matching.lexical_add_1k", time.process_time() - start, "CPU s", None, n=MORE)
    # Of the whole run, so that of building at most AT_ONCE claims too.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Measure("matching.lexical_peak", peak, "MB", None, n=claims)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder), questions[0][1]], capture_output=True, text=True, check=True
    )
    yield Measure("matching.lexical_memory", int(done.stdout) / 1e6, "MB of a search", None, n=claims)


if __name__ == "__main__":
    main()
