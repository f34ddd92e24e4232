"""Zip files: stored and deflated members, no encryption, no links; its directory is bounded before it is read."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from factcheck.articles.archives import Found, Member, Shelf
from factcheck.articles.gunzip import too_packed
from factcheck.errors import Rejected
from factcheck.models import Rejection

_LARGEST_DIRECTORY = 10_000_000  # bytes; Python keeps some 600 bytes for each 46 of it
_LONGEST_TAIL = 22 + 65_535 + 20 + 56  # end record, its comment, and the two records of zip64 before it
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_IN_64 = 0xFFFF_FFFF
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED, _UTF8 = 0x1, 0x800
_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def members(file: BinaryIO, shelf: Shelf) -> Iterator[Found]:
    """What the zip holds; see `archives.members`."""
    _check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except _FAULTS as error:
        raise Rejected("UNREADABLE", f"is a damaged zip: {error}", hint="fetch it again") from error
    out = 0
    with archive:
        if _DOCUMENTS & {info.filename for info in archive.infolist()}:
            raise Rejected("UNSUPPORTED", "is an office document or e-book", hint="save it as text or HTML")
        for info in archive.infolist():
            name = _name(info)
            if name.endswith("/") or shelf.is_hidden(name):
                continue
            shelf.count()
            found = shelf.refusal(name) or _refused(info, name, shelf) or _read(archive, info, name, shelf)
            if isinstance(found, Member):
                out += len(found.data)
                if out > shelf.limits.max_archive:
                    what = f"holds more than {shelf.limits.max_archive} bytes; the rest was not read"
                    raise Rejected("TOO_LARGE", what, hint="split it")
            yield found


def _check_directory(file: BinaryIO) -> None:
    """Raises Rejected where the list of members alone would fill the memory, or where there is none."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        raise Rejected("PARTIAL", "is a zip without its list of members: it is cut short", hint="fetch it again")
    (length,) = struct.unpack_from("<L", tail, at + 12)
    at_64 = tail.rfind(_END_64, 0, at)
    if length == _IN_64 and 0 <= at_64 <= len(tail) - 48:
        (length,) = struct.unpack_from("<Q", tail, at_64 + 40)
    if length > _LARGEST_DIRECTORY:
        raise Rejected("TOO_LARGE", f"lists its members in {length} bytes", hint="split it")


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
    if info.compress_type not in _METHODS:
        return shelf.refuse("UNSUPPORTED", name, "is packed in a rare way: unpack it and name the folder")
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, shelf: Shelf) -> Found:
    try:
        with archive.open(info) as file:
            data = file.read(shelf.limits.max_bytes + 1)  # to its end, where the checksum is compared
    except _FAULTS as error:
        return shelf.refuse("UNREADABLE", name, f"is damaged in the archive ({error}): fetch the archive again")
    if too_packed(info.compress_size, len(data), shelf.limits.ratio):
        return shelf.refuse("TOO_LARGE", name, f"is packed more than {shelf.limits.ratio} times")
    sized = shelf.sized(name, data)
    return sized if isinstance(sized, Rejection) else Member(name=name, data=sized)
