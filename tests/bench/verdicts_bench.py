"""Speed of verdicts on a million annotations of 200,000 claims by 500 annotators, on one core, and their accuracy.

    python -m tests.bench.verdicts_bench [--annotations 1000000] [--repeat 9] [--anchor PYTHON]

`--anchor` (or CROWDKIT_PYTHON) names the interpreter of an environment that holds crowd-kit; without it its figures
are missing. It gets the same votes in the same run, with its ids as integers, which is faster for it than ours as
strings. Accuracy needs the evaluation data ../shared/data/crowd. Times are CPU seconds of one thread, the best of the
repeats, so that busy neighbours change them least: on an idle core that is wall-clock time. The anchor, which takes
seconds, runs once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.measures import Measure, emit

ONE_CORE = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
CROWD = Path(__file__).parents[3] / "shared" / "data" / "crowd"
CLAIMS_PER_ANNOTATION = 5
ANNOTATORS = 500
ITERATIONS = 20
CROWDKIT = "crowd-kit"
ANCHOR = """
import json, sys, time
import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote
from importlib.metadata import version
votes = pd.read_csv(sys.argv[1])
found = {"name": "crowd-kit " + version("crowd-kit")}
for name, model in (("majority", MajorityVote()), ("dawid_skene", DawidSkene(n_iter=int(sys.argv[2]), tol=0))):
    start = time.process_time()
    labels = model.fit_predict(votes)
    found[name] = time.process_time() - start
    if len(sys.argv) > 3:
        truth = pd.read_csv(sys.argv[3]).set_index("task")["truth"]
        found[name] = float((labels.reindex(truth.index) == truth).mean())
print(json.dumps(found))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--anchor", default=os.environ.get("CROWDKIT_PYTHON"), help="python that has crowd-kit")
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_CORE.items()):
        # Polars reads the number of its threads when it is imported.
        again = subprocess.run([sys.executable, *sys.orig_argv[1:]], env=os.environ | ONE_CORE, check=False)
        raise SystemExit(again.returncode)
    emit(_speed(options.annotations, options.repeat, options.anchor))
    emit(_accuracy(options.anchor))


def _speed(annotations: int, repeat: int, anchor: str | None) -> Iterator[Measure]:
    from factcheck import verdicts
    from factcheck.verdicts.agreement import measures
    from factcheck.verdicts.dawid_skene import fit
    from factcheck.verdicts.encoding import code
    from factcheck.verdicts.tally import counts_by_hash, tally, winners

    events, votes = _votes(annotations)
    ids = votes["claim_id"].unique().sort()
    beside = _anchor(anchor, votes, ITERATIONS)
    timed: list[tuple[str, Callable[[], object], float | None, str | None]] = [
        ("majority_1m", lambda: winners(tally(ids, votes), 1), 0.1, "majority"),
        (
            "dawid_skene_1m",
            lambda: fit(code(votes), iterations=ITERATIONS, tolerance=0),
            beside.get("dawid_skene", 9.9) / 5,
            "dawid_skene",
        ),
        ("alpha_1m", lambda: measures(counts_by_hash(votes)[1]), 0.05, None),
        ("agreement_1m", lambda: verdicts.agreement(votes, seed=1), None, None),
        ("votes_1m", lambda: verdicts.votes(events), None, None),
        ("decide_1m", lambda: verdicts.decide(ids, votes, verdicts.Majority()), None, None),
        ("weighted_1m", lambda: verdicts.decide(ids, votes, verdicts.Weighted()), None, None),
    ]
    for measure, run, goal, name in timed:
        took = _seconds(run, repeat)
        anchor_name = beside.get("name", CROWDKIT) if name else None
        anchor_value = beside.get(name or "")
        yield Measure(f"verdicts.{measure}", took, "s", goal, "lower", anchor_name, anchor_value, votes.height)


def _accuracy(anchor: str | None) -> Iterator[Measure]:
    import polars as pl

    from factcheck.verdicts.dawid_skene import fit
    from factcheck.verdicts.encoding import code
    from factcheck.verdicts.tally import CHOICES

    if not CROWD.is_dir():
        sys.stderr.write(f"no accuracy: {CROWD} is not there\n")
        return
    for name, goals in (("product", (0.897, 0.940)), ("face", (0.630, 0.640))):
        answers = pl.read_csv(CROWD / f"{name}_answer.csv", infer_schema=False)
        truth = pl.read_csv(CROWD / f"{name}_truth.csv", infer_schema=False)
        labels = sorted(answers["answer"].unique())
        votes = answers.select(
            claim_id="question",
            annotator_id="worker",
            choice=pl.col("answer").replace_strict(labels, CHOICES[: len(labels)], return_dtype=pl.String),
        )
        coded = code(votes)
        known = coded.claims.to_frame("question").join(truth, on="question", how="left", maintain_order="left")
        expected = known["truth"].replace_strict(labels, range(len(labels)), default=None, return_dtype=pl.Int64)
        beside = _anchor(anchor, votes, 100, known.with_columns(expected.alias("truth")))
        for model, goal, shares in (
            ("majority", goals[0], coded.counts()),
            ("dawid_skene", goals[1], fit(coded).posterior),
        ):
            # Not rounded: .8966 does not reach a goal of .897.
            value = float((shares.argmax(axis=1) == expected.to_numpy()).mean())
            yield Measure(
                f"verdicts.{model}_{name}",
                value,
                "accuracy",
                goal,
                "higher",
                beside.get("name", CROWDKIT),
                beside.get(model),
                len(coded.claims),
            )


def _votes(annotations: int) -> tuple[Any, Any]:
    """Events and votes of annotators of uneven reliability, in no order, every fifth with a reason and a source."""
    import numpy as np
    import polars as pl

    from factcheck import verdicts
    from factcheck.frames import schema
    from factcheck.models import AnnotationEvent

    rng = np.random.default_rng(1)
    claims = annotations // CLAIMS_PER_ANNOTATION
    claim = np.repeat(np.arange(claims), CLAIMS_PER_ANNOTATION)
    # Five different annotators a claim: 97 and its multiples below 500 are distinct.
    first = np.repeat(rng.integers(0, ANNOTATORS, claims), CLAIMS_PER_ANNOTATION)
    annotator = (np.tile(np.arange(CLAIMS_PER_ANNOTATION) * 97, claims) + first) % ANNOTATORS
    truth = rng.integers(0, 4, claims)
    right = rng.random(len(claim)) < rng.uniform(0.5, 0.95, ANNOTATORS)[annotator]
    choice = np.where(right, truth[claim], rng.integers(0, 4, len(claim)))
    order = rng.permutation(len(claim))
    spread = pl.Series((claim * 2_654_435_761 % 2**32)[order]).cast(pl.String).str.zfill(20)
    said = pl.Series(order % 5 == 0)
    number = pl.Series(order)
    moment = pl.Series(order).cast(pl.Datetime("us", "UTC"))
    given = pl.DataFrame(
        {
            "claim_id": "clm_" + spread,
            "annotation_key": "main:" + number.cast(pl.String) + ":2026-01-01T00:00:00+00:00",
            "seq": pl.Series(np.ones(len(order), np.int64)),
            "project": pl.repeat("main", len(order), eager=True),
            "annotator_id": "ant_" + pl.Series(annotator[order]).cast(pl.String).str.zfill(20),
            "state": pl.repeat("submitted", len(order), eager=True),
            "choice": pl.Series(("verified", "disputed", "opinion", "not_a_claim")).gather(choice[order]),
            "updated_at": moment,
        }
    ).with_columns(
        rationale=pl.when(said).then(pl.lit("The ministry's own table says otherwise.")),
        evidence=pl.when(said).then(pl.concat_list(pl.lit("https://a.example/") + pl.col("claim_id"))).otherwise([]),
    )
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema(AnnotationEvent).items() if name not in given
    ]
    events = given.with_columns(missing).select(list(schema(AnnotationEvent))).rechunk()
    return events, verdicts.votes(events)


def _anchor(python: str | None, votes: Any, iterations: int, truth: Any = None) -> dict[str, Any]:
    """Name, and seconds or (with the truth) accuracy of crowd-kit; empty without it."""
    import polars as pl

    if python is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as folder:
        table = Path(folder) / "votes.csv"
        named = votes.select(task="claim_id", worker="annotator_id", label="choice")
        coded = named if truth is not None else named.select(pl.all().rank("dense"))
        coded.write_csv(table)
        arguments = [str(table), str(iterations)]
        if truth is not None:
            words = pl.Series(("verified", "disputed", "opinion", "not_a_claim"))
            of_task = truth.select(task="question", truth=words.gather(truth["truth"]))
            of_task.write_csv(Path(folder) / "truth.csv")
            arguments.append(str(Path(folder) / "truth.csv"))
        done = subprocess.run([python, "-c", ANCHOR, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _seconds(run: Callable[[], object], repeat: int) -> float:
    run()
    times = []
    for _ in range(repeat):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
