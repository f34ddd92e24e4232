"""How reliable each annotator is and what each claim probably is, estimated together from the votes alone.

Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied
Statistics 28(1). The one-coin model gives an annotator one probability of being right instead of a matrix.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.verdicts.encoding import Coded, code
from factcheck.verdicts.tally import CHOICES, kinds_in_play

Floats = npt.NDArray[np.float64]
Model = Literal["dawid_skene", "one_coin"]
ITERATIONS = 100
"""Rounds at most. EM creeps towards its end: a few verdicts in a thousand still change after the twentieth round."""
TOLERANCE = 1e-5
SMOOTHING = 0.01
"""Votes of each kind that every annotator is taken to have cast for every kind of claim: nobody is sure after one."""


class Fit(NamedTuple):
    """`posterior[c, t]` of claims, `confusion[a, t, v]` = P(a votes v | truth t), `prior[t]`; `CHOICES` order.

    All 0 for a choice that is not in play, see `tally.kinds_in_play`.
    """

    posterior: Floats
    confusion: Floats
    prior: Floats
    iterations: int


def fit(
    coded: Coded,
    *,
    model: Model = "dawid_skene",
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
    smoothing: float = SMOOTHING,
) -> Fit:
    """The model's maximum a posteriori by EM, started from each claim's shares of votes.

    Stops when no posterior moves by more than `tolerance`, or after `iterations`. A claim without votes has the prior.
    """
    in_play = kinds_in_play(coded.choice)
    kinds = len(in_play)
    choice = np.searchsorted(in_play, coded.choice)
    voted, starts, sizes = np.unique(coded.claim, return_index=True, return_counts=True)
    cell = coded.annotator * kinds + choice
    n_cells = len(coded.annotators) * kinds
    shares = np.bincount(np.repeat(np.arange(len(voted)), sizes) * kinds + choice, minlength=len(voted) * kinds)
    posterior = np.ascontiguousarray((shares.reshape(-1, kinds) / sizes[:, None]).T)  # a row per kind of truth
    done = 0
    prior: Floats = np.full(kinds, 1 / kinds)
    confusion: Floats = np.full((kinds, len(coded.annotators), kinds), 1 / kinds)
    while done < iterations and len(voted):
        done += 1
        prior = posterior.mean(axis=1)
        expected = [np.bincount(cell, np.repeat(row, sizes), n_cells).astype(np.float64) for row in posterior]
        confusion = _confusion(np.stack(expected).reshape(kinds, -1, kinds), smoothing, model)
        with np.errstate(divide="ignore"):  # a kind that nobody votes for has probability 0
            scores = np.log(prior)[:, None] + np.stack(
                [np.add.reduceat(row[cell], starts) for row in np.log(confusion).reshape(kinds, -1)]
            )
        scores = np.exp(scores - scores.max(axis=0))
        scores /= scores.sum(axis=0)
        moved = np.abs(scores - posterior).max()
        posterior = scores
        if moved <= tolerance:
            break
    full = np.tile(prior, (len(coded.claims), 1))
    full[voted] = posterior.T
    everything = np.zeros((len(coded.annotators), len(CHOICES), len(CHOICES)))
    everything[:, in_play[:, None], in_play] = confusion.transpose(1, 0, 2)
    return Fit(_spread(full, in_play), everything, _spread(prior, in_play), done)


def posteriors(votes: pl.DataFrame, *, model: Model = "dawid_skene") -> pl.DataFrame:
    """The probability of each choice, a row a claim with votes, sorted by it: `claim_id` and a column a choice."""
    coded = code(votes)
    found = fit(coded, model=model).posterior
    return pl.DataFrame(
        [coded.claims.alias("claim_id"), *(pl.Series(one, found[:, at]) for at, one in enumerate(CHOICES))]
    )


def _spread(values: Floats, in_play: npt.NDArray[np.intp]) -> Floats:
    """The values, whose last axis is the choices in play, over all of them."""
    found = np.zeros((*values.shape[:-1], len(CHOICES)))
    found[..., in_play] = values
    return found


def _confusion(cast: Floats, smoothing: float, model: Model) -> Floats:
    """P(vote | truth) from the expected numbers of votes by truth, annotator and vote."""
    kinds = len(cast)
    if model == "one_coin":
        right = np.einsum("tat->a", cast) + smoothing
        wrong = cast.sum(axis=(0, 2)) + kinds * smoothing
        share = (right / wrong)[None, :, None]
        return np.where(np.eye(kinds, dtype=bool)[:, None, :], share, (1 - share) / (kinds - 1))
    smooth = cast + smoothing
    return np.asarray(smooth / smooth.sum(axis=2, keepdims=True))
