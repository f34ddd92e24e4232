"""The forward pass of multilingual-e5-small in numpy, whose matrix products are those of BLAS.

A BERT encoder (Devlin et al. 2019, arXiv 1810.04805) with mean pooling (Wang et al. 2024, arXiv 2402.05672). The tokens
of a batch stand one below the other without padding, so that a matrix is read once for all of them and nothing has to
be masked; only attention goes text by text, and texts of equal length side by side in it.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from factcheck.matching.e5_weights import Floats, Layer, Weights

_ROWS = 64
"""Tokens whose 1,536 inner values fit into the second cache (393 kB) while the activation goes over them."""
_GELU = (np.float32(1.600286), np.float32(0.0694146))
"""x·Φ(x) as x / (1 + exp(-x (a + b x²))): fitted, within 2.8e-4 of it everywhere. Numpy has no error function."""


def pooled(weights: Weights, texts: list[list[int]]) -> Floats:
    """The unit vectors of texts given as numbers of pieces, float32 of shape (texts, width)."""
    lengths = np.array([len(text) for text in texts])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    places = np.arange(lengths.sum()) - np.repeat(starts, lengths)
    state = weights.word_vectors(np.concatenate([np.asarray(text, np.int64) for text in texts]))
    state += weights.positions[places]
    _normalise(state, weights.first_norm, weights.epsilon)
    runs = _runs(lengths)
    for layer in weights.layers:
        context = _attention(state @ layer.qkv + layer.qkv_bias, runs, weights.heads)
        state += context @ layer.out
        state += layer.out_bias
        _normalise(state, layer.norm, weights.epsilon)
        state += _inner(state, layer)
        _normalise(state, layer.last_norm, weights.epsilon)
    # The sums in place of the means: vectors of length one are the same.
    sums = np.add.reduceat(state, starts, axis=0)
    sums /= np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
    return sums.astype(np.float32, copy=False)


def _runs(lengths: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Texts of equal length that stand together: first token, number of texts, tokens of each."""
    runs, first = [], 0
    for length, alike in groupby(lengths.tolist()):
        many = sum(1 for _ in alike)
        runs.append((first, many, length))
        first += many * length
    return runs


def _attention(qkv: Floats, runs: list[tuple[int, int, int]], heads: int) -> Floats:
    width = qkv.shape[1] // 3
    context = np.empty((len(qkv), width), np.float32)
    for first, many, length in runs:
        tokens = slice(first, first + many * length)
        # (query, key or value; text; head; token; value of the head), as views: BLAS reads them where they are.
        parts = qkv[tokens].reshape(many, length, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
        scores = parts[0] @ parts[1].swapaxes(-1, -2)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        target = context[tokens].reshape(many, length, heads, width // heads).transpose(0, 2, 1, 3)
        np.matmul(scores, parts[2], out=target)
    return context


def _inner(state: Floats, layer: Layer) -> Floats:
    inner = state @ layer.up
    scratch = np.empty((min(_ROWS, len(inner)), inner.shape[1]), np.float32)
    for first in range(0, len(inner), _ROWS):
        rows = inner[first : first + _ROWS]
        rows += layer.up_bias
        _gelu(rows, scratch[: len(rows)])
    down: Floats = np.matmul(inner, layer.down)
    np.add(down, layer.down_bias, out=down)
    return down


def _gelu(values: Floats, scratch: Floats) -> None:
    np.multiply(values, values, out=scratch)
    scratch *= -_GELU[1]
    scratch -= _GELU[0]
    scratch *= values
    with np.errstate(over="ignore"):  # far below zero: x / inf is the right zero
        np.exp(scratch, out=scratch)
    scratch += np.float32(1)
    values /= scratch


def _normalise(state: Floats, norm: tuple[Floats, Floats], epsilon: float) -> None:
    for first in range(0, len(state), 4 * _ROWS):
        rows = state[first : first + 4 * _ROWS]
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(variance + np.float32(epsilon)))[:, None]
        rows *= norm[0]
        rows += norm[1]
