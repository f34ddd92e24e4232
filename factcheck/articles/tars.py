"""Tar files, read forward once: regular members only, and a damaged header is said and not taken for the end."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import BinaryIO, Self

from factcheck.articles.shelf import Found, Member, Shelf
from factcheck.errors import Rejected
from factcheck.models import Rejection

_LARGEST_HEADER = 1_000_000  # bytes of a long name or of pax records, which are read into memory at once
_EXTENSIONS = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)


class _Header(tarfile.TarInfo):
    """A header that is bounded, and whose damage ends the reading with a word; the library would end in silence."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except _NO_END as error:
            if not tarfile.offset:
                raise
            raise Rejected("PARTIAL", "has no end mark: it may be cut short", hint="fetch it again") from error
        except _DAMAGES as error:
            what = f"has a damaged header after byte {tarfile.offset} ({error}); what follows was not read"
            raise Rejected("PARTIAL", what, hint="fetch it again") from error

    def _proc_member(self, tarfile: tarfile.TarFile) -> Self:
        if self.type in _EXTENSIONS and self.size > _LARGEST_HEADER:
            raise Rejected("TOO_LARGE", f"has a header of {self.size} bytes", hint="pack it again")
        found: Self = super()._proc_member(tarfile)  # type: ignore[misc]
        return found


_NO_END = tarfile.EmptyHeaderError  # type: ignore[attr-defined]
_DAMAGES = (
    tarfile.InvalidHeaderError,  # type: ignore[attr-defined]
    tarfile.TruncatedHeaderError,  # type: ignore[attr-defined]
    tarfile.SubsequentHeaderError,  # type: ignore[attr-defined]
    ValueError,  # numbers and pax records that are none
    RecursionError,  # headers of headers
)


def members(stream: BinaryIO, shelf: Shelf) -> Iterator[Found]:
    """What the tar holds; see `archives.members`."""
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header, errors="surrogateescape") as archive:
            for info in archive:
                archive.members.clear()  # type: ignore[attr-defined]  # it keeps every header it has met
                shelf.count()
                if info.isdir() or shelf.is_hidden(info.name):
                    continue
                yield shelf.refusal(info.name) or _refused(info, shelf) or _read(archive, info, shelf)
    except tarfile.TarError as error:
        what = f"is a damaged tar ({error}); what follows was not read"
        raise Rejected("PARTIAL", what, hint="fetch it again") from error


def _refused(info: tarfile.TarInfo, shelf: Shelf) -> Rejection | None:
    if info.issym() or info.islnk():
        return shelf.refuse("LINK", info.name, "is a link, not a file: pack the file itself")
    if info.issparse() or not info.isreg():
        return shelf.refuse("NOT_A_FILE", info.name, "is a device, a FIFO or a sparse file: pack its content as a file")
    return None


def _read(archive: tarfile.TarFile, info: tarfile.TarInfo, shelf: Shelf) -> Found:
    if info.size > shelf.limits.max_bytes:
        return shelf.refuse("TOO_LARGE", info.name, f"is larger than {shelf.limits.max_bytes} bytes: split it")
    file = archive.extractfile(info)
    assert file is not None  # a regular member
    return Member(name=info.name, data=file.read())
