"""What makes a forgotten person unrecoverable: the key of the ids is destroyed, with every file that ever held it.

A key that lies beside the ids gives a user number away to whoever tries all numbers. So the table of people says how
many were forgotten when its key was drawn; once there are more, a new key is drawn and the table's log begins anew.
Every step can be killed: the properties say what is left to do, and the next change of the table does it.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Final

from factcheck import fs
from factcheck.dataset import seals
from factcheck.dataset.layout import ANNOTATORS, KEY
from factcheck.dataset.local_log import LOG
from factcheck.dataset.storage import Storage

FORGOTTEN: Final = "factcheck.forgotten"
"""Property of the table of people: how many were forgotten when its key was drawn. Absent: none."""
SINCE: Final = "factcheck.since"
"""Property of the table of people: the first number of its log that may be kept. Absent: all."""
RELEASES: Final = "factcheck.releases"
"""Property of the table of people: the key of the pseudonyms in releases. Absent: it is drawn when first needed."""
_KEEP_NOTHING: Final = {
    # What a checkpoint says of deleted files is their name, and that is the digest of what they held.
    "delta.deletedFileRetentionDuration": "interval 0 days",
    "delta.logRetentionDuration": "interval 0 days",
}


def due(storage: Storage, forgotten: int) -> bool:
    """Whether somebody was forgotten since the key was drawn."""
    return forgotten > int(_properties(storage).get(FORGOTTEN, 0))


def renew_key(storage: Storage, forgotten: int) -> None:
    """Draws new keys for people and releases to come; the old ones are in older log files still: `erase_history`."""
    table = storage.tables[ANNOTATORS.name]
    table.set_properties(
        {
            KEY: secrets.token_hex(32),
            RELEASES: secrets.token_hex(32),
            FORGOTTEN: str(forgotten),
            SINCE: str(table.delta.version() + 1),
            **_KEEP_NOTHING,
        }
    )


def release_key(storage: Storage) -> str:
    """The key of the pseudonyms in releases, 64 hex digits; no fork has ever held it."""
    if RELEASES not in _properties(storage):
        with storage.lock():
            table = storage.tables[ANNOTATORS.name]
            table.refresh()
            if RELEASES not in _properties(storage):
                table.set_properties({RELEASES: secrets.token_hex(32)})
                if storage.root is not None:
                    storage.seal("other", seals.next_number(storage.root), [table])
    return _properties(storage)[RELEASES]


def erase_history(storage: Storage) -> bool:
    """Whether log files and data files of the table from before the last key were there; they are deleted."""
    table = storage.tables[ANNOTATORS.name]
    since = int(_properties(storage).get(SINCE, 0))
    if not since:
        return False
    if storage.root is None or table.folder is None:
        return _erase_remote(storage, since)
    log = table.folder / LOG
    old = [path for path in log.iterdir() if (number := _number(path)) is not None and number < since]
    active = set(table.active())
    spare = [path.name for path in table.folder.glob("*.parquet") if path.name not in active]
    if old:
        if not any((_number(path) or 0) >= since for path in log.glob("*.checkpoint*.parquet")):
            table.checkpoint()
        # The seals first: a log file that no seal names is no damage, a sealed one that is missing is.
        storage.seal("other", seals.next_number(storage.root), [table])
        seals.leave_out(storage.root, {str(path.relative_to(storage.root)) for path in old})
        with fs.explained(log):
            for path in old:
                path.unlink(missing_ok=True)
            fs.sync([log])
    if spare:
        table.erase(spare)
    return bool(old or spare)


def _erase_remote(storage: Storage, since: int) -> bool:
    table = storage.tables[ANNOTATORS.name]
    if int(_properties(storage).get(_ERASED, 0)) >= since:
        return False
    table.checkpoint()
    table.delta.cleanup_metadata()
    table.erase([])
    table.set_properties({_ERASED: str(since)})
    return True


_ERASED: Final = "factcheck.erased"


def _properties(storage: Storage) -> dict[str, str]:
    return dict(storage.tables[ANNOTATORS.name].delta.metadata().configuration)


def _number(path: Path) -> int | None:
    """The number of a log file or checkpoint; None for another file."""
    with contextlib.suppress(ValueError):
        return int(path.name.split(".")[0])
    return None
