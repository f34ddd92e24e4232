"""Whether a release folder is what was published. Nothing in the folder is believed before it is checked.

Needs no dataset. No link is followed, nothing but regular files is opened, and nothing is read that is not of the
size the manifest says.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from factcheck import names
from factcheck.dataset import signing
from factcheck.dataset.manifest import LARGEST, MANIFEST, SIGNATURE, Manifest, ReleasedFile, parse
from factcheck.dataset.signing import Trusted
from factcheck.errors import Corrupt

CHUNK: Final = 1 << 20
SPARSE: Final = 64 << 20
MOST_NAMES: Final = 10_000
SHOWN: Final = 20

Signature = Literal["none", "unchecked", "good", "bad"]


class CheckedRelease(NamedTuple):
    """What is wrong, one sentence each; what is known of the signature, and whose it is where it is good."""

    manifest: Manifest
    wrong: list[str]
    signature: Signature
    signer: str | None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with what was checked; see `signature` for what was not."""
        return not self.wrong


class _Refused(Corrupt):
    """Why a name in the folder is not read."""


class _Missing(_Refused):
    """There is no such name in the folder."""


def check_release(folder: Path, *, keys: Sequence[Trusted] = ()) -> CheckedRelease:
    """The release in the folder compared with its manifest, and that with its signature.

    With `keys` a release that none of them signed is wrong; without, the signature is not checked. Raises Corrupt
    where there is no manifest that can be trusted to name the files.
    """
    with _folder(folder) as directory:
        try:
            text = _read(directory, MANIFEST, largest=LARGEST)
        except _Refused as error:
            raise Corrupt(
                f"is not a release: {error}", subject=str(folder), hint="give the folder of a release"
            ) from None
        manifest = parse(text, subject=str(folder))
        wrong = [problem for file in manifest.files if (problem := _file(directory, file)) is not None]
        wrong += _strangers(directory, {file.path for file in manifest.files})
        signature, signer, unsigned = _signature(directory, text, keys)
        return CheckedRelease(manifest, [*wrong, *unsigned], signature, signer)


@contextlib.contextmanager
def _folder(folder: Path) -> Iterator[int]:
    try:
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not valid"
        raise Corrupt(f"is not a release: {why}", subject=str(folder), hint="give the folder of a release") from None
    try:
        yield directory
    finally:
        os.close(directory)


@contextlib.contextmanager
def _opened(directory: int, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A regular file of the folder, open; raises _Refused for anything else, without opening it."""
    try:
        seen = os.stat(name, dir_fd=directory, follow_symlinks=False)
        _refuse(name, seen)
        found = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    except FileNotFoundError:
        raise _Missing(f"{name} is missing") from None
    except OSError as error:
        raise _Refused(f"{name} cannot be read: {error.strerror}") from None
    try:
        there = os.fstat(found)
        _refuse(name, there)  # it may be another one by now
        yield found, there
    finally:
        os.close(found)


def _refuse(name: str, found: os.stat_result) -> None:
    kinds = (
        (stat.S_ISLNK, "a link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    if not stat.S_ISREG(found.st_mode):
        what = next((what for test, what in kinds if test(found.st_mode)), "a device")
        raise _Refused(f"{name} is {what}, not a file")


def _read(directory: int, name: str, *, largest: int) -> bytes:
    with _opened(directory, name) as (file, found):
        if found.st_size > largest:
            raise _Refused(f"{name} is too large: {found.st_size:,} bytes, at most {largest:,}")
        return b"".join(_chunks(file, found.st_size))


def _chunks(file: int, size: int) -> Iterator[bytes]:
    """The bytes of an open file, and one more than `size` where it has grown since."""
    left = size + 1
    while left and (data := os.read(file, min(CHUNK, left))):
        left -= len(data)
        yield data


def _file(directory: int, file: ReleasedFile) -> str | None:
    try:
        with _opened(directory, file.path) as (opened, found):
            if found.st_size != file.size:
                return f"{file.path} differs from what was published: {found.st_size:,} bytes instead of {file.size:,}"
            if file.size > SPARSE and found.st_blocks * 512 < file.size // 2:
                return f"{file.path} differs from what was published: most of it is empty (a sparse file)"
            digest = hashlib.sha256()
            for chunk in _chunks(opened, file.size):
                digest.update(chunk)
    except _Refused as error:
        return str(error)
    except OSError as error:
        return f"{file.path} cannot be read: {error.strerror}"
    return None if digest.hexdigest() == file.sha256 else f"{file.path} differs from what was published"


def _strangers(directory: int, listed: set[str]) -> list[str]:
    """What lies in the folder and in no manifest; the first few by name."""
    strange: list[str] = []
    seen = 0
    with os.scandir(directory) as entries:
        for entry in entries:
            seen += 1
            if entry.name not in listed and entry.name not in {MANIFEST, SIGNATURE}:
                strange.append(f"{names.shown(entry.name)} is not in the manifest")
            if seen > MOST_NAMES:
                return [*sorted(strange)[:SHOWN], f"there are more than {MOST_NAMES:,} files in the folder"]
    more = len(strange) - SHOWN
    return sorted(strange)[:SHOWN] + ([f"{more:,} more files are not in the manifest"] if more > 0 else [])


def _signature(directory: int, text: bytes, keys: Sequence[Trusted]) -> tuple[Signature, str | None, list[str]]:
    try:
        signature = _read(directory, SIGNATURE, largest=signing.LINE)
    except _Missing:
        return "none", None, ["the release is not signed"] if keys else []
    except _Refused as error:
        return "bad", None, [str(error)]
    if not keys:
        return "unchecked", None, []
    if (name := signing.signer(signature, text, keys)) is None:
        who = "this key's" if len(keys) == 1 else "one of these keys'"
        return "bad", None, [f"the signature is not {who}"]
    return "good", name, []
