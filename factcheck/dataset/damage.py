"""How damage to a dataset's files is told: as Corrupt, with what can be done about it. Pure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from factcheck.errors import Corrupt, DatasetError

RESTORE: Final = "run `factcheck verify` to list the damaged files, and restore them from a backup"
LONGEST: Final = 300
_DAMAGE: Final = re.compile(
    r"Json error|Parquet error|Corrupt footer|File out of specification|Invalid (?:Checkpoint|JSON|Parquet)|found gap"
    r"|No table metadata or protocol|not found|invalid (?:thrift|utf-?8)|magic",
    re.IGNORECASE,
)


def unreadable(path: Path, error: OSError) -> Corrupt:
    """The error for a file of the dataset that cannot be read."""
    what = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
    return Corrupt(what, subject=str(path), hint=RESTORE)


def from_delta(error: Exception, subject: str) -> DatasetError:
    """Corrupt for what is known to be said of damaged files only; anything else may be mended by trying again."""
    # What comes after the first line is where in deltalake it happened.
    text = str(error).strip().partition("\n")[0][:LONGEST]
    if "os error" not in text and "Generic S3 error" not in text and _DAMAGE.search(text):
        return Corrupt(f"is damaged: {text}", subject=subject, hint=RESTORE)
    return DatasetError(
        f"cannot be read or written: {text}",
        subject=subject,
        hint="run the same command again; `factcheck verify` shows whether anything is damaged",
    )
