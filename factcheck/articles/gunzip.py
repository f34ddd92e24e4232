"""Gzip of any number of members, unpacked a piece at a time and bounded in bytes in, bytes out and ratio."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from factcheck.errors import Rejected

_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 1 << 16
_SMALL = 1_000_000  # below this a high ratio is only a page that repeats itself


def too_packed(packed: int, out: int, ratio: int) -> bool:
    """Whether so many bytes out of so few are no text but a bomb."""
    return out > _SMALL and out > packed * ratio


def gunzip(chunks: Iterable[bytes], *, code: str, ratio: int) -> Iterator[bytes]:
    """The unpacked bytes of all members (RFC 1952), in pieces of at most 64 KB; zeros behind the last are padding.

    Pieces may be empty, one at least for each chunk and each member, so that whoever takes them can watch the clock
    and count. Raises Rejected: TOO_LARGE for a bomb; `code` where it is no gzip, breaks off, or has other bytes
    behind its last member.
    """
    member = zlib.decompressobj(_GZIP)
    padding = False  # a zero has come where a member could begin
    begun = False  # the present member has had a byte
    packed = out = members = 0
    for chunk in chunks:
        packed += len(chunk)
        left = chunk
        while left:
            if not begun and members:
                padding = padding or left[0] == 0
                if padding and left.strip(b"\0"):
                    raise _behind(code)
                if padding:
                    break
            begun = True
            try:
                piece = member.decompress(left, _PIECE)
            except zlib.error as error:
                raise _behind(code) if members and not _opens(left) else _no_gzip(code) from error
            out += len(piece)
            if too_packed(packed, out, ratio):
                raise Rejected(
                    "TOO_LARGE",
                    f"expands to more than {ratio} times its size",
                    hint="save the article's text and ingest that",
                )
            yield piece
            left = member.unconsumed_tail
            if member.eof:
                left = member.unused_data
                member, begun, members = zlib.decompressobj(_GZIP), False, members + 1
        yield b""
    if begun or not members:
        raise Rejected(code, "is cut off", hint="fetch it again, or save it again")


def _opens(data: bytes) -> bool:
    """Whether the bytes may be the beginning of a member."""
    return data[:2] == b"\x1f\x8b"[: len(data)]


def _no_gzip(code: str) -> Rejected:
    return Rejected(code, "is not valid gzip data", hint="fetch it again, or save it again")


def _behind(code: str) -> Rejected:
    return Rejected(code, "has other data after its gzip data", hint="unpack it and save the text")
