"""The edge that keeps a folder of pages up to date: what is made of the same as before is not made again.

`manifest.json` in the folder says of each file what it was made of and what it holds. Pages are drafted beside their
places and on disk before the first of them is put there; while they are, the manifest names them as unknown, so that a
run that was killed is finished by the next one. A file that no manifest names is never touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import fs, locks
from factcheck.errors import OutputExists, SystemRefused, UsageError
from factcheck.exporters.contract import Folder, Page

MANIFEST = "manifest.json"
_DRAFTS = ".drafts"
_NOWHERE = frozenset({"", ".", "..", _DRAFTS})
"""Parts that no name inside the folder has; an empty one is a slash too many."""
_FOR_EVERYBODY = 0o644
_FORMAT = 1
_MANY = 500
Entry = dict[str, Any]


class Kept(NamedTuple):
    """What became of a folder: its path, and how many of its files were written, stayed as they were, or went."""

    path: Path
    written: int
    same: int
    removed: int


def write_folder(folder: Folder, parent: Path, *, force: bool = False) -> Kept:
    """Brings `parent/folder.name` to what its pages say; `force` makes every page again.

    Raises OutputExists where the folder or one of the places is taken by what no export wrote, UsageError where it
    cannot be written to, SystemRefused where the disk fails or is full.
    """
    root = parent / folder.name
    try:
        _refuse_strange(root)
        (root / _DRAFTS).mkdir(parents=True, exist_ok=True)
        with locks.lock_folder(root):
            return _brought_up(folder.pages, root, force=force)
    except (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise UsageError(
            f"cannot be written to: {error.strerror}",
            subject=str(error.filename or root),
            hint="choose another folder, or fix its permissions",
        ) from error
    except OSError as error:
        hint = "free some space or choose another disk"
        raise SystemRefused(f"could not be written: {error.strerror}", subject=str(root), hint=hint) from error


def held_files(root: Path) -> dict[str, str]:
    """The digest of each file of a folder that `write_folder` wrote, by name, and of its manifest."""
    held = {name: str(entry["sha256"]) for name, entry in _manifest(root).items()}
    return held | {MANIFEST: hashlib.sha256((root / MANIFEST).read_bytes()).hexdigest()}


def _brought_up(pages: Any, root: Path, *, force: bool) -> Kept:
    before = _manifest(root)
    wanted: dict[str, Page] = {_checked(page.name): page for page in pages}
    there = dict(_sizes(root))
    stale = [page for page in wanted.values() if force or not _stands(before.get(page.name), page, there)]
    strangers = [page.name for page in stale if page.name in there and page.name not in before]
    if strangers:
        raise OutputExists("was not written by an export", subject=str(root / strangers[0]), hint="move it away first")
    lost = sorted(before.keys() - wanted.keys())
    after = {name: entry for name, entry in before.items() if name in wanted}
    drafts = root / _DRAFTS
    try:
        written = 0
        changed: list[tuple[Path, Path]] = []
        for number, page in enumerate(stale):
            content = page.make()
            held = hashlib.sha256(content).hexdigest()
            old = before.get(page.name)
            after[page.name] = {"bytes": len(content), "inputs": page.inputs, "sha256": held}
            if old and old["sha256"] == held and there.get(page.name) == len(content) and not force:
                continue
            draft = drafts / str(number)
            draft.write_bytes(content)
            changed.append((draft, root / page.name))
            written += 1
        if changed or lost or after != before:
            _synced([draft for draft, _ in changed])
            names = {target.relative_to(root).as_posix() for _, target in changed}
            _save(root, before | {name: {"bytes": -1, "inputs": "", "sha256": ""} for name in names})
            for parent in {target.parent for _, target in changed}:
                parent.mkdir(parents=True, exist_ok=True)
            for draft, target in changed:
                draft.chmod(_FOR_EVERYBODY)
                draft.replace(target)
            for name in lost:
                (root / name).unlink(missing_ok=True)
            fs.sync({target.parent for _, target in changed})
            _save(root, after)
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
    return Kept(root, written, len(wanted) - written, len(lost))


def _synced(paths: list[Path]) -> None:
    """Returns when the drafts are on disk; one sync after another takes milliseconds each."""
    if len(paths) > _MANY:
        fs.sync_all()
    else:
        fs.sync(paths)


def _stands(entry: Entry | None, page: Page, there: dict[str, int]) -> bool:
    return entry is not None and entry["inputs"] == page.inputs and there.get(page.name) == entry["bytes"]


def _sizes(root: Path) -> Iterator[tuple[str, int]]:
    """The size of each file below the folder; of a link none, so that it is replaced and never followed."""
    folders = [(root, "")]
    while folders:
        folder, prefix = folders.pop()
        for found in os.scandir(folder):
            name = f"{prefix}{found.name}"
            if found.is_dir(follow_symlinks=False):
                folders += [(folder / found.name, f"{name}/")] if name != _DRAFTS else []
            else:
                yield name, found.stat().st_size if found.is_file(follow_symlinks=False) else -1


def _refuse_strange(root: Path) -> None:
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise OutputExists("is a link or a file", subject=str(root), hint="move it away first")
    inside = {path.name for path in root.iterdir()} - {_DRAFTS} if root.exists() else set()
    if inside and MANIFEST not in inside:
        raise OutputExists(
            "was not written by an export", subject=str(root), hint="move it away, or name another --out"
        )


def _manifest(root: Path) -> dict[str, Entry]:
    """What the last run said of each file; nothing where there was none."""
    path = root / MANIFEST
    if not path.is_file():
        return {}
    with contextlib.suppress(ValueError, KeyError, TypeError):
        found = json.loads(path.read_text("utf-8"))
        if found["format"] == _FORMAT:
            return {_checked(name): dict(entry) for name, entry in found["files"].items()}
    raise OutputExists("is no manifest of an export", subject=str(path), hint="move the folder away first")


def _save(root: Path, files: dict[str, Entry]) -> None:
    # json.dumps of each is slower by half a second for ten thousand pages; digests have nothing to escape.
    lines = ",\n".join(
        f'{json.dumps(name)}: {{"bytes": {one["bytes"]}, "inputs": "{one["inputs"]}", "sha256": "{one["sha256"]}"}}'
        for name, one in sorted(files.items())
    )
    text = f'{{"format": {_FORMAT}, "files": {{\n{lines}\n}}}}\n'
    fs.replace(root / MANIFEST, text.encode(), mode=_FOR_EVERYBODY)


def _checked(name: str) -> str:
    # Without pathlib: for ten thousand claims this is asked sixty thousand times.
    if not _NOWHERE.isdisjoint(name.split("/")) or name == MANIFEST:
        raise UsageError("is not a file name inside the folder", subject=name, hint="remove slashes and dots")
    return name
