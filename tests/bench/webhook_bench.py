"""A storm of webhook calls: how fast they are acknowledged, whether a forged one gets in, whether a kill loses one."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from factcheck.studio.webhook.inbox import Inbox
from factcheck.studio.webhook.listener import listening
from factcheck.studio.webhook.metrics import Metrics
from factcheck.studio.webhook.receiver import SECRET_HEADER, Receiver
from tests.measures import Measure, emit

SECRET = "0123456789abcdef" * 3
MANY = 100_000
CONNECTIONS, REQUESTS, FORGED = 200, 50, 10_000


class Stormed(NamedTuple):
    """Status codes with their numbers, seconds until each answer, and the projects whose call was acknowledged."""

    statuses: Counter[int]
    seconds: list[float]
    acknowledged: set[int]

    def percentile(self, share: float) -> float:
        """That share of the calls was answered within this time."""
        return sorted(self.seconds)[min(int(len(self.seconds) * share), len(self.seconds) - 1)]


def serve(folder: Path, pipe: Connection, drain: float) -> None:
    """A receiver whose inbox is emptied every `drain` seconds, as a watch does; ends when the pipe closes."""
    inbox = Inbox(folder)
    receiver = Receiver(
        inbox, SECRET, metrics=Metrics(), projects=lambda: range(MANY), wake=lambda: None, health=dict[str, str]
    )
    with listening(receiver, host="127.0.0.1", port=None) as port:
        pipe.send(port)
        while not pipe.poll(drain or None):
            inbox.take()
            inbox.done()


@contextmanager
def receiving(folder: Path, *, drain: float) -> Iterator[tuple[int, multiprocessing.process.BaseProcess]]:
    """The port and the process of a receiver of its own; without `drain` its inbox only grows."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(folder, theirs, drain))
    process.start()
    try:
        yield ours.recv(), process
    finally:
        if process.is_alive():
            ours.send("end")
        process.join(20)
        ours.close()


async def _call(port: int, secret: str, projects: list[int], done: Stormed) -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        done.statuses[0] += 1
        return
    try:
        for project in projects:
            began = time.perf_counter()
            writer.write(_request(project, secret))
            status = await _status(reader)
            done.seconds.append(time.perf_counter() - began)
            done.statuses[status] += 1
            if status == 200:
                done.acknowledged.add(project)
    except (OSError, EOFError):  # the receiver was killed; asyncio's IncompleteReadError is an EOFError
        done.statuses[0] += 1
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _request(project: int, secret: str) -> bytes:
    body = b'{"action": "ANNOTATION_CREATED"}'
    head = f"POST /webhook/{project} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {secret}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
    return int(head.split()[1])


def storm(port: int, *, connections: int, requests: int, secret: str = SECRET, projects: int = 1) -> Stormed:
    """What became of `requests` calls on each of `connections`, about `projects` projects in turn."""
    done = Stormed(Counter(), [], set())

    async def all_of_them() -> None:
        numbers = [[(first * requests + n) % projects for n in range(requests)] for first in range(connections)]
        await asyncio.gather(*(_call(port, secret, mine, done) for mine in numbers))

    # In a thread of its own: whoever calls may have a loop already, as a browser's test session has.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(lambda: asyncio.run(all_of_them())).result()
    return done


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        with receiving(Path(scratch) / "a", drain=0.5) as (port, _):
            storm(port, connections=10, requests=20)
            alone = storm(port, connections=1, requests=200).percentile(0.99)
            emit(_stormed(port, "studio.webhook_storm_p99", alone, projects=1, goal=200.0))
            # As if every call were about another project, so that each has to be written.
            emit(_stormed(port, "studio.webhook_storm_all_written_p99", alone, projects=MANY, goal=None))
            forged = storm(port, connections=50, requests=FORGED // 50, secret="wrong" * 9)
            emit([Measure("studio.webhook_forged_accepted", FORGED - forged.statuses[401], "calls", 0, n=FORGED)])
        folder = Path(scratch) / "b"
        with receiving(folder, drain=0) as (port, process):
            killer = threading.Timer(0.7, process.kill)
            killer.start()
            done = storm(port, connections=CONNECTIONS, requests=REQUESTS, projects=MANY)
        kept = {hint.project_id for hint in Inbox(folder).take()}
        lost = len(done.acknowledged - kept)
        emit([Measure("studio.webhook_lost_by_kill", lost, "calls", 0, n=len(done.acknowledged))])


def _stormed(port: int, name: str, alone: float, *, projects: int, goal: float | None) -> list[Measure]:
    """The median of three storms: the machine may have other work."""
    n = CONNECTIONS * REQUESTS
    storms = [storm(port, connections=CONNECTIONS, requests=REQUESTS, projects=projects) for _ in range(3)]
    p99 = statistics.median(done.percentile(0.99) for done in storms) * 1000
    refused = sum(n - done.statuses[200] for done in storms)
    return [
        Measure(name, p99, "ms", goal, "lower", "one at a time, p99", alone * 1000, 3 * n),
        Measure(name.replace("_p99", "_refused"), refused, "calls", 0, n=3 * n),
    ]


if __name__ == "__main__":
    main()
