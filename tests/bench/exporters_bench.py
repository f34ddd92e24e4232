"""Speed of what changed since the last export: a hundred changes in a dataset of a million verdicts.

    python -m tests.bench.exporters_bench [--verdicts 1000000] [--changes 100] [--folder DIR]

The whole export of the changes as JSON Lines and Markdown, beyond opening the dataset; memory is that of a process
which does nothing else.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl

from factcheck import dataset as ds
from factcheck import exporters, settings
from factcheck.dataset.storage import Storage
from factcheck.exporters import ExportContext, Profile
from factcheck.exporters.contract import Since
from factcheck.frames import schema
from factcheck.models import Claim
from factcheck.pipeline.export import export, since_then
from factcheck.pipeline.init import init
from tests.bench.dataset_bench import START, _articles, _claims, _verdicts
from tests.measures import Measure, emit

PROFILE = Profile(name="changes", format="changes")
REPEATS = 5
_ALONE = """
import re
from tests.bench import exporters_bench as bench
bench._since(bench._opened({!r}))
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""
"""A process of its own: what a process has used at most counts from the one that started it, unless it says itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verdicts", type=int, default=1_000_000)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where to make the dataset; a temporary folder otherwise")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="factcheck-bench-", dir=options.folder))
    try:
        emit(_rows(folder / "desk", options.verdicts, options.changes))
    finally:
        shutil.rmtree(folder)


def _rows(folder: Path, n_verdicts: int, n_changes: int) -> Iterator[Measure]:
    init(folder, name="Desk", language="fa", url="https://desk.example", force=False)
    uri = str(folder / "dataset")
    _fill(uri, n_verdicts, n_changes)
    desk = settings.load(folder, {})
    # The receipt of an export of version 1, of which no file is wanted.
    export(desk, "changes", as_of="1", since="1", out=None, force=False)
    opened = [_opened(uri) for _ in range(REPEATS)]
    cold = min(_since(data) for data in opened)
    yield Measure("exporters.since_last", cold, "s", 0.5, n=n_verdicts)
    yield Measure("exporters.since_last_again", min(_since(opened[0]) for _ in range(REPEATS)), "s", n=n_verdicts)
    started = time.perf_counter()
    done = export(desk, "changes", as_of=None, since="last", out=None, force=False)
    yield Measure("exporters.since_last_command", time.perf_counter() - started, "s", n=n_verdicts)
    assert done.changes is not None
    assert sum(done.changes.values()) <= n_changes
    said = subprocess.run([sys.executable, "-c", _ALONE.format(uri)], check=True, capture_output=True, text=True)
    yield Measure("exporters.since_last_memory", int(said.stdout) / 1024, "MB", 500, n=n_verdicts)


def _fill(uri: str, n_verdicts: int, n_changes: int) -> None:
    data = ds.open(uri, create=True)
    claims = _claims(0, n_verdicts)
    ids = claims["article_id"].unique(maintain_order=True)
    articles = _articles(0, ids.len()).with_columns(article_id=ids, text=pl.lit("a short text."))
    ds.commit(
        data, articles=articles, claims=claims, verdicts=_verdicts(claims["claim_id"], 0), cause="import", now=START
    )
    touched = claims.sample(n_changes, seed=1)
    withdrawn = touched.head(n_changes // 10).with_columns(state=pl.lit("withdrawn"))
    ds.commit(
        data,
        claims=withdrawn.cast(schema(Claim)),
        verdicts=_verdicts(touched["claim_id"].tail(n_changes - withdrawn.height), 1),
        cause="pull",
        now=START + timedelta(hours=1),
    )
    sys.stderr.write(f"dataset of {n_verdicts:,} verdicts\n")


def _opened(uri: str) -> ds.Dataset:
    """The dataset, opened: its log and state are read, and nothing of its rows."""
    data = ds.Dataset(Storage(uri))
    assert data.head == 2
    return data


def _since(data: ds.Dataset) -> float:
    """Seconds from an open dataset to the bytes of both files."""
    started = time.perf_counter()
    record = data.version(2)
    assert record is not None
    context = ExportContext(version=2, version_hash=record.version_hash, committed_at=record.committed_at)
    told, same = since_then(data, PROFILE, context, Since(1))
    done = exporters.render(pl.DataFrame(schema=exporters.VIEW), PROFILE, told)
    seconds = time.perf_counter() - started
    assert not same
    assert len(done.files) == 2
    return seconds


if __name__ == "__main__":
    main()
