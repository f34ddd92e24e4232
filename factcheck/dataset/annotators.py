"""The people behind the opaque annotator ids: the one table that may be changed, so that a person can be forgotten.

The events hold ids that say nothing without the dataset's key or this table; names and addresses lie here and in no
export. Who is in the table keeps the id that stands there; the key only names people who are new, and a new one is
drawn whenever somebody was forgotten (see `erasing`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from typing import Final

import polars as pl

from factcheck.dataset import erasing, seals
from factcheck.dataset.dataset import Dataset
from factcheck.dataset.layout import ANNOTATORS, KEY
from factcheck.errors import Conflict, UnknownAnnotator
from factcheck.frames import schema
from factcheck.models import Annotator

ATTEMPTS: Final = 20
LOCAL: Final = "local"
NUMBERS: Final = 100_000
"""Up to which user number an id without a row is looked for before its key is destroyed."""


def annotator_id(dataset: Dataset, server: str, user_id: int) -> str:
    """The opaque id of a user of a Label Studio server: the one in the table, else one made with the dataset's key."""
    return _known(dataset).get((server, user_id)) or _derived(dataset_key(dataset), server, user_id)


def dataset_key(dataset: Dataset) -> str:
    """The key that makes the ids of new people opaque, 64 hex digits; as private as the table of people."""
    return dataset.tables[ANNOTATORS.name].delta.metadata().configuration[KEY]


def people(dataset: Dataset) -> pl.DataFrame:
    """models.Annotator rows, by annotator_id."""
    table = dataset.tables[ANNOTATORS.name]
    table.refresh()
    return _rows(dataset)


def remember(dataset: Dataset, server: str, users: pl.DataFrame) -> pl.DataFrame:
    """The table after taking in users of a server (user_id, name, email); who was forgotten stays forgotten.

    A forgotten person's user number is gone, so one who goes on working under it is somebody new.
    """

    def taken_in(rows: pl.DataFrame) -> pl.DataFrame:
        ids = _ids(rows)
        found = pl.DataFrame(
            [
                {
                    "annotator_id": ids.get((server, user["user_id"]))
                    or annotator_id(dataset, server, user["user_id"]),
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
        return pl.concat(
            [
                rows.filter(pl.col("forgotten") | ~pl.col("annotator_id").is_in(found["annotator_id"].to_list())),
                found.join(rows.filter("forgotten"), on="annotator_id", how="anti"),
            ],
        )

    return _change(dataset, taken_in)


def forget(dataset: Dataset, annotator: str, *, servers: Collection[str] = ()) -> int:
    """Erases a person, given by annotator id or e-mail, for good; how many events keep the id.

    Name, address and user number are taken out of the table, the files that held them are deleted, and the key that
    could find the number again by trying is destroyed with every log file that held it. `servers` are names of Label
    Studio servers that people without a row may have come from. Raises UnknownAnnotator for a stranger.
    """
    ids = _meant(dataset, people(dataset), annotator)
    if not ids and not _settle_alone(dataset, servers):
        raise UnknownAnnotator("there is no such annotator", subject=annotator, hint="give the annotator id or e-mail")
    gone = pl.col("annotator_id").is_in(ids)

    def without(rows: pl.DataFrame) -> pl.DataFrame:
        strangers = [one for one in ids if one not in set(rows["annotator_id"])]
        new = [{"annotator_id": one, "server": "", "user_id": 0, "forgotten": True} for one in strangers]
        return pl.concat([rows, _as_people(new)]).with_columns(
            pl.when(gone).then(pl.lit("")).otherwise("name").alias("name"),
            pl.when(gone).then(pl.lit("")).otherwise("email").alias("email"),
            pl.when(gone).then(pl.lit(0)).otherwise("user_id").alias("user_id"),
            (pl.col("forgotten") | gone).alias("forgotten"),
        )

    _change(dataset, without, servers)
    return int(dataset.annotations().filter(gone).select(pl.len()).collect().item())


def _meant(dataset: Dataset, rows: pl.DataFrame, annotator: str) -> list[str]:
    meant = (pl.col("annotator_id") == annotator) | (
        (pl.col("email") != "") & (pl.col("email").str.to_lowercase() == annotator.lower())
    )
    ids: list[str] = rows.filter(meant)["annotator_id"].to_list()
    return ids or sorted({annotator} & _used(dataset))


def _derived(key: str, server: str, user_id: int) -> str:
    """HMAC-SHA256 (RFC 2104), 20 digits of it."""
    return "ant_" + hmac.new(bytes.fromhex(key), f"{server}|{user_id}".encode(), hashlib.sha256).hexdigest()[:20]


def _rows(dataset: Dataset) -> pl.DataFrame:
    table = dataset.tables[ANNOTATORS.name]
    rows = [table.read(path) for path in table.active()]
    return (pl.concat(rows) if rows else pl.DataFrame(schema=schema(Annotator))).sort("annotator_id")


def _as_people(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{"name": "", "email": "", "forgotten": False} | row for row in rows], schema(Annotator))


def _ids(rows: pl.DataFrame) -> dict[tuple[str, int], str]:
    known = rows.filter(~pl.col("forgotten")).select("server", "user_id", "annotator_id")
    return {(server, user): own for server, user, own in known.iter_rows()}


def _known(dataset: Dataset) -> dict[tuple[str, int], str]:
    """Annotator ids by server and user number as the loaded state of the table has them; asked once a vote."""
    version = dataset.tables[ANNOTATORS.name].delta.version()
    if dataset.known_people is None or dataset.known_people[0] != version:
        dataset.known_people = (version, _ids(_rows(dataset)))
    return dataset.known_people[1]


def _used(dataset: Dataset) -> set[str]:
    """Every annotator id that an event or a verdict holds."""
    events, verdicts = dataset.annotations(), dataset.verdict_changes()
    columns = [
        *(events.select(name).unique().collect()[name] for name in ("annotator_id", "edited_by")),
        verdicts.select("adjudicator").unique().collect()["adjudicator"],
    ]
    return {one for column in columns for one in column.drop_nulls()}


def _completed(dataset: Dataset, rows: pl.DataFrame, servers: Collection[str]) -> pl.DataFrame:
    """The rows and those of people who voted and have none, found by trying numbers while the key still is there.

    Label Studio may have stopped listing a person before any pull wrote the name down.
    """
    missing = _used(dataset) - set(rows["annotator_id"])
    key = dataset_key(dataset)
    found: list[dict[str, object]] = []
    for server in sorted({*rows["server"].unique(), *servers, LOCAL} - {""}):
        for number in range(1, NUMBERS + 1):
            if not missing:
                break
            if (own := _derived(key, server, number)) in missing:
                missing.discard(own)
                found.append({"annotator_id": own, "server": server, "user_id": number})
    return pl.concat([rows, _as_people(found)]) if found else rows


def _settle_alone(dataset: Dataset, servers: Collection[str]) -> bool:
    with dataset.lock():
        return _settle(dataset, servers)


def _settle(dataset: Dataset, servers: Collection[str] = ()) -> bool:
    """Whether there was something left to erase: of a `forget` that was killed, or of a factcheck that kept the key."""
    rows = people(dataset)
    forgotten = int(rows["forgotten"].sum())
    due = erasing.due(dataset, forgotten)
    if due:
        _commit(dataset, lambda now: _completed(dataset, now, servers))
        erasing.renew_key(dataset, forgotten)
    return erasing.erase_history(dataset) or due


def _change(
    dataset: Dataset, change: Callable[[pl.DataFrame], pl.DataFrame], servers: Collection[str] = ()
) -> pl.DataFrame:
    with dataset.lock():
        _settle(dataset, servers)
        _commit(dataset, change)
        _settle(dataset, servers)
        return people(dataset)


def _commit(dataset: Dataset, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    table = dataset.tables[ANNOTATORS.name]
    for _ in range(ATTEMPTS):
        before = people(dataset)
        after = change(before).sort("annotator_id")
        if after.equals(before):
            return
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
        return
    raise Conflict("other writers were always first", subject=table.uri, hint="try again when they are done")
