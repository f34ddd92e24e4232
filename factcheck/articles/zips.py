"""Zip files: stored and deflated members, no encryption, no links; its directory is bounded before it is read."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from factcheck.articles.gunzip import too_packed
from factcheck.articles.shelf import Found, Member, Shelf
from factcheck.errors import Rejected
from factcheck.models import Rejection

_LARGEST_DIRECTORY = 10_000_000  # bytes; Python keeps some 600 bytes for each 46 of it
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED, _UTF8 = 0x1, 0x800
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What Python's reader ends in where a zip is damaged."""


def members(file: BinaryIO, shelf: Shelf) -> Iterator[Found]:
    """What the zip holds; see `archives.members`."""
    with opened(file) as archive:
        for info in archive.infolist():
            name = _name(info)
            shelf.count()
            if name.endswith("/") or shelf.is_hidden(name):
                continue
            yield shelf.refusal(name) or _refused(info, name, shelf) or _read(archive, info, name, shelf)


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The zip, open to be read; raises Rejected: UNREADABLE, UNSUPPORTED, TOO_LARGE."""
    _check_directory(file)
    try:
        return zipfile.ZipFile(file)
    except NotImplementedError as error:
        raise Rejected("UNSUPPORTED", "uses a rare compression method", hint="unpack it and name the folder") from error
    except FAULTS as error:
        raise Rejected("UNREADABLE", f"is a damaged zip: {error}", hint="fetch it again") from error


def _check_directory(file: BinaryIO) -> None:
    """Raises Rejected where the list of members alone would fill the memory, or where there is none."""
    # What `ZipFile` itself will go by: a search of our own can be led to another record than Python's.
    try:
        record = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001
    except FAULTS as error:
        raise Rejected("UNREADABLE", f"is a damaged zip: {error}", hint="fetch it again") from error
    file.seek(0)
    if not record:
        raise Rejected("PARTIAL", "is a zip without its list of members; it may be cut off", hint="fetch it again")
    length = record[zipfile._ECD_SIZE]  # type: ignore[attr-defined]  # noqa: SLF001
    if length > _LARGEST_DIRECTORY:
        raise Rejected("TOO_LARGE", f"has a list of members of {length} bytes, which is too large", hint="split it")


def _name(info: zipfile.ZipInfo) -> str:
    """The name as packed. Python takes names without the UTF-8 flag for cp437; many are UTF-8 all the same."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _refused(info: zipfile.ZipInfo, name: str, shelf: Shelf) -> Rejection | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return shelf.refuse("LINK", name, "is a link, not a file: pack the file itself")
    if kind not in {0, stat.S_IFREG}:
        return shelf.refuse("NOT_A_FILE", name, "is a device or FIFO, not a file: pack its content as a file")
    if info.flag_bits & _ENCRYPTED:
        return shelf.refuse("ENCRYPTED", name, "is encrypted: unpack it with its password and name the folder")
    if info.compress_type not in METHODS:
        return shelf.refuse("UNSUPPORTED", name, "uses a rare compression method: unpack it and name the folder")
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, shelf: Shelf) -> Found:
    try:
        with archive.open(info) as file:
            data = file.read(shelf.limits.max_bytes + 1)  # to its end, where the checksum is compared
    except NotImplementedError:
        return shelf.refuse("UNSUPPORTED", name, "uses a rare compression method: unpack it and name the folder")
    except FAULTS as error:
        return shelf.refuse("UNREADABLE", name, f"is damaged inside the archive ({error}): fetch the archive again")
    shelf.unpacked(len(data))
    if too_packed(info.compress_size, len(data), shelf.limits.ratio):
        return shelf.refuse("TOO_LARGE", name, f"expands to more than {shelf.limits.ratio} times its size")
    sized = shelf.sized(name, data)
    return sized if isinstance(sized, Rejection) else Member(name=name, data=sized)
