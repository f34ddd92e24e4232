"""What can be done to a dataset besides committing: compact, vacuum, restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck.dataset import seals
from factcheck.dataset.committing import commit
from factcheck.dataset.compaction import reconcile, rewrite
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.key_index import FOLDER as INDEX_FOLDER
from factcheck.dataset.layout import DATA
from factcheck.dataset.local_log import LOG
from factcheck.dataset.state import AsOf
from factcheck.dataset.storage import Storage
from factcheck.dataset.store import name_digest
from factcheck.frames import schema
from factcheck.models import (
    AnnotationEvent,
    AnnotationState,
    Claim,
    ClaimState,
    Mark,
    Origin,
    Status,
    VerdictChange,
    Version,
    event_id,
    gone_hash,
)

RETENTION = timedelta(days=7)


def compact(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """How many files each data table had and has: all rows in few files, a claim's rows next to each other.

    No version changes and every one stays readable. The table `versions` is replaced in one step by one that lists
    the new files; before it nothing has happened, after it the old files are vacuum's. Raises Conflict where another
    writer compacted at the same time.
    """
    storage = storage_of(dataset)
    with storage.lock():
        number = storage.refresh().head
        storage.complete()
        before = {name: storage.state.files_of(name, number)["path"].to_list() for name in DATA}
        if storage.head():
            rewrite(storage, {name: paths for name, paths in before.items() if paths})
            for one in storage.tables.values():
                one.checkpoint()
            if storage.root is not None:
                storage.seal("other", seals.next_number(storage.root), list(storage.tables.values()))
        return {name: (len(paths), storage.state.files_of(name, number).height) for name, paths in before.items()}


def vacuum(dataset: Dataset, *, now: datetime, retention: timedelta = RETENTION, dry_run: bool = False) -> list[str]:
    """The files that no version needs and that are older than the retention; deleted unless `dry_run`.

    These are files that a compaction replaced, files of writers that died, and temporary ones. The retention leaves
    them to readers and writers that are still at work. `dry_run` writes nothing at all, so that what a writer that
    died put into a table's log is not named yet.
    """
    storage = storage_of(dataset)
    with storage.lock():
        storage.refresh()
        storage.head()  # nothing is deleted from a damaged dataset
        if not dry_run:
            storage.complete()
            reconcile(storage)
        if storage.root is None:
            return _vacuum_remote(storage, retention, dry_run=dry_run)
        needed = {storage.root / row["table"] / row["path"] for row in storage.state.files.iter_rows(named=True)}
        needed |= {storage.root / name / path for name, table in storage.present().items() for path in table.active()}
        digests = {name_digest(path.name) for path in needed}
        oldest = (now - retention).timestamp()
        gone = [
            path
            for path in sorted(storage.root.rglob("*"))
            if path.is_file() and path not in needed and _is_spare(path, digests) and path.stat().st_mtime <= oldest
        ]
        if not dry_run:
            for path in gone:
                path.unlink()
        return [str(path) for path in gone]


class Restoring(NamedTuple):
    """What a restore would bring: rows of claims, events of annotations and rows of verdicts that differ from today's.

    `late` are the claims that came since and would be withdrawn.
    """

    claims: pl.DataFrame
    events: pl.DataFrame
    verdicts: pl.DataFrame
    late: pl.DataFrame


def restoring(dataset: Dataset, as_of: AsOf, *, now: datetime) -> Restoring:
    """What `restore` would bring; nothing is changed."""
    claims, events, verdicts, late = _of_restore(dataset, as_of, now)
    today_claims, today_verdicts = dataset.claims().collect(), dataset.verdicts().collect()
    columns, said = schema(Claim).names(), schema(VerdictChange).names()
    return Restoring(
        _differing(claims.select(columns), today_claims.select(columns)),
        events,
        _differing(verdicts.select(said), today_verdicts.select(said)),
        late,
    )


def _differing(then: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """The rows of `then` that are not those of today."""
    both = then.join(today, on="claim_id", how="left", suffix=" today", maintain_order="left")
    names = [name for name in then.columns if name != "claim_id"]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name} today")) for name in names)
    return both.filter(differs).select(then.columns)


def restore(dataset: Dataset, as_of: AsOf, *, cursor: Mapping[str, Any] | None = None, now: datetime) -> Version | None:
    """The new version in which claims, answers and verdicts read as they did as of another; None where they do.

    Nothing is taken back: claims that came since are withdrawn, verdicts that came since become unreviewed. Answers
    that went or changed since are kept as they were, those that came since are put aside, each with a mark that says
    so: so the restored verdicts have their votes, and the next pull leaves them alone. `cursor` is the last version's
    where it is not given.
    """
    number = dataset.resolve(as_of)
    then = dataset.version(number)
    claims, events, verdicts, _ = _of_restore(dataset, number, now)
    return commit(
        dataset,
        claims=claims,
        events=events,
        verdicts=verdicts,
        cause="restore",
        message=f"as of version {number}",
        cursor=cursor,
        policy="" if then is None else then.policy,
        now=now,
    )


def _of_restore(dataset: Dataset, as_of: AsOf, now: datetime) -> Restoring:
    """All rows that a restore gives to commit, which leaves out those that are as today."""
    number, head = dataset.resolve(as_of), dataset.resolve(None)
    verdicts, claims = dataset.verdicts(number).collect(), dataset.claims(number).collect()
    late_verdicts = dataset.verdicts(head).collect().join(verdicts, on="claim_id", how="anti")
    late_claims = dataset.claims(head).collect().join(claims, on="claim_id", how="anti")
    nothing = {name: pl.lit(0, dtype=pl.Int64) for name in verdicts.columns if name.startswith("n_")}
    nobody = {name: pl.lit(None) for name in ("verdict", "reason", "agreement", "decided_at", "adjudicator", "source")}
    none = {name: pl.lit([], dtype=pl.List(pl.String)) for name in ("rationales", "evidence")}
    unreviewed = late_verdicts.with_columns(
        status=pl.lit(str(Status.UNREVIEWED)), origin=pl.lit(str(Origin.VOTES)), **nothing, **nobody, **none
    )
    withdrawn = late_claims.with_columns(state=pl.lit(str(ClaimState.WITHDRAWN)))
    return Restoring(
        pl.concat([claims, withdrawn]),
        _restored(dataset.last_states(as_of=number), dataset.last_states(as_of=head), f"version {number}", now),
        pl.concat([verdicts, unreviewed.cast(verdicts.schema)]),
        late_claims,
    )


_SAID = (
    *("claim_id", "annotator_id", "state", "choice", "reason", "rationale", "evidence", "confidence", "same_as"),
    *("corrected_claim", "updated_at"),
)


def _restored(then: pl.DataFrame, today: pl.DataFrame, what: str, now: datetime) -> pl.DataFrame:
    """The events after which every answer counts as it did then.

    Their hashes are of what the server says today, as far as we know it.
    """
    before = {row["annotation_key"]: row for row in then.iter_rows(named=True)}
    events = []
    for state in today.iter_rows(named=True):
        was = before.get(state["annotation_key"])
        if was is not None and was["state"] != AnnotationState.DELETED:
            if all(was[name] == state[name] for name in _SAID):
                continue
            mark = Mark.PUT_ASIDE if was["state"] == AnnotationState.PUT_ASIDE else Mark.KEPT
            gone = state["state"] == AnnotationState.DELETED
            there = gone_hash(state["annotation_key"]) if gone else state["content_hash"]
            row = was | {"mark": str(mark), "mark_reason": f"{what} was restored", "content_hash": there}
        elif state["state"] == AnnotationState.SUBMITTED:
            aside = {"state": str(AnnotationState.PUT_ASIDE), "mark": str(Mark.PUT_ASIDE)}
            row = state | aside | {"mark_reason": f"{what} was restored, and this came later"}
        else:
            continue
        row |= {"seq": state["seq"] + 1, "task_id": state["task_id"], "observed_at": now}
        row["event_id"] = event_id(
            annotation_key=row["annotation_key"], seq=row["seq"], content_hash=row["content_hash"]
        )
        events.append(row)
    return pl.DataFrame(events, schema(AnnotationEvent), orient="row")


def _is_spare(path: Path, digests: set[str]) -> bool:
    if path.parent.name == INDEX_FOLDER:
        return path.name.split(".")[0] not in digests
    temporary = path.suffix == ".tmp" or "#" in path.name
    return temporary or (path.suffix == ".parquet" and path.parent.name != LOG)


def _vacuum_remote(storage: Storage, retention: timedelta, *, dry_run: bool) -> list[str]:
    """The same by deltalake: what a table's log holds stays, and after `reconcile` that is what the versions list."""
    hours = int(retention.total_seconds() // 3600)
    return [
        f"{table.uri}/{path}"
        for table in storage.present().values()
        for path in table.delta.vacuum(
            retention_hours=hours, dry_run=dry_run, enforce_retention_duration=False, full=True
        )
    ]
