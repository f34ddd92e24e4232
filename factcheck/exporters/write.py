"""The edge that puts rendered files on disk: whole or not at all, and never over something that is there."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from factcheck import fs, locks
from factcheck.errors import OutputExists, SystemRefused, UsageError
from factcheck.exporters.contract import POINTER, Rendered, Streamed
from factcheck.exporters.write_streamed import draft_file, draft_pointer

_DRAFTS = re.compile(r"\.factcheck-[0-9a-f]{16}\.part")
_OLDER_DRAFT = re.compile(r"\.(.+)\.[0-9a-f]{16}\.(?:part|old)")
"""As factcheck named them up to 0.1; one that was killed may have left some."""


_FOR_EVERYBODY = 0o666
"""As the umask has it: what is published is no secret."""


_READY = "ready"
"""Beside the drafts of a run that has begun to publish: whoever comes by after its death finishes what it began."""


def write(
    files: Iterable[Rendered],
    folder: Path,
    *,
    force: bool = False,
    pointers: Iterable[Rendered] = (),
    streamed: Iterable[tuple[Streamed, str]] = (),
) -> list[Path]:
    """The paths of the files and then of the pointers under `folder`, which is made where it is missing.

    All of it is on disk (fsync) before the first file or folder of files appears under its name. What is there with
    the same bytes stays and is no error, so a run that was killed half-way is finished by the same run again; what
    dead runs left is taken away. What is there with other bytes, and any link, is left alone: raises OutputExists
    before anything is written, unless `force`, which replaces a file or a link itself and a folder that holds nothing
    but an earlier export. A pointer is a file whose name stays when what it holds is newer: it replaces the one before,
    in one step, together with the files or not at all; a link or a folder in its place is left alone.
    Each of `streamed` comes with the name of its pointer, or "" for none.
    Raises UsageError where the place cannot be written to, SystemRefused where the disk fails
    or is full.
    """
    entries: dict[str, list[Rendered]] = {}
    for file in files:
        entries.setdefault(_parts(file.name)[0], []).append(file)
    named = {pointer.name: [pointer] for pointer in pointers}
    large = list(streamed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_dead(folder)
        missing = {name: inside for name, inside in entries.items() if not _is_there(folder / name, inside)}
        for name, inside in missing.items():
            _refuse_existing(folder / name, inside, force=force)
        stale = {name: inside for name, inside in named.items() if not _is_there(folder / name, inside)}
        for name in [*stale, *(pointer for _, pointer in large if pointer)]:
            if (folder / name).is_symlink() or (folder / name).is_dir() or fs.is_special(folder / name):
                raise OutputExists("is no file and is never replaced", subject=str(folder / name), hint="move it away")
        if missing or stale or large:
            with _drafts(folder) as drafts:
                for name, inside in (missing | stale).items():
                    _draft(drafts / "new" / name, inside)
                made = _draft_streamed(large, drafts / "new", folder, force=force)
                fs.sync([drafts / "new"])
                fs.write_new(drafts / "plan", "\n".join([*missing, *made.files] if force else ()).encode())
                (drafts / "plan").rename(drafts / _READY)  # whole or not there
                fs.sync([drafts])
                # The large pointers come last: nothing after them can fail, so none has to be put back.
                _publish_all(
                    drafts, folder, [*missing, *made.files], list(stale), force=force, large_pointers=made.pointers
                )
        fs.sync([folder])
    except (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        raise _unwritable(error, folder) from error
    except OSError as error:
        raise SystemRefused(
            f"could not be written: {error.strerror}",
            subject=str(folder),
            hint="free some space or choose another disk",
        ) from error
    names = [file.name for inside in (*entries.values(), *named.values()) for file in inside]
    return [folder / name for name in [*names, *(one.name for one, _ in large), *(name for _, name in large if name)]]


class _Streams(NamedTuple):
    files: list[str]
    pointers: list[str]


def _draft_streamed(large: list[tuple[Streamed, str]], drafts: Path, folder: Path, *, force: bool) -> _Streams:
    """The names of the files and pointers that were drafted, because they are not there or hold something else."""
    found = _Streams([], [])
    for one, pointer in large:
        target = folder / _parts(one.name)[-1]
        there = target
        if draft_file(one, drafts, target):
            _refuse_existing(target, [Rendered(one.name, b"")], force=force)
            found.files.append(one.name)
            there = drafts / one.name
        if pointer and draft_pointer(pointer, there, drafts, folder / pointer):
            found.pointers.append(pointer)
    return found


def _is_there(target: Path, inside: list[Rendered]) -> bool:
    """Whether exactly this is there already, as an earlier run left it."""
    if target.is_symlink() or not target.exists():
        return False
    if not _is_folder(inside):
        return target.is_file() and _holds(target, inside[0].content)
    wanted = {_parts(file.name)[1]: file.content for file in inside}
    if not target.is_dir() or {path.name for path in target.iterdir()} != wanted.keys():
        return False
    return all(_holds(target / name, content) for name, content in wanted.items())


def _holds(path: Path, content: bytes) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != len(content):
        return False
    with contextlib.suppress(PermissionError):
        return path.read_bytes() == content
    return False


def _parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name).parts
    if not parts or len(parts) > 2 or any(part in {"..", "/"} for part in parts):  # noqa: PLR2004 - folder and file
        raise UsageError("is not a file name inside the output folder", subject=name, hint="remove slashes and dots")
    return parts


def _refuse_existing(target: Path, inside: list[Rendered], *, force: bool) -> None:
    if not (target.exists() or target.is_symlink()):
        return
    if fs.is_special(target):
        raise OutputExists("is a device or a pipe and is never replaced", subject=str(target), hint="name another file")
    link = target.is_symlink()
    if not force:
        what = "is a link" if link else "already exists"
        raise OutputExists(what, subject=str(target), hint="add --force to replace it, or choose another folder")
    is_folder = target.is_dir() and not link
    if is_folder != _is_folder(inside) and not link:
        kind = "a folder" if is_folder else "a file"
        raise OutputExists(f"is {kind} and is never replaced", subject=str(target), hint="move it away first")
    if is_folder and (stranger := _stranger(target, inside)):
        raise OutputExists("was not written by an export", subject=str(stranger), hint="move it away first")


def _is_folder(inside: list[Rendered]) -> bool:
    return len(_parts(inside[0].name)) > 1


def _stranger(target: Path, inside: list[Rendered]) -> Path | None:
    """A file in an earlier export's folder that no export made: replacing the folder would lose it."""
    suffixes = {PurePosixPath(file.name).suffix for file in inside}
    return next((path for path in sorted(target.iterdir()) if path.is_dir() or path.suffix not in suffixes), None)


@contextlib.contextmanager
def _drafts(folder: Path) -> Iterator[Path]:
    """A folder of this run alone beside the targets, so that each rename is one step; gone at the end.

    Its name cannot be guessed, so that nobody can lie in wait. As long as the run lives it holds a lock on it.
    """
    while True:
        drafts = folder / f".factcheck-{secrets.token_hex(8)}.part"
        drafts.mkdir()
        with locks.held(drafts, unknown=True) as ours:
            if ours and drafts.exists():  # another run may have taken it for a dead one's before it was locked
                try:
                    (drafts / "new").mkdir()
                    (drafts / "old").mkdir()
                    yield drafts
                finally:
                    _put_back(drafts, folder)
                    _discard(drafts)
                return


def _draft(path: Path, inside: list[Rendered]) -> None:
    if _is_folder(inside):
        path.mkdir()
        for file in inside:
            fs.write_new(path / _parts(file.name)[1], file.content, mode=_FOR_EVERYBODY)
        fs.sync([path])
    else:
        fs.write_new(path, inside[0].content, mode=_FOR_EVERYBODY)


def _publish_all(
    drafts: Path,
    folder: Path,
    names: list[str],
    pointers: list[str],
    *,
    force: bool,
    large_pointers: Iterable[str] = (),
) -> None:
    """Every draft under its name, the pointers last; where one cannot be, what was new is gone again."""
    before = {name: (folder / name).read_bytes() for name in pointers if (folder / name).exists()}
    new = [name for name in (*names, *pointers) if not (folder / name).exists()]
    done: list[str] = []
    try:
        for name in names:
            _publish(drafts, folder / name, force=force)
            done.append(name)
        for name in pointers:
            (drafts / "new" / name).replace(folder / name)
            done.append(name)
        for name in large_pointers:
            (drafts / "new" / name).replace(folder / name)
    except Exception:
        (drafts / _READY).unlink()
        for name in done:
            if name in before:
                fs.replace(folder / name, before[name], mode=_FOR_EVERYBODY)
            elif name in new:
                _discard(folder / name)
        raise


def _finish(drafts: Path, folder: Path) -> None:
    """Publishes what a run had ready when it was killed; what came to be there since is left alone."""
    ready = drafts / _READY
    if not ready.is_file():
        return
    forced = ready.read_text("utf-8").split("\n")
    for draft in sorted((drafts / "new").iterdir()):
        target = folder / draft.name
        if draft.name in forced:
            _publish(drafts, target, force=True)
        elif draft.is_file() and draft.name.startswith(POINTER) and not target.is_symlink() and not target.is_dir():
            draft.replace(target)
        elif not (target.exists() or target.is_symlink()):
            draft.rename(target)


def _publish(drafts: Path, target: Path, *, force: bool) -> None:
    draft = drafts / "new" / target.name
    if not force:
        draft.rename(target) if draft.is_dir() else _publish_new(draft, target)
    elif draft.is_dir() and (target.exists() or target.is_symlink()):
        target.rename(drafts / "old" / target.name)
        draft.rename(target)
    else:
        draft.replace(target)


def _clear_dead(folder: Path) -> None:
    """Takes away what runs left that were killed; a folder that one was about to replace is put back."""
    for path in [Path(entry.path) for entry in os.scandir(folder) if entry.name.endswith((".part", ".old"))]:
        older = _OLDER_DRAFT.fullmatch(path.name)
        if path.is_symlink() or not (older or _DRAFTS.fullmatch(path.name)):
            continue
        with locks.held(path, unknown=False) as ours:
            if not ours:
                continue
            if older is None:
                _finish(path, folder)
                _put_back(path, folder)
            elif path.suffix == ".old" and not (folder / older[1]).exists():
                path.rename(folder / older[1])
            _discard(path)


def _put_back(drafts: Path, folder: Path) -> None:
    """What was moved aside to be replaced, where its place is still empty."""
    with contextlib.suppress(FileNotFoundError):
        for path in (drafts / "old").iterdir():
            target = folder / path.name
            if not (target.exists() or target.is_symlink()):
                path.rename(target)


def _publish_new(draft: Path, target: Path) -> None:
    try:
        fs.move_new(draft, target)
    except FileExistsError as error:
        raise OutputExists(
            "already exists", subject=str(target), hint="add --force to replace it, or choose another folder"
        ) from error


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _unwritable(error: OSError, folder: Path) -> UsageError:
    return UsageError(
        f"cannot be written to: {error.strerror}",
        subject=str(error.filename or folder),
        hint="choose another folder, or fix its permissions",
    )
