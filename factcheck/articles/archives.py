"""Archives of articles: zip, tar, tar.gz, WARC and gzip, read member by member and never unpacked to the disk.

Bounded in members, bytes and ratio, one level deep. What a member is called decides nothing but its label, and still
names that lead elsewhere are refused: whoever packed them meant something else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from factcheck.articles.draft import Limits, reject
from factcheck.articles.gunzip import gunzip
from factcheck.errors import Rejected
from factcheck.models import Rejection
from factcheck.text import strip_controls

HEAD = 512
"""Bytes that tell the kind of a file."""
_PIECE = 1 << 16
_LONGEST_NAME = 1_000
_SEPARATOR = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_TAR_MAGIC = slice(257, 262)


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of an archive; of a web archive the page's address and what HTTP said of it."""

    name: str
    data: bytes
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None


Found = Member | Rejection


@dataclass
class Shelf:
    """What the members of one archive share: its name, the limits, the names met, what there is to say at the end."""

    source: str
    limits: Limits
    notes: list[str]
    seen: int = 0
    out: int = 0
    hidden: int = 0
    names: set[str] = field(default_factory=set)

    def count(self) -> None:
        """Count one more member; raises Rejected TOO_LARGE where there are too many."""
        self.seen += 1
        if self.seen > self.limits.max_members:
            what = f"holds more than {self.limits.max_members} members; the others were not read"
            raise Rejected("TOO_LARGE", what, hint="split it, or unpack it and name the folder")

    def unpacked(self, size: int) -> None:
        """Count bytes that came out, also of members that are refused; raises Rejected TOO_LARGE for too many."""
        self.out += size
        if self.out > self.limits.max_archive:
            what = f"holds more than {self.limits.max_archive} bytes; the rest was not read"
            raise Rejected("TOO_LARGE", what, hint="split it")

    def refuse(self, code: str, name: str, reason: str) -> Rejection:
        """The rejection of one member."""
        return reject(code, f"{self.source}!{name[:_LONGEST_NAME]}", reason)

    def refusal(self, name: str) -> Rejection | None:
        """Why a member of this name is not read: PATH, DUPLICATE; None where it is."""
        if _leads_out(name):
            return self.refuse("PATH", name, "has a name that leads out of the archive: unpack it and look at it")
        if strip_controls(name)[1] or "\n" in name or len(name) > _LONGEST_NAME:
            return self.refuse("PATH", name, "has a name with control characters, or too long a one: rename it")
        if name in self.names:
            return self.refuse("DUPLICATE", name, "is in the archive twice; the first one was read: rename this one")
        self.names.add(name)
        return None

    def is_hidden(self, name: str) -> bool:
        """Whether it is one of those files that programs put beside what people see; they are counted."""
        parts = [part for part in _SEPARATOR.split(name) if part != "."]
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts) and not _leads_out(name)
        self.hidden += hidden
        return hidden

    def sized(self, name: str, data: bytes) -> bytes | Rejection:
        """The data, or the member's rejection where there is more of it than the limits allow."""
        if len(data) <= self.limits.max_bytes:
            return data
        return self.refuse("TOO_LARGE", name, f"is larger than {self.limits.max_bytes} bytes: split it")


def _leads_out(name: str) -> bool:
    parts = _SEPARATOR.split(name)
    return not parts[0] or bool(_DRIVE.match(name)) or ".." in parts


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
    from factcheck.articles import tars, warcs, zips

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
        notes.append(f"{source}: {shelf.hidden} hidden files were passed over")
    if not shelf.seen:
        raise Rejected("EMPTY", "is an archive without files", hint="put articles into it")


def _single(stream: BinaryIO, shelf: Shelf) -> Found:
    """The one file of a plain gzip, called as the archive is without `.gz`."""
    shelf.count()
    name = _SEPARATOR.split(shelf.source)[-1]
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
            raise Rejected("PARTIAL", "holds more behind its end mark, which was not read", hint="unpack it by hand")


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
            what = f"holds more than {self._most} bytes; the rest was not read"
            raise Rejected("TOO_LARGE", what, hint="split it")
        if self._fault and not done:
            raise self._fault
        return done
