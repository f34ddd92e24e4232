"""Archives of articles: zip, tar, tar.gz, WARC and gzip, read member by member and never unpacked to the disk.

Bounded in members, bytes and ratio, one level deep. What a member is called decides nothing but its label, and still
names that lead elsewhere are refused: whoever packed them meant something else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from factcheck.articles import tars, warcs, zips
from factcheck.articles.draft import Limits
from factcheck.articles.gunzip import gunzip
from factcheck.articles.shelf import SEPARATOR, Found, Member, Shelf
from factcheck.errors import Rejected
from factcheck.models import Rejection

HEAD = 512
"""Bytes that tell the kind of a file."""
_PIECE = 1 << 16
_TAR_MAGIC = slice(257, 262)


def kind_of(head: bytes) -> str | None:
    """`zip`, `gzip`, `tar` or `warc` by the first bytes of a file; None for anything else."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head[_TAR_MAGIC] == b"ustar":
        return "tar"
    return "warc" if head.startswith(b"WARC/") else None


def members(file: BinaryIO, *, source: str, limits: Limits, notes: list[str]) -> Iterator[Found]:
    """What an archive holds, in its order, each read when it is asked for.

    `file` can seek. Raises Rejected where the archive as a whole, or the rest of it,
    cannot be read: TOO_LARGE, PARTIAL, EMPTY, UNREADABLE, UNSUPPORTED.
    """
    shelf = Shelf(source, limits, notes)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    if size > limits.max_archive:
        raise Rejected("TOO_LARGE", f"is larger than {limits.max_archive} bytes", hint="split it")
    if kind == "zip":
        yield from zips.members(file, shelf)
    else:
        chunks = iter(lambda: file.read(_PIECE), b"")
        if kind == "gzip":
            chunks = gunzip(chunks, code="PARTIAL", ratio=limits.ratio)
        stream = io.BufferedReader(_Stream(chunks, limits.max_archive), _PIECE)
        inner = kind_of(stream.peek(HEAD))
        if inner == "tar":
            yield from tars.members(stream, shelf)
        elif inner == "warc":
            yield from warcs.members(stream, shelf)
        else:
            yield _single(stream, shelf)
        _refuse_more(stream)
    if shelf.hidden:
        notes.append(f"{source}: {shelf.hidden} hidden files were skipped")
    if not shelf.seen:
        raise Rejected("EMPTY", "contains no files", hint="add articles to it")


def _single(stream: BinaryIO, shelf: Shelf) -> Found:
    """The one file of a plain gzip, called as the archive is without `.gz`."""
    shelf.count()
    name = SEPARATOR.split(shelf.source)[-1]
    name = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
    data = shelf.sized(name, stream.read(shelf.limits.max_bytes + 1))
    if isinstance(data, Rejection):
        while stream.read(_PIECE):
            pass
        return data
    return Member(name=name, data=data)


def _refuse_more(stream: BinaryIO) -> None:
    """Read to the end, where checksums stand; raises Rejected PARTIAL where anything but padding follows."""
    while piece := stream.read(_PIECE):
        if piece.strip(b"\0\r\n"):
            raise Rejected(
                "PARTIAL", "contains more data after its end mark, which was not read", hint="unpack it by hand"
            )


class _Stream(io.RawIOBase):
    """The chunks as a file that can be read forward, and no further than `most` bytes."""

    def __init__(self, chunks: Iterable[bytes], most: int) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = b""
        self._fault: Rejected | None = None
        self._left = most
        self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # Filled up, so that a look at the first bytes sees enough of them; what is good before a fault is given first.
        done = 0
        while done < len(buffer) and self._fault is None:
            if not self._rest:
                try:
                    chunk = next(self._chunks, None)
                except Rejected as error:
                    self._fault = error
                    break
                if chunk is None:
                    break
                self._rest = chunk
                continue
            piece, self._rest = self._rest[: len(buffer) - done], self._rest[len(buffer) - done :]
            buffer[done : done + len(piece)] = piece
            done += len(piece)
        self._left -= done
        if self._left < 0:
            what = f"is larger than {self._most} bytes unpacked; the rest was not read"
            raise Rejected("TOO_LARGE", what, hint="split it")
        if self._fault and not done:
            raise self._fault
        return done
