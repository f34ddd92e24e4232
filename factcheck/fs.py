"""Files that survive a power cut, and files that only their owner can read: one way of each.

A file is written under another name beside its own, synced, renamed, and its folder synced, before anyone is told: a
reader sees the old content or the new. What holds a secret is closed to others from its first moment, and is judged by
the file that was opened, not by its name, before a byte of it is believed. A group that may write in a folder was let
in on purpose; what everybody may do is never left open.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from factcheck import locks
from factcheck.errors import ConfigError, DatasetError, TokenExposed, naming

LARGEST_SECRET: Final = 1 << 20
"""Bytes of a file with a token, a password or a key; nobody has one that large."""
_HINTS: Final = {
    errno.ENOSPC: "free some space and run the same command again; nothing that was committed is lost",
    errno.EDQUOT: "raise the quota and run the same command again; nothing that was committed is lost",
    errno.EROFS: "make the folder writable, or name another one under [dataset] in factcheck.toml",
    errno.EACCES: "make the folder writable, or name another one under [dataset] in factcheck.toml",
    errno.EIO: "the disk reports an error: check the system log; `factcheck verify` says what is damaged",
}
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m|↳")
_DRAFT: Final = re.compile(r"\..+\.\d+\.tmp")
_CHUNK: Final = 1 << 20
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def replace(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The bytes as the file's whole content, on disk when this returns; the group gets it where it may write there."""
    _put(path, [data], mode=mode, shared=True)


def write_private(path: Path, data: bytes, *, new: bool = False) -> None:
    """As `replace`, for what no group may read either; a link in its place is replaced, never followed.

    With `new` a file that is there stays: raises FileExistsError.
    """
    _put(path, [data], mode=0o600, shared=False, new=new)


def copy_private(source: Path, target: Path) -> None:
    """A copy that only its owner can read, whole and on disk when this returns."""
    _put(target, _chunks_of(source), mode=0o600, shared=False)


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The bytes as a new file of a folder that nobody reads yet: it is on disk, its name is once the folder is synced.

    Raises FileExistsError where it exists.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        _share(descriptor, path)
        with naming(path):
            _write_all(descriptor, data)
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def move(source: Path, target: Path) -> None:
    """Gives a file or folder that is on disk its name, which is on disk too when this returns."""
    source.rename(target)
    sync([target.parent])


def move_new(source: Path, target: Path) -> None:
    """Gives a file its name where that is free, else raises FileExistsError; the folder is not synced yet.

    A hard link fails where the name was taken meanwhile, a rename would not.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: a look before is all there is
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        source.rename(target)
    else:
        source.unlink()


def sync(paths: Iterable[Path]) -> None:
    """Returns when the files and folders are on disk; each is synced once."""
    for path in dict.fromkeys(paths):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            sync_descriptor(descriptor, path)
        finally:
            os.close(descriptor)


def sync_all() -> None:
    """Returns when all that was written on this machine is on disk: for thousands of files in one go (Linux waits)."""
    os.sync()


def sync_tree(folder: Path) -> None:
    """Returns when the folder is on disk with everything in it."""
    sync([folder, *(path for path in folder.rglob("*") if not path.is_symlink())])


def sync_descriptor(descriptor: int, path: object) -> None:
    """Returns when the open file is on disk; an error names the path."""
    with naming(path):
        os.fsync(descriptor)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """The folder and its parents, on disk when this returns; `mode` is the folder's own where it is new."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(mode, parents=True, exist_ok=True)
    sync(folder.parent for folder in missing)


def sweep(folder: Path) -> None:
    """Takes away what a killed process was writing in the folder; a draft that is being written stays."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - asked at every command, so without a Path for each
    except OSError:
        return
    for name in names:
        if _DRAFT.fullmatch(name):
            with contextlib.suppress(OSError):
                _remove_dead(folder / name)


def read_private(path: Path, *, ours: bool = False) -> bytes:
    """The content of a file that only its owner can read, our own or the administrator's; as root that of any owner.

    With `ours`, of one that we made: a link in its place is not followed. Raises TokenExposed where others can read
    the file, ConfigError where it is no regular file or exceeds LARGEST_SECRET, OSError (FileNotFoundError) as `open`.
    """
    return _read(path, follow=not ours, private=True)


def read_mounted(path: Path) -> bytes:
    """As `read_private`, of a secret that a container's runtime mounted: the group may read it where root owns it.

    Docker and Kubernetes give such a file to root and let a group that we are in read it (0440); the others may not.
    """
    return _read(path, follow=True, private=True, mounted=True)


def read_small(path: Path) -> bytes:
    """The content of a file that anybody may read, a public key; raises as `read_private` but for TokenExposed."""
    return _read(path, follow=True, private=False)


def tighten(folder: Path) -> bool:
    """Whether the folder is closed to others now, with all that is in it where it was not before."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    closed = _closed(mode)
    if mode == closed:
        return True
    with contextlib.suppress(OSError):  # not ours, or a file system that keeps no modes: `exposed` says so
        folder.chmod(closed)
    if stat.S_IMODE(folder.stat().st_mode) != closed:
        return False
    for path in folder.rglob("*"):
        close_to_others(path)
    return True


def close_to_others(path: Path) -> None:
    """Takes from others what they may do with one file or folder, as far as it is ours; a sharing group keeps it."""
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.lstat().st_mode)
        wanted = _closed(mode)
        if _is_shared(path.parent):  # what another library wrote into a shared folder
            wanted = (mode & ~stat.S_IRWXO) | stat.S_IRGRP | stat.S_IWGRP
        if not path.is_symlink() and mode != wanted:
            path.chmod(wanted)


def exposed(folder: Path) -> str | None:
    """Who else may read the folder and what to do, as a sentence; None for nobody or where there is no folder."""
    try:
        found = folder.stat()
    except OSError:
        return None
    mode = stat.S_IMODE(found.st_mode)
    if mode == _closed(mode):
        return None
    who = "every user of this machine" if mode & stat.S_IRWXO else "its group"
    if found.st_uid != os.geteuid():
        return f"{folder} can be read by {who}, including names and e-mails: its owner should run chmod 700 {folder}"
    todo = f"chmod 700 {folder}, or move it to a disk that keeps modes"
    return f"{folder} can be read by {who}, including names and e-mails: {todo}"


@contextlib.contextmanager
def explained(subject: object) -> Iterator[None]:
    """Turns an operating-system error into a DatasetError that says what to do."""
    try:
        yield
    except OSError as error:
        number = error.errno or next(
            # Libraries in Rust carry the number only in the message.
            (known for known in _HINTS if f"os error {known}" in str(error)),
            0,
        )
        # What the object store's library says goes over several lines, with colours and arrows.
        reason = os.strerror(number) if number else plain(str(error))
        raise DatasetError(
            f"cannot be read or written: {reason}",
            subject=str(subject),
            hint=_HINTS.get(number, "fix the cause, then run the same command again"),
        ) from error


def plain(text: str) -> str:
    """What a library in Rust says, on one line and without its colours and arrows."""
    return " ".join(_COLOURS.sub("", text).split())


def is_special(path: Path) -> bool:
    """Whether a device, a pipe or a socket is there, which no file of ours may ever take the place of."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def _put(path: Path, chunks: Iterable[bytes], *, mode: int, shared: bool, new: bool = False) -> None:
    if is_special(path):  # the superuser could replace the null device of the machine
        raise FileExistsError(errno.EEXIST, "is no plain file, and is never replaced", str(path))
    temporary, descriptor = _draft(path, mode, shared=shared)
    try:
        try:
            with naming(path):
                for chunk in chunks:
                    _write_all(descriptor, chunk)
                os.fsync(descriptor)
            if new:
                move_new(temporary, path)
            else:
                temporary.replace(path)
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync([path.parent])


def _draft(path: Path, mode: int, *, shared: bool) -> tuple[Path, int]:
    """A new empty file beside the path, locked by this process for as long as it is open."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    while True:
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:  # of a killed process that had our number; or a link that lies in wait for a secret
            temporary.unlink(missing_ok=True)
            continue
        if shared:
            _share(descriptor, path)
        with contextlib.suppress(OSError):  # a file system without locks: then nothing is swept either
            locks.hold(descriptor)
        if os.fstat(descriptor).st_nlink:  # it may have been swept before it was locked
            return temporary, descriptor
        os.close(descriptor)


def _share(descriptor: int, path: Path) -> None:
    """Lets the group read and write the file where it may write in the folder."""
    if _is_shared(path.parent):
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) | stat.S_IRGRP | stat.S_IWGRP)


def _is_shared(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IWGRP)


def _closed(mode: int) -> int:
    return mode & ~(stat.S_IRWXO if mode & stat.S_IWGRP else _OTHERS)


def _remove_dead(draft: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if locks.hold(descriptor):
            draft.unlink()
    finally:
        os.close(descriptor)


def _read(path: Path, *, follow: bool, private: bool, mounted: bool = False) -> bytes:
    try:
        # Not blocking: a pipe in its place would be waited for without end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    except OSError as error:
        if error.errno == errno.ELOOP and not follow:
            raise TokenExposed("is a link", subject=str(path), hint="move it away; a new one will be created") from None
        raise
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError("is not a regular file", subject=str(path), hint="name a file")
        if private:
            _refuse_exposed(found, path, mounted=mounted)
        if found.st_size > LARGEST_SECRET:
            raise ConfigError("is too large", subject=str(path), hint="name the file with the secret, and nothing else")
        with naming(path):
            return b"".join(_chunks(descriptor))
    finally:
        os.close(descriptor)


def _refuse_exposed(found: os.stat_result, path: Path, *, mounted: bool) -> None:
    if mounted:
        if found.st_mode & stat.S_IRWXO or found.st_mode & stat.S_IWGRP:
            hint = "mount it with mode 0440 or 0400 (Kubernetes: defaultMode: 0440; Docker: mode: 0440)"
            raise TokenExposed("can be read by everybody here, or changed by a group", subject=str(path), hint=hint)
        if found.st_uid == 0:
            return
    if found.st_mode & _OTHERS:
        raise TokenExposed("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    # As root, in a container say, we act for whoever owns the desk; another user's file is a trap only for a user.
    if found.st_uid not in {os.geteuid(), 0} and os.geteuid() != 0:
        hint = f"take ownership: sudo chown {os.geteuid()} {path}"
        raise TokenExposed("belongs to another user, who can read it", subject=str(path), hint=hint)


def _chunks_of(path: Path) -> Iterator[bytes]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            yield from _chunks(descriptor)
    finally:
        os.close(descriptor)


def _chunks(descriptor: int) -> Iterator[bytes]:
    while data := os.read(descriptor, _CHUNK):
        yield data


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
