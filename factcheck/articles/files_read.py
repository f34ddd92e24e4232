"""Files that were read, and what is known of those that a run before read without coming to its end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from factcheck.models import Rejection


class FileRead(NamedTuple):
    """A file of the disk that is read: absolute path, bytes, and when it changed (ns since 1970).

    It `begins`, or has been read to its end; then `is_plain` says that no note was made of it and that nobody changed
    it meanwhile.
    """

    path: str
    size: int
    changed: int
    begins: bool = False
    is_plain: bool = True


class Met(NamedTuple):
    """An article that the run before made of a file and kept, without its text."""

    article_id: str
    source: str
    url: str | None
    lang: str | None
    warnings: tuple[str, ...]


class FilesLeft(NamedTuple):
    """How many files a run that may read no more of them has left."""

    number: int


Earlier = Callable[[FileRead], Sequence[Met | Rejection] | None]
"""What the run before made of the file as it is now; None where it has to be read."""


def not_known(_file: FileRead) -> None:
    """For a run that goes on from none."""
