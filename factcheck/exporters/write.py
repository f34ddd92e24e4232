"""The edge that puts rendered files on disk: whole or not at all, and never over something that is there."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from factcheck.errors import OutputExists, Stop, UsageError
from factcheck.exporters.contract import Rendered


def write(files: Iterable[Rendered], folder: Path, *, force: bool = False) -> list[Path]:
    """The paths written under `folder`, which is made where it is missing.

    A file, and a folder of files, appears under its name only when all of it is on disk (fsync). What is there
    already, also a link, is left alone: raises OutputExists before anything is written, unless `force`, which
    replaces a file or a link itself and a folder that holds nothing but an earlier export. Raises UsageError where
    the place cannot be written to, Stop where the disk fails or is full.
    """
    entries: dict[str, list[Rendered]] = {}
    for file in files:
        entries.setdefault(_parts(file.name)[0], []).append(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, inside in entries.items():
            _refuse_existing(folder / name, inside, force=force)
        for name, inside in entries.items():
            _place(folder / name, inside, force=force)
        _sync(folder)
    except (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise _unwritable(error, folder) from error
    except OSError as error:
        raise Stop(
            f"could not be written: {error.strerror}", subject=str(folder), hint="make room or choose another disk"
        ) from error
    return [folder / file.name for inside in entries.values() for file in inside]


def _parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name).parts
    if not parts or len(parts) > 2 or any(part in {"..", "/"} for part in parts):  # noqa: PLR2004 - folder and file
        raise UsageError("is no file name inside the output folder", subject=name, hint="take slashes and dots out")
    return parts


def _refuse_existing(target: Path, inside: list[Rendered], *, force: bool) -> None:
    if not (target.exists() or target.is_symlink()):
        return
    link = target.is_symlink()
    if not force:
        what = "is a link" if link else "is already there"
        raise OutputExists(what, subject=str(target), hint="add --force to replace it, or choose another folder")
    is_folder = target.is_dir() and not link
    if is_folder != _is_folder(inside) and not link:
        kind = "a folder" if is_folder else "a file"
        raise OutputExists(f"is {kind} and will not be replaced", subject=str(target), hint="move it away first")
    if is_folder and (stranger := _stranger(target, inside)):
        raise OutputExists("is not from an export", subject=str(stranger), hint="move it away first")


def _is_folder(inside: list[Rendered]) -> bool:
    return len(_parts(inside[0].name)) > 1


def _stranger(target: Path, inside: list[Rendered]) -> Path | None:
    """A file in an earlier export's folder that no export made: replacing the folder would lose it."""
    suffixes = {PurePosixPath(file.name).suffix for file in inside}
    return next((path for path in sorted(target.iterdir()) if path.is_dir() or path.suffix not in suffixes), None)


def _place(target: Path, inside: list[Rendered], *, force: bool) -> None:
    # In the same folder, so that the rename is one step; not a predictable name, so that nobody can lie in wait.
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        if _is_folder(inside):
            draft.mkdir()
            for file in inside:
                _write_synced(draft / _parts(file.name)[1], file.content)
            _sync(draft)
        else:
            _write_synced(draft, inside[0].content)
        if force:
            _replace(draft, target)
        elif _is_folder(inside):
            draft.rename(target)
        else:
            _publish_new(draft, target)
    finally:
        _discard(draft)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _publish_new(draft: Path, target: Path) -> None:
    """A hard link fails where the name was taken meanwhile, a rename would not."""
    try:
        os.link(draft, target)
    except FileExistsError as error:
        raise OutputExists(
            "is already there", subject=str(target), hint="add --force to replace it, or choose another folder"
        ) from error
    except OSError:  # a file system without hard links: the check before is all there is
        draft.rename(target)


def _replace(draft: Path, target: Path) -> None:
    if draft.is_dir() and (target.exists() or target.is_symlink()):
        old = target.with_name(f".{target.name}.{secrets.token_hex(8)}.old")
        target.rename(old)
        draft.rename(target)
        _discard(old)
    else:
        draft.replace(target)


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(error: OSError, folder: Path) -> UsageError:
    return UsageError(
        f"cannot be written to: {error.strerror}",
        subject=str(error.filename or folder),
        hint="choose another folder, or mend its permissions",
    )
