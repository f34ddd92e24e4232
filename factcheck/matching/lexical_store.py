"""An edge: segments of the lexical index as files of a folder, and what they were made of.

A cache beside the dataset: it can be thrown away at any time and is made again. A file that is not what was written, or
that another version of polars hashed, is as good as none. New texts are new files; small ones become one now and then.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from factcheck import fs
from factcheck.matching.lexical_index import Segment, merged
from factcheck.matching.lexical_terms import RULES
from factcheck.models import digest
from factcheck.notation import json_value

MANIFEST: Final = "index.json"
SMALL: Final = 50_000
MOST_SMALL: Final = 8
_TYPES: Final = ("S", "<u4", "<u8", "<i8", "<u4", "<u1")
_WORD: Final = 8
_ENDING: Final = ".lex"


class Kept(NamedTuple):
    """The segments, and `mark`: what of the dataset they hold, in words of the caller's."""

    segments: list[Segment]
    mark: str


NOTHING: Final = Kept([], "")


def load(folder: Path) -> Kept:
    """What the folder holds, its arrays mapped; `NOTHING` where it holds no whole index of today's form."""
    try:
        said = json_value((folder / MANIFEST).read_bytes())
        if said["form"] != _form():
            return NOTHING
        return Kept([_read(folder / name, check) for name, check in said["files"]], str(said["mark"]))
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING


def save(folder: Path, kept: Kept) -> Kept:
    """The same with small segments made one where they are many, and written down; only what is new is written.

    Where the folder cannot be written the index is made again by the next one who asks: no error.
    """
    small = [one for one in kept.segments if one.ids.size < SMALL]
    segments = kept.segments
    if len(small) > MOST_SMALL:
        segments = [*(one for one in segments if one.ids.size >= SMALL), merged(small)]
    with contextlib.suppress(OSError):
        fs.make_folder(folder)
        fs.sweep(folder)
        files = [_write(folder, one) for one in segments]
        manifest = {"form": _form(), "mark": kept.mark, "files": files}
        fs.replace(folder / MANIFEST, _json(manifest))
        for path in folder.glob(f"*{_ENDING}"):
            if path.name not in {name for name, _ in files}:
                path.unlink(missing_ok=True)
    return Kept(segments, kept.mark)


def _form() -> str:
    """Another one where the terms of a text, their hashes or the files would be others."""
    return digest(RULES, pl.__version__, _TYPES)[:16]


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _write(folder: Path, segment: Segment) -> tuple[str, int]:
    """The name of the segment's file and its checksum; written where it is not there yet."""
    head = np.array([part for array in segment for part in (array.size, array.itemsize)], "<i8").tobytes()
    parts = [head, *(part for array in segment for part in (array.tobytes(), b"\0" * (-array.nbytes % _WORD)))]
    data = b"".join(parts)
    check = zlib.crc32(data)
    name = f"{check:08x}-{len(data):x}{_ENDING}"
    if not (folder / name).exists():
        fs.replace(folder / name, data)
    return name, check


def _read(path: Path, check: int) -> Segment:
    """The segment in the file, its arrays mapped; raises ValueError where it is not what was written."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    if zlib.crc32(data.data) != check:
        raise ValueError("not what was written")
    at = 2 * _WORD * len(_TYPES)
    sizes = data[:at].view("<i8").reshape(-1, 2)
    arrays = []
    for kind, (size, width) in zip(_TYPES, sizes.tolist(), strict=True):
        arrays.append(data[at : at + size * width].view(f"S{width}" if kind == "S" else kind))
        at += size * width + (-size * width % _WORD)
    return Segment(*arrays)


def texts_in(segments: Sequence[Segment]) -> pl.Series:
    """The ids of all texts of the segments."""
    return pl.Series([name.decode() for one in segments for name in one.ids], dtype=pl.String)
