"""The edge that takes away what an earlier export put in a folder, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path


def take_away(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Removes the files (path below `folder` to SHA-256) and the folders they leave empty; gives those left alone.

    A link and a file with other bytes are left: somebody put them there since.
    """
    left, parents = [], set()
    for name, held in files.items():
        path = folder / name
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if path.is_symlink() or hashlib.sha256(path.read_bytes()).hexdigest() != held:
                left.append(name)
            else:
                path.unlink()
                parents.add(path.parent)
    for parent in parents - {folder}:
        with contextlib.suppress(OSError):
            parent.rmdir()
    return left
