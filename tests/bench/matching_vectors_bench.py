"""One claim against a million earlier ones, by vectors: `python -m tests.bench.matching_vectors_bench [--claims N]`.

The vectors are made up and seeded: 384 numbers, unit length, all of them about one direction as those of sentences are
(two that have nothing to do with each other have a cosine of about .8), and of unequal spread. Each question has ten
planted neighbours, from nearly itself to as far as a translation is. Recall is that of the ten nearest by exact float32
products, whose time stands beside. Latency is CPU time of one thread, the mean over the questions; memory is what one
search adds to a new process, mapped pages among it; adding is 1,000 more vectors, written down.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.matching_lexical_bench import on_one_core
from tests.measures import Measure

DIMENSION = 384
QUESTIONS = 100
BEST = 10
AT_ONCE = 250_000
"""Vectors of one segment."""
MORE = 1_000
COMMON = 0.8
"""The cosine of two vectors that have nothing to do with each other."""
ALONE = """
import sys
from pathlib import Path
import numpy as np
from factcheck.matching import vector_index, vector_store
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
asked = np.load(sys.argv[2])
vector_index.nearest([vector_index.build(["a"], asked[None, :])], asked, 1)
before = resident()
kept = vector_store.load(Path(sys.argv[1]))
vector_index.nearest(kept.segments, asked, 10)
print(resident() - before)
"""


def main() -> None:
    on_one_core(__doc__, _rows)


def _rows(claims: int, folder: Path) -> Iterator[Measure]:  # noqa: PLR0915 - one run, measured step by step
    import numpy as np
    from numpy.typing import NDArray

    from factcheck.matching import vector_index, vector_store

    rng = np.random.default_rng(14)
    spread = (1 / np.sqrt(np.arange(DIMENSION) + 20.0)).astype(np.float32)
    spread *= np.sqrt((1 - COMMON) / (spread**2).sum())
    middle = np.full(DIMENSION, np.sqrt(COMMON / DIMENSION), np.float32)

    def others(many: int) -> NDArray[np.float32]:
        noise: NDArray[np.float32] = rng.standard_normal((many, DIMENSION), np.float32) * spread
        return noise

    def unit(apart: NDArray[np.float32]) -> NDArray[np.float32]:
        apart += middle
        found: NDArray[np.float32] = apart / np.linalg.norm(apart, axis=1, keepdims=True)
        return found

    known = np.empty((claims, DIMENSION), np.float32)
    for first in range(0, claims, 50_000):
        known[first : first + 50_000] = unit(others(min(50_000, claims - first)))
    apart = others(QUESTIONS)
    questions = unit(apart.copy())
    planted = rng.choice(claims, (QUESTIONS, BEST), replace=False)
    for column, near in enumerate(np.linspace(0.95, 0.55, BEST, dtype=np.float32)):
        noise = others(QUESTIONS)
        known[planted[:, column]] = unit(near * apart + np.sqrt(1 - near**2) * noise)

    kept, building = vector_store.NOTHING, 0.0
    for first in range(0, claims, AT_ONCE):
        some = known[first : first + AT_ONCE]
        start = time.process_time()
        segment = vector_index.build([f"clm_{number:020x}" for number in range(first, first + len(some))], some)
        kept = vector_store.add(folder, kept, [segment], "bench")
        building += time.process_time() - start
    yield Measure("matching.index_build", building, "CPU s", None, n=claims)
    disk = sum(path.stat().st_size for path in folder.iterdir())
    yield Measure("matching.index_disk", disk / 1e6, "MB", None, n=claims)
    del kept, segment

    start = time.process_time()
    kept = vector_store.load(folder)
    yield Measure("matching.index_load", time.process_time() - start, "CPU s", 2.0, n=claims)

    vector_index.nearest(kept.segments, questions[0], BEST)
    times, exact, recalled, found = [], [], 0, 0
    for asked, near in zip(questions, planted, strict=True):
        start = time.process_time()
        hits = vector_index.nearest(kept.segments, asked, BEST)
        times.append(time.process_time() - start)
        start = time.process_time()
        cosines = known @ asked
        best = np.argpartition(cosines, -BEST)[-BEST:]
        exact.append(time.process_time() - start)
        rows = {int(name[4:], 16) for name in hits.ids}
        recalled += len(rows & {*best.tolist()})
        found += len(rows & {*near[: BEST // 2].tolist()})
    milli = 1000 / len(times)
    yield Measure(
        "matching.suggestion_latency_vectors", milli * sum(times), "ms of CPU", 100.0, "lower", "exact float32",
        milli * sum(exact), len(times),
    )  # fmt: skip
    yield Measure("matching.suggestion_latency_vectors_slowest", 1000 * max(times), "ms of CPU", None, n=len(times))
    asked_for = BEST * len(questions)
    yield Measure("matching.index_recall", recalled / asked_for, "of the nearest 10", 0.97, "higher", n=asked_for)
    yield Measure("matching.index_planted", 2 * found / asked_for, "of the 5 nearest planted", 0.99, "higher", n=found)

    more = unit(others(MORE))
    start = time.process_time()
    added = vector_index.build([f"clm_{number:020x}" for number in range(claims, claims + MORE)], more)
    vector_store.add(folder, kept, [added], "more")
    yield Measure("matching.index_add_1k", time.process_time() - start, "CPU s", None, n=MORE)
    np.save(folder / "asked.npy", questions[0])
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder), str(folder / "asked.npy")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    yield Measure("matching.index_memory", int(done.stdout) / 1e6, "MB of a search", None, n=claims)


if __name__ == "__main__":
    main()
