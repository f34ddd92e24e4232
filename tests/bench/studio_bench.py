"""Push and pull beside the fastest bare HTTP, on a real Label Studio that this starts itself.

N is the number of tasks (default 50,000). ROWS=push or pull runs a part. POSTGRES=postgresql://user@127.0.0.1:port/name,
an empty database, adds the push on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import polars as pl

from factcheck import frames
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.local import postgres, server
from factcheck.studio.page.label_config import label_config
from factcheck.studio.sync.project import ensure_project
from factcheck.studio.sync.pull import Pulled, pull
from factcheck.studio.sync.push import push
from factcheck.studio.sync.standing import shown_hash
from tests.fake_studio.props import claim_id, make_tasks, result
from tests.live_server import ROOT
from tests.measures import Measure, emit

N = int(os.environ.get("N", "50000"))
CHANGES = 100
ROUNDS = 3
TURNS = 5
BATCHES = (1000, 2500, 5000, 10_000)
NAIVE = 200
TASK_BYTES = 1500
_TWO_BATCHES = 32


class Bench:
    """A server, a way to ask it without factcheck, and factcheck's own client."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        limits = httpx.Limits(max_keepalive_connections=0)
        headers = {"Authorization": f"Token {token}"}
        self.http = httpx.Client(base_url=url, headers=headers, limits=limits, timeout=1200)
        self.client = Client(url, token)

    def ask(self, method: str, path: str, **how: Any) -> Any:
        answer = self.http.request(method, path, **how)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def project(self, name: str) -> int:
        made = ensure_project(
            self.client, mark=f"bench:{name.replace(' ', '-')}", title=name, config=label_config("en"), overlap=2
        )
        assert made is not None
        return made.project_id

    def pull(self, project: int, known: pl.DataFrame, cursor: dict[str, Any], **how: Any) -> Pulled:
        return pull(
            self.client, project, known, cursor,
            project="bench", now=datetime.now(UTC), annotator_id=lambda user: f"ant_{user:020x}", **how,
        )  # fmt: skip


def desired(count: int) -> pl.DataFrame:
    """Tasks of 1.5 kB, all different."""
    pattern = make_tasks([1])
    data = json.loads(pattern["data"][0])
    data["context"] += "." * (TASK_BYTES - len(json.dumps(data, ensure_ascii=False).encode()))
    rows = []
    for n in range(count):
        own = data | {"claim_id": claim_id(n), "claim": f"{n}"}
        own["content_hash"] = shown_hash(own)
        rows.append((claim_id(n), own["content_hash"], json.dumps(own, ensure_ascii=False)))
    different = pl.DataFrame(rows, ["claim_id", "content_hash", "data"], orient="row")
    return pattern.drop(different.columns).join(different, how="cross").select(pattern.columns)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def resident() -> int:
    """This process's memory in bytes, now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


@contextmanager
def watched_memory() -> Iterator[list[int]]:
    """The highest memory while the block runs."""
    peak, stop = [resident()], threading.Event()

    def look() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], resident())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def bare_push(bench: Bench, texts: Sequence[str], size: int) -> float:
    """Tasks a second, posting the same bytes in batches of this size."""
    project = bench.project(f"bare {size}")
    bodies = [
        ("[" + ",".join(f'{{"data":{text}}}' for text in texts[start : start + size]) + "]").encode()
        for start in range(0, len(texts), size)
    ]
    headers = {"Content-Type": "application/json"}

    def send() -> None:
        for body in bodies:
            bench.ask("POST", f"/api/projects/{project}/import", content=body, headers=headers)

    took, _ = timed(send)
    bench.ask("DELETE", f"/api/projects/{project}/")
    return len(texts) / took


def pushes(bench: Bench, name: str, tasks: pl.DataFrame, writers: int) -> Iterator[Measure]:
    suffix = "" if name == "sqlite" else f"_{name}"
    texts = tasks["data"].to_list()
    few = tasks.head(N // 5)
    trial = {size: bare_push(bench, texts[: N // 5], size) for size in BATCHES if size <= N // 5}
    best = max(trial, key=lambda size: trial[size])
    with watched_memory() as peak_of_few:
        push(bench.client, bench.project(f"a fifth on {name}"), few, writers=writers)
    rounds = []
    for turn in range(ROUNDS):  # side by side, because a shared machine is not as fast now as in a minute
        bare = bare_push(bench, texts, best)
        project = bench.project(f"push {name} {turn}")
        with watched_memory() as peak:
            took, pushed = timed(partial(push, bench.client, project, tasks, writers=writers))
        assert pushed.created == N
        rounds.append((N / took / bare, N / took, bare))
    share, rate, bare = sorted(rounds)[ROUNDS // 2]
    sys.stderr.write(f"rates at N/5 by batch: {trial}; rounds (share, ours, bare): {rounds}\n")
    anchor = f"bare HTTP, {best} a request"
    yield Measure(f"studio.push_rate_{name}", share, "of bare HTTP", 0.9, "higher", anchor, bare, N)
    yield Measure(f"studio.push_tasks_{name}", rate, "tasks/s", None, "higher", anchor, bare, N)
    sdk = _naive_rate(bench, tasks.head(NAIVE)["data"].to_list())
    yield Measure(f"studio.push_vs_naive{suffix}", rate / sdk, "x", 20, "higher", "one SDK call a task", sdk, NAIVE)
    growth, anchor_value = (peak[0] - peak_of_few[0]) / 1e6, peak_of_few[0] / 1e6
    yield Measure(
        f"studio.push_rss_growth{suffix}", growth, "MB", _TWO_BATCHES, "lower", "peak at N/5, MB", anchor_value, N
    )
    took, again = timed(lambda: push(bench.client, project, tasks, cache=pushed.cache))
    assert (again.unchanged, again.plan.height) == (N, 0)
    yield Measure(f"studio.repush_50k{suffix}", took, "s", 10, "lower", n=N)
    took, _ = timed(lambda: push(bench.client, project, tasks))
    yield Measure(f"studio.repush_without_ledger{suffix}", took, "s", None, "lower", n=N)


def _naive_rate(bench: Bench, texts: Sequence[str]) -> float:
    from label_studio_sdk import LabelStudio

    make: Any = LabelStudio
    sdk = make(base_url=bench.url, api_key=bench.token)
    project = bench.project("naive")
    took, _ = timed(lambda: [sdk.tasks.create(project=project, data=json.loads(text)) for text in texts])
    return len(texts) / took


def annotated(bench: Bench, name: str, tasks: pl.DataFrame) -> int:
    """A project in which every task has an answer."""
    project = bench.project(name)
    answer = {"result": result("verified", rationale="As the report says."), "ground_truth": False}
    items = [{"data": json.loads(text), "annotations": [answer]} for text in tasks["data"]]
    for start in range(0, len(items), 2000):
        bench.ask("POST", f"/api/projects/{project}/import", json=items[start : start + 2000])
    return project


def bare_snapshot(bench: Bench, project: int) -> None:
    made = bench.ask("POST", f"/api/projects/{project}/exports/", json={"title": "bare"})
    path = f"/api/projects/{project}/exports/{made['id']}"
    with tempfile.TemporaryFile() as file, bench.http.stream("GET", f"{path}/download?exportType=JSON") as answer:
        for chunk in answer.iter_bytes():
            file.write(chunk)
    bench.ask("DELETE", path)


def bare_filter(bench: Bench, project: int, since: datetime) -> int:
    """How many tasks changed, read with their annotations by one filter query."""
    stamp = since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    item = {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime", "value": stamp}
    query = json.dumps({"filters": {"conjunction": "and", "items": [item]}})
    params = {"project": project, "page_size": 1000, "fields": "all", "query": query}
    return len(bench.ask("GET", "/api/tasks/", params=params)["tasks"])


def incremental(bench: Bench, project: int, known: pl.DataFrame, cursor: dict[str, Any]) -> tuple[float, float]:
    """Seconds of a pull of 100 changes and of the bare query for them; medians."""
    # So that what the import left is behind the overlap window. The server's time has to be of now, not of a pull ago.
    time.sleep(32)
    bench.client.check_server()
    cursor = bench.pull(project, known, cursor, since=datetime.now(UTC) - timedelta(milliseconds=1)).cursor
    ours, bare = [], []
    annotations = known["annotation_id"].to_list()
    for turn in range(TURNS):
        began = datetime.now(UTC)
        for number in annotations[:: max(1, len(annotations) // CHANGES)][:CHANGES]:
            choice = ("disputed", "opinion", "verified")[turn % 3]
            bench.ask("PATCH", f"/api/annotations/{number}/", json={"result": result(choice)})
        took, pulled = timed(partial(bench.pull, project, known, cursor))
        assert pulled.events.height == CHANGES, pulled.events.height
        ours.append(took)
        took, found = timed(partial(bare_filter, bench, project, began))
        assert found == CHANGES
        bare.append(took)
        known, cursor = (
            pl.concat([known, pulled.events]).sort("seq").unique("annotation_key", keep="last"),
            pulled.cursor,
        )
        time.sleep(32)
    sys.stderr.write(f"incremental: {ours}, bare: {bare}\n")
    return statistics.median(ours), statistics.median(bare)


def pulls(bench: Bench, tasks: pl.DataFrame) -> Iterator[Measure]:
    empty = frames.empty(AnnotationEvent)
    small = annotated(bench, "small", tasks.head(N // 5))
    few = bench.pull(small, empty, {})
    few_took, _ = incremental(bench, small, few.events, few.cursor)
    large = annotated(bench, "large", tasks)
    rounds = []
    for _ in range(ROUNDS):
        bare, _ = timed(lambda: bare_snapshot(bench, large))
        with tempfile.TemporaryDirectory() as folder:
            # A process of its own, so that its memory is that of a pull and not of what was pushed before.
            command = [sys.executable, "-m", "tests.bench.studio_bench", bench.url, bench.token, str(large), folder]
            subprocess.run(command, check=True)
            told = json.loads((Path(folder) / "told.json").read_text("utf-8"))
            events = pl.read_parquet(Path(folder) / "events.parquet")
        assert events.height == N
        rounds.append((told["seconds"] / bare, told["seconds"], bare))
    sys.stderr.write(f"full pulls (share, ours, bare): {rounds}\n")
    share, full, bare = sorted(rounds)[ROUNDS // 2]
    yield Measure("studio.full_pull_50k", share, "of bare snapshot", 1.1, "lower", "bare seconds", bare, N)
    yield Measure("studio.full_pull_rss", told["rss"] / 1e6, "MB", 300, "lower", n=N)
    took, query = incremental(bench, large, events, told["cursor"])
    goal = 1.5 * query + 0.5
    yield Measure("studio.incremental_pull", took, "s", goal, "lower", "bare filter query", query, CHANGES)
    yield Measure("studio.incremental_flatness", took / few_took, "x of 10k", 1.3, "lower", "s at N/5", few_took, N)
    yield Measure("studio.incremental_vs_full", full / took, "x", 30, "higher", "full pull, s", full, N)


@contextmanager
def running(database: postgres.Database | None) -> Iterator[Bench]:
    """A fresh Label Studio, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as scratch:
        folder = Path(scratch) / "studio"
        environment = Path(os.environ.get("FACTCHECK_STUDIO_ENVIRONMENT", ROOT / ".venv-studio")).absolute()
        try:
            up = server.up(folder, environment, database=database, progress=lambda text: print(text, file=sys.stderr))
            yield Bench(up.url, up.token)
        finally:
            server.down(folder)


def rows() -> Iterator[Measure]:
    """Every row that was asked for."""
    tasks = desired(N)
    only = os.environ.get("ROWS", "pull push")
    if "pull" in only or "push" in only:
        with running(None) as bench:
            if "pull" in only:
                yield from pulls(bench, tasks)
            if "push" in only:
                yield from pushes(bench, "sqlite", tasks, 1)
    if address := os.environ.get("POSTGRES"):
        with running(postgres.database(address, os.environ)) as bench:
            yield from pushes(bench, "postgres", tasks, 2)


def full_pull(url: str, token: str, project: str, folder: str) -> None:
    """One full pull in this process; what came and what it cost go into the folder."""
    bench = Bench(url, token)
    bench.client.check_server()  # the SDK's import is not the pull's
    seconds, pulled = timed(lambda: bench.pull(int(project), frames.empty(AnnotationEvent), {}))
    # Not ru_maxrss: that begins with the memory of the process that started this one.
    high = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    rss = int(high.split()[1]) * 1024
    told = {"seconds": seconds, "rss": rss, "cursor": pulled.cursor}
    (Path(folder) / "told.json").write_text(json.dumps(told), "utf-8")
    pulled.events.write_parquet(Path(folder) / "events.parquet")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        full_pull(*sys.argv[1:])
    else:
        emit(rows())
