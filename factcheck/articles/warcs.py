"""Web archives (WARC 1.0 and 1.1, ISO 28500): the pages in responses and resources, each with its own address.

A strict reader of its own: what the format asks of one that only reads forward is a page, and a dependency would bring
its own laxness about what is cut short.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from factcheck.articles.gunzip import gunzip
from factcheck.articles.shelf import Found, Member, Shelf
from factcheck.errors import Rejected
from factcheck.models import Rejection

_LONGEST_LINE = 65_536
_MOST_LINES = 500
_PIECE = 1 << 16
_VERSION = re.compile(rb"WARC/1\.[01]\s*")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})(?:\s|$)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HELD = frozenset({"response", "resource", "conversion", "continuation"})
"""Types of records that hold a page, or a part of one; the others tell of the crawl."""


def members(stream: BinaryIO, shelf: Shelf) -> Iterator[Found]:
    """What the web archive holds; see `archives.members`."""
    passed = 0
    while True:
        line = _first_line(stream)
        if not line:
            break
        if not _VERSION.fullmatch(line):
            raise _damaged(shelf, f"a record starts with {line[:40]!r}")
        headers = _headers(stream, shelf)
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 16):  # noqa: PLR2004 - digits of any real size
            raise _damaged(shelf, f"a record has an invalid length {length[:40]!r}")
        kind = headers.get("warc-type", "").lower()
        if kind not in _HELD:
            passed += 1
            _pass_over(stream, int(length), shelf)
            continue
        shelf.count()
        yield _record(stream, int(length), kind, headers, shelf)
    if passed:
        shelf.notes.append(f"{shelf.source}: {passed} records about the crawl were skipped")


def _record(stream: BinaryIO, length: int, kind: str, headers: Mapping[str, str], shelf: Shelf) -> Found:
    address = headers.get("warc-target-uri", "").strip().strip("<>")
    name = address or headers.get("warc-record-id", "") or f"record {shelf.seen}"
    if length > shelf.limits.max_bytes:
        _pass_over(stream, length, shelf)
        return shelf.refuse("TOO_LARGE", name, f"is larger than {shelf.limits.max_bytes} bytes")
    block = stream.read(length)
    if len(block) < length:
        raise _damaged(shelf, f"{name[:200]} is cut short")
    if kind == "continuation" or "warc-segment-number" in headers:
        return shelf.refuse("UNSUPPORTED", name, "is split over several records: make the archive without segments")
    if truncated := headers.get("warc-truncated"):
        return shelf.refuse("PARTIAL", name, f"was cut when it was saved ({truncated}): fetch the page itself")
    if kind == "response" and address.lower().startswith(("http:", "https:")):
        return _response(block, name, address, shelf)
    media_type, charset = _content_type(headers.get("content-type", ""))
    return Member(name=name, data=block, url=address or None, media_type=media_type, charset=charset)


def _response(block: bytes, name: str, address: str, shelf: Shelf) -> Found:
    """The page of an HTTP response as it came over the wire."""
    file = io.BytesIO(block)
    status = _STATUS.match(file.readline(_LONGEST_LINE))
    if status is None:
        return shelf.refuse("UNREADABLE", name, "is not an HTTP response: fetch the page itself")
    if status[1] != b"200":
        return shelf.refuse("FETCH", name, f"is an HTTP {status[1].decode()} response, not a page")
    try:
        headers = _headers(file, shelf)
        data = file.read()
        if "chunked" in headers.get("transfer-encoding", "").lower():
            data = _joined(data)
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in {"gzip", "x-gzip"} and data.startswith(b"\x1f"):  # some archives hold it unpacked
            data = _unpacked(data, shelf)
        elif encoding not in {"", "identity", "gzip", "x-gzip"}:
            return shelf.refuse("UNSUPPORTED", name, f"is compressed as {encoding}: fetch the page itself")
    except Rejected as error:
        return shelf.refuse(error.reason_code, name, f"{error.what}: fetch the page itself")
    media_type, charset = _content_type(headers.get("content-type", ""))
    sized = shelf.sized(name, data)
    if isinstance(sized, Rejection):
        return sized
    return Member(name=name, data=sized, url=address, media_type=media_type, charset=charset)


def _unpacked(data: bytes, shelf: Shelf) -> bytes:
    pieces: list[bytes] = []
    size = 0
    parts = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
    for piece in gunzip(parts, code="PARTIAL", ratio=shelf.limits.ratio):
        size += len(piece)
        pieces.append(piece)
        if size > shelf.limits.max_bytes:
            break
    return b"".join(pieces)


def _joined(data: bytes) -> bytes:
    """The body of a chunked transfer (RFC 9112, 7.1); raises Rejected PARTIAL where it breaks off."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\r\n", at)
        size = data[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            if not parts:  # some archives hold it joined
                return data
            raise Rejected("PARTIAL", "is cut off in the middle")
        length = int(size, 16)
        if not length:
            return b"".join(parts)
        part = data[end + 2 : end + 2 + length]
        if len(part) < length:
            raise Rejected("PARTIAL", "is cut off in the middle")
        parts.append(part)
        at = end + 2 + length + 2


def _first_line(stream: BinaryIO) -> bytes:
    """The next line that is not blank; empty at the end."""
    while line := stream.readline(_LONGEST_LINE):
        if line.strip(b"\r\n"):
            return line
    return b""


def _headers(stream: BinaryIO, shelf: Shelf) -> dict[str, str]:
    """Names in lower case; the first of several of one name counts."""
    found: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if not line.strip(b"\r\n"):
            return found
        name, _colon, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    raise _damaged(shelf, "a record's headers do not end")


def _pass_over(stream: BinaryIO, length: int, shelf: Shelf) -> None:
    while length:
        piece = stream.read(min(length, _PIECE))
        if not piece:
            raise _damaged(shelf, "its last record is cut short")
        length -= len(piece)


def _content_type(value: str) -> tuple[str | None, str | None]:
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower() or None, charset[1] if charset else None


def _damaged(shelf: Shelf, what: str) -> Rejected:
    return Rejected("PARTIAL", f"is cut off after {shelf.seen} pages: {what}", hint="fetch it again")
