"""An edge: the index of copies of articles, and the pairs found so far, as files of a folder.

A cache: it can be thrown away at any time and is made again from the articles. A file that is not what was written is
as good as none.
"""

from __future__ import annotations

import contextlib
import io
import json
import zlib
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from factcheck import fs
from factcheck.matching.copies import KEPT, PAIRS, RULES, Index, restored
from factcheck.notation import json_value

MANIFEST: Final = "copies.json"
_ENDING: Final = ".parquet"
_PARTS: Final = ("articles", "entries", "pairs")


class Kept(NamedTuple):
    """The index, and the pairs (`copies.PAIRS`) of all articles in it."""

    seen: Index
    pairs: pl.DataFrame


def nothing() -> Kept:
    """That no article was seen."""
    return Kept(Index(), PAIRS.to_frame())


def load(folder: Path) -> Kept:
    """What the folder holds; `nothing()` where that is no whole index by today's rules."""
    try:
        said = json_value((folder / MANIFEST).read_bytes())
        if said["rules"] != RULES:
            return nothing()
        articles, entries, pairs = (_read(folder, *said[part]) for part in _PARTS)
        if articles.schema != KEPT or pairs.schema != PAIRS:
            return nothing()
        return Kept(restored(articles, entries, RULES), pairs)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return nothing()


def save(folder: Path, kept: Kept) -> None:
    """Writes it down; where the folder cannot be written the next one who asks makes it again: no error."""
    frames = dict(zip(_PARTS, (kept.seen.articles, kept.seen.entries(), kept.pairs), strict=True))
    with contextlib.suppress(OSError):
        fs.make_folder(folder)
        fs.sweep(folder)
        files = {name: _write(folder, frame) for name, frame in frames.items()}
        fs.replace(folder / MANIFEST, json.dumps({"rules": RULES, **files}).encode())
        for path in folder.glob(f"*{_ENDING}"):
            if path.name not in {name for name, _ in files.values()}:
                path.unlink(missing_ok=True)


def _write(folder: Path, frame: pl.DataFrame) -> tuple[str, int]:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    data = buffer.getvalue()
    check = zlib.crc32(data)
    name = f"{check:08x}-{len(data):x}{_ENDING}"
    if not (folder / name).exists():
        fs.replace(folder / name, data)
    return name, check


def _read(folder: Path, name: str, check: int) -> pl.DataFrame:
    data = (folder / Path(name).name).read_bytes()
    if zlib.crc32(data) != check:
        raise ValueError("not what was written")
    return pl.read_parquet(data)
