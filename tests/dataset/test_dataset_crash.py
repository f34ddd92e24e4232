"""A commit that is killed, or meets a full or failing disk, at any system call; and what it syncs before it says yes.

The commit runs in a process of its own under strace, which kills it or makes a call fail. Commit ids are fixed, so
that every run touches the same paths; that each fault was really injected is asserted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from factcheck import dataset as ds
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.layout import DATA
from factcheck.dataset.verify import verify

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

pytestmark = pytest.mark.slow

CALLS = ("write", "pwrite64", "rename", "renameat", "renameat2", "link", "linkat", "fsync", "fdatasync", "unlink")
OLD, NEW = 3, 4
SAMPLE = 2
COMMIT = """
import contextlib, os, sys, uuid
from types import SimpleNamespace
from datetime import UTC, datetime
import polars as pl
from factcheck import dataset as ds
from factcheck.dataset import committing, compaction
from factcheck.errors import FactcheckError
uuid.uuid4 = lambda: uuid.UUID(int=7)
os.getpid = lambda: 1
folder, source, every = sys.argv[1:]
committing.CHECKPOINT_EVERY = int(every)
compaction.MANY = 2
if int(every) == 1:
    # strace counts calls by thread: on one thread the second sync of a folder is the second for strace too.
    committing.ThreadPoolExecutor = lambda max_workers: contextlib.nullcontext(SimpleNamespace(map=map))
frames = {name: pl.read_parquet(f"{source}/{name}.parquet") for name in ("articles", "claims", "events", "verdicts")}
try:
    version = ds.commit(ds.open(folder), **frames, cause="pull", now=datetime(2027, 1, 1, tzinfo=UTC))
except FactcheckError as error:
    print(f"{error.code}: {error} | {error.hint}", flush=True)
    sys.exit(error.exit_code)
print("committed", version.version if version else None, flush=True)
"""


class Point(NamedTuple):
    """A system call of the commit: its name, the path it touches, which one of these it is."""

    call: str
    path: str
    when: int


class Bench(NamedTuple):
    """Where the killed commits run."""

    template: Path
    folder: Path
    source: Path
    log: Path
    every: int

    def strace(self, *options: str) -> subprocess.CompletedProcess[str]:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        command = [sys.executable, "-B", "-c", COMMIT, str(self.folder), str(self.source), str(self.every)]
        head = ["strace", "-f", "-qq", "-y", "-s", "40", "-o", str(self.log), *options]
        return subprocess.run([*head, *command], capture_output=True, text=True, check=False, timeout=120)

    def inject(self, point: Point, fault: str) -> subprocess.CompletedProcess[str]:
        path = str(self.folder / point.path)
        return self.strace(
            "-P", path, "-e", f"trace={point.call}", "-e", f"inject={point.call}:{fault}:when={point.when}"
        )

    def injected(self) -> bool:
        return "INJECTED" in self.log.read_text() or "killed by SIGKILL" in self.log.read_text()


@pytest.fixture(scope="module", params=[1_000, 1], ids=["plain", "gathering"])
def bench(
    template: Path, rows: Rows, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Bench:
    """Commits as most are, and as one in ten is: it puts small files together and writes checkpoints."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: crash points cannot be injected")
    folder = tmp_path_factory.mktemp("crash")
    source = folder / "source"
    source.mkdir()
    for name, frame in frames(rows).items():
        frame.write_parquet(source / f"{name}.parquet")
    made = Bench(template, folder / "dataset", source, folder / "strace.log", request.param)
    done = made.strace("-e", "trace=write")
    if done.returncode:
        pytest.skip(f"strace cannot trace here: {done.stderr.strip()[-200:]}")
    return made


def frames(rows: Rows) -> dict[str, Any]:
    return {
        "articles": rows.articles(range(20, 25)),
        "claims": rows.claims(range(20, 25)),
        "events": rows.events(range(20, 40)),
        "verdicts": rows.verdicts([0, 20, 21], "disputed"),
    }


@pytest.fixture(scope="module")
def points(bench: Bench) -> list[Point]:
    """Every writing system call of a commit on a path of the dataset."""
    assert bench.strace("-e", f"trace={','.join(CALLS)}").returncode == 0
    seen: Counter[tuple[str, str]] = Counter()
    touched = re.compile(rf'\d+ +(\w+)\((?:\d+<|AT_FDCWD<[^>]*>, "|"){re.escape(str(bench.folder))}/?([^>"]*)[>"]')
    found = []
    for line in bench.log.read_text().splitlines():
        match = touched.match(line)
        if match:
            call, path = match.groups()
            seen[call, path] += 1
            found.append(Point(call, path, seen[call, path]))
    assert len(found) > 50
    assert {point.call for point in found} >= {"write", "fsync", "rename", "unlink"}
    return found


def sample(points: list[Point], exhaustive: bool) -> list[Point]:
    return points if exhaustive else [*points[:: max(1, len(points) // SAMPLE)], points[-1]]


def look(folder: Path) -> tuple[int, dict[str, int]]:
    """The newest version and the rows there, each counted."""
    dataset = ds.open(folder)
    scans = {
        "articles": dataset.articles(),
        "claims": dataset.claims(),
        "annotations": dataset.annotations(),
        "verdicts": dataset.verdict_changes(),
    }
    counts = {}
    for name, scan in scans.items():
        frame = scan.collect()
        key = [DATA[name].key, *(["version"] if name == "verdicts" else [])]
        assert frame.select(key).is_unique().all(), f"{name} has a row twice"
        counts[name] = frame.height
    return dataset.head, counts


EXPECTED = {
    OLD: {"articles": 10, "claims": 12, "annotations": 21, "verdicts": 16},
    NEW: {"articles": 15, "claims": 17, "annotations": 41, "verdicts": 19},
}


def assert_old_or_new_then_retry(bench: Bench, rows: Rows, point: Point) -> int:
    head, counts = look(bench.folder)
    assert counts == EXPECTED[head], point
    assert verify(str(bench.folder)).findings == [], point
    dataset = ds.open(bench.folder)
    again = ds.commit(dataset, **frames(rows), cause="pull", now=rows.at(100))
    assert (again is None) == (head == NEW), point
    assert look(bench.folder) == (NEW, EXPECTED[NEW]), point
    assert verify(str(bench.folder)).findings == [], point
    for name in DATA:
        storage = storage_of(dataset)
        storage.tables[name].refresh()
        listed = set(storage.state.files_of(name, NEW)["path"])
        assert again is None or set(storage.tables[name].active()) == listed, f"{point}: a dead writer's rows stay"
    return head


def test_killed_at_any_point_the_dataset_is_old_or_new_and_a_retry_adds_nothing(
    bench: Bench, rows: Rows, points: list[Point], exhaustive: bool
) -> None:
    heads = set()
    for point in sample(points, exhaustive):
        done = bench.inject(point, "signal=SIGKILL")
        assert bench.injected(), point
        assert "committed" not in done.stdout, point
        heads.add(assert_old_or_new_then_retry(bench, rows, point))
    assert heads == {OLD, NEW}


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_full_or_failing_disk_is_said_and_loses_nothing(
    bench: Bench, rows: Rows, points: list[Point], exhaustive: bool, error: str
) -> None:
    # A failing unlink of a temporary name harms nothing; the index is a cache that is made again.
    writing = [point for point in points if point.call != "unlink" and not point.path.startswith("_index")]
    for point in sample(writing, exhaustive):
        done = bench.inject(point, f"error={error}")
        assert bench.injected(), point
        assert done.returncode not in {0, -9}, (point, done.stdout)
        assert done.stdout.startswith(("DATASET:", "CORRUPT:")), (point, done.stdout, done.stderr[-2000:])
        assert re.search(r"No space left|Input/output error|os error", done.stdout), (point, done.stdout)
        assert_old_or_new_then_retry(bench, rows, point)


def test_everything_is_on_disk_before_the_commit_is_acknowledged(bench: Bench) -> None:
    calls = [*CALLS, "openat", "mkdir"]
    assert bench.strace("-e", f"trace={','.join(calls)}").returncode == 0
    names: dict[str, str] = {}  # a file's first name by every name it got by link or rename
    dirty: dict[str, str] = {}  # what was written or entered in a folder and not synced since
    acknowledged = False
    written = 0
    for line in _joined(bench.log.read_text()):
        paths = [path for path in re.findall(r'[<"](/[^>"]+)[>"]', line) if path.startswith(str(bench.folder))]
        paths = [path for path in paths if "/_index" not in path and not path.endswith(".lock")]
        call = line.split("(")[0]
        if call == "write" and '"committed"' in line:
            acknowledged = True
            break
        if not paths or " = -1 " in line:
            continue
        first = names.get(paths[0], paths[0])
        if call in {"write", "pwrite64"}:
            written += 1
            dirty[first] = line
        elif call == "openat" and "O_CREAT" in line:
            dirty[str(Path(paths[0]).parent)] = line
        elif call in {"rename", "renameat", "renameat2", "link", "linkat"}:
            names[paths[1]] = first
            dirty[str(Path(paths[1]).parent)] = line
        elif call in {"fsync", "fdatasync"}:
            dirty.pop(first, None)
    assert acknowledged
    assert written > len(DATA)
    assert dirty == {}


def _joined(log: str) -> list[str]:
    """The calls of all threads in the order they ended; a call that was interrupted in the log is one line again."""
    started: dict[str, str] = {}
    calls = []
    for line in log.splitlines():
        thread, text = line.split(maxsplit=1)
        if text.endswith("<unfinished ...>"):
            started[thread] = text.removesuffix("<unfinished ...>")
        elif resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            calls.append(started.pop(thread, "") + resumed.group(1))
        else:
            calls.append(text)
    return calls
