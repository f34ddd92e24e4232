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
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.layout import ANNOTATORS, KEY
from factcheck.dataset.storage import Storage
from factcheck.errors import Conflict, UnknownAnnotator
from factcheck.frames import schema
from factcheck.models import Annotator

ATTEMPTS: Final = 20
LOCAL: Final = "local"
DESK: Final = "desk"
"""In place of a server: people who mend claims or write for readers, and who have no user number but a name."""
NUMBERS: Final = 100_000
"""Up to which user number an id without a row is looked for before its key is destroyed."""


def annotator_id(dataset: Dataset, server: str, user_id: int) -> str:
    """The opaque id of a user of a Label Studio server: the one in the table, else one made with the dataset's key."""
    return _id(storage_of(dataset), server, user_id)


def dataset_key(dataset: Dataset) -> str:
    """The key that makes the ids of new people opaque, 64 hex digits; as private as the table of people."""
    return _key(storage_of(dataset))


def people(dataset: Dataset) -> pl.DataFrame:
    """models.Annotator rows, by annotator_id."""
    return _people(storage_of(dataset))


def remember(dataset: Dataset, server: str, users: pl.DataFrame) -> pl.DataFrame:
    """The table after taking in users of a server (user_id, name, email); who was forgotten stays forgotten.

    A forgotten person's user number is gone, so one who goes on working under it is somebody new.
    """
    storage = storage_of(dataset)

    def taken_in(rows: pl.DataFrame) -> pl.DataFrame:
        ids = _ids(rows)
        found = pl.DataFrame(
            [
                {
                    "annotator_id": ids.get((server, user["user_id"])) or _id(storage, server, user["user_id"]),
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

    return _change(storage, taken_in)


def desk_person(dataset: Dataset, name: str) -> str:
    """The opaque id of somebody at the desk, by e-mail address or name; a new one for whom the table does not have.

    The name goes into the table of people and nowhere else. Who was forgotten and comes back is somebody new.
    """
    storage = storage_of(dataset)
    rows = _people(storage).filter(~pl.col("forgotten"))
    mail = rows.filter(pl.col("email") != "", pl.col("email").str.to_lowercase() == name.lower())
    known = mail if mail.height else rows.filter(pl.col("server") == DESK, pl.col("name") == name)
    if known.height:
        return str(known["annotator_id"][0])
    taken = {*_people(storage)["annotator_id"], *_used(storage)}
    number = 1
    while annotator_id(dataset, DESK, number) in taken:
        number += 1
    remember(dataset, DESK, pl.DataFrame({"user_id": [number], "name": [name], "email": [""]}))
    return annotator_id(dataset, DESK, number)


def meant(dataset: Dataset, annotator: str) -> list[str]:
    """The annotator ids of a person given as `forget` takes one; none for a stranger."""
    storage = storage_of(dataset)
    return _meant(storage, _people(storage), annotator)


def forget(dataset: Dataset, annotator: str, *, servers: Collection[str] = ()) -> int:
    """Erases a person, given by annotator id or e-mail, for good; how many events of annotations keep the id.

    Somebody of the desk who never gave an answer is found by the name they were written down with, too.

    Name, address and user number are taken out of the table, the files that held them are deleted, and the key that
    could find the number again by trying is destroyed with every log file that held it. `servers` are names of Label
    Studio servers that people without a row may have come from. Raises UnknownAnnotator for a stranger.
    """
    storage = storage_of(dataset)
    ids = _meant(storage, _people(storage), annotator)
    if not ids and not _settle_alone(storage, servers):
        raise UnknownAnnotator("no such annotator", subject=annotator, hint="give an annotator's id or e-mail address")
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

    _change(storage, without, servers)
    return int(dataset.annotations().filter(gone).select(pl.len()).collect().item())


def _id(storage: Storage, server: str, user_id: int) -> str:
    return _known(storage).get((server, user_id)) or _derived(_key(storage), server, user_id)


def _key(storage: Storage) -> str:
    return storage.tables[ANNOTATORS.name].delta.metadata().configuration[KEY]


def _people(storage: Storage) -> pl.DataFrame:
    storage.tables[ANNOTATORS.name].refresh()
    return _rows(storage)


def _meant(storage: Storage, rows: pl.DataFrame, annotator: str) -> list[str]:
    meant = (
        (pl.col("annotator_id") == annotator)
        | ((pl.col("email") != "") & (pl.col("email").str.to_lowercase() == annotator.lower()))
        | (
            (pl.col("server") == DESK)
            & (pl.col("name") != "")
            & (pl.col("name").str.to_lowercase() == annotator.lower())
        )
    )
    ids: list[str] = rows.filter(meant)["annotator_id"].to_list()
    return ids or sorted({annotator} & _used(storage))


def _derived(key: str, server: str, user_id: int) -> str:
    """HMAC-SHA256 (RFC 2104), 20 digits of it."""
    return "ant_" + hmac.new(bytes.fromhex(key), f"{server}|{user_id}".encode(), hashlib.sha256).hexdigest()[:20]


def _rows(storage: Storage) -> pl.DataFrame:
    table = storage.tables[ANNOTATORS.name]
    rows = [table.read(path) for path in table.active()]
    return (pl.concat(rows) if rows else pl.DataFrame(schema=schema(Annotator))).sort("annotator_id")


def _as_people(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{"name": "", "email": "", "forgotten": False} | row for row in rows], schema(Annotator))


def _ids(rows: pl.DataFrame) -> dict[tuple[str, int], str]:
    known = rows.filter(~pl.col("forgotten")).select("server", "user_id", "annotator_id")
    return {(server, user): own for server, user, own in known.iter_rows()}


def _known(storage: Storage) -> dict[tuple[str, int], str]:
    """Annotator ids by server and user number as the loaded state of the table has them; asked once a vote."""
    version = storage.tables[ANNOTATORS.name].delta.version()
    if storage.known_people is None or storage.known_people[0] != version:
        storage.known_people = (version, _ids(_rows(storage)))
    return storage.known_people[1]


def _used(storage: Storage) -> set[str]:
    """Every annotator id that an event, of an annotation or a claim, a verdict or an editor's word holds."""
    head = storage.head()
    events, verdicts = storage.scan("annotations", head), storage.scan("verdicts", head)
    of_claims = storage.scan("claim_events", head)
    columns = [
        *(events.select(name).unique().collect()[name] for name in ("annotator_id", "edited_by")),
        verdicts.select("adjudicator").unique().collect()["adjudicator"],
        of_claims.select("who").unique().collect()["who"],
        storage.scan("editorial", head).select("editor").unique().collect()["editor"],
    ]
    return {one for column in columns for one in column.drop_nulls()}


def _completed(storage: Storage, rows: pl.DataFrame, servers: Collection[str]) -> pl.DataFrame:
    """The rows and those of people who voted and have none, found by trying numbers while the key still is there.

    Label Studio may have stopped listing a person before any pull wrote the name down.
    """
    missing = _used(storage) - set(rows["annotator_id"])
    key = _key(storage)
    found: list[dict[str, object]] = []
    for server in sorted({*rows["server"].unique(), *servers, LOCAL} - {""}):
        for number in range(1, NUMBERS + 1):
            if not missing:
                break
            if (own := _derived(key, server, number)) in missing:
                missing.discard(own)
                found.append({"annotator_id": own, "server": server, "user_id": number})
    return pl.concat([rows, _as_people(found)]) if found else rows


def _settle_alone(storage: Storage, servers: Collection[str]) -> bool:
    with storage.lock():
        return _settle(storage, servers)


def _settle(storage: Storage, servers: Collection[str] = ()) -> bool:
    """Whether there was something left to erase: of a `forget` that was killed, or of a factcheck that kept the key."""
    rows = _people(storage)
    forgotten = int(rows["forgotten"].sum())
    due = erasing.due(storage, forgotten)
    if due:
        _commit(storage, lambda now: _completed(storage, now, servers))
        erasing.renew_key(storage, forgotten)
    return erasing.erase_history(storage) or due


def _change(
    storage: Storage, change: Callable[[pl.DataFrame], pl.DataFrame], servers: Collection[str] = ()
) -> pl.DataFrame:
    with storage.lock():
        _settle(storage, servers)
        _commit(storage, change)
        _settle(storage, servers)
        return _people(storage)


def _commit(storage: Storage, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    table = storage.tables[ANNOTATORS.name]
    for _ in range(ATTEMPTS):
        before = _people(storage)
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
        if storage.root is not None:
            storage.seal("other", seals.next_number(storage.root), [table])
        return
    raise Conflict("other writers kept committing first", subject=table.uri, hint="try again when they have finished")
