"""Edge: vectors that were computed once, by model and text, in files that are only ever added.

A file holds two numpy arrays one behind the other: the SHA-256 of the texts in NFC, sorted, and their vectors in that
order. It is written whole under the hash of its content, so that a killed run leaves whole files, two runs at once
disturb nobody, and reading is a binary search in mapped memory. What cannot be read is computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck import fs
from factcheck.matching.e5_weights import Floats
from factcheck.matching.embedding import Embedder, told

Keys = NDArray[np.bytes_]
_AT_A_TIME = 512
"""Texts whose vectors a killed run loses at most."""
_SMALL = 64 << 20
_MANY = 32
"""Small files are made one when there are so many."""


class Cached:
    """An embedder that computes each text once; its vectors lie in a folder of the model's name below `folder`."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._folder = folder / hashlib.sha256(embedder.name.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> Floats:
        """As the embedder behind it; what is missing is computed and kept, 512 texts at a time."""
        normal = told(texts)
        keys = np.array([hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in normal], "S32")
        vectors = np.empty((len(keys), self.dimension), np.float32)
        missing = np.ones(len(keys), bool)
        for part in self._parts():
            missing[missing] = ~_look_up(part, keys, vectors, np.flatnonzero(missing))
        wanted, first, again = np.unique(keys[missing], return_index=True, return_inverse=True)
        asked = [normal[at] for at in np.flatnonzero(missing)[first]]
        computed = np.empty((len(wanted), self.dimension), np.float32)
        for at in range(0, len(asked), _AT_A_TIME):
            some = slice(at, at + _AT_A_TIME)
            computed[some] = self._embedder.embed(asked[some])
            self._add(wanted[some], computed[some])
        vectors[missing] = computed[again]
        return vectors

    def _parts(self) -> list[_Part]:
        found = (_read(path, self.dimension) for path in sorted(self._folder.glob("*.vectors")))
        return [part for part in found if part]

    def _add(self, keys: Keys, vectors: Floats) -> None:
        fs.make_folder(self._folder)
        _write(self._folder, keys, vectors)
        small = [path for path in self._folder.glob("*.vectors") if path.stat().st_size < _SMALL]
        if len(small) < _MANY:
            return
        # What was added meanwhile is not in the list, and a run killed between the two steps leaves vectors twice.
        parts = [part for path in small if (part := _read(path, self.dimension))]
        together, first = np.unique(np.concatenate([part.keys for part in parts]), return_index=True)
        merged = _write(self._folder, together, np.concatenate([part.vectors for part in parts])[first])
        for path in small:
            if path != merged:
                path.unlink(missing_ok=True)


class _Part(NamedTuple):
    keys: Keys
    vectors: Floats


def _look_up(part: _Part, keys: Keys, vectors: Floats, wanted: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of the wanted places the file has; their vectors are filled in."""
    places = np.minimum(np.searchsorted(part.keys, keys[wanted]), len(part.keys) - 1)
    there: NDArray[np.bool_] = part.keys[places] == keys[wanted]
    vectors[wanted[there]] = part.vectors[places[there]]
    return there


def _read(path: Path, dimension: int) -> _Part | None:
    """The file mapped into memory; None for one that is gone, damaged, or of another dimension."""
    with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
        keys = _mapped(file, path, "S32")
        vectors = _mapped(file, path, "<f4")
        if vectors.shape == (len(keys), dimension) and len(keys):
            return _Part(keys, vectors)
    return None


def _mapped(file: io.BufferedReader, path: Path, dtype: str) -> NDArray[Any]:
    """The array that begins here, mapped; the file is left at its end."""
    np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    shape, _, found = np.lib.format.read_array_header_1_0(file)  # type: ignore[no-untyped-call]
    if found != np.dtype(dtype):
        raise ValueError("another kind of array")
    array: NDArray[Any] = np.memmap(path, found, "r", file.tell(), shape)
    file.seek(array.nbytes, io.SEEK_CUR)
    return array


def _write(folder: Path, keys: Keys, vectors: Floats) -> Path:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, keys, (1, 0))  # type: ignore[no-untyped-call]
    np.lib.format.write_array(buffer, np.ascontiguousarray(vectors, "<f4"), (1, 0))  # type: ignore[no-untyped-call]
    content = buffer.getvalue()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.vectors"
    fs.replace(path, content)
    return path
