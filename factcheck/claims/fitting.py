"""Logistic regression towards given amounts, and average precision; pure, for a few thousand sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 50
_CLOSE = 1e-8


def fit(
    features: NDArray[np.float64], labels: NDArray[np.float64], *, prior: NDArray[np.float64], strength: float
) -> tuple[float, NDArray[np.float64]]:
    """The intercept and the amount of each feature, by Newton's method (Bishop 2006, section 4.3.3).

    `features` is one row a sentence, `labels` 0 or 1. Amounts are held near `prior` by a penalty of
    `strength / 2 * (amount - prior)^2`; the intercept is free.
    """
    columns = np.c_[np.ones(len(features)), features]
    held = np.full(columns.shape[1], strength)
    held[0] = 1e-6
    centre = np.r_[0.0, prior]
    weights = centre.copy()
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (chance - labels) + held * (weights - centre)
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(held)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < _CLOSE:
            break
    return float(weights[0]), weights[1:]


def average_precision(labels: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """The mean of the precision at each sentence that is worth checking, best score first; nan where none is.

    Sentences with the same score share one place, as in scikit-learn's `average_precision_score`.
    """
    if not labels.sum():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    sorted_scores, right = scores[order], labels[order].cumsum()
    ends = np.r_[np.flatnonzero(np.diff(sorted_scores)), len(scores) - 1]
    gained = np.diff(np.r_[0.0, right[ends]])
    return float((gained * right[ends] / (ends + 1)).sum() / labels.sum())
