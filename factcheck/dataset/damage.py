"""How damage to a dataset's files is told: as Corrupt, with what can be done about it. Pure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from factcheck import fs, web
from factcheck.errors import Corrupt, DatasetError, FactcheckError, StoreUnreachable, Untrusted

RESTORE: Final = "run `factcheck verify` to list the damaged files, and restore them from a backup"
LONGEST: Final = 300
_DAMAGE: Final = re.compile(
    r"Json error|Parquet error|Corrupt footer|File out of specification|Invalid (?:Checkpoint|JSON|Parquet)|found gap"
    r"|No table metadata or protocol|not found|invalid (?:thrift|utf-?8)|magic",
    re.IGNORECASE,
)


_AWAY: Final = re.compile(
    r"error sending request|\(Connect\)|Connection refused|timed out|dns error|connection closed|reset by peer"
    r"|Server returned (?:non-2xx status code: )?5\d\d|\b50[0234] (?:Internal|Bad|Service|Gateway)",
    re.IGNORECASE,
)


def unreachable(error: Exception, uri: str) -> FactcheckError | None:
    """The error for an object store that does not answer; None where it did, whatever it said."""
    said = fs.plain(str(error))
    if web.is_untrusted(said):
        hint = "if the authority is your own, name its certificate with SSL_CERT_FILE in the environment"
        return Untrusted("the object store's certificate is not trusted here", subject=uri, hint=hint)
    if not _AWAY.search(said):
        return None
    return StoreUnreachable(
        f"the object store does not answer: {_cause(said)}",
        subject=uri,
        hint="check the address (AWS_ENDPOINT_URL) and the network, then run the command again; nothing was changed",
    )


def _cause(said: str) -> str:
    """The end of what the library says, which is the cause, from the beginning of a word."""
    return said if len(said) <= LONGEST else said[-LONGEST:].partition(" ")[2]


def unreadable(path: Path, error: OSError) -> Corrupt:
    """The error for a file of the dataset that cannot be read."""
    what = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
    return Corrupt(what, subject=str(path), hint=RESTORE)


def from_delta(error: Exception, subject: str) -> DatasetError:
    """Corrupt for what is known to be said of damaged files only; anything else may be mended by trying again."""
    # What comes after the first line is where in deltalake it happened.
    text = fs.plain(str(error).strip().partition("\n")[0])[:LONGEST]
    if "os error" not in text and "Generic S3 error" not in text and _DAMAGE.search(text):
        return Corrupt(f"is damaged: {text}", subject=subject, hint=RESTORE)
    return DatasetError(
        f"cannot be read or written: {text}",
        subject=subject,
        hint="run the same command again; `factcheck verify` shows whether anything is damaged",
    )
