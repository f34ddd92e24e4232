"""A copy of the repository in which one module at a time is changed; the repository itself is never touched."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def copy(root: Path, tree: Path) -> None:
    """Make `tree` what the repository is: every file that git knows or would know; what is compiled there stays."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, check=True, capture_output=True,
    ).stdout.decode().split("\0")  # fmt: skip
    wanted = {name for name in names if name and (root / name).is_file()}
    for path in [*tree.rglob("*")]:
        if path.is_file() and "__pycache__" not in path.parts and str(path.relative_to(tree)) not in wanted:
            path.unlink()
    for name in wanted:
        there, here = tree / name, root / name
        if not there.exists() or there.read_bytes() != here.read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here, there)
            _forget_compiled(there)


@contextmanager
def changed(tree: Path, module: str, text: str) -> Iterator[None]:
    """A context in which the module has this text."""
    path = tree / module
    before = path.read_bytes()
    _forget_compiled(path)
    path.write_text(text, "utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)
        _forget_compiled(path)


def _forget_compiled(path: Path) -> None:
    """Python would take what it compiled for a file of the same size that was written in the same second."""
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()
