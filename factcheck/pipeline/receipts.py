"""What each reader was given last: a receipt per export profile and reader, in the desk's own folder.

A receipt that is lost costs a reader one long list of changes, and never one that is missing: without it nobody
guesses since when.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from factcheck import fs, names
from factcheck.dataset import Dataset
from factcheck.errors import UnknownVersion, UsageError
from factcheck.exporters.contract import Since
from factcheck.models import digest
from factcheck.pipeline.history import begun

LAST: Final = "last"
BEGINNING: Final = "beginning"
"""The words beside a version, a tag or a date that `--since` takes."""
_NOBODY: Final = "@"
"""The file name of the reader without a name; no name has the sign."""
_HINT: Final = f"name a version, a tag or a date, or write --since {BEGINNING} for everything"


class Receipt(BaseModel):
    """The version that a reader was given; `seal` is a digest of the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    profile: str
    reader: str | None
    dataset: str
    version: int
    version_hash: str
    seal: str = ""

    def sealed(self) -> str:
        """The digest that the seal should be."""
        return digest(self.model_dump(exclude={"seal"}))


def since(state: Path, data: Dataset, *, profile: str, reader: str | None, said: str) -> Since:
    """The version that `said` means: `last`, `beginning`, or what `--as-of` takes.

    Raises UsageError where the receipt is missing or damaged, and UnknownVersion where the version that it names is
    not in the dataset any more.
    """
    if said == BEGINNING:
        return Since(0)
    if said == LAST:
        return _of(_checked(state, data, profile, reader), data)
    return _of(begun(data, said), data)


def given(state: Path, *, profile: str, reader: str | None) -> bool:
    """Whether the reader was given an export of the profile before, as far as a receipt tells."""
    return _path(state, profile, reader).exists()


def keep(state: Path, data: Dataset, *, profile: str, reader: str | None, version: int) -> None:
    """Notes that the reader was given the version; one that was given a newer one of this dataset keeps that."""
    path = _path(state, profile, reader)
    found = _read(path)
    if found is not None and _why_not(found, data) is None and found.version >= version:
        return
    record = data.version(f"version:{version}")
    assert record is not None
    receipt = Receipt(
        profile=profile, reader=reader, dataset=data.id, version=version, version_hash=record.version_hash
    )
    fs.make_folder(path.parent)
    fs.sweep(path.parent)
    fs.replace(path, (receipt.model_copy(update={"seal": receipt.sealed()}).model_dump_json() + "\n").encode())


def _of(number: int, data: Dataset) -> Since:
    record = data.version(f"version:{number}") if number else None
    return Since(0) if record is None else Since(number, record.version_hash, record.committed_at)


def _checked(state: Path, data: Dataset, profile: str, reader: str | None) -> int:
    path = _path(state, profile, reader)
    whose = f"{profile}, reader {reader}" if reader else profile
    if not path.exists():
        raise UsageError("there is no receipt of an earlier export", subject=whose, hint=_HINT)
    found = _read(path)
    if found is None or (found.profile, found.reader) != (profile, reader):
        raise UsageError("the receipt of the last export is damaged", subject=str(path), hint=_HINT)
    if (wrong := _why_not(found, data)) is not None:
        raise UnknownVersion(wrong, subject=whose, hint=_HINT)
    return found.version


def _why_not(receipt: Receipt, data: Dataset) -> str | None:
    """Why the version of the receipt is none of the dataset's; None where it is one."""
    if receipt.dataset != data.id:
        return f"the last export, of version {receipt.version}, was made from another dataset"
    if receipt.version > data.last_good:
        return (
            f"the last export was of version {receipt.version}, which no longer exists; the newest is {data.last_good}"
        )
    record = data.version(f"version:{receipt.version}")
    if record is None or record.version_hash != receipt.version_hash:
        return f"the last export was of another version {receipt.version} than the one that is there now"
    return None


def _read(path: Path) -> Receipt | None:
    """The receipt; None where there is none, or none that is whole."""
    try:
        found = Receipt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.seal == found.sealed() else None


def _path(state: Path, profile: str, reader: str | None) -> Path:
    """Raises UsageError where the reader's name is none."""
    name = _NOBODY if reader is None else names.check("reader", reader)
    return state / "receipts" / profile / f"{name}.json"
