"""The edge that takes away what an earlier export put in a folder, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each of the files below the folder."""
    return {name: _digest(folder / name) for name in names}


def take_away(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Removes the files (path below `folder` to SHA-256) and the folders they leave empty; gives those left alone.

    A link and a file with other bytes are left: somebody put them there since. One whose digest is empty goes.
    """
    left, parents = [], set()
    for name, held in files.items():
        path = folder / name
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if path.is_symlink() or (held and _digest(path) != held):
                left.append(name)
            else:
                path.unlink()
                parents.add(path.parent)
    for parent in parents - {folder}:
        with contextlib.suppress(OSError):
            parent.rmdir()
    return left


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
