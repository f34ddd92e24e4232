"""New tasks on their way to Label Studio: batches that grow and shrink, a look at the server after a lost answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import polars as pl

from factcheck.errors import TooLarge, Unanswered, Unavailable
from factcheck.studio.api.client import Client
from factcheck.studio.api.retry import spread

_MAX_BYTES = 16_000_000
_FIRST_BATCH, _LARGEST_BATCH = 1000, 5000
_FAST, _SLOW = 8.0, 30.0
"""Seconds of a batch: the next one is larger where this one was fast, smaller where it was slow."""


class Made(NamedTuple):
    """The numbers of new tasks by claim, as far as the server told them, and whether any answer was lost."""

    tasks: dict[str, int]
    doubt: bool


def send(
    client: Client,
    project_id: int,
    new: pl.DataFrame,
    *,
    predictions: Mapping[str, str],
    arrived: Callable[[list[str]], pl.DataFrame],
    writers: int = 1,
    advance: Callable[[int], None],
) -> Made:
    """Make the tasks of `new`, a frame of `tasks.SCHEMA`, in as many parts at once as there are writers.

    After a lost answer `arrived` tells which of these claims have a task, as a frame with `claim_id`. Raises
    Unavailable where the server stays away.
    """
    if writers == 1 or new.height <= _FIRST_BATCH:
        return _send(client, project_id, new, predictions, arrived, advance)
    share = -(-new.height // writers)
    with ThreadPoolExecutor(writers) as pool:
        slices = new.iter_slices(share)
        parts = [*pool.map(lambda part: _send(client, project_id, part, predictions, arrived, advance), slices)]
    tasks = {claim: task for part in parts for claim, task in part.tasks.items()}
    return Made(tasks, any(part.doubt for part in parts))


def _send(
    client: Client,
    project_id: int,
    waiting: pl.DataFrame,
    predictions: Mapping[str, str],
    arrived: Callable[[list[str]], pl.DataFrame],
    advance: Callable[[int], None],
) -> Made:
    """Make the tasks, batch by batch."""
    size, made = _FIRST_BATCH, Made({}, doubt=False)
    started, pause = client.connection.clock(), 1.0
    while waiting.height:
        batch = _batch(waiting, size)
        sent = client.connection.clock()
        left = batch.clear()
        claims = batch["claim_id"].to_list()
        try:
            suggested = {place: predictions[claim] for place, claim in enumerate(claims) if claim in predictions}
            made.tasks.update(zip(claims, client.import_tasks(project_id, _texts(batch), suggested), strict=False))
        except TooLarge:
            if batch.height == 1:
                raise
            size = batch.height // 2
            continue
        except Unanswered as error:
            made = made._replace(doubt=True)
            wait = spread(pause, error.retry_after, client.connection.chance)
            if client.connection.clock() - started + wait > client.connection.deadline:
                raise Unavailable(
                    f"the server does not answer; {waiting.height} claims were not sent",
                    subject=client.url,
                    hint="run `factcheck push` again when it is back; claims already sent are not sent twice",
                ) from error
            client.connection.sleep(wait)
            left = batch.join(arrived(claims), on="claim_id", how="anti")
            size, pause = max(1, size // 2), min(pause * 2, 30.0)
        else:
            took = client.connection.clock() - sent
            size = min(size * 4, _LARGEST_BATCH) if took < _FAST else max(1, size // 2) if took > _SLOW else size
            started, pause = client.connection.clock(), 1.0
        advance(batch.height - left.height)
        waiting = pl.concat([left, waiting.slice(batch.height)])
    return made


def _texts(batch: pl.DataFrame) -> Iterator[str]:
    """The tasks' data, a few at a time as Python strings."""
    for part in batch.iter_slices(500):
        yield from part["data"]


def _batch(rows: pl.DataFrame, size: int) -> pl.DataFrame:
    """The next rows: at most `size`, at most _MAX_BYTES, at least one."""
    batch = rows.head(size)
    fits = (batch["data"].str.len_bytes().cum_sum() <= _MAX_BYTES).sum()
    return batch.head(max(1, int(fits)))
