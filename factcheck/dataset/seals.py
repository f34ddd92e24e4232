"""Seals: one small file per acknowledged change of a local dataset, with the digest of every log file it wrote.

Data files carry their digest in their name and rows are covered by the hash chain; the transaction logs that
deltalake writes carry neither. A seal closes that gap for `verify`, and it says to a reader which version must be
there: a log that lost its newest version to a flipped bit is noticed instead of read as the version before.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from factcheck import fs
from factcheck.errors import Corrupt, DatasetError
from factcheck.models import canonical_json
from factcheck.notation import json_value

FOLDER = "_seals"
KINDS = ("versions", "tags", "other")
_NAME = re.compile(r"^(versions|tags|other)-(\d{8,})\.json$")


class Seal(NamedTuple):
    """What was acknowledged: `kind` and `number` (a version, a tag's number, or a serial number).

    `logs` are digests by path; `heads` say up to which number each table's log is sealed by this and older seals.
    """

    kind: str
    number: int
    logs: dict[str, str]
    heads: dict[str, int]


def write(root: Path, kind: str, number: int, logs: list[Path], heads: dict[str, int]) -> None:
    """Seals the log files; on disk when this returns."""
    digests = {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in logs}
    folder = root / FOLDER
    if not folder.is_dir():
        fs.make_folder(folder)
    _put(folder, Seal(kind, number, digests, heads))


def leave_out(root: Path, names: Collection[str]) -> None:
    """Takes log files (paths from the root) out of every seal, before they are erased on purpose."""
    for path in paths(root):
        try:
            seal = read(path)
        except Corrupt:  # `verify` names it
            continue
        if not seal.logs.keys().isdisjoint(names):
            kept = {name: value for name, value in seal.logs.items() if name not in names}
            _put(root / FOLDER, seal._replace(logs=kept))


def newest(root: Path, kind: str) -> int:
    """The largest acknowledged number of the kind, 0 where there is none; raises Corrupt for a damaged seal."""
    numbers = [number for found, number in _listed(root) if found == kind]
    if not numbers:
        return 0
    return read(root / FOLDER / f"{kind}-{max(numbers):08}.json").number


def heads(root: Path) -> dict[str, int]:
    """Up to which number each table's log is sealed."""
    found: dict[str, int] = {}
    for kind in KINDS:
        numbers = [number for one, number in _listed(root) if one == kind]
        if numbers:
            seal = read(root / FOLDER / f"{kind}-{max(numbers):08}.json")
            found = {table: max(number, found.get(table, -1)) for table, number in (found | seal.heads).items()}
    return found


def next_number(root: Path) -> int:
    """The number for a seal of kind `other`."""
    return max((number for kind, number in _listed(root) if kind == "other"), default=0) + 1


def read(path: Path) -> Seal:
    """A seal that is what was written; raises Corrupt naming it."""
    try:
        body = json_value(path.read_bytes())
        claimed = body.pop("seal")
        if claimed != _digest(body) or canonical_json(body | {"seal": claimed}).encode() != path.read_bytes():
            raise ValueError("digest")  # noqa: TRY301 - one handler says it for every way a seal can be broken
        seal = Seal(body["kind"], body["number"], body["logs"], body["heads"])
    except PermissionError as error:  # somebody else's file, and no damage
        raise DatasetError(f"cannot be read: {error.strerror}", subject=str(path), hint="chmod g+r it") from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise Corrupt("does not hold what was written", subject=str(path), hint="restore it from a backup") from error
    if path.name != f"{seal.kind}-{seal.number:08}.json":
        raise Corrupt("holds the seal of another version", subject=str(path), hint="restore it from a backup")
    return seal


def paths(root: Path) -> list[Path]:
    """Every seal, by name."""
    return sorted(path for path in (root / FOLDER).glob("*.json") if _NAME.match(path.name))


def _listed(root: Path) -> list[tuple[str, int]]:
    """Kind and number of every seal; asked at each commit, so without a Path for each."""
    try:
        names = os.listdir(root / FOLDER)  # noqa: PTH208 - see above
    except FileNotFoundError:
        return []
    found = [_NAME.match(name) for name in names]
    return [(match.group(1), int(match.group(2))) for match in found if match]


def _put(folder: Path, seal: Seal) -> None:
    body = seal._asdict()
    text = canonical_json(body | {"seal": _digest(body)})
    fs.replace(folder / f"{seal.kind}-{seal.number:08}.json", text.encode())


def _digest(body: dict[str, object]) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()
