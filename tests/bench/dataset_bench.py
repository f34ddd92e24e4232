"""Speed of the dataset on three million annotation events and a million claims.

    python -m tests.bench.dataset_bench [--events 3000000] [--commits 100] [--folder DIR]

The bare append of the same rows by delta-rs, in the same run on the same disk, stands beside the commit.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from factcheck import dataset as ds
from factcheck.dataset.storage import Storage
from factcheck.frames import schema
from factcheck.models import AnnotationEvent, Article, Claim, VerdictChange
from tests.measures import Measure, emit

START = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS_PER_COMMIT = 1_000
VERDICTS_PER_COMMIT = 300
CLAIMS_PER_COMMIT = 50
LIFE_READS = 20
DIFF_READS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=3_000_000)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where to make the dataset; a temporary folder otherwise")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="factcheck-bench-", dir=options.folder))
    try:
        emit(_rows(folder, options.events, options.commits))
    finally:
        shutil.rmtree(folder)


def _rows(folder: Path, n_events: int, n_commits: int) -> Iterator[Measure]:
    n_claims = n_events // 3
    uri = str(folder / "dataset")
    dataset = ds.open(uri, create=True)
    claims = _claims(0, n_claims)
    started = time.perf_counter()
    ds.commit(
        dataset,
        claims=claims,
        events=_events(0, n_events, claims["claim_id"]),
        verdicts=_verdicts(claims["claim_id"], 0),
        cause="import",
        now=START,
    )
    print(f"import of {n_events:,} events: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    seconds, bare = _commits(dataset, folder / "bare", claims["claim_id"], n_events, n_commits)
    half, middle = n_commits // 2, statistics.median
    append = partial(Measure, better="lower", anchor="delta-rs append", n=n_commits)
    yield append("dataset.commit_1k_into_3M", middle(seconds), "s", 0.120, anchor_value=middle(bare))
    growth, bare_growth = (middle(one[half:]) / middle(one[:half]) for one in (seconds, bare))
    yield append("dataset.commit_growth", growth, "2nd half / 1st", 1.0, anchor_value=bare_growth)
    fresh = ds.open(uri)
    head = fresh.head
    for name, version in (("middle", head // 2), ("newest", head)):
        yield Measure(f"dataset.as_of_{name}", min(_time(_as_of, uri, version) for _ in range(3)), "s", 1.0, n=3)
    ids = claims["claim_id"].sample(LIFE_READS, seed=1).to_list()
    cold = middle(_time(_life, ds.Dataset(Storage(uri)), one) for one in ids)
    yield Measure("dataset.life_cold", cold, "s", 0.1, n=len(ids))
    yield Measure("dataset.life", middle(_time(_life, fresh, one) for one in ids), "s", 0.1, n=len(ids))
    pairs = [(one, one + 10) for one in range(1, head - 10, max(1, (head - 11) // DIFF_READS))]
    cold = middle(_time(ds.Dataset(Storage(uri)).diff, a, b) for a, b in pairs)
    yield Measure("dataset.diff_10_cold", cold, "s", 0.05, n=len(pairs))
    yield Measure("dataset.diff_10", middle(_time(fresh.diff, a, b) for a, b in pairs), "s", 0.05, n=len(pairs))
    _same_rows(fresh, *pairs[len(pairs) // 2])
    yield Measure("dataset.import_and_log", min(_time(_log, uri, head) for _ in range(5)), "s", 1.0, n=5)


def _as_of(uri: str, version: int) -> None:
    assert ds.open(uri).verdicts(version).collect().height > 0


def _life(dataset: ds.Dataset, claim_id: str) -> None:
    assert dataset.life(claim_id).verdicts.height > 0


def _log(uri: str, head: int) -> None:
    code = f"from factcheck import dataset as ds; assert ds.open({uri!r}).versions().height == {head}"
    subprocess.run([sys.executable, "-c", code], check=True)


def _commits(
    dataset: ds.Dataset, bare_uri: Path, ids: pl.Series, start: int, count: int
) -> tuple[list[float], list[float]]:
    from deltalake import DeltaTable, write_deltalake

    DeltaTable.create(str(bare_uri), schema=DeltaTable(f"{dataset.uri}/annotations").schema())
    stamp = [pl.lit(1, dtype=pl.Int64).alias("version"), pl.lit("0" * 32).alias("commit_id")]
    seconds, bare = [], []
    for number in range(count):
        first = start + number * EVENTS_PER_COMMIT
        events = _events(first, EVENTS_PER_COMMIT, ids.sample(EVENTS_PER_COMMIT, seed=number))
        new = start + number * CLAIMS_PER_COMMIT
        verdicts = _verdicts(ids.sample(VERDICTS_PER_COMMIT, seed=number), number + 1)
        commit = partial(
            ds.commit,
            dataset,
            articles=_articles(new, CLAIMS_PER_COMMIT),
            claims=_claims(new, CLAIMS_PER_COMMIT),
            events=events,
            verdicts=verdicts,
            cause="pull",
            now=START + timedelta(hours=number + 1),
        )
        seconds.append(_time(commit))
        assert dataset.head == number + 2
        bare.append(_time(write_deltalake, str(bare_uri), events.with_columns(stamp), mode="append"))
    return seconds, bare


def _same_rows(dataset: ds.Dataset, a: int, b: int) -> None:
    sides = [dataset.verdicts(one).select("claim_id", "status", "verdict").collect() for one in (a, b)]
    there = sides[1].join(sides[0], on=["claim_id", "status", "verdict"], how="anti", nulls_equal=True)
    found = dataset.diff(a, b).select(
        "claim_id", pl.col("after_status").alias("status"), pl.col("after_verdict").alias("verdict")
    )
    assert found.sort("claim_id").equals(there.sort("claim_id")), "the diff differs from the anti-join"


def _articles(start: int, count: int) -> pl.DataFrame:
    return _frame(
        Article,
        article_id=_ids("art_", start, count),
        source=pl.Series(["a.txt"]).new_from_index(0, count),
        source_start=pl.zeros(count, pl.Int64, eager=True),
        text=pl.Series(["twenty letters long. " * 100]).new_from_index(0, count),
        fetched_at=pl.Series([START]).cast(pl.Datetime("us", "UTC")).new_from_index(0, count),
    )


def _claims(start: int, count: int) -> pl.DataFrame:
    ids = _ids("clm_", start, count)
    return _frame(
        Claim,
        claim_id=ids,
        article_id=_ids("art_", start // 5, count),
        group_id=ids,
        start=pl.zeros(count, pl.Int64, eager=True),
        end=pl.zeros(count, pl.Int64, eager=True) + 20,
        quote=pl.Series(["twenty letters long."]).new_from_index(0, count),
        check_worthiness=pl.Series(np.random.default_rng(start).random(count)),
        state=pl.Series(["active"]).new_from_index(0, count),
        extractor=pl.Series(["bench/1"]).new_from_index(0, count),
    )


def _events(start: int, count: int, claims: pl.Series) -> pl.DataFrame:
    rng = np.random.default_rng(start)
    number = pl.int_range(start, start + count, eager=True)
    times = pl.Series(rng.integers(0, 10**9, count)) * 1_000_000
    moment = (times + int(START.timestamp()) * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return _frame(
        AnnotationEvent,
        event_id=_ids("evt_", start, count),
        claim_id=claims.gather(pl.Series(rng.integers(0, claims.len(), count))),
        annotation_key=("main:" + number.cast(pl.String) + ":2026-01-01T00:00:00+00:00"),
        seq=pl.zeros(count, pl.Int64, eager=True) + 1,
        project=pl.Series(["main"]).new_from_index(0, count),
        task_id=number % 1_000_000,
        annotation_id=number,
        annotator_id=_ids("ant_", 0, 500).gather(pl.Series(rng.integers(0, 500, count))),
        state=pl.Series(["submitted"]).new_from_index(0, count),
        choice=pl.Series(["verified", "disputed", "opinion"]).gather(pl.Series(rng.integers(0, 3, count))),
        rationale=pl.Series([f"rationale number {one}" for one in range(1000)]).gather(
            pl.Series(rng.integers(0, 1000, count))
        ),
        confidence=pl.Series(["high"]).new_from_index(0, count),
        lead_time=pl.Series(rng.random(count) * 100),
        created_at=moment,
        updated_at=moment,
        observed_at=moment,
        content_hash=_ids("", start, count, digits=64),
    )


def _verdicts(claims: pl.Series, seed: int) -> pl.DataFrame:
    count = claims.len()
    rng = np.random.default_rng(seed)
    return _frame(
        VerdictChange,
        claim_id=claims,
        status=pl.Series(["decided"]).new_from_index(0, count),
        verdict=pl.Series(["verified", "disputed", "opinion"]).gather(pl.Series(rng.integers(0, 3, count))),
        n_votes=pl.Series(rng.integers(2, 9, count)),
        agreement=pl.Series(rng.random(count)),
        policy=pl.Series(["majority(min_votes=2,margin=1)"]).new_from_index(0, count),
        decided_at=pl.Series([START + timedelta(seconds=seed)]).new_from_index(0, count),
    )


def _ids(prefix: str, start: int, count: int, digits: int = 20) -> pl.Series:
    """Ids that look like hashes: spread evenly, always the same for a number."""
    numbers = pl.int_range(start, start + count, eager=True)
    parts = [numbers.hash(seed).cast(pl.String).str.zfill(20) for seed in range(1 + digits // 20)]
    text = pl.select(pl.concat_str(parts))[parts[0].name]
    return prefix + text.str.slice(0, digits)


def _frame(record: type, **columns: pl.Series) -> pl.DataFrame:
    target = schema(record)
    count = len(next(iter(columns.values())))
    return pl.DataFrame(
        {
            name: columns[name] if name in columns else pl.Series(_blank(dtype), dtype=dtype).new_from_index(0, count)
            for name, dtype in target.items()
        },
    ).cast(target)


def _blank(dtype: pl.DataType) -> list[object]:
    if dtype == pl.List(pl.String):
        return [["a reason"]]
    return [0 if dtype == pl.Int64 else None]


def _time(work: Callable[..., object], *arguments: object, **options: object) -> float:
    started = time.perf_counter()
    work(*arguments, **options)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
