"""After a pull: the pages that answers name as evidence are fetched once each and kept in the desk's own folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from factcheck import evidence, settings, web
from factcheck.articles import fetch
from factcheck.articles.warc_writing import opened, written
from factcheck.errors import Busy, Corrupt, FactcheckError, Interrupted, Rejected, Stop
from factcheck.models import AnnotationState
from factcheck.pipeline.archive_shelf import LIMITS, ArchiveShelf, Entry
from factcheck.pipeline.desk import Desk

MOST_TRIES = 5
FIRST_PAUSE = timedelta(hours=1)
"""Until the second try; each later pause is four times as long."""
SECONDS, SECONDS_OF_A_WATCH = 120.0, 15.0
"""Of one pull; what is left waits for the next one. A watch has other things to do."""
_FOR_GOOD = frozenset({"ADDRESS", "TOO_LARGE"})
"""What another try would not change."""
_NAMED = 3


class Archived(NamedTuple):
    """What one pull archived: counts for its report, and sentences on what could not be."""

    counts: dict[str, int]
    warnings: list[str]


class Standing(NamedTuple):
    """How many addresses of evidence are archived, failed for good, or still to be fetched; bytes on disk."""

    archived: int
    failed: int
    waiting: int
    size: int


def shelf(desk: Desk) -> ArchiveShelf:
    """The desk's own copies of evidence."""
    return ArchiveShelf(desk.settings.state / "evidence")


def archive(
    desk: Desk,
    *,
    now: datetime,
    say: Callable[[str], None],
    seconds: float = SECONDS,
    allow_private_addresses: bool = False,
) -> Archived:
    """Fetch what is due, for so many seconds at most; whatever goes wrong is a sentence of the result, never raised.

    Due is each address that a submitted answer names and that has no copy, until it failed `MOST_TRIES` times.
    """
    try:
        return fill(
            shelf(desk), _addresses(desk), now=now, say=say, seconds=seconds,
            allow_private_addresses=allow_private_addresses,
            route=settings.to_articles(desk.settings, settings.process_environment()),
        )  # fmt: skip
    except Interrupted:
        raise
    except Busy:
        return Archived({}, ["another run is archiving evidence; what it leaves is fetched with the next pull"])
    except (FactcheckError, OSError) as error:
        return Archived({}, [f"evidence could not be archived: {error}"])


def fill(
    kept: ArchiveShelf,
    addresses: list[str],
    *,
    now: datetime,
    say: Callable[[str], None],
    seconds: float = SECONDS,
    allow_private_addresses: bool = False,
    route: web.Route = web.DIRECT,
) -> Archived:
    """As `archive`, for these addresses; raises Busy where another run fills the shelf, OSError and DatasetError."""
    if not addresses:
        return Archived({}, [])
    until = time.monotonic() + seconds
    failed: list[Entry] = []
    done = left = 0
    with kept.filling() as entries:
        if found := kept.found(entries, addresses):
            entries.update(found)
            kept.save(entries)
        due = [one for one in addresses if _is_due(kept, entries.get(one), now)]
        if due:
            say(f"archiving evidence: {len(due):,} {'address' if len(due) == 1 else 'addresses'}")
        for number, address in enumerate(due):
            if time.monotonic() >= until:
                left = len(due) - number
                break
            entry = _fetched(kept, address, entries.get(address), now, private=allow_private_addresses, route=route)
            entries[address] = entry
            kept.save(entries)
            done += entry.state == "archived"
            failed += [entry] if entry.state == "failed" else []
    counts = {"archived": done, "not_archived": len(failed), "left_to_archive": left}
    return Archived({name: count for name, count in counts.items() if count}, list(_told(failed, left)))


def standing(desk: Desk) -> Standing:
    """Where archiving stands; nothing is fetched. What waits is counted only where pulls archive."""
    kept = shelf(desk)
    try:
        entries = kept.entries()
    except OSError:  # another user's folder, which is not for us
        entries = {}
    done = [entry for entry in entries.values() if entry.state == "archived" and kept.is_there(entry)]
    failed = [entry for entry in entries.values() if entry.state == "failed" and entry.next_try is None]
    settled = {entry.address for entry in (*done, *failed)}
    wanted = _addresses(desk) if desk.settings.evidence.archive else []
    waiting = len([address for address in wanted if address not in settled])
    return Standing(len(done), len(failed), waiting, sum(entry.size for entry in done))


def _fetched(
    kept: ArchiveShelf, address: str, before: Entry | None, now: datetime, *, private: bool, route: web.Route
) -> Entry:
    try:
        page = fetch.exchange(address, LIMITS, allow_private_addresses=private, route=route)
        copy = written(page, asked=address, now=now)
        opened(copy, address, LIMITS)
    except Rejected as error:
        code, reason = error.reason_code, error.what
    except Corrupt as error:  # such a page cannot be read back: it costs itself, and is tried again like any other
        code, reason = "UNREADABLE", error.what
    except Stop:
        raise  # the desk is wrong, not this address
    except Exception as error:  # noqa: BLE001 - one bad address costs that address
        code, reason = "UNEXPECTED", f"{type(error).__name__}: {error}"
    else:
        return kept.keep(address, copy, now=now)
    tries = (before.tries if before and before.state == "failed" else 0) + 1
    again = None if code in _FOR_GOOD or tries >= MOST_TRIES else now + FIRST_PAUSE * 4 ** (tries - 1)
    return Entry(address=address, state="failed", at=now, tries=tries, next_try=again, code=code, reason=reason)


def _is_due(kept: ArchiveShelf, entry: Entry | None, now: datetime) -> bool:
    if entry is None:
        return True
    if entry.state == "archived":
        return not kept.is_there(entry)
    return entry.next_try is not None and entry.next_try <= now


def _addresses(desk: Desk) -> list[str]:
    """The addresses that submitted answers name, each once, sorted: their order says nothing of who named them."""
    data = desk.committed()
    if data is None or not data.head:
        return []
    lines = data.last_states().filter(pl.col("state") == str(AnnotationState.SUBMITTED))["evidence"].explode()
    return sorted(evidence.addresses(lines.drop_nulls().unique().to_list()))


def _told(failed: list[Entry], left: int) -> Iterator[str]:
    for entry in failed[:_NAMED]:
        again = f"tried again after {entry.next_try:%Y-%m-%d %H:%M} UTC" if entry.next_try else "not tried again"
        yield f"evidence {entry.address[:200]} was not archived: {entry.reason} ({again})"
    if len(failed) > _NAMED:
        yield f"{len(failed) - _NAMED:,} more addresses were not archived; `factcheck evidence list` shows all"
    if left:
        yield f"{left:,} more addresses of evidence are archived with the next pull"
