"""An edge: segments of the vector index as files of a folder, and what they were made of.

A cache beside the dataset, as that of the lexical index: it can be thrown away at any time and is made again from the
vectors that are kept by text. A file is written once and mapped when read; new texts are new files, and small ones
become one now and then. A checksum is kept of all but the vectors, which are not read before a question chooses them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from factcheck import fs
from factcheck.matching.vector_index import BITS, Segment, merged
from factcheck.models import digest
from factcheck.notation import json_value

MANIFEST: Final = "index.json"
SMALL: Final = 50_000
"""Texts; a file of fewer is made one with others like it, 40 MB at most."""
MOST_SMALL: Final = 8
_WORD: Final = 8
_ENDING: Final = ".vec"
_FORM: Final = "1 little-endian ids, centre float32, signs uint64, vectors float16"


class Written(NamedTuple):
    """What the manifest says of a segment's file: bytes to an id, texts, numbers to a vector, checksum."""

    name: str
    width: int
    texts: int
    dimension: int
    check: int


class Kept(NamedTuple):
    """The segments, `mark`: what of the dataset they hold, in words of the caller's, and the file of each if any."""

    segments: list[Segment]
    mark: str
    files: list[Written | None]


NOTHING: Final = Kept([], "", [])


def load(folder: Path) -> Kept:
    """What the folder holds, its arrays mapped; `NOTHING` where it holds no whole index of today's form."""
    try:
        said = json_value((folder / MANIFEST).read_bytes())
        if said["form"] != digest(_FORM)[:16]:
            return NOTHING
        files = [Written(*file) for file in said["files"]]
        return Kept([_read(folder, file) for file in files], str(said["mark"]), list(files))
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING


def add(folder: Path, kept: Kept, new: Sequence[Segment], mark: str) -> Kept:
    """What was kept and the new segments, written down under the new mark; small ones are made one where they are many.

    What is there already and large is not read nor written again. Where the folder cannot be written the index is made
    again by the next one who asks: no error.
    """
    segments = [*kept.segments, *(one for one in new if one.ids.size)]
    files = [*kept.files, *([None] * (len(segments) - len(kept.segments)))]
    small = [one for one in segments if one.ids.size < SMALL]
    if len(small) > MOST_SMALL:
        large = [place for place, one in enumerate(segments) if one.ids.size >= SMALL]
        segments = [*(segments[place] for place in large), merged(small)]
        files = [*(files[place] for place in large), None]
    with contextlib.suppress(OSError):
        fs.make_folder(folder)
        fs.sweep(folder)
        written = [file or _write(folder, one) for file, one in zip(files, segments, strict=True)]
        fs.replace(folder / MANIFEST, json.dumps({"form": digest(_FORM)[:16], "mark": mark, "files": written}).encode())
        names = {one.name for one in written}
        for path in folder.glob(f"*{_ENDING}"):
            if path.name not in names:
                path.unlink(missing_ok=True)
        files = [*written]
    return Kept(segments, mark, files)


def _write(folder: Path, segment: Segment) -> Written:
    """Writes the segment to a file that is named after its content."""
    ids, centre = segment.ids.tobytes(), segment.centre.astype("<f4").tobytes()
    head = b"".join([ids, b"\0" * (-len(ids) % _WORD), centre, b"\0" * (-len(centre) % _WORD)])
    head += segment.signs.astype("<u8").tobytes()
    vectors = segment.vectors.astype("<f2").tobytes()
    name = hashlib.sha256(head)
    name.update(vectors)
    written = Written(
        name.hexdigest()[:32] + _ENDING, segment.ids.itemsize, segment.ids.size, segment.centre.size, zlib.crc32(head)
    )
    fs.replace(folder / written.name, head + vectors)
    return written


def _read(folder: Path, file: Written) -> Segment:
    """The segment in the file, its arrays mapped; raises ValueError where it is not what was written."""
    data = np.memmap(folder / file.name, dtype=np.uint8, mode="r")
    parts, at = [], 0
    columns = -(-file.dimension // BITS)
    for kind, size in ((f"S{file.width}", file.texts), ("<f4", file.dimension), ("<u8", columns * file.texts)):
        bytes_ = size * np.dtype(kind).itemsize
        parts.append(data[at : at + bytes_].view(kind))
        at += bytes_ + -bytes_ % _WORD
    if data.size != at + 2 * file.texts * file.dimension or zlib.crc32(data[:at].data) != file.check:
        raise ValueError("not what was written")
    ids, centre, signs = parts
    vectors = data[at:].view("<f2").reshape(file.texts, file.dimension)
    return Segment(ids, centre, signs.reshape(columns, file.texts), vectors)
