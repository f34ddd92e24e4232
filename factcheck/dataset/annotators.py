"""The people behind the opaque annotator ids: the one table that may be changed, so that a person can be forgotten.

The events hold ids that say nothing without the dataset's key; names and addresses lie here and in no export.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import polars as pl

from factcheck.dataset import seals
from factcheck.dataset.dataset import Dataset
from factcheck.dataset.layout import ANNOTATORS, KEY
from factcheck.errors import Conflict, UnknownVersion
from factcheck.frames import schema
from factcheck.models import Annotator

ATTEMPTS: Final = 20


def annotator_id(dataset: Dataset, server: str, user_id: int) -> str:
    """The opaque id of a user of a Label Studio server: HMAC-SHA256 under the dataset's key (RFC 2104), 20 digits."""
    key = bytes.fromhex(dataset_key(dataset))
    return "ant_" + hmac.new(key, f"{server}|{user_id}".encode(), hashlib.sha256).hexdigest()[:20]


def dataset_key(dataset: Dataset) -> str:
    """The key that makes annotator ids opaque, 64 hex digits; as private as the table of people."""
    return dataset.tables[ANNOTATORS.name].delta.metadata().configuration[KEY]


def people(dataset: Dataset) -> pl.DataFrame:
    """models.Annotator rows, by annotator_id."""
    table = dataset.tables[ANNOTATORS.name]
    table.refresh()
    rows = [table.read(path) for path in table.active()]
    return (pl.concat(rows) if rows else pl.DataFrame(schema=schema(Annotator))).sort("annotator_id")


def remember(dataset: Dataset, server: str, users: pl.DataFrame) -> pl.DataFrame:
    """The table after taking in users of a server (user_id, name, email); who was forgotten stays forgotten."""
    found = pl.DataFrame(
        [
            {
                "annotator_id": annotator_id(dataset, server, user["user_id"]),
                "server": server,
                "user_id": user["user_id"],
                "name": user["name"] or "",
                "email": user["email"] or "",
                "forgotten": False,
            }
            for user in users.iter_rows(named=True)
        ],
        schema=schema(Annotator),
    ).unique("annotator_id", keep="last")
    return _change(
        dataset,
        lambda rows: pl.concat(
            [
                rows.filter(pl.col("forgotten") | ~pl.col("annotator_id").is_in(found["annotator_id"].to_list())),
                found.join(rows.filter("forgotten"), on="annotator_id", how="anti"),
            ],
        ),
    )


def forget(dataset: Dataset, annotator: str) -> int:
    """Erases a person's name, address and user id, given by annotator id or e-mail; how many events keep the id.

    The files that held them are deleted, the log has no statistics that could. Raises UnknownVersion for a stranger.
    """
    rows = people(dataset)
    meant = (pl.col("annotator_id") == annotator) | (pl.col("email") == annotator)
    ids = rows.filter(meant)["annotator_id"].to_list()
    if not ids:
        raise UnknownVersion("there is no such annotator", subject=annotator, hint="give the annotator id or e-mail")
    gone = pl.col("annotator_id").is_in(ids)
    _change(
        dataset,
        lambda now: now.with_columns(
            pl.when(gone).then(pl.lit("")).otherwise("name").alias("name"),
            pl.when(gone).then(pl.lit("")).otherwise("email").alias("email"),
            pl.when(gone).then(pl.lit(0)).otherwise("user_id").alias("user_id"),
            (pl.col("forgotten") | gone).alias("forgotten"),
        ),
    )
    return int(dataset.annotations().filter(gone).select(pl.len()).collect().item())


def _change(dataset: Dataset, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    table = dataset.tables[ANNOTATORS.name]
    with dataset.lock():
        for _ in range(ATTEMPTS):
            before = people(dataset)
            after = change(before).sort("annotator_id")
            if after.equals(before):
                return before
            number = table.last_number() + 1
            old = table.active()
            try:
                table.commit([table.write(after, f"{number:08}")], old, number=number)
            except Conflict:
                table.refresh()
                continue
            table.erase(old)
            if dataset.root is not None:
                dataset.seal("other", seals.next_number(dataset.root), [table])
            return after
    raise Conflict("other writers were always first", subject=table.uri, hint="try again when they are done")
