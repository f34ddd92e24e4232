"""The edge that drafts files which need not fit into memory, for `write` to publish with the others."""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path
from typing import IO

from factcheck import fs
from factcheck.exporters.contract import Streamed

FOR_EVERYBODY = 0o644


def new_file(path: Path) -> IO[bytes]:
    """The file, open to be written; raises FileExistsError where it exists."""
    return path.open("xb")


def draft_file(one: Streamed, drafts: Path, target: Path) -> bool:
    """Makes the file in the folder of drafts; False, and no draft, where the target holds just that already."""
    path = drafts / one.name
    one.write(path)
    path.chmod(FOR_EVERYBODY)
    if target.is_file() and not target.is_symlink() and filecmp.cmp(path, target, shallow=False):
        path.unlink()
        return False
    return True


def draft_pointer(name: str, of: Path, drafts: Path, target: Path) -> bool:
    """A copy of a drafted or published file as the draft of its pointer; False where the pointer has it already."""
    if target.is_file() and not target.is_symlink() and filecmp.cmp(of, target, shallow=False):
        return False
    shutil.copyfile(of, drafts / name)
    (drafts / name).chmod(FOR_EVERYBODY)
    fs.sync([drafts / name])
    return True
